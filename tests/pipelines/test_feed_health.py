"""What ``run``, ``show feeds`` and ``show dead-letters`` say about feeds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Ledger

from pipelines.cli import main
from pipelines.feed_health import feed_name, poll_reason

Captured = pytest.CaptureFixture[str]


def a_feed(**fields: Any) -> dict[str, Any]:
    return {
        "feed_url": "https://one.example/world/feed.xml", "source_name": "One", "_namesakes": 1, "entries_seen": 3, "polls": 4,
        "last_status": "ok", "next_poll_reason": "67% of the last poll was known", **fields,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({}, "One"),
        ({"source_name": None}, "one.example/world/feed.xml"),
        ({"_namesakes": 2}, "One (one.example/world/feed.xml)"),
    ],
)
def test_a_feed_is_shown_by_its_name(fields: dict[str, Any], name: str) -> None:
    assert feed_name(a_feed(**fields)) == name


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "67% of the last poll was known"),
        (
            {"entries_seen": 0, "next_poll_reason": "100% of the last poll was known"},
            "the feed has no entries",
        ),
        (
            {"last_status": "not_modified", "next_poll_reason": "100% of the last poll was known"},
            "nothing new since the last poll",
        ),
        ({"polls": 1, "next_poll_reason": "0% of the last poll was known"}, "first poll"),
        ({"next_poll_reason": "the feed asks for no more"}, "the feed asks for no more"),
        ({"next_poll_reason": None}, "–"),
    ],
)
def test_the_reason_of_the_next_poll_says_no_share_of_nothing(fields: dict[str, Any], reason: str) -> None:
    assert poll_reason(a_feed(**fields)) == reason


def test_a_run_names_failed_feeds_and_the_tables_agree_on_the_next_try(
    capsys: Captured, ledger: Ledger, feeds: list[str], tmp_path: Path
) -> None:
    base = feeds[0].rpartition("/")[0]
    lost = [f"{base}/lost-{n}.xml" for n in range(7)]
    (tmp_path / "feeds.txt").write_text("\n".join([feeds[0], *lost]))
    assert main(ledger.run_arguments(str(tmp_path / "feeds.txt"))) == 0
    lines = capsys.readouterr().out.splitlines()
    named = [line for line in lines if line.startswith("  failed: ")]
    assert len(named) == 5
    assert named[0].endswith("/lost-0.xml (not found)")
    assert any("2 more failed; `strikeledger show feeds` says" in line for line in lines)
    assert not any("warn_freshness" in line for line in lines), "a feed counts from its first poll"

    polls = ledger.rows("SELECT MIN(next_poll_at) AS at FROM feed_state WHERE consecutive_failures > 0")
    when = polls[0]["at"][:16].replace("T", " ")
    assert main(["show", "dead-letters", "--columns", "reason,next attempt", "--warehouse", ledger.url]) == 0
    assert f"not found  {when}" in capsys.readouterr().out

    assert main(["show", "feeds", "--columns", "feed,health", "--warehouse", ledger.url]) == 0
    shown = capsys.readouterr().out
    assert "http" not in shown and "lost-6.xml" in shown


def test_a_run_without_failed_feeds_names_none(
    capsys: Captured, ledger: Ledger, feeds: list[str], tmp_path: Path
) -> None:
    (tmp_path / "feeds.txt").write_text(feeds[0])
    assert main(ledger.run_arguments(str(tmp_path / "feeds.txt"))) == 0
    assert "failed:" not in capsys.readouterr().out


@pytest.mark.parametrize(("first_poll", "found"), [("2020-01-01", True), (None, False)])
def test_freshness_counts_from_the_first_poll(
    capsys: Captured, ledger: Ledger, first_poll: str | None, found: bool
) -> None:
    from transforms.warehouse import open_warehouse

    assert main(["init", "--warehouse", ledger.url]) == 0
    with open_warehouse(ledger.url) as opened:
        opened.execute(
            "INSERT INTO feed_state_v1 (feed_url, last_polled_at, consecutive_failures) VALUES ('f', CURRENT_TIMESTAMP(), 1)"
        )
        first = f"TIMESTAMP '{first_poll} 00:00:00+00'" if first_poll else "CURRENT_TIMESTAMP()"
        opened.execute(f"INSERT INTO dead_letters_v1 (feed_url, first_failed_at) VALUES ('f', {first})")
    capsys.readouterr()
    assert main(["show", "checks", "--warehouse", ledger.url]) == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("warn_freshness"))
    assert ("warn  " in line) == found


def test_resolve_says_what_it_did(capsys: Captured, ledger: Ledger) -> None:
    from sample_records import a_report
    from store_reports import store_as_run

    store_as_run(ledger, a_report(1))
    assert main(["resolve", "--warehouse", ledger.url]) == 0
    assert capsys.readouterr().out in ("incidents  1 derived again\n", "nothing to do\n")
