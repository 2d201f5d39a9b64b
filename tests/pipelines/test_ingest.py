"""The whole pipeline over HTTP: feeds and pages of the sample newsroom, and a DuckDB file."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Ledger, feeds_of
from newsroom import Newsroom, serving


def is_conserved(run: dict[str, object]) -> bool:
    parts = ("entries_written", "entries_duplicate", "entries_dropped", "entries_dead_letter")
    return run["entries_in"] == sum(int(str(run[p])) for p in parts)


def test_a_second_run_on_the_sample_newsroom_changes_nothing(
    ledger: Ledger, room: Newsroom, feeds: list[str]
) -> None:
    first = ledger.run(feeds)
    assert (first["entries_in"], first["entries_written"]) == (31, 31)
    assert is_conserved(first)
    before, requests = ledger.tables(), room.requests.copy()

    (kryvyi_rih,) = ledger.rows(
        "SELECT * FROM incidents WHERE location = 'Kryvyi Rih' AND event_date = '2025-04-04' AND weapon = 'ballistic_missile'"
    )
    assert kryvyi_rih["number_of_reports"] >= 8
    assert (kryvyi_rih["fatalities_low"], kryvyi_rih["fatalities_high"]) == (20, 20)
    history = ledger.rows(
        "SELECT * FROM incident_history WHERE incident_id = @id ORDER BY revision",
        id=kryvyi_rih["incident_id"],
    )
    tolls = [step["fatalities_low"] for step in history]
    assert tolls == sorted(tolls)
    assert (tolls[0], tolls[-1], len(tolls)) == (4, 20, kryvyi_rih["revision"])

    second = ledger.run(feeds)
    assert second["entries_in"] == 0
    assert ledger.tables() == before
    again = room.requests - requests
    assert set(again) == {f"304 /{host}/feed.xml" for host in room.outlets}


@pytest.mark.slow
def test_the_direct_runner_gives_the_same_tables(tmp_path: Path, feeds: list[str]) -> None:
    fn_api, direct = Ledger(tmp_path / "a"), Ledger(tmp_path / "b")
    fn_api.run(feeds)
    direct.run(feeds, "--runner=DirectRunner")
    for name in ("reports", "incidents", "incident_reports", "incident_history"):
        assert fn_api.rows(f"SELECT * FROM {name} ORDER BY 1, 2") == direct.rows(
            f"SELECT * FROM {name} ORDER BY 1, 2"
        )


def newsroom_of(*ids: str) -> Newsroom:
    return Newsroom([a for a in Newsroom().articles if a["id"] in ids])


@pytest.mark.slow
def test_failures_are_dead_letters_until_a_later_run_succeeds(ledger: Ledger) -> None:
    room = newsroom_of("dev-002", "dev-007", "dev-001")
    with serving(room) as base:
        feeds = [*feeds_of(room, base), f"{base}/dead.example/feed.xml"]
        path_of = {a["id"]: a["url"].removeprefix("https:/") for a in room.articles}
        room.failures = {path_of["dev-002"]: 503, path_of["dev-007"]: 404}
        first = ledger.run(feeds)
        assert is_conserved(first)
        assert (first["entries_written"], first["entries_dead_letter"], first["feeds_failed"]) == (2, 1, 1)
        letters = ledger.rows("SELECT stage, reason, retryable FROM dead_letters ORDER BY stage, reason")
        assert [(x["stage"], x["reason"]) for x in letters] == [
            ("fetch", "http_error"),
            ("fetch", "not_found"),
            ("poll", "not_found"),
        ]
        sources = ledger.rows("SELECT text_source FROM articles ORDER BY 1")
        assert [s["text_source"] for s in sources] == ["feed", "page"]

        still_failing = ledger.run(feeds)
        assert is_conserved(still_failing)
        (attempts,) = ledger.rows(
            "SELECT attempts, resolved_at FROM dead_letters WHERE reason = 'http_error'"
        )
        assert attempts == {"attempts": 2, "resolved_at": None}

        room.failures = {}
        recovered = ledger.run(feeds)
        assert is_conserved(recovered)
        assert recovered["dead_letters_resolved"] == 2
        latest = ledger.rows("SELECT version, text_source FROM articles WHERE is_latest ORDER BY version")
        assert [(a["version"], a["text_source"]) for a in latest] == [(1, "page"), (1, "page"), (2, "page")]
        reports = ledger.rows("SELECT COUNT(*) AS n, COUNT(DISTINCT report_id) AS ids FROM reports")
        assert reports[0]["n"] == reports[0]["ids"]


@pytest.mark.slow
def test_runs_on_parts_of_the_articles_give_the_ledger_of_one_run(tmp_path: Path) -> None:
    ids = ("dev-001", "dev-002", "dev-005", "dev-010", "dev-012", "dev-013")
    full, growing = newsroom_of(*ids), newsroom_of(*ids)
    with serving(full) as base:
        port = int(base.rpartition(":")[2])
        whole = Ledger(tmp_path / "whole")
        whole.run(feeds_of(full, base))
    # The addresses are the same, but two articles more are published at each run, the latest first.
    articles = list(reversed(growing.articles))
    parts = Ledger(tmp_path / "parts")
    for number in range(2, len(articles) + 1, 2):
        growing.articles = articles[:number]
        with serving(growing, port) as base:
            parts.run(feeds_of(growing, base))
    for name in ("reports", "incidents", "incident_reports", "incident_history"):
        sql = f"SELECT * FROM {name} ORDER BY 1, 2"
        assert parts.rows(sql) == whole.rows(sql), name
    retired = parts.rows("SELECT incident_id, superseded_by FROM incidents_all WHERE NOT is_current")
    current = {r["incident_id"] for r in parts.rows("SELECT incident_id FROM incidents")}
    assert retired
    assert all(r["superseded_by"] in current for r in retired)


def test_a_run_after_a_crash_gives_the_tables_of_a_run_without_one(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import transforms.ledger.load as module

    room = newsroom_of("dev-001", "dev-002")
    with serving(room) as base:
        clean = Ledger(tmp_path / "clean")
        clean.run(feeds_of(room, base))

        monkeypatch.setattr(module, "run_statements", lambda: ["SELECT 1 / 0 AS broken FROM no_such_table"])
        with pytest.raises(Exception, match="no_such_table"):
            ledger.run(feeds_of(room, base))
        assert ledger.rows("SELECT * FROM articles_v1") == []
        assert ledger.rows("SELECT * FROM feed_state_v1") == []
        monkeypatch.undo()
        ledger.run(feeds_of(room, base))
        for name in ("reports", "incidents", "incident_reports", "incident_history"):
            sql = f"SELECT * FROM {name} ORDER BY 1, 2"
            assert ledger.rows(sql) == clean.rows(sql)


def test_a_run_whose_counts_do_not_add_up_fails(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    import transforms.pages.fetch as module

    room = newsroom_of("dev-001", "dev-002")
    with serving(room) as base:
        monkeypatch.setattr(
            module, "_yield_article", lambda task, article: iter([article])
        )  # the outcome is lost
        with pytest.raises(Exception, match="do not add up"):
            ledger.run(feeds_of(room, base))
        assert ledger.rows("SELECT * FROM articles_v1") == []
