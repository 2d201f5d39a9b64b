"""Runs on a machine whose clock is wrong: nothing is lost for good, and the next run with the right clock mends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from conftest import Ledger, feeds_of
from newsroom import Newsroom, serving

from pipelines.ingest import new_run, run_ingest
from pipelines.options import RunChoices, beam_options, ingest_config
from transforms.util import clock

DAY = dt.timedelta(days=1)


class Clock:
    """The clock of the runs. ``wrong_by``: how far it is ahead of the right one."""

    wrong_by = dt.timedelta()

    def now(self, zone: dt.tzinfo | None = None) -> dt.datetime:
        return dt.datetime.now(zone) + self.wrong_by


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(clock, "dt", SimpleNamespace(datetime=found, UTC=dt.UTC, timedelta=dt.timedelta))
    return found


class FreshNewsroom(Newsroom):
    """A newsroom whose articles are from yesterday, as those of real feeds are."""

    def __init__(self) -> None:
        super().__init__([a for a in Newsroom().articles if a["id"] in ("dev-001", "dev-002", "dev-034")])
        yesterday = (dt.datetime.now(dt.UTC) - DAY).replace(microsecond=0)
        for number, article in enumerate(self.articles):
            article["published"] = (yesterday + number * dt.timedelta(minutes=5)).isoformat()


@pytest.fixture
def news() -> Iterator[list[str]]:
    room = FreshNewsroom()
    with serving(room) as base:
        yield feeds_of(room, base)


def run_due(ledger: Ledger, feeds: list[str]) -> None:
    """Run as ``run --due`` does."""
    path = ledger.folder / "feeds.txt"
    path.write_text("\n".join(feeds))
    choices = RunChoices(str(path), ledger.url, due=True, allow_hosts=("127.0.0.1",), host_delay=0)
    run_ingest(ingest_config(choices), new_run(), beam_options([]))


CONTENT = "source_name, headline, published_at, event_date_start, event_date_end, location, fatalities_low"


@pytest.mark.parametrize("days_behind", [4, pytest.param(600, marks=pytest.mark.slow)])
def test_publication_times_that_a_clock_behind_set_aside_are_read_by_the_next_run(
    days_behind: int, tmp_path_factory: pytest.TempPathFactory, machine: Clock, news: list[str]
) -> None:
    right, wrong = (Ledger(tmp_path_factory.mktemp(name)) for name in ("right", "wrong"))
    right.run(news)
    machine.wrong_by = -days_behind * DAY
    wrong.run(news)
    set_aside = wrong.rows("SELECT published_at, published_raw, flags FROM articles")
    assert {row["published_at"] for row in set_aside} == {None}
    assert all(row["published_raw"] and "date_ahead" in row["flags"] for row in set_aside)

    machine.wrong_by = dt.timedelta()
    wrong.run(news)  # the feeds answer 304: nothing is polled again
    for table, columns in (
        ("articles_v1 WHERE is_latest", "article_url, published_at, published_raw, text, flags"),
        ("reports", CONTENT),
        ("incidents", "location, event_date, fatalities_low, number_of_reports, first_reported_at"),
    ):
        query = f"SELECT {columns} FROM {table}"
        assert sorted(wrong.rows(query), key=repr) == sorted(right.rows(query), key=repr), table
    before = wrong.tables()
    wrong.run(news)
    assert wrong.tables() == before


@pytest.mark.slow
def test_a_date_that_the_clock_of_the_server_calls_wrong_too_is_never_believed(
    ledger: Ledger, machine: Clock
) -> None:
    room = FreshNewsroom()
    next_month = (dt.datetime.now(dt.UTC) + 30 * DAY).replace(microsecond=0).isoformat()
    room.articles[0]["published"] = next_month  # a slip of the outlet
    with serving(room) as base:
        ledger.run(feeds_of(room, base))
        machine.wrong_by = 60 * DAY  # two months later
        ledger.run(feeds_of(room, base))
    rows = ledger.rows("SELECT version, published_at, flags FROM articles WHERE published_raw IS NOT NULL")
    assert [(row["version"], row["published_at"], "date_suspect" in row["flags"]) for row in rows] == [
        (1, None, True)
    ]


@pytest.mark.slow
def test_an_article_that_changed_meanwhile_keeps_its_new_text_and_gets_its_date(
    ledger: Ledger, machine: Clock
) -> None:
    room = FreshNewsroom()
    with serving(room) as base:
        feeds = feeds_of(room, base)
        machine.wrong_by = -600 * DAY
        ledger.run(feeds)
        machine.wrong_by = dt.timedelta()
        room.articles[0]["paragraphs"].append("Another sentence was added by the outlet later on that day.")
        room.articles[0]["title"] += " – update"
        ledger.run(feeds)
        ledger.run(feeds)
    latest = ledger.rows("SELECT text, published_at FROM articles WHERE is_latest")
    assert len(latest) == 3
    assert all(row["published_at"] for row in latest)
    assert sum("Another sentence" in row["text"] for row in latest) == 1


@pytest.mark.parametrize("days_ahead", [pytest.param(1, marks=pytest.mark.slow), 400])
def test_a_clock_that_was_ahead_does_not_stop_feeds_and_retries(
    days_ahead: int, ledger: Ledger, machine: Clock
) -> None:
    room = FreshNewsroom()
    with serving(room) as base:
        feeds = feeds_of(room, base)
        failing = room.articles[0]["url"].removeprefix("https:/")
        room.failures = {failing: 503}
        machine.wrong_by = days_ahead * DAY
        for _ in range(3):  # the third failure makes the letter wait
            ledger.run(feeds)
        room.failures = {}
        machine.wrong_by = dt.timedelta()
        polls = room.requests.copy()
        run_due(ledger, feeds)
        assert {f"304 /{host}/feed.xml" for host in room.outlets} <= set(room.requests - polls)
    assert ledger.rows("SELECT COUNT(*) AS n FROM articles")[0]["n"] == 3
    states = ledger.rows("SELECT last_polled_at, next_poll_at FROM feed_state")
    soon = (dt.datetime.now(dt.UTC) + DAY).isoformat()
    assert all(str(row["next_poll_at"]) < soon for row in states)
