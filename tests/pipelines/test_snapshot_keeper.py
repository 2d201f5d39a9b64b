"""The snapshot of a server: it follows the ledger, holds nobody up, and outlives a warehouse that is away."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from pathlib import Path

import pytest
from conftest import Ledger
from sample_records import a_report
from served_ledger import serving_ledger
from store_reports import store_as_run

from pipelines.cli import main
from pipelines.server import snapshot_keeper
from transforms.ledger import corrected, load
from transforms.warehouse import duckdb as adapter
from transforms.warehouse import open_warehouse

KHARKIV = {
    "location": "Kharkiv",
    "geonameid": 706483,
    "latitude": 49.98,
    "longitude": 36.25,
    "admin1": "Kharkiv",
}
HOLD = """
import sys, duckdb
db = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


def held(ledger: Ledger) -> subprocess.Popen[str]:
    """Hold a ledger as a run does while it writes."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, f"{ledger.folder}/ledger.duckdb"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_newer_ledger_is_served_after_a_look(ledger: Ledger) -> None:
    first = a_report(1, fatalities_low=4, fatalities_best=4, fatalities_high=4)
    store_as_run(ledger, first, run="run-1")
    with serving_ledger(ledger) as served:
        before = served.ask("/api/incidents")
        assert served.keeper.refresh() is False
        store_as_run(
            ledger,
            a_report(2, fatalities_low=20, fatalities_best=20, fatalities_high=20),
            a_report(3, **KHARKIV),
            run="run-2",
        )
        assert served.ask("/api/incidents", If_None_Match=before.headers["etag"]).status == 304
        assert served.keeper.refresh() is True
        after = served.ask("/api/incidents", If_None_Match=before.headers["etag"])
        assert after.status == 200
        assert sorted(row["fatalities_low"] for row in after.json["incidents"]) == [14, 20]
        whole = served.ask(f"/api/incidents/i-{first.report_id}").json
        assert [step["fatalities_low"] for step in whole["toll_history"]] == [4, 20]
        assert len(whole["reports"]) == 2
        assert served.keeper.refresh() is False


def test_the_garbage_collector_passes_a_snapshot_by_and_its_end_needs_none(ledger: Ledger) -> None:
    store_as_run(ledger, a_report(1), run="run-1")
    with serving_ledger(ledger) as served:
        assert not any(found is served.keeper.snapshot.selector for found in gc.get_objects())
        assert served.ask("/?weapon=missile").status == 200
        replaced = weakref.ref(served.keeper.snapshot.selector)
        store_as_run(ledger, a_report(2, headline="Now otherwise"), run="run-2")
        gc.disable()
        try:
            assert served.keeper.refresh() is True
            assert replaced() is None
        finally:
            gc.enable()


def test_a_decision_is_served_after_a_look(ledger: Ledger) -> None:
    report = a_report(1)
    store_as_run(ledger, report)
    with serving_ledger(ledger) as served:
        words = ["--reject", "--why", "a drill", "--by", "anna"]
        assert main(["correct", f"i-{report.report_id}", *words, "--warehouse", ledger.url]) == 0
        assert served.keeper.refresh() is True
        assert served.ask("/api/incidents").json["incidents"] == []
        (row,) = served.ask("/api/incidents?changed_since=2020-01-01").json["incidents"]
        assert row["status"] == "rejected"


def test_a_report_that_is_read_anew_is_shown_anew(ledger: Ledger) -> None:
    report = a_report(1)
    store_as_run(ledger, report, run="run-1")
    with serving_ledger(ledger) as served:
        store_as_run(ledger, a_report(1, headline="Now otherwise"), run="run-2")
        assert served.keeper.refresh() is True
        assert "Now otherwise" in served.ask(f"/incidents/i-{report.report_id}").text


def test_what_two_runs_write_within_one_second_is_served(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs write whole seconds as the time of their rows."""
    for module in (load, corrected):
        monkeypatch.setattr(module, "utc_now", lambda: "2025-04-10T00:00:00Z")
    store_as_run(ledger, a_report(1), run="run-1")
    with serving_ledger(ledger) as served:
        store_as_run(ledger, a_report(1, headline="Now otherwise"), run="run-2")
        assert served.keeper.refresh() is True
        assert served.ask("/api/incidents").json["incidents"][0]["headline"] == "Now otherwise"


