"""Dates of items: read where they mean one instant, else set aside."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from sample_records import an_entry

from schemas.records import Feed
from transforms.feeds.date_words import load_date_words
from transforms.feeds.dates import parse_date, read_item_date, reread_date
from transforms.feeds.parse import parse_feed

CASES = Path(__file__).parent / "cases"


def iso(raw: str) -> str | None:
    found = parse_date(raw)
    return found.isoformat() if found else None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Fri, 04 Apr 2025 19:40:00 +0300", "2025-04-04T19:40:00+03:00"),
        ("4 Apr 2025 19:40 GMT", "2025-04-04T19:40:00+00:00"),
        ("2025-04-04T19:40:00Z", "2025-04-04T19:40:00+00:00"),
        ("2025-04-04T19:40:00.123+03:00", "2025-04-04T19:40:00.123000+03:00"),
        ("2025-04-04", "2025-04-04T00:00:00+00:00"),
        ("20250404", "2025-04-04T00:00:00+00:00"),
        ("Fri, 04 Apr 2025", "2025-04-04T00:00:00+00:00"),
        ("April 4, 2025", "2025-04-04T00:00:00+00:00"),
        ("4 апреля 2025", "2025-04-04T00:00:00+00:00"),
        ("٤ أبريل ٢٠٢٥", "2025-04-04T00:00:00+00:00"),
        ("04/23/2025", "2025-04-23T00:00:00+00:00"),
        ("Mon, 23 Nov 2026 10:00:00 -0000", "2026-11-23T10:00:00+00:00"),
        ("Mon, 23 Nov 26 10:00:00 Z", "2026-11-23T10:00:00+00:00"),
        ("Mon Nov 23 10:00:00 UTC 2026", "2026-11-23T10:00:00+00:00"),
        ("Mon Nov 23 10:00:00 +0000 2026", "2026-11-23T10:00:00+00:00"),
        ("November 23rd, 2026 10:00 PM EST", "2026-11-23T22:00:00-05:00"),
        ("Nov. 23, 2026 12:05 a.m. EST", "2026-11-23T00:05:00-05:00"),
        ("Nov. 23, 2026 12:05 PM EST", "2026-11-23T12:05:00-05:00"),
        ("2026-11-23 10:00:00 UTC", "2026-11-23T10:00:00+00:00"),
        ("2026-11-23T10:00:00+02", "2026-11-23T10:00:00+02:00"),
        ("2026-11-23T10:00:00+02:00[Europe/Kyiv]", "2026-11-23T10:00:00+02:00"),
        ("2026/11/23 10:00:00 +0200", "2026-11-23T10:00:00+02:00"),
        ("20261123T100000Z", "2026-11-23T10:00:00+00:00"),
        ("23-Nov-2026 10:00:00 GMT", "2026-11-23T10:00:00+00:00"),
        ("Mon, 23 Nov 2026 10:00 GMT-3", "2026-11-23T10:00:00-03:00"),
        ("Mon, 23 Nov 2026 10:00:00 \u22120500", "2026-11-23T10:00:00-05:00"),
        ("Mon, 23 Nov 2026 10:00:00 (MSK)", "2026-11-23T10:00:00+03:00"),
        ("Mon, 23 Nov 2026 10:00:00 utc", "2026-11-23T10:00:00+00:00"),
        ("23/11/2026 10:00 +0200", "2026-11-23T10:00:00+02:00"),
        ("11/23/2026 10:00 +0200", "2026-11-23T10:00:00+02:00"),
    ],
)
def test_a_date_that_means_one_instant_is_read(raw: str, expected: str) -> None:
    assert iso(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        "Пн, 23 ноя 2026 10:00:00 +0200",
        "понедельник, 23 ноября 2026 г. 10:00 +0200",
        "23 листопада 2026 р. 10:00 +0200",
        "lun., 23 nov. 2026 10:00:00 +0200",
        "lundi 23 novembre 2026 à 10:00 +0200",
        "lunes, 23 de noviembre de 2026 10:00:00 +0200",
        "Mo, 23 Nov 2026 10:00:00 +0200",
        "Montag, 23. November 2026 10:00 +0200",
        "Pzt, 23 Kas 2026 10:00:00 +0200",
        "الاثنين، 23 نوفمبر 2026 10:00:00 +0200",
        "الاثنين، ٢٣ تشرين الثاني ٢٠٢٦ ١٠:٠٠ +0200",
        "יום שני, 23 בנובמבר 2026 10:00 +0200",
        "Δευ, 23 Νοε 2026 10:00:00 +0200",
        "Hétfő, 2026. november 23. 10:00 +0200",
        "ponedjeljak, 23. studenoga 2026. 10:00 +0200",
        "सोम, 23 नवंबर 2026 10:00:00 +0200",
        "2026年11月23日 10:00:00 +0200",
    ],
)
def test_names_of_months_and_days_are_read_in_many_languages(raw: str) -> None:
    assert iso(raw) == "2026-11-23T10:00:00+02:00"


@pytest.mark.parametrize(
    "raw",
    [
        "tomorrow",
        "before 23 Nov 2026 10:00 GMT",
        "31 Feb 2025 10:00:00 GMT",
        "Mon, 23 Nov 2026 25:00:00 GMT",
        "0000-00-00",
        "-0001-01-01",
        "10000-01-01",
        "02/11/2026",
        "02/11/2026 10:00 +0200",
        "02.11.26 10:00 +0200",
        "Fri, 04 Apr 2025 19:40:00 +9900",
        "Fri, 04 Apr 2025 19:40:00 +0290",
        "1999-12-31T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "Mon, 23 Nov 0001 10:00:00 GMT",
        "2026-11-23T10:00:00",
        "2026-11-23 10:00",
        "Mon, 23 Nov 2026 10:00:00",
        "Mon Nov 23 10:00:00 2026",
        "Mon, 23 Nov 2026 10:00:00 XYZ",
        "Mon, 23 Nov 2026 10:00:00 A",
        "Mon, 23 Nov 2026 10:00:00 +0200 (EET) (MSK) and more",
        "Mon, 23 Nov 2026 10:00:00 +0200 MSK",
        "Mon, 23 Nov 2026 10:00:00 CET extra",
        "Mon, Tue, 23 Nov 2026 10:00:00 CET",
        "23 Nov Dec 2026 10:00:00 CET",
        "Nov 2026 10:00:00 CET",
        "23 Listopad 2026 10:00 CET",  # November in Polish, October in Croatian
        "",
    ],
)
def test_a_date_that_means_no_instant_or_two_is_set_aside(raw: str) -> None:
    assert iso(raw) is None


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        ("MSK", "+03:00"), ("EET", "+02:00"), ("EEST", "+03:00"), ("CET", "+01:00"), ("CEST", "+02:00"),
        ("MEST", "+02:00"), ("MESZ", "+02:00"), ("WET", "+00:00"), ("GMT", "+00:00"), ("UT", "+00:00"),
        ("EST", "-05:00"), ("PDT", "-07:00"), ("TRT", "+03:00"), ("PKT", "+05:00"), ("JST", "+09:00"),
        ("NPT", "+05:45"), ("AEST", "+10:00"), ("BRT", "-03:00"), ("IRST", "+03:30"), ("IDT", "+03:00"),
    ],
)  # fmt: skip
def test_a_zone_name_has_its_offset(zone: str, offset: str) -> None:
    assert iso(f"Thu, 25 Jun 2026 01:30:00 {zone}") == f"2026-06-25T01:30:00{offset}"


def test_an_ambiguous_zone_name_is_never_utc() -> None:
    ambiguous = load_date_words().ambiguous_zones
    assert {"IST", "BST", "AST"} <= ambiguous
    assert [zone for zone in ambiguous if iso(f"Thu, 25 Jun 2026 01:30:00 {zone}")] == []


def test_the_titles_of_a_sample_feed_say_the_offsets_of_its_zones() -> None:
    """BST is Britain's summer time or Bangladesh's standard time."""
    for entry in parse_feed((CASES / "zone_names.xml").read_bytes(), Feed("https://o.example/f")).entries:
        zone, offset = entry.title.split(" means ")
        if zone == "BST":
            assert (entry.published_at, list(entry.flags)) == (None, ["date_suspect"])
        else:
            assert entry.published_at == read_item_date(f"2026-06-25T01:30:00{offset}", None).at
            assert entry.published_offset_minutes == int(offset) // 100 * 60


def test_the_titles_of_a_sample_feed_say_its_dates() -> None:
    for entry in parse_feed(
        (CASES / "dates_set_aside.xml").read_bytes(), Feed("https://o.example/f")
    ).entries:
        assert (entry.published_at, entry.published_raw) == (entry.title, None)


def test_a_time_without_zone_is_set_aside_in_both_formats() -> None:
    entries = parse_feed(
        (CASES / "iso_date_without_zone.xml").read_bytes(), Feed("https://o.example/f")
    ).entries
    assert [(entry.published_at, entry.published_raw) for entry in entries] == [
        (None, "2026-11-23T10:00:00"),
        (None, "Mon, 23 Nov 2026 10:00:00"),
    ]


def test_a_date_more_than_two_days_ahead_is_set_aside() -> None:
    raw = "Mon, 23 Nov 2026 10:00:00 +0200"
    assert read_item_date(raw, "2026-11-21T09:00:00Z").at == "2026-11-23T08:00:00Z"
    assert read_item_date(raw, "2026-11-21T07:00:00Z").raw == raw


@pytest.mark.parametrize("raw", ["2026-11-23", "23 Nov 2026"])
def test_a_day_is_set_aside_until_it_has_begun_somewhere(raw: str) -> None:
    assert read_item_date(raw, "2026-11-22T10:00:00Z").at == "2026-11-23T00:00:00Z"
    early = read_item_date(raw, "2026-11-22T09:59:00Z")
    assert (early.at, early.raw, early.is_ahead) == (None, raw, True)


def test_a_date_that_was_set_aside_is_read_again() -> None:
    raw = "Mon, 23 Nov 2026 10:00:00 MSK"
    stored = dataclasses.replace(
        an_entry(),
        published_at=None,
        published_offset_minutes=None,
        published_raw=raw,
        flags=["x", "date_suspect"],
    )
    read = reread_date(stored, "2026-11-24T00:00:00Z")
    assert (read.published_at, read.published_offset_minutes, read.published_raw) == (
        "2026-11-23T07:00:00Z",
        180,
        None,
    )
    assert list(read.flags) == ["x"]
    assert reread_date(read, None) == read
    unclear = dataclasses.replace(stored, published_raw="Mon, 23 Nov 2026 10:00:00 IST")
    assert reread_date(unclear, None) == unclear
    assert reread_date(stored, "2026-11-20T00:00:00Z") == stored
