"""The whole pipeline on each warehouse: first and repeated runs, replay, rising tolls, equal tables."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ledger, feeds_of
from ledger_content import rows_without_times
from newsroom import Newsroom, serving
from sample_records import a_newsroom_article, a_report
from store_reports import store

from pipelines.cli import main
from pipelines.correct import correct
from pipelines.hold_lease import hold_lease
from pipelines.ingest import new_run
from pipelines.jobs import run_on_stored
from pipelines.options import beam_options
from pipelines.reextract import run_reextract
from pipelines.reresolve import run_reresolve
from schemas.records import Article
from schemas.rows import Row, row_to_record
from schemas.step_records import EntryName, KnownArticle, KnownEntry
from schemas.tables import checks, tables, views
from transforms.corrections.decision import Decision
from transforms.ledger.known import read_known
from transforms.ledger.load import load_run
from transforms.nlp import pipeline
from transforms.nlp import reports as extractor
from transforms.warehouse import WarehouseBusy, WarehouseError, open_warehouse


def test_a_repeated_run_changes_nothing_and_a_later_one_raises_the_toll(ledger: Ledger) -> None:
    room = Newsroom([a_newsroom_article(3, 1, 8), a_newsroom_article(3, 2, 9)])
    with serving(room) as base:
        feeds = feeds_of(room, base)
        first = ledger.run(feeds)
        assert (first["entries_written"], first["incidents_written"]) == (2, 1)
        before = ledger.tables()
        assert ledger.run(feeds)["entries_in"] == 0
        assert ledger.tables() == before

        room.articles[1] = a_newsroom_article(5, 2, 9)
        room.articles.append(a_newsroom_article(6, 3, 12))
        later = ledger.run(feeds_of(room, base))
        assert later["articles_written"] == 2
    (incident,) = ledger.rows("SELECT * FROM incidents")
    assert (incident["fatalities_best"], incident["number_of_reports"]) == (6, 3)
    steps = ledger.rows("SELECT fatalities_best AS n, is_current FROM incident_history ORDER BY revision")
    assert steps == [
        {"n": 3, "is_current": False},
        {"n": 5, "is_current": False},
        {"n": 6, "is_current": True},
    ]
    versions = ledger.rows(
        "SELECT version, is_latest FROM articles WHERE article_url LIKE '%outlet2%' ORDER BY 1"
    )
    assert versions == [{"version": 1, "is_latest": False}, {"version": 2, "is_latest": True}]
    assert len(ledger.rows("SELECT * FROM reports_all")) == 4


def test_a_run_reads_known_entries_and_articles_only_for_the_entries_it_polled(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Newsroom([a_newsroom_article(3, n, 8) for n in range(1, 7)])
    with serving(room) as base:
        ledger.run(feeds_of(room, base))
    stored = ledger.rows("SELECT feed_url, entry_id, article_url, alias FROM entries_v1 ORDER BY feed_url")
    by_id, by_url, by_alias, elsewhere = (row_to_record(EntryName, row) for row in stored[:4])
    names = [
        dataclasses.replace(by_id, article_url=None, alias=None),
        dataclasses.replace(by_url, entry_id="another", alias=None),
        dataclasses.replace(by_alias, entry_id="another", article_url=None),
        dataclasses.replace(elsewhere, feed_url="https://another.example/feed"),
    ]
    for entries_per_query in (100, 1):
        monkeypatch.setattr("transforms.ledger.known.ENTRIES_PER_QUERY", entries_per_query)
        with open_warehouse(ledger.url) as warehouse:
            found = list(read_known(warehouse, [*names, *names]))
        entries = sorted(known.feed_url for known in found if isinstance(known, KnownEntry))
        articles = [known.article_url for known in found if isinstance(known, KnownArticle)]
        assert entries == [name.feed_url for name in (by_id, by_url, by_alias)]
        assert sorted(articles) == sorted(str(name.article_url) for name in (by_url, elsewhere))


@pytest.mark.slow
def test_a_late_older_article_renames_the_incident_and_the_old_id_leads_to_the_new(ledger: Ledger) -> None:
    room = Newsroom([a_newsroom_article(3, 2, 9)])
    with serving(room) as base:
        ledger.run(feeds_of(room, base))
        (old,) = ledger.rows("SELECT incident_id FROM incidents")
        room.articles.append(a_newsroom_article(3, 1, 8))
        ledger.run(feeds_of(room, base))
    (new,) = ledger.rows("SELECT incident_id FROM incidents")
    assert new != old
    (retired,) = ledger.rows("SELECT * FROM incidents_all WHERE NOT is_current")
    assert (retired["incident_id"], retired["superseded_by"]) == (old["incident_id"], new["incident_id"])


def test_an_incident_is_retired_when_its_only_article_drops_the_strike(ledger: Ledger) -> None:
    room = Newsroom([a_newsroom_article(3, 1, 8)])
    with serving(room) as base:
        ledger.run(feeds_of(room, base))
        without_strike = "The council of Kharkiv spoke about schools, libraries and the budget of the coming year on Friday. "
        room.articles[0] |= {
            "title": "Council meets",
            "summary": "A council met",
            "paragraphs": [without_strike * 3],
        }
        ledger.run(feeds_of(room, base))
    assert ledger.rows("SELECT * FROM incidents") == []
    (retired,) = ledger.rows("SELECT is_current, superseded_by FROM incidents_all")
    assert retired == {"is_current": False, "superseded_by": None}
    assert ledger.rows("SELECT * FROM incident_reports") == []


def test_a_run_writes_nothing_after_another_run_took_its_lease(ledger: Ledger) -> None:
    with open_warehouse(ledger.url) as warehouse:
        warehouse.ensure()
        warehouse.execute("INSERT INTO leases_v1 (name, holder) VALUES ('run', 'another')")
        with pytest.raises(WarehouseError, match="another run has taken the lease"):
            load_run(warehouse, new_run(), [], "1")
        assert warehouse.query("SELECT * FROM runs") == []


def test_a_date_that_moves_by_months_updates_the_row_and_adds_none(ledger: Ledger) -> None:
    """The partition filter of the MERGE must include the stored date. Otherwise it would insert the row again."""
    report = a_report()
    store(ledger, [report])
    moved = dataclasses.replace(
        report, event_date_start=dt.date(2024, 11, 2), event_date_end=dt.date(2024, 11, 2)
    )
    store(ledger, [moved])
    rows = ledger.rows("SELECT incident_id, event_date FROM incidents_all")
    assert rows == [{"incident_id": f"i-{report.report_id}", "event_date": "2024-11-02"}]
    assert len(ledger.rows("SELECT * FROM reports_all")) == 1


def test_a_dead_letter_is_kept_until_a_replay_resolves_it(ledger: Ledger) -> None:
    room = Newsroom([a_newsroom_article(3, 1, 8), a_newsroom_article(3, 2, 9)])
    with serving(room) as base:
        feeds = feeds_of(room, base)
        room.failures = {"/outlet2.example/story": 503}
        assert ledger.run(feeds)["entries_dead_letter"] == 1
        (letter,) = ledger.rows("SELECT reason, attempts, resolved_at FROM dead_letters")
        assert letter == {"reason": "http_error", "attempts": 1, "resolved_at": None}
        room.failures = {}
        assert ledger.run([], replay="http_error")["dead_letters_resolved"] == 1
    (letter,) = ledger.rows("SELECT resolved_at, next_attempt_at FROM dead_letters")
    assert letter["resolved_at"] is not None
    assert letter["next_attempt_at"] is None
    assert len(ledger.rows("SELECT * FROM articles")) == 2


@pytest.mark.slow
def test_incidents_derived_again_from_stored_reports_are_the_same(
    ledger: Ledger, room: Newsroom, feeds: list[str]
) -> None:
    ledger.run(feeds)
    before = rows_without_times(ledger, ["incidents_all", "incident_reports", "incident_history"])
    for since in (None, "2025-04-05"):
        run_on_stored(
            ledger.url,
            ledger.storage,
            lambda staging, run, day=since: run_reresolve(ledger.url, staging, day, run, beam_options([])),
        )
        assert rows_without_times(ledger, ["incidents_all", "incident_reports", "incident_history"]) == before


@pytest.fixture
def _extract_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Extract in this process, where a test can replace the extractor."""
    for module in ("ingest", "reextract"):
        monkeypatch.setattr(f"pipelines.{module}.extraction_processes", lambda _: 0)


