"""Places that numbers are given to, and places that stand joined."""

import datetime as dt

import pytest

from transforms.nlp.language import load_pack
from transforms.nlp.learned.candidates import find_candidates
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.count_candidates import find_count_candidates
from transforms.nlp.learned.count_pairs import count_pairs
from transforms.nlp.learned.given_places import places_given
from transforms.nlp.learned.joined_places import joined_groups
from transforms.nlp.learned.units import Unit
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication

PUBLISHED = dt.datetime(2025, 5, 20, 12, tzinfo=dt.UTC)
PACK = load_pack("en")
PARTS = "Strikes killed three people, including two in Poltava and one in Zaporizhzhia."


def read(text: str) -> Context:
    """Return a document as the features read it."""
    (doc,) = read_documents([("", text, Publication(PUBLISHED))])
    return Context(doc, doc._.findings, PUBLISHED)


@pytest.mark.parametrize(
    ("text", "low", "expected"),
    [
        (PARTS, 2, ["Poltava"]),
        (PARTS, 1, ["Zaporizhzhia"]),
        (PARTS, 3, []),
        ("Rockets killed four medical workers in the southern outskirts of Idlib.", 4, ["Idlib"]),
        ("Shells killed six people in Nikopol and Marhanets on Monday.", 6, ["Nikopol", "Marhanets"]),
        ("Six people were killed when a drone hit Nikopol.", 6, []),
        ("A missile killed nine people, hours after rockets fell in Kherson.", 9, []),
    ],
)
def test_a_number_is_given_to_the_place_right_after_its_victims(
    text: str, low: int, expected: list[str]
) -> None:
    context = read(text)
    candidates = [c for c in find_count_candidates(context, PACK).candidates if c.kind == "killed"]
    given = {
        (c.low, tuple(p.place.name for p in places))
        for c, places in zip(candidates, places_given(candidates, context), strict=True)
    }
    assert {places for number, places in given if number == low} == {tuple(expected)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jets bombed Nikopol and Marhanets, killing ten people.", {"Nikopol", "Marhanets"}),
        ("Jets bombed Nikopol, Marhanets and Kherson, Ukraine.", {"Nikopol", "Marhanets", "Kherson"}),
        ("Jets bombed Nikopol. Marhanets was quiet.", set()),
        ("Jets bombed Nikopol and killed two people in Marhanets.", set()),
        ("A drone hit Nikopol, while shells fell on Marhanets.", set()),
    ],
)
def test_towns_stand_joined(text: str, expected: set[str]) -> None:
    context = read(text)
    towns = [p for p in context.certain if p.place.geo_precision == 1]
    assert {m.place.name for group in joined_groups(towns, context).values() for m in group} == expected


def test_a_number_given_to_another_place_is_a_rival_of_the_total() -> None:
    context = read(PARTS)
    found = [c for c in find_count_candidates(context, PACK).candidates if c.kind == "killed"]
    units = [Unit(c, c.mentions, None) for c in find_candidates(context.findings.places)]
    (poltava,) = (u for u, unit in enumerate(units) if unit.candidate.place.name == "Poltava")
    pairs = count_pairs(units, [PUBLISHED] * len(units), found, context)
    two, one, total = (
        next(c for c, candidate in enumerate(found) if candidate.low == low) for low in (2, 1, 3)
    )
    assert pairs[poltava, two].numbers["given_own"] == 1
    assert pairs[poltava, one].numbers["given_own"] == 0
    assert pairs[poltava, one].numbers["given_unit"] == 1
    assert pairs[poltava, total].numbers["rival_given_own_here"] == 1


def test_places_joined_to_that_of_the_strike_are_counted() -> None:
    context = read("Jets bombed Nikopol and Marhanets, killing ten people.")
    found = [c for c in find_count_candidates(context, PACK).candidates if (c.kind, c.low) == ("killed", 10)]
    units = [Unit(c, c.mentions, None) for c in find_candidates(context.findings.places)]
    pairs = count_pairs(units, [PUBLISHED] * len(units), found, context)
    assert {pair.numbers["joined_units"] for pair in pairs.values()} == {1.0}
    assert {pair.numbers["joined_here"] for pair in pairs.values()} == {1.0}
