"""A place that only the headline names gives no second row beside the strike that the body tells."""

from __future__ import annotations

import datetime as dt

from spacy.lang.en import English

from transforms.nlp.findings import Findings
from transforms.nlp.gazetteer import Place
from transforms.nlp.language import load_pack
from transforms.nlp.learned.candidates import Candidate
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.headline_units import without_headlines
from transforms.nlp.learned.units import Unit
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.times import Interval, TimeExpression

TEXT = "Guests hit mine in Panjwayi\nA van struck a mine in Sperwan village on Monday."
WITH_DISTRICT = TEXT + " The police of Panjwayi district said so."
TITLE_END = TEXT.index("\n") + 1
MONDAY, SUNDAY = dt.date(2025, 3, 31), dt.date(2025, 3, 30)


def a_place(name: str, population: int, latitude: float, country: str = "AF") -> Place:
    return Place(hash(name), name, country, "Kandahar", latitude, 65.0, population, None, "city")


def a_unit(place: Place, start: int, day: dt.date, is_stated: bool = True) -> Unit:
    mention = PlaceMention(start, start + len(place.name), 0, 0, place)
    time = TimeExpression(0, 1, "weekday") if is_stated else None
    return Unit(Candidate(place, (mention,)), (mention,), Interval(day, day, 1), time)


def kept(*units: Unit, text: str = TEXT) -> list[tuple[str, int]]:
    """Return the place of each strike that is kept, with the number of its scenes."""
    findings = Findings(text, title_end=TITLE_END, blocks=[])
    context = Context(English()(text), findings, None)
    return [
        (u.candidate.place.name, len(u.scenes)) for u in without_headlines(units, context, load_pack("en"))
    ]


DISTRICT = a_place("Panjwayi", 80_000, 31.5)
VILLAGE = a_place("Sperwan", 0, 31.6)
HEADLINE, BODY = TEXT.index("Panjwayi"), TEXT.index("Sperwan")


def test_the_village_of_the_body_replaces_the_district_of_the_headline() -> None:
    assert kept(a_unit(DISTRICT, HEADLINE, MONDAY), a_unit(VILLAGE, BODY, MONDAY)) == [("Sperwan", 1)]


def test_a_district_without_a_number_of_inhabitants_is_named_as_one() -> None:
    place = a_place("Panjwayi", 0, 31.5)
    at = WITH_DISTRICT.rindex("Panjwayi")
    mentions = tuple(PlaceMention(s, s + 8, 0, 0, place) for s in (HEADLINE, at))
    day = Interval(MONDAY, MONDAY, 1)
    unit = Unit(Candidate(place, mentions), mentions[:1], day, TimeExpression(0, 1, "weekday"))
    village = a_unit(VILLAGE, BODY, MONDAY)
    assert kept(unit, village, text=WITH_DISTRICT) == [("Sperwan", 1)]
    assert kept(unit, village, text=WITH_DISTRICT.replace("district", "town")) == [
        ("Panjwayi", 1),
        ("Sperwan", 1),
    ]


def test_two_days_far_places_and_other_countries_stay_apart() -> None:
    headline = a_unit(DISTRICT, HEADLINE, MONDAY)
    for place, day in [
        (VILLAGE, dt.date(2025, 3, 20)),
        (a_place("Sperwan", 0, 33.5), MONDAY),
        (a_place("Sperwan", 0, 31.6, "PK"), MONDAY),
        (a_place("Sperwan", 60_000, 31.6), MONDAY),
    ]:
        assert kept(headline, a_unit(place, BODY, day)) == [("Panjwayi", 1), ("Sperwan", 1)]


def test_one_place_is_one_strike_where_the_headline_states_no_other_day() -> None:
    place = DISTRICT
    unit = a_unit(place, HEADLINE, SUNDAY, is_stated=False)
    assert kept(unit, a_unit(place, BODY, MONDAY)) == [("Panjwayi", 1)]
    assert kept(a_unit(place, HEADLINE, MONDAY), a_unit(place, BODY, MONDAY)) == [("Panjwayi", 1)]
    assert kept(a_unit(place, HEADLINE, SUNDAY), a_unit(place, BODY, MONDAY)) == [
        ("Panjwayi", 1),
        ("Panjwayi", 1),
    ]


def test_the_mentions_of_one_candidate_go_together() -> None:
    mentions = tuple(PlaceMention(s, s + 8, 0, 0, DISTRICT) for s in (HEADLINE, BODY))
    candidate = Candidate(DISTRICT, mentions)
    day = Interval(MONDAY, MONDAY, 1)
    units = [Unit(candidate, (m,), day, TimeExpression(0, 1, "weekday")) for m in mentions]
    assert kept(*units) == [("Panjwayi", 2)]
