"""Quantities: the ranges that numbers mean, and the numbers that count no people."""

from __future__ import annotations

import pytest

from transforms.nlp.language import load_pack
from transforms.nlp.quantities import find_quantities


def one(text: str) -> tuple[int | None, int | None, int | None, str]:
    (q,) = find_quantities(text, load_pack("en"))
    return q.low, q.best, q.high, q.kind


@pytest.mark.parametrize(
    ("text", "low", "best", "high"),
    [
        ("14 people", 14, 14, 14),
        ("at least 14 people", 14, 14, None),
        ("no fewer than fourteen people", 14, 14, None),
        ("more than 50 people", 51, 51, None),
        ("50 or more people", 50, 50, None),
        ("up to 20 people", 0, 20, 20),
        ("about 40 people", 40, 40, 40),
        ("between 10 and 15 people", 10, None, 15),
        ("10 to 15 people", 10, None, 15),
        ("between three and six people", 3, None, 6),
        ("three to six people", 3, None, 6),
        ("10 or 11 people", 10, None, 11),
        ("we count from 15 to 21 people", 15, None, 21),
        ("a number of people", 2, None, None),
        ("dozens of people", 24, None, None),
        ("several people", 3, None, None),
        ("scores of people", 40, None, None),
        ("hundreds of people", 200, None, None),
        ("nobody", 0, 0, 0),
        ("minimum 12 people", 12, 12, None),
        ("2x ANP", 2, 2, 2),
        ("1,200 people", 1200, 1200, 1200),
        ("a hundred people", 100, 100, 100),
        ("twenty-three people", 23, 23, 23),
        ("one hundred and five people", 105, 105, 105),
    ],
)
def test_each_number_gives_its_range(text: str, low: int | None, best: int | None, high: int | None) -> None:
    assert one(text)[:3] == (low, best, high)


@pytest.mark.parametrize(
    "text",
    [
        "aged 14",
        "a 14-year-old",
        "Kh-101",
        "at 6 pm",
        "58 percent",
        "5 kilometres",
        "in 2022,",
        "$40",
        "Petro, 45, was there",
        "a boy who helped him, about thirteen, was there",
        "a grandson, six, was there",
        "passers-by, both teenagers of 16, were there",
        "Petro Melnyk (45) was there",
        "at ten past the hour",
        "the sisters of 19 were there",
        "school no. 7",
        "magnitude 6",
        "14 April",
        "3 million",
        "on Dec. 20 a gardener died",
        "the shelling of Sept. 3",
        "14 Aug",
        "Parveena K., 51, died",
        "Ahmad Saleh, 34; others",
        "his wife Huda, 30; others",
        "He was 71",
        "Police Unit 47",
        "Building 32 was hit",
        "a 25-strong patrol",
    ],
)
def test_other_numbers_are_not_counts_of_people(text: str) -> None:
    assert [q.kind for q in find_quantities(text, load_pack("en")) if q.low] in ([], ["other"])


def test_ages_between_two_numbers_count_nobody() -> None:
    found = find_quantities("five cousins between the ages of four and eleven were there", load_pack("en"))
    assert [(q.kind, q.low) for q in found if q.kind != "other"] == [("count", 5)]


@pytest.mark.parametrize(
    "text", ["in Kryvyi Rih, 3; others", "in the building 3 people", "in unit 3 men died", "Only 3 people"]
)
def test_numbers_beside_such_words_may_count_people(text: str) -> None:
    assert one(text) == (3, 3, 3, "count")


@pytest.mark.parametrize(
    "text", ["1e309", "NaN", "\u0967\u0968", "1.234", "9" * 400, "12345678901234567890", "-0", "\u00bd"]
)
def test_any_text_gives_plausible_numbers_without_a_crash(text: str) -> None:
    for q in find_quantities(f"{text} people were killed", load_pack("en")):
        assert q.low is None or 0 <= q.low < 10_000_000


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("wounding a passer-by, 14.", []),
        ("their grandmother, about 70, were injured", []),
        ("her two sisters, 10 and 6, were injured", [2]),
        ("three boys, aged 7, 8 and 11, died", [3]),
        ("two women, 10 children and a guard died", [2, 10]),
        ("of the five girls, 3 and 2 were killed on Monday", [5, 3, 2]),
        ("four girls, the eldest fifteen, were killed", [4]),
        ("six boys, the youngest of them only four, died", [6]),
        ("1 civilian (f, 63) was wounded", [1]),
        ("sixty-odd were hurt, and 30-odd houses burned", [60]),
    ],
)
def test_ages_of_one_and_of_several_count_nobody(text: str, numbers: list[int]) -> None:
    assert [q.low for q in find_quantities(text, load_pack("en")) if q.kind == "count"] == numbers
