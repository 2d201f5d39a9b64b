from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identity import (
    digest,
    fold_name,
    founder_key,
    incident_id,
    parse_instant,
    report_id,
    utc_iso,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Deir al-Balah", "Deir el Balah"),
        ("Al-Fashir", "El Fashir"),
        ("Zaporizhzhia", "ZAPORIZHZHIA"),
        ("Kostiantynivka", "Kostiantynivka"),
        ("Kam'ianske", "Kam\u2019ianske"),
        ("Przewodów", "Przewodow"),
    ],
)
def test_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_different_names_stay_different() -> None:
    assert fold_name("Kharkiv") != fold_name("Kherson")
    assert fold_name("Alma") != fold_name("Ma")


@given(st.text(max_size=40))
def test_folding_is_idempotent(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)


def test_digest_distinguishes_none_empty_and_order() -> None:
    assert len({digest(None), digest(""), digest("a", "b"), digest("b", "a"), digest("ab")}) == 5


def test_report_id_depends_on_url_place_and_number_only() -> None:
    url = "https://a.example/1"
    assert report_id(url, 703845, "Kryvyi Rih", 0) == report_id(url, 703845, "Krivoy Rog", 0)
    assert report_id(url, 703845, "Kryvyi Rih", 0) != report_id(url, 703845, "Kryvyi Rih", 1)
    assert report_id(url, None, "Hroza", 0) == report_id(url, None, "hroza", 0)
    assert incident_id("abc") == "i-abc"


def test_founder_is_earliest_with_unknown_last_and_compares_instants() -> None:
    keys = [
        founder_key(None, "a"),
        founder_key("2025-04-04T19:40:00+03:00", "b"),
        founder_key("2025-04-04T17:00:00Z", "c"),
    ]
    assert sorted(keys)[0] == keys[1]
    assert sorted(keys)[-1] == keys[0]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025-04-04T19:40:00+03:00", "2025-04-04T16:40:00Z"),
        ("2025-04-04", "2025-04-04T00:00:00Z"),
        ("", None),
        (None, None),
        ("tomorrow", None),
        ("2025-13-40T00:00:00Z", None),
    ],
)
def test_instants_are_converted_to_utc(value: str | None, expected: str | None) -> None:
    assert utc_iso(value) == expected


def test_extreme_instants_do_not_overflow() -> None:
    assert parse_instant("0001-01-01T00:00:00+14:00") is not None
    assert parse_instant("9999-12-31T23:59:59-14:00") is not None
    assert utc_iso("0001-01-01T00:00:00+14:00") is None
    assert utc_iso("9999-12-31T23:59:59-14:00") is None
