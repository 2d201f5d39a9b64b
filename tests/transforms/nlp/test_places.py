"""Names of places: in which country and region they lie, how far they reach, and how they may be spelt."""

from __future__ import annotations

import datetime as dt

import pytest
from scoring import MODEL

from transforms.nlp.components import DECIDING
from transforms.nlp.open_gazetteer import open_gazetteer
from transforms.nlp.pipeline import read_documents
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.publication import Publication
from transforms.util.transliteration import sounds

PUBLISHED = Publication(dt.datetime(2025, 4, 5, 12, tzinfo=dt.UTC))


def mentions(text: str, title: str = "Strikes of the day") -> list[PlaceMention]:
    (doc,) = read_documents([(title, text, PUBLISHED)], "en", MODEL, without=DECIDING)
    return list(doc._.findings.places)


def named(text: str, name: str) -> list[tuple[str, str]]:
    """Return name and country of the places whose words in the text contain the given ones."""
    title = "Strikes of the day"
    start = len(title) + 2
    return [
        (m.place.name, m.place.country)
        for m in mentions(text, title)
        if name in text[m.start - start : m.end - start]
    ]


DIGEST = (
    "Iran said that Tehran and Isfahan were quiet. Iran's army is on alert and Iran closed its schools.\n"
    "In Syria, a mine killed a shepherd in Aleppo.\n"
    "An Israeli drone hit a car in {}, killing two people."
)


@pytest.mark.parametrize(
    ("place", "country"),
    [
        ("Deir Qarnoun, Nabatieh District, Lebanon", "LB"),
        ("the Lebanese village of Deir Qarnoun", "LB"),
        ("Deir Qarnoun, in the south of Lebanon", "LB"),
        ("Deir Qarnoun, on the Lebanese side", "LB"),
        ("Deir Qarnoun in Suwayda province", "SY"),
    ],
)
def test_what_stands_beside_a_village_says_in_which_country_it_lies(place: str, country: str) -> None:
    assert {c for _, c in named(DIGEST.format(place), "Deir Qarnoun")} == {country}


@pytest.mark.parametrize(
    "words", ["Israel's jets hit", "Israel's army shelled", "Israeli warplanes hit", "Israel hit"]
)
def test_the_country_of_the_jets_is_not_that_of_the_village(words: str) -> None:
    text = (
        f"Lebanon's health ministry counted nine dead. In Deir Qarnoun district {words} a market on Monday."
    )
    assert {c for _, c in named(text, "Deir Qarnoun")} == {"LB"}


def test_an_article_on_a_country_does_not_move_the_villages_of_another_paragraph() -> None:
    text = (
        "Sudan's army bombed Nyala and El Geneina. Sudan denies it. In Sudan, Khartoum was quiet.\n"
        "In Somalia, a drone struck near Bulo Warbo, 30 km from Jowhar, and killed three people."
    )
    assert named(text, "Bulo Warbo") == [("Bulo Warbo", "SO")]


def test_the_region_behind_a_name_chooses_among_its_namesakes() -> None:
    text = "A drone hit a bus in Mykolaivka, Odesa Raion, Odesa Oblast, and wounded three people."
    (found,) = [m.place for m in mentions(text) if m.place.name == "Mykolaivka"]
    assert found.admin1 == "Odessa"


def test_a_village_of_which_none_is_listed_in_the_region_is_unlisted_there() -> None:
    text = "Two people were killed in Valdivia, Cauca Department, Colombia, by a car bomb."
    (found,) = [m.place for m in mentions(text) if m.place.name == "Valdivia"]
    assert (found.kind, found.country, found.admin1) == ("unlisted", "CO", "Cauca")


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("in Mekane Tsebri", "Mekane Tsebri"),
        ("in Ain Marouh", "Ain Marouh"),
        ("at Qala-i-Bahram", "Qala-i-Bahram"),
        ("in Kibbutz Nirva", "Nirva"),
        ("in Hama Monday", "Hama"),
    ],
)
def test_a_name_is_read_as_a_whole(words: str, whole: str) -> None:
    names = [
        m.place.name for m in mentions(f"A shell hit a house {words} and killed two people, police said.")
    ]
    assert names == [whole]


@pytest.mark.parametrize(
    ("written", "shown", "country"),
    [
        ("Raqa", "Raqqa", "SY"),
        ("Golaya Pristan", "Hola Prystan", "UA"),
        ("Bachmut", "Bakhmut", "UA"),
        ("Qillah Abdullah", "Qila Abdullah", "PK"),
        ("Seraqeb", "Saraqib", "SY"),
    ],
)
def test_a_town_is_found_in_another_transliteration(written: str, shown: str, country: str) -> None:
    assert shown in {p.name for p in open_gazetteer().find_alike(written, frozenset({country}))}


@pytest.mark.parametrize(("name", "country"), [("Mendhar", "IN"), ("Balakot", "IN"), ("Termanin", "IR")])
def test_a_village_is_not_taken_for_a_town_that_sounds_only_a_little_like_it(name: str, country: str) -> None:
    found = open_gazetteer().find_alike(name, frozenset({country}))
    assert all(abs(len(sounds(p.name)) - len(sounds(name))) <= 1 for p in found)


def test_a_quarter_stands_for_its_city() -> None:
    text = "Rockets hit the Masharqa neighbourhood of Aleppo on Monday and killed four people."
    assert set(named(text, "Masharqa")) <= {("Aleppo", "SY")}


@pytest.mark.parametrize("word", ["Near", "In", "Around", "Outside"])
def test_a_preposition_that_opens_a_sentence_is_no_part_of_a_name(word: str) -> None:
    text = f"In Syria, the coalition struck twice.\n{word} al-Qahtaniyya, two strikes destroyed a vehicle."
    assert all(not name.startswith(word) for name, _ in named(text, "al-Qahtaniyya"))


def test_a_name_at_the_head_of_an_item_may_be_a_place() -> None:
    text = "In Myanmar, the army bombed several towns.\nHsihmeng, 13 October: jets, a pagoda, no dead."
    assert named(text, "Hsihmeng") == [("Hsihmeng", "MM")]


@pytest.mark.parametrize(
    ("text", "inhabitants"),
    [
        ("A missile killed four in Kupiansk. In Nikopol a drone injured seven.", 105_160),
        ("A missile killed four in Kupiansk. In the village of Nikopol a drone injured seven.", 588),
    ],
)
def test_a_city_is_meant_before_the_hamlet_of_its_name(text: str, inhabitants: int) -> None:
    found = [m.place.population for m in mentions(text) if m.place.name == "Nikopol"]
    assert found == [inhabitants]


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("MADRID - Two bombs went off in La Paz on Monday.", "La Paz", "BO"),
        ("Russia said on Monday, and Ukraine denied, that shells had hit Donetsk.", "Donetsk", "UA"),
        ("The United States said a bomb went off in Panama City on Monday.", "Panama City", "PA"),
    ],
)
def test_news_names_a_capital_or_a_great_city_without_its_country(text: str, name: str, country: str) -> None:
    assert {c for _, c in named(text, name)} == {country}


def test_a_town_that_is_not_small_keeps_its_name_beside_a_greater_one_abroad() -> None:
    assert named("Lebanon's army said that a bomb went off in Tripoli on Monday.", "Tripoli") == [
        ("Tripoli", "LB")
    ]
