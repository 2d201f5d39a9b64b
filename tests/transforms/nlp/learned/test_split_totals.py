"""Totals over several places that a sentence splits."""

import pytest
from read_strikes import read_strikes

from transforms.nlp.language import load_pack
from transforms.nlp.learned.count_candidates import find_count_candidates
from transforms.nlp.learned.split_totals import split_totals

PACK = load_pack("en")


def parts(text: str) -> tuple[dict[str, int], set[tuple[str, int]]]:
    """Return the killed that are a part of a total, by town, and the numbers that are no toll of a town."""
    context, units = read_strikes(text)
    candidates = find_count_candidates(context, PACK).candidates
    found = split_totals(units, candidates, context, PACK)
    names = [unit.candidate.place.name for unit in units]
    return (
        {names[u]: candidates[c].low for (u, kind), c in found.parts.items() if kind == "killed"},
        {(names[u], candidates[c].low) for u, c in found.totals if candidates[c].low > 1},
    )


@pytest.mark.parametrize(
    ("text", "killed"),
    [
        (
            "Missiles hit Ukraine, killing five people, including three in Poltava and two in Sumy.",
            {"Poltava": 3, "Sumy": 2},
        ),
        ("Air raids across Lebanon killed nine people, including four in Tyre.", {"Tyre": 4}),
        (
            "Four Palestinians are killed in Gaza, three by a drone in Rafah and one by a missile in Jabalia.",
            {"Rafah": 3, "Jabalia": 1},
        ),
        ("Russia attacked Ukraine, killing six, including a boy and his aunt in Kharkiv.", {"Kharkiv": 2}),
        (
            "Seven people were killed, five of them in Kherson and two in Nikopol.",
            {"Kherson": 5, "Nikopol": 2},
        ),
        (
            "Jets bombed Yemen and killed 14 civilians, six in Hodeidah and eight in Marib.",
            {"Hodeidah": 6, "Marib": 8},
        ),
    ],
)
def test_each_town_has_its_part_of_a_total(text: str, killed: dict[str, int]) -> None:
    assert parts(text)[0] == killed


@pytest.mark.parametrize(
    "text",
    [
        "A missile killed nine people in Kharkiv, including two children.",
        "Shells hit Nikopol in Ukraine and killed six people, including three in Nikopol's market.",
        "A strike on Kharkiv in Ukraine killed nine people, including two in the Saltivka district.",
        "Shelling killed two people in Sumy and wounded four in Konotop.",
        "Shelling of Ukraine killed two people in Sumy, four in Konotop and one in Romny.",
    ],
)
def test_a_total_of_the_town_itself_is_not_split(text: str) -> None:
    assert parts(text)[0] == {}


def test_a_total_over_places_is_the_toll_of_none() -> None:
    text = "Raids hit Syria, killing 20 people, 12 of them in Idlib, and wounding 45. Aleppo was hit too."
    killed, totals = parts(text)
    assert killed == {"Idlib": 12}
    assert {("Aleppo", 20), ("Aleppo", 45), ("Idlib", 45)} <= totals


def test_where_the_victims_came_from_splits_nothing() -> None:
    text = "Bombs struck Kabul and Kunduz. The first killed 30 people, including two men from Leeds."
    context, units = read_strikes(text)
    candidates = find_count_candidates(context, PACK).candidates
    struck = [unit for unit in units if unit.candidate.place.name != "Leeds"]
    found = split_totals(struck, candidates, context, PACK)
    assert len(struck) == 2
    assert not found.parts
    assert not found.totals


def test_who_died_in_a_town_was_not_hurt_there() -> None:
    text = "Missiles hit Ukraine, killing six, including a boy and his aunt in Kharkiv, and hurting dozens."
    context, units = read_strikes(text)
    candidates = find_count_candidates(context, PACK).candidates
    found = split_totals(units, candidates, context, PACK)
    injured = {c for c, candidate in enumerate(candidates) if candidate.kind == "injured"}
    assert {c for _, c in found.totals} == injured