def reports_without_version(ledger: Ledger) -> list[Row]:
    """Return the reports without the version of the extractor."""
    rows = rows_without_times(ledger, ["reports_v1"])["reports_v1"]
    return [{k: v for k, v in row.items() if k != "extractor_version"} for row in rows]


def reextract(ledger: Ledger, since: str | None = None) -> None:
    """Extract the stored articles again, with the present version of the extractor."""
    run_on_stored(
        ledger.url,
        ledger.storage,
        lambda staging, run: run_reextract(ledger.url, staging, since, None, run, beam_options([])),
    )


@pytest.mark.usefixtures("_extract_in_this_process")
@pytest.mark.slow
def test_a_new_extractor_version_reads_stored_articles_only_on_request(
    ledger: Ledger, room: Newsroom, feeds: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def reports_by_version() -> dict[str, int]:
        sql = "SELECT extractor_version AS v, COUNT(*) AS n FROM reports_v1 GROUP BY extractor_version"
        return {row["v"].partition(".")[0]: row["n"] for row in ledger.rows(sql)}

    incidents = ["incidents", "incident_reports", "incident_history"]
    ledger.run(feeds)
    reports, before, old = (
        reports_without_version(ledger),
        rows_without_times(ledger, incidents),
        dict(reports_by_version()),
    )
    present = pipeline.EXTRACTOR
    monkeypatch.setattr(pipeline, "EXTRACTOR", "next")
    ledger.run(feeds)
    assert reports_by_version() == old

    day = "2025-04-05"
    reextract(ledger, day)
    (late,) = ledger.rows("SELECT COUNT(*) AS n FROM reports_v1 WHERE published_at >= @day", day=day)
    assert 0 < late["n"] < len(reports)
    assert reports_by_version()["next"] == late["n"]
    reextract(ledger)
    assert reports_by_version() == {"next": len(reports)}
    assert reports_without_version(ledger) == reports
    assert rows_without_times(ledger, incidents) == before

    # A version that finds nothing: its reports are deleted, and the next version writes them again.
    monkeypatch.setattr(pipeline, "EXTRACTOR", "blind")
    with monkeypatch.context() as patch:
        patch.setattr(extractor, "extract_reports", lambda articles, _: [(a, []) for a in articles])
        reextract(ledger)
    assert reports_by_version() == {}
    assert ledger.rows("SELECT * FROM incidents") == []
    monkeypatch.setattr(pipeline, "EXTRACTOR", present)
    reextract(ledger)
    assert reports_without_version(ledger) == reports
    assert rows_without_times(ledger, incidents) == before


@pytest.mark.usefixtures("_extract_in_this_process")
@pytest.mark.slow
def test_a_replay_extracts_articles_on_which_the_extractor_failed(
    ledger: Ledger, room: Newsroom, feeds: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(articles: list[Article], _: object) -> list[object]:
        raise ValueError("no text of this kind")

    with monkeypatch.context() as patch:
        patch.setattr(extractor, "extract_reports", failing)
        ledger.run(feeds)
    open_letters = "SELECT reason FROM dead_letters_v1 WHERE resolved_at IS NULL"
    assert {row["reason"] for row in ledger.rows(open_letters)} == {"extraction_failed"}
    row = ledger.run(feeds, replay="extraction_failed")
    assert row["dead_letters_resolved"] == len(room.articles)
    assert ledger.rows(open_letters) == []
    assert row["reports_written"] == len(reports_without_version(ledger)) > 0


@pytest.mark.slow
def test_checks_find_nothing_and_views_agree_with_the_tables(
    ledger: Ledger, room: Newsroom, feeds: list[str]
) -> None:
    ledger.run(feeds)
    for name, check in checks().items():
        if name != "warn_freshness":
            assert ledger.rows(check.sql) == [], name
    (total,) = ledger.rows(
        "SELECT SUM(incidents) AS incidents, SUM(fatalities_best) AS best FROM daily_tolls"
    )
    (known,) = ledger.rows(
        "SELECT COUNT(*) AS incidents, SUM(COALESCE(fatalities_best, fatalities_low, 0)) AS best FROM incidents"
    )
    assert total == known
    (acled,) = ledger.rows(
        "SELECT COUNT(*) AS n, MIN(iso) AS iso, MIN(country) AS country, MIN(region) AS region "
        "FROM incidents_acled"
    )
    assert acled["n"] == known["incidents"]
    assert (acled["iso"], acled["country"], acled["region"]) == (376, "Israel", "Europe")
    disputed = ledger.rows("SELECT incident_id FROM incidents WHERE claim_status = 'disputed' ORDER BY 1")
    questions = ledger.rows(
        "SELECT incident_id FROM open_questions WHERE question LIKE 'disputed%' ORDER BY 1"
    )
    assert disputed == questions != []
    coverage = ledger.rows("SELECT * FROM source_coverage")
    assert sum(row["reports"] for row in coverage) == len(ledger.rows("SELECT * FROM reports"))
    assert max(row["incidents_reported_first"] for row in coverage) > 0
    for view in views():
        assert isinstance(ledger.rows(f"SELECT * FROM {view} LIMIT 3"), list)


@pytest.mark.slow
def test_every_reading_command_works_on_this_warehouse(
    ledger: Ledger, feeds: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    ledger.run(feeds)
    where = ["--warehouse", ledger.url]
    for what, text in (
        ("incidents", "Kryvyi Rih"), ("reports", "ballistic missile"), ("feeds", "Border Dispatch"), ("runs", "31"),
        ("dead-letters", "no open dead letters"), ("checks", "fail_unique_keys"),
    ):  # fmt: skip
        assert main(["show", what, *where]) == 0
        assert text in capsys.readouterr().out, what
    (incident,) = ledger.rows(
        "SELECT incident_id FROM incidents ORDER BY number_of_reports DESC, incident_id LIMIT 1"
    )
    (article,) = ledger.rows("SELECT article_url FROM articles ORDER BY article_url LIMIT 1")
    for what in (incident["incident_id"], incident["incident_id"][2:], article["article_url"]):
        assert main(["explain", what, *where]) == 0
        assert len(capsys.readouterr().out) > 300
    for table in views():
        assert main(["export", table, "--format", "parquet", "--out", str(ledger.folder / "x"), *where]) == 0
    assert main(["export", "incidents", "--format", "geojson", *where]) == 0
    assert '"FeatureCollection"' in capsys.readouterr().out
    assert main(["dashboard", "--out", str(ledger.folder / "d.html"), *where]) == 0
    (all_incidents,) = ledger.rows("SELECT COUNT(*) AS n FROM incidents")
    assert f"{all_incidents['n']} incidents" in capsys.readouterr().out
    assert main(["init", *where]) == 0
    assert "nothing to do" in capsys.readouterr().out


@pytest.mark.slow
def test_both_warehouses_hold_the_same_rows(
    kind: str, new_ledger: Callable[[], Ledger], tmp_path: Path, room: Newsroom, feeds: list[str]
) -> None:
    """Only columns of times may differ. On DuckDB, this shows that two runs over the same articles agree."""
    duckdb, other = Ledger(tmp_path / "duckdb"), new_ledger()
    all_articles = copy.deepcopy(room.articles)
    earlier = [a for a in all_articles if a["id"] not in ("dev-001", "dev-002")]
    for ledger in (duckdb, other):
        room.articles = list(earlier)
        ledger.run(feeds)
        room.articles = list(all_articles)
        ledger.run(feeds)
    names = [*tables(), *views()]
    names.remove("leases_v1")
    assert rows_without_times(other, names) == rows_without_times(duckdb, names)


def test_a_second_run_waits_for_the_lease_and_gives_up(ledger: Ledger) -> None:
    with (
        hold_lease(ledger.url, "one"),
        pytest.raises(WarehouseBusy, match="another run"),
        hold_lease(ledger.url, "another", 0.1),
    ):
        pass
    with hold_lease(ledger.url, "another", 0.1):
        pass


def test_a_load_writes_nothing_if_its_checks_find_rows(ledger: Ledger) -> None:
    with open_warehouse(ledger.url) as warehouse:
        warehouse.ensure()
        insert = "INSERT INTO feed_state_v1 (feed_url, source_name) VALUES (@url, 'S')"
        with pytest.raises(WarehouseError, match=r"bad rows.*\"n\": ?\"?1"):
            warehouse.load(
                {},
                [insert],
                {"url": "f"},
                [("bad rows", "SELECT COUNT(*) AS n FROM feed_state_v1")],
                name="a",
            )
        assert warehouse.query("SELECT * FROM feed_state_v1") == []
        warehouse.load(
            {},
            [insert],
            {"url": "f"},
            [("bad rows", "SELECT 1 AS n FROM feed_state_v1 WHERE feed_url = 'g'")],
            name="b",
        )
        assert warehouse.query("SELECT feed_url FROM feed_state") == [{"feed_url": "f"}]
        assert warehouse.execute("UPDATE feed_state_v1 SET source_name = 'T' WHERE feed_url = 'f'") == 1
        assert warehouse.execute("UPDATE feed_state_v1 SET source_name = 'T' WHERE feed_url = 'g'") == 0


def test_loading_a_run_again_does_nothing(ledger: Ledger) -> None:
    with open_warehouse(ledger.url) as warehouse:
        warehouse.ensure()
        run = new_run()
        for _ in range(2):
            load_run(warehouse, run, [], "1")
        assert [row["run_id"] for row in warehouse.query("SELECT run_id FROM runs")] == [run.run_id]


def test_the_error_of_a_missing_warehouse_or_table_names_init(ledger: Ledger) -> None:
    with pytest.raises(WarehouseError, match="init` creates"), open_warehouse(ledger.url, read_only=True):
        pass
    with open_warehouse(ledger.url) as warehouse:
        warehouse.ensure()
        with pytest.raises(WarehouseError, match=r"no_such_table.*init` creates"):
            warehouse.query("SELECT * FROM no_such_table")


def test_a_decision_of_a_person_outlives_the_next_run(ledger: Ledger) -> None:
    room = Newsroom([a_newsroom_article(3, 1, 8), a_newsroom_article(3, 2, 9)])
    with serving(room) as base:
        ledger.run(feeds_of(room, base))
        (before,) = ledger.rows("SELECT incident_id FROM incidents")
        incident_id = str(before["incident_id"])
        decision = Decision(settings=["fatalities_low=7"], why="the hospital's list")
        correct(ledger.url, ledger.storage, incident_id, decision, "anna")
        room.articles.append(a_newsroom_article(4, 3, 12))
        ledger.run(feeds_of(room, base))
    (row,) = ledger.rows("SELECT * FROM incidents")
    assert (row["incident_id"], row["fatalities_low"], row["number_of_reports"]) == (incident_id, 7, 3)
    assert (row["status"], "newer_evidence" in row["flags"]) == ("corrected", True)
    steps = ledger.rows("SELECT fatalities_low AS n, correction_id FROM incident_history ORDER BY revision")
    assert [(step["n"], step["correction_id"] is None) for step in steps] == [
        (3, True),
        (4, True),
        (7, False),
    ]
    (former,) = ledger.rows("SELECT * FROM incidents_all")
    assert former["is_current"] and len(ledger.rows("SELECT * FROM incident_reports")) == 3
    assert len(ledger.rows("SELECT * FROM review_queue")) == 1
    correct(ledger.url, ledger.storage, incident_id, Decision(undo="last", why="another day's list"), "anna")
    (row,) = ledger.rows("SELECT * FROM incidents")
    assert (row["fatalities_low"], row["status"]) == (4, "auto")
    assert ledger.rows("SELECT * FROM corrected_incidents_v1 WHERE is_current") == []
