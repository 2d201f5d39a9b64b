"""A value is kept only where its sentence holds it; the tables give a sentence, a value, and what is kept of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from schemas.vocabulary import Weapon
from transforms.nlp.gazetteer import Place
from transforms.nlp.language import load_pack
from transforms.nlp.open_gazetteer import open_gazetteer
from transforms.nlp.publication import Publication
from transforms.nlp.second_reader.field_checks import CHECKS, FieldDropped, Setting, check_target
from transforms.nlp.second_reader.place_check import countries_named, place_of
from transforms.nlp.times import Interval

SATURDAY = dt.datetime(2025, 4, 5, 8, tzinfo=dt.UTC)


def setting(country: str = "UA", published: dt.datetime | None = SATURDAY, **more: Any) -> Setting:
    place = Place(703845, "Kryvyi Rih", country, None, 47.9, 33.4, 600_000, "Europe/Kyiv", "city")
    return Setting(load_pack("en"), open_gazetteer(), Publication(published), place, **more)


def kept(field: str, value: dict[str, Any], sentence: str, **change: Any) -> Any:
    """Return what is kept, or the reason why nothing is."""
    try:
        return CHECKS[field](value, sentence, setting(**change))
    except FieldDropped as dropped:
        return dropped.reason


@pytest.mark.parametrize(
    ("given", "sentence", "found"),
    [
        ((14, 14, 14), "A missile killed 14 people.", (14, 14, 14)),
        ((14, 14, None), "At least 14 people were killed.", (14, 14, None)),
        ((14, 14, 14), "At least 14 people were killed.", (14, 14, None)),
        ((14, None, None), "Fourteen were killed.", (14, 14, 14)),
        ((51, 51, None), "More than 50 people died.", (51, 51, None)),
        ((50, 50, None), "More than fifty people died.", (51, 51, None)),
        ((0, 20, 20), "Up to 20 were killed.", (0, 20, 20)),
        ((10, None, 15), "Between 10 and 15 people died.", (10, None, 15)),
        ((24, None, None), "Dozens were killed.", (24, None, None)),
        ((0, 0, 0), "No one was killed.", (0, 0, 0)),
        ((0, 0, 0), "There were no casualties.", (0, 0, 0)),
        ((1, 1, 1), "The blast killed a woman.", (1, 1, 1)),
        ((2, 2, 2), "The blast killed an elderly couple.", (2, 2, 2)),
        ((12, 12, 12), "The toll rose from 9 to 12.", (12, 12, 12)),
        ((15, 15, 15), "A missile killed 14 people.", "number_not_in_sentence"),
        ((5, 5, 5), "It killed two adults and three children.", "number_not_in_sentence"),  # a sum is not stated
        ((14, 14, 20), "It killed 14 people and wounded 20.", "number_not_in_sentence"),  # of two numbers
        ((45, 45, 45), "A man, 45, was killed.", "number_not_in_sentence"),  # an age
        ((2025, 2025, 2025), "It was the deadliest since 2022; people died.", "number_not_in_sentence"),
        ((0, 0, 0), "Up to 20 were killed.", "number_not_in_sentence"),
        ((0, 0, 0), "A missile killed 14 people.", "number_not_in_sentence"),
        ((14, 14, 14), "Russia fired 14 missiles at the city.", "nobody_killed_in_sentence"),
        ((31, 31, 31), "Thirty-one people were wounded.", "nobody_killed_in_sentence"),
        ((None, None, None), "A missile killed 14 people.", "no_number"),
    ],
)  # fmt: skip
def test_a_toll_is_the_number_of_its_sentence_read_by_our_rules(
    given: tuple[int | None, ...], sentence: str, found: object
) -> None:
    value = dict(zip(("low", "best", "high"), given, strict=True))
    assert kept("fatalities", value, sentence) == found


def test_the_injured_need_a_word_for_the_injured() -> None:
    value = {"low": 31, "best": 31, "high": 31}
    assert kept("injured", value, "Thirty-one people were wounded.") == (31, 31, 31)
    assert kept("injured", value, "A missile killed 31 people.") == "nobody_injured_in_sentence"


@pytest.mark.parametrize(
    ("given", "sentence", "found"),
    [
        (3, "It killed 14 people, including three children.", 3),
        (1, "It killed a boy.", 1),
        (1, "It wounded a woman and her 11-year-old daughter.", 1),
        (0, "No children were among the dead.", 0),
        (14, "It killed 14 people.", "no_child_in_sentence"),
        (1, "It killed a 45-year-old man.", "no_child_in_sentence"),
        (4, "It killed 14 people, including three children.", "number_not_in_sentence"),
        (0, "It killed 14 people, including three children.", "number_not_in_sentence"),
    ],
)
def test_a_number_of_children_stands_beside_a_word_for_children(
    given: int, sentence: str, found: object
) -> None:
    assert kept("child_fatalities", {"value": given}, sentence) == found


def days(start: str, end: str | None = None) -> dict[str, str]:
    return {"start": start, "end": end or start}


def interval(start: str, end: str | None = None, precision: int = 1) -> Interval:
    return Interval(dt.date.fromisoformat(start), dt.date.fromisoformat(end or start), precision)


@pytest.mark.parametrize(
    ("given", "sentence", "found"),
    [
        (days("2025-04-04"), "It hit on Friday evening.", interval("2025-04-04")),
        (days("2025-04-04"), "It hit yesterday.", interval("2025-04-04")),
        (days("2025-04-03", "2025-04-04"), "It hit overnight into Friday.", interval("2025-04-03", "2025-04-04")),
        (days("2025-04-03"), "It hit overnight into Friday.", interval("2025-04-03", "2025-04-04")),
        (days("2025-03-28"), "It hit on March 28.", interval("2025-03-28")),
        (days("2024-03-28"), "It hit on 28 March 2024.", interval("2024-03-28")),
        (days("2025-04-02"), "It came two days ago, on April 2.", interval("2025-04-02")),
        (days("2025-04-03"), "It hit on Friday evening.", "date_not_in_sentence"),
        (days("2025-04-04"), "It hit a market.", "date_not_in_sentence"),
        (days("2025-04-04"), "The strike came without warning, the mayor said on Friday.", "date_not_in_sentence"),
        (days("2025-04-01", "2025-04-04"), "It hit on Friday.", "date_not_in_sentence"),
        (days("2025-04-04", "2025-04-03"), "It hit on Friday.", "date_not_in_sentence"),
        (days("2025-02-30"), "It hit on Friday.", "wrong_form"),
        (days("9999-12-31"), "It hit on Friday.", "date_not_in_sentence"),
    ],
)  # fmt: skip
def test_dates_are_those_of_an_expression_of_their_sentence(
    given: dict[str, str], sentence: str, found: object
) -> None:
    assert kept("event_date", given, sentence) == found


def test_without_a_time_of_publication_only_a_date_with_its_year_counts() -> None:
    assert kept("event_date", days("2024-03-28"), "It hit on 28 March 2024.", published=None) == interval(
        "2024-03-28"
    )
    assert (
        kept("event_date", days("2025-04-04"), "It hit on Friday.", published=None) == "date_not_in_sentence"
    )
    assert (
        kept("event_date", days("2025-03-28"), "It hit on March 28.", published=None)
        == "date_not_in_sentence"
    )


def test_a_day_before_refers_to_the_first_dates_of_the_answer() -> None:
    value, sentence = days("2025-04-03"), "A similar strike hit the town the day before."
    assert kept("event_date", value, sentence, anchor=interval("2025-04-04")) == interval("2025-04-03")
    assert kept("event_date", value, sentence) == "date_not_in_sentence"


@pytest.mark.parametrize(
    ("weapon", "sentence", "found"),
    [
        ("ballistic_missile", "A ballistic missile hit the town.", Weapon.BALLISTIC_MISSILE),
        ("ballistic_missile", "An Iskander-M hit the town.", Weapon.BALLISTIC_MISSILE),
        ("missile", "A ballistic missile hit the town.", Weapon.MISSILE),
        ("drone", "Shaheds hit the town.", Weapon.DRONE),
        ("mine_or_ied", "An explosion tore through the bus.", Weapon.MINE_OR_IED),
        ("airstrike", "The strike killed four.", Weapon.AIRSTRIKE),
        ("mixed", "Drones and missiles hit the town.", Weapon.MIXED),
        ("airstrike", "A drone strike killed four.", "weapon_not_in_sentence"),
        ("ballistic_missile", "A missile hit the town.", "weapon_not_in_sentence"),
        ("mixed", "Drones hit the town.", "weapon_not_in_sentence"),
        ("drone", "It hit the town.", "weapon_not_in_sentence"),
        ("rocket", "It is not rocket science.", "weapon_not_in_sentence"),
    ],
)
def test_a_weapon_is_named_by_its_sentence(weapon: str, sentence: str, found: object) -> None:
    assert kept("weapon", {"value": weapon}, sentence) == found


@pytest.mark.parametrize(
    ("name", "sentence", "found"),
    [
        ("Iskander-M", "An Iskander-M hit the town.", "Iskander-M"),
        ("shaheds", "Shaheds hit the town.", "Shahed"),
        ("Peklo-7", "A Peklo-7 hit the town.", "Peklo-7"),  # in no list, but it stands there
        ("Kinzhal", "A missile hit the town.", "weapon_name_not_in_sentence"),
        ("missile", "A missile hit the town.", "not_a_name"),
    ],
)
def test_the_name_of_a_weapon_stands_in_its_sentence(name: str, sentence: str, found: str) -> None:
    assert kept("weapon_name", {"value": name}, sentence) == found


@pytest.mark.parametrize(
    ("actor", "sentence", "country", "found"),
    [
        ("Russia", "Russian forces shelled the town.", "UA", "Russia"),
        ("Russian forces", "Moscow's army shelled the town.", "UA", "Russia"),
        ("IDF", "The Israeli army bombed the camp.", "LB", "Israel"),
        ("Myanmar military", "The junta bombed the village.", "MM", "Myanmar military"),
        ("Myanmar military", "The army bombed the village.", "MM", "Myanmar military"),
        ("Russia", "The town was shelled.", "UA", "actor_not_in_sentence"),
        ("Russia", "Ukrainian forces shelled the town.", "UA", "actor_not_in_sentence"),
        ("The mayor", "The mayor said the town was shelled.", "UA", "actor_not_in_sentence"),
        ("", "Russian forces shelled the town.", "UA", "actor_not_in_sentence"),
    ],
)
def test_an_actor_is_of_the_vocabulary_and_of_its_sentence(
    actor: str, sentence: str, country: str, found: str
) -> None:
    assert kept("actor", {"value": actor}, sentence, country=country) == found


@pytest.mark.parametrize(
    ("target", "sentence", "is_kept"),
    [
        ("school", "It destroyed a school.", True),
        ("hospital", "It destroyed a clinic.", True),
        ("other", "It destroyed a lighthouse.", True),
        ("school", "It destroyed a hospital.", False),
        ("market", "It hit the market town.", False),
    ],
)
def test_a_target_is_named_by_its_sentence(target: str, sentence: str, is_kept: bool) -> None:
    if is_kept:
        assert check_target({"value": target}, sentence, setting()) == target
    else:
        with pytest.raises(FieldDropped, match="target_not_in_sentence"):
            check_target({"value": target}, sentence, setting())


@pytest.mark.parametrize(
    ("field", "value", "sentence", "found"),
    [
        ("sublocation", "Saltivka district", "It hit the Saltivka district.", "Saltivka district"),
        ("sublocation", "Saltivka district", "It hit the old town.", "spot_not_in_sentence"),
        ("sublocation", "kryvyi rih", "It hit kryvyi rih.", "spot_is_the_place"),
        ("sublocation", "It " + "very " * 40 + "long.", "It " + "very " * 40 + "long.", "spot_not_in_sentence"),
        ("event_time", "03:40", "It hit at 3:40 a.m. on Friday.", "03:40"),
        ("event_time", "evening", "It hit on Friday evening.", "evening"),
        ("event_time", "night", "It hit on Friday evening.", "time_not_in_sentence"),
        ("event_time", "soon", "It hit soon.", "time_not_in_sentence"),
        ("claim_status", "disputed", "Moscow denied it.", "disputed"),
    ],
)  # fmt: skip
def test_further_fields_stand_in_their_sentence(field: str, value: str, sentence: str, found: str) -> None:
    assert kept(field, {"value": value}, sentence) == found


@pytest.mark.parametrize(
    ("name", "country", "article", "geonameid", "place_country", "precision"),
    [
        ("Kryvyi Rih", "UA", "Ukraine said so.", 703845, "UA", 1),
        ("Kryvyi Rih", "UA", "Russian drones came.", 703845, "UA", 1),  # beside a country named
        ("Kryvyi Rih", "FR", "Ukraine said so.", 703845, "UA", 1),  # a wrong code loses to the article
        ("Tripoli", "LB", "Lebanon said so, and Libya too.", 266826, "LB", 1),
        ("Tripoli", "LY", "Lebanon said so, and Libya too.", 2210247, "LY", 1),
        ("Sagaing Region", "MM", "Myanmar said so.", None, "MM", 2),
        ("Nova Khata", "UA", "Ukraine said so.", None, "UA", 2),  # in no gazetteer: the name alone
        ("Nova Khata", "FR", "Ukraine said so.", None, "", 2),
        ("Kryvyi Rih", "UA", "Peru said so.", None, "", 2),  # far from every country named
        ("Springfield", "US", "Nobody named a country.", None, "", 2),
        ("Ukraine", "UA", "Ukraine said so.", 690791, "UA", 3),
    ],
)
def test_a_place_is_near_a_country_named_or_only_a_name(
    name: str, country: str, article: str, geonameid: int | None, place_country: str, precision: int
) -> None:
    pack = load_pack("en")
    place = place_of(name, country, countries_named(article, pack), open_gazetteer(), pack)
    assert (place.country, place.geo_precision) == (place_country, precision)
    assert place.geonameid == geonameid


def test_a_region_is_found_under_its_bare_name() -> None:
    pack = load_pack("en")
    place = place_of("Kharkiv Region", "UA", frozenset({"UA"}), open_gazetteer(), pack)
    assert (place.name, place.kind in ("admin1", "region"), place.latitude is not None) == (
        "Kharkiv",
        True,
        True,
    )
