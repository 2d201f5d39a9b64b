"""Whether two names of spots in a town mean one spot, and whether two times of day mean one strike."""

from __future__ import annotations

import pytest

from transforms.resolution import event_times, tolls_compared
from transforms.resolution.spots import compare, spots_in
from transforms.resolution.tolls_compared import Figure

TOWN = "Gaza City"
PAIRS = [
    ("Zeitoun neighbourhood", "al-Zaytoun", "same_quarter"),
    ("Shuja'iyya", "Shejaiya district", "same_quarter"),
    ("eastern Gaza City", "east of the city", "same_quarter"),
    ("Jalaa tower", "the Al-Jalaa Tower, Rimal", "same_spot"),
    ("School No. 5", "school number 5", "same_spot"),
    ("the al-Najjar family's home", "Najjar house", "same_spot"),
    ("centre of the coastal city of Gaza City", "city centre", "same_quarter"),
    ("Daraj", "Tuffah neighbourhood", "other"),
    ("eastern Gaza City", "western Gaza City", "other"),
    ("city centre", "the outskirts", "other"),
    ("School No. 5", "School No. 7", "other"),
    ("Jalaa tower", "Jalaa school", "other"),
    ("Jalaa tower", "Omar al-Mukhtar Street", "open"),
    ("Zeitoun, Jalaa tower", "Zeitoun, Karama tower", "other_inside"),
    ("eastern Gaza City", "Zeitoun", "open"),
    ("حي الزيتون", "Zeitoun neighbourhood", "open"),
    ("Салтовка", "Saltivka", "open"),
    ("Салтовка", "Салтовка район", "same_quarter"),
]


@pytest.mark.parametrize(("one", "other", "expected"), PAIRS)
def test_two_names_of_spots(one: str, other: str, expected: str) -> None:
    a, b = spots_in(one, TOWN), spots_in(other, TOWN)
    assert compare(a, {b: 1}) == expected
    assert compare(b, {a: 1}) == expected


def test_the_town_and_plain_words_are_no_spot() -> None:
    assert spots_in("the city of Gaza City", TOWN) == ()
    assert spots_in("a school", TOWN) == ()
    assert spots_in("", TOWN) == ()


def test_where_reports_of_a_strike_differ_most_of_them_count() -> None:
    zeitoun, tuffah = spots_in("Zeitoun"), spots_in("Tuffah")
    assert compare(zeitoun, {zeitoun: 1, tuffah: 3}) == "other"
    assert compare(zeitoun, {zeitoun: 3, tuffah: 1}) == "same_quarter"
    assert compare((), {zeitoun: 1}) == compare(zeitoun, {}) == "one"
    assert compare((), {}) == "none"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("03:40", "04:10", "same_hour"),
        ("23:50", "00:20", "same_hour"),
        ("03:40", "06:00", "open"),
        ("03:40", "15:40", "apart"),
        ("03:40", "night", "same_part"),
        ("23:10", "night", "same_part"),
        ("15:40", "night", "other_part"),
        ("evening", "evening", "same_part"),
        ("morning", "evening", "other_part"),
    ],
)
def test_two_times_of_day(one: str, other: str, expected: str) -> None:
    assert event_times.compare(one, [other]) == event_times.compare(other, [one]) == expected


def test_of_several_times_the_one_that_agrees_most_counts() -> None:
    assert event_times.compare("03:40", ["15:00", "night"]) == "same_part"
    assert event_times.compare(None, ["night"]) == event_times.compare("night", []) == "open"


@pytest.mark.parametrize(
    ("number", "known", "hours", "expected"),
    [
        (14, {14, 9}, 3, "same_many"),
        (2, {2}, 3, "same_few"),
        (0, {0}, 3, "same_none"),
        (6, {4}, 3, "grown_a_little"),
        (20, {4}, 3, "grown"),
        (90, {4}, 3, "jumped"),
        (1, {0}, 3, "grown_a_little"),  # a man died in hospital
        (20, {0}, 3, "some_after_none"),
        (0, {20}, 3, "none_after_some"),
        (10, {14, 4}, 3, "between"),
        (10, {14}, 3, "lower"),
        (3, {14}, 3, "far_lower"),
        (20, {4}, 0.2, "grown@once"),  # a toll cannot grow in ten minutes
        (20, {4}, None, "grown@unknown"),
    ],
)
def test_two_tolls(number: int, known: set[int], hours: float | None, expected: str) -> None:
    assert tolls_compared.compare(Figure(number, False, hours), known, 0.0) == expected


def test_a_minimum_that_is_not_far_below_is_only_vague() -> None:
    assert tolls_compared.compare(Figure(24, True, 3.0), {43}, 0.0) == "vague"
    assert tolls_compared.compare(Figure(3, True, 3.0), {43}, 0.0) == "far_vague"
    assert tolls_compared.compare(None, {43}, 0.0) == "open"
