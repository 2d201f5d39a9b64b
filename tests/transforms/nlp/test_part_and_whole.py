"""A quarter is in its city, a district locates its town, and letters that name an agency are no place."""

from __future__ import annotations

import datetime as dt

import pytest
from scoring import MODEL

from transforms.nlp import part_and_whole
from transforms.nlp.components import DECIDING
from transforms.nlp.learned.candidates import find_candidates
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication

PUBLISHED = Publication(dt.datetime(2025, 4, 5, 12, tzinfo=dt.UTC))


def places_of(text: str) -> set[str]:
    """Return the names of the places of a text that may be struck."""
    (doc,) = read_documents([("Strikes of the day", text, PUBLISHED)], "en", MODEL, without=DECIDING)
    return {c.place.name for c in find_candidates(doc._.findings.places)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Drones hit a school in Kholodnohirskyi District, Kharkiv, Kharkiv Oblast.", {"Kharkiv"}),
        ("A missile hit a school in Osnovianskyi District in Kharkiv.", {"Kharkiv"}),
        ("A drone killed one person in the Shevchenkivskyi District of Kyiv.", {"Kyiv"}),
        ("Shells hit the neighborhoods of al-Mazzeh and Rukn al-Din in Damascus, Syria.", {"Damascus"}),
        ("Rockets struck al-Meridian and al-Zahraa neighborhoods in Aleppo, Syria.", {"Aleppo"}),
        ("A missile hit the al-Rawda quarter of Marib, Yemen.", {"Marib"}),
        ("Bombs fell on the Ain al-Hilweh refugee camp in Sidon District, Lebanon.", {"Ain el-Hilweh"}),
    ],
)
def test_a_part_and_its_whole_are_one_place(text: str, expected: set[str]) -> None:
    assert places_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Shells hit the eastern quarter of Marib, Yemen, and Sirwah.", {"Marib", "Sirwah"}),
        ("Bombs fell in several neighborhoods of Aleppo and Homs in Syria.", {"Aleppo", "Homs"}),
        ("A mine hit a bus in Gharwalu District, Kandahar, Afghanistan.", {"Gharwalu", "Kandahar"}),
        ("Artillery hit the villages of Bilozerka and Antonivka near Kherson, Ukraine.",
         {"Bilozerka", "Antonivka", "Kherson"}),
        ("A bomb hit the outskirts of Zacatecoluca, Arce neighborhood, in San Salvador, El Salvador.",
         {"Zacatecoluca", "San Salvador"}),
    ],
)  # fmt: skip
def test_towns_that_are_no_part_of_each_other_stay_two(text: str, expected: set[str]) -> None:
    assert places_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A shell hit Homs, Syria, local sources told SANA on Monday.", {"Homs"}),
        ("SANAs correspondent saw the SDF shell Homs in Syria.", {"Homs"}),
        ("HOMS: A bomb hit a tent in Palmyra, Syria, medics told AFP.", {"Homs", "Palmyra"}),
        ("A MISSILE HIT SUMY ON MONDAY IN UKRAINE", {"Sumy"}),
        ("A rampage in Homs--which killed many--spread to Palmyra in Syria.", {"Homs", "Palmyra"}),
        ("In the UAE, a drone hit Fujairah.", {"Fujairah"}),
    ],
)
def test_letters_of_an_agency_are_no_place(text: str, expected: set[str]) -> None:
    assert places_of(text) == expected


def test_a_name_with_a_title_is_a_place_where_the_text_locates_it() -> None:
    assert "Sheikh Maruz" in places_of("A strike hit a tank in Sheikh Maruz, northeast of Afrin, Syria.")
    assert "Sheikh Maruz" not in places_of("A strike near Afrin, Syria, was condemned by Sheikh Maruz.")


def test_a_text_full_of_quarters_costs_no_more_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work is counted: with each city compared with each quarter, 4,000 places took 14 seconds."""

    def compared(repeated: int) -> int:
        calls: list[int] = []
        may_hold = part_and_whole._may_hold
        with monkeypatch.context() as patch:
            patch.setattr(part_and_whole, "_may_hold", lambda *places: calls.append(1) or may_hold(*places))
            places_of(
                "In Syria, shells hit " + "the Zahraa quarter and Homs and the Midan quarter, " * repeated
            )
        return len(calls)

    assert 0 < compared(120) <= 2.2 * compared(60)
