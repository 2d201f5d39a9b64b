"""One ledger whatever the order: the current tables do not depend on the order and the number of runs."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from conftest import Ledger, feeds_of
from newsroom import Newsroom, serving
from sample_records import a_report
from store_reports import store_as_run as store

from pipelines.ingest import new_run
from pipelines.options import beam_options, staging_root
from pipelines.reresolve import run_reresolve
from schemas.rows import Row
from transforms.resolution.version import resolver_version
from transforms.warehouse import open_warehouse

CURRENT = ("incidents", "incident_reports", "incident_history")


def current(ledger: Ledger) -> dict[str, list[Row]]:
    return {name: sorted(ledger.rows(f"SELECT * FROM {name}"), key=repr) for name in CURRENT}


def every_old_id_leads_to_a_current_one(ledger: Ledger) -> bool:
    now = {row["incident_id"] for row in ledger.rows("SELECT incident_id FROM incidents")}
    held = {row["report_id"]: row["incident_id"] for row in ledger.rows("SELECT * FROM incident_reports")}
    old = ledger.rows("SELECT incident_id, superseded_by FROM incidents_all WHERE NOT is_current")
    return all(r["superseded_by"] in now and held[r["incident_id"][2:]] == r["superseded_by"] for r in old)


@pytest.mark.slow
def test_any_order_of_outlets_and_number_of_runs_give_the_same_tables(
    tmp_path: Path, room: Newsroom, feeds: list[str]
) -> None:
    whole = Ledger(tmp_path / "whole")
    whole.run(feeds)
    for name, order in {"backward": feeds[::-1], "odd": feeds[1::2] + feeds[::2]}.items():
        parts = Ledger(tmp_path / name)
        for begin in range(0, len(order), 3):
            parts.run(order[begin : begin + 3])
        assert current(parts) == current(whole), name
        assert every_old_id_leads_to_a_current_one(parts)
        before = parts.tables()
        run_reresolve(parts.url, staging_root(parts.url), None, new_run(), beam_options([]))
        run_reresolve(parts.url, staging_root(parts.url), "2025-04-05", new_run(), beam_options([]))
        assert parts.tables() == before, "deriving again changes nothing"


def test_a_late_older_article_renames_the_incident_and_the_old_id_leads_to_the_new(ledger: Ledger) -> None:
    first, later, other = (
        a_report(1),
        a_report(5),
        a_report(3, location="Sumy", geonameid=692194, latitude=50.9),
    )
    store(ledger, later, other)
    shown = {row["incident_id"] for row in ledger.rows("SELECT incident_id FROM incidents")}
    store(ledger, first, run="run-2")
    now = {row["incident_id"] for row in ledger.rows("SELECT incident_id FROM incidents")}
    assert now == {f"i-{first.report_id}", f"i-{other.report_id}"}
    (old,) = ledger.rows("SELECT * FROM incidents_all WHERE NOT is_current")
    assert {old["incident_id"]} == shown - now
    assert old["superseded_by"] == f"i-{first.report_id}"
    assert every_old_id_leads_to_a_current_one(ledger)


def test_a_run_rewrites_only_incidents_that_it_affects(ledger: Ledger) -> None:
    far = a_report(3, location="Sumy", geonameid=692194, latitude=50.9, longitude=34.8)
    store(ledger, a_report(1), far)
    store(ledger, a_report(2, fatalities_low=15, fatalities_best=15, fatalities_high=15), run="run-2")
    rows = ledger.rows("SELECT incident_id, _run_id FROM incidents_v1 ORDER BY _run_id")
    assert [(r["incident_id"], r["_run_id"]) for r in rows] == [
        (f"i-{far.report_id}", "run-1"), (f"i-{a_report(1).report_id}", "run-2"),
    ]  # fmt: skip


def test_a_report_that_a_new_version_lacks_leaves_its_incident(ledger: Ledger) -> None:
    first, second = a_report(1), a_report(2)
    store(ledger, first, second)
    moved = dataclasses.replace(first, location="Sumy", geonameid=692194, latitude=50.9, longitude=34.8,
                                report_id="moved", article_version=2)  # fmt: skip
    store(ledger, moved, run="run-2")
    now = {r["incident_id"]: r["number_of_reports"] for r in ledger.rows("SELECT * FROM incidents")}
    assert now == {"i-moved": 1, f"i-{second.report_id}": 1}
    (old,) = ledger.rows("SELECT * FROM incidents_all WHERE NOT is_current")
    assert old["incident_id"] == f"i-{first.report_id}"
    assert old["superseded_by"] is None, "no incident holds that report any more"


def test_a_later_run_shows_an_incident_that_was_too_young(ledger: Ledger) -> None:
    store(ledger, a_report(3), until="2025-04-05T02:59:00Z")
    assert ledger.rows("SELECT * FROM incidents") == []
    store(ledger, run="run-2", until="2025-04-05T02:59:30Z")
    assert ledger.rows("SELECT * FROM incidents") == []
    store(ledger, a_report(2), run="run-3", until="2025-04-05T03:59:00Z")
    (incident,) = ledger.rows("SELECT * FROM incidents_all")
    assert (incident["incident_id"], incident["number_of_reports"]) == (f"i-{a_report(2).report_id}", 2)


def test_links_of_another_resolver_version_are_derived_again(ledger: Ledger) -> None:
    store(ledger, a_report(1), a_report(2))
    with open_warehouse(ledger.url) as warehouse:
        warehouse.load(
            {}, ["UPDATE incidents_v1 SET _resolver = 'resolver-1', _row_hash = NULL WHERE TRUE"], {}
        )
    store(ledger, a_report(9, location="Sumy", geonameid=692194, latitude=50.9), run="run-2")
    rows = ledger.rows("SELECT DISTINCT _resolver FROM incidents_v1 WHERE is_current")
    assert [r["_resolver"] for r in rows] == [resolver_version()]


def test_settle_hides_incidents_until_the_time_has_passed(tmp_path: Path) -> None:
    """The time is compared with the publication, so old articles are shown at once."""
    from pipelines.cli import main

    room = Newsroom([a for a in Newsroom().articles if a["id"] in ("dev-001", "dev-002")])
    with serving(room) as base:
        path = tmp_path / "feeds.txt"
        path.write_text("\n".join(feeds_of(room, base)))
        ledger = Ledger(tmp_path)
        arguments = ledger.run_arguments(str(path))
        hours = (dt.datetime.now(dt.UTC) - dt.datetime(2025, 1, 1, tzinfo=dt.UTC)).days * 24
        assert main([*arguments, "--settle", f"{hours}h"]) == 0
        assert ledger.rows("SELECT * FROM incidents") == []
        assert ledger.rows("SELECT * FROM reports") != []
        assert main([*arguments, "--settle", "1h"]) == 0
        assert ledger.rows("SELECT * FROM incidents") != []