def test_what_is_written_a_moment_later_is_served(ledger: Ledger) -> None:
    store_as_run(ledger, a_report(1))
    with serving_ledger(ledger) as served:
        with open_warehouse(ledger.url) as warehouse:
            warehouse.execute(
                "UPDATE incidents_v1 SET headline = 'Other', "
                "_ingested_at = TIMESTAMP_ADD(_ingested_at, INTERVAL 1 MICROSECOND) WHERE TRUE"
            )
        assert served.keeper.refresh() is True
        assert served.ask("/api/incidents").json["incidents"][0]["headline"] == "Other"


def test_a_run_that_changes_no_incident_only_changes_the_runs(ledger: Ledger) -> None:
    store_as_run(ledger, a_report(1), run="run-1")
    with serving_ledger(ledger) as served:
        columns = served.keeper.snapshot.columns
        store_as_run(ledger, run="run-2")
        assert served.keeper.refresh() is True
        assert served.keeper.snapshot.columns is columns
        assert len(served.keeper.snapshot.run_list.runs) == 2


def test_a_server_holds_no_writer_up_and_serves_on_while_one_writes(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_as_run(ledger, a_report(1))
    monkeypatch.setattr(adapter, "LOCK_WAIT_SECONDS", 0.1)
    with serving_ledger(ledger) as served:
        with open_warehouse(ledger.url) as warehouse:  # the file is free
            warehouse.execute(
                "UPDATE incidents_v1 SET headline = 'Other', _ingested_at = CURRENT_TIMESTAMP() WHERE TRUE"
            )
        monkeypatch.setattr(
            snapshot_keeper, "open_warehouse",
            lambda url, read_only: open_with_short_wait(url, read_only),
        )  # fmt: skip
        process = held(ledger)
        try:
            served.keeper.look()
            assert served.ask("/health").json["status"] == "stale"
            assert "in use by another process" in served.told[0]
            served.keeper.look()
            assert len(served.told) == 1
            assert served.ask("/").status == 200
        finally:
            process.communicate("")
        served.keeper.look()
        assert served.ask("/health").json["status"] == "ok"
        assert served.ask("/api/incidents").json["incidents"][0]["headline"] == "Other"


def open_with_short_wait(url: str, read_only: bool) -> object:
    from contextlib import closing

    return closing(adapter.DuckDBWarehouse(url.removeprefix("duckdb:///"), read_only=read_only, wait_s=0.1))


def test_a_ledger_that_is_gone_or_damaged_is_served_on(ledger: Ledger) -> None:
    store_as_run(ledger, a_report(1))
    with serving_ledger(ledger) as served:
        path = Path(f"{ledger.folder}/ledger.duckdb")
        path.write_bytes(b"x" * 10_000)
        served.keeper.look()
        assert served.ask("/api/incidents").json["totals"]["incidents"] == 1
        assert served.ask("/health").json["status"] == "stale"
        path.unlink()
        served.keeper.look()
        assert served.ask("/").status == 200


def test_the_keeper_looks_by_itself(ledger: Ledger) -> None:
    store_as_run(ledger, a_report(1), run="run-1")
    told: list[str] = []
    keeper = snapshot_keeper.SnapshotKeeper(ledger.url, 0.05, lambda: "2026-01-01T00:00:00Z", told.append)
    try:
        keeper.start()
        store_as_run(ledger, a_report(2, **KHARKIV), run="run-2")
        for _ in range(600):
            if len(keeper.snapshot.columns.ids) == 2:
                break
            keeper._stop.wait(0.05)
        assert len(keeper.snapshot.columns.ids) == 2
    finally:
        keeper.close()


def test_a_keeper_closes_where_a_signal_came_while_it_was_started(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_: threading.Thread) -> None:
        raise SystemExit(130)

    store_as_run(ledger, a_report(1))
    keeper = snapshot_keeper.SnapshotKeeper(ledger.url, 3_600, lambda: "2026-01-01T00:00:00Z", print)
    monkeypatch.setattr(threading.Thread, "start", stop)
    with pytest.raises(SystemExit):
        keeper.start()
    keeper.close()


def test_nothing_stays_on_disk(ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    store_as_run(ledger, a_report(1))
    with serving_ledger(ledger):
        assert list(scratch.iterdir()) == []
    assert list(scratch.iterdir()) == []
