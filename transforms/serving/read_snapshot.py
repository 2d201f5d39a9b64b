"""Read a snapshot from a warehouse."""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator
from itertools import pairwise

from schemas.identity import digest, parse_instant
from schemas.rows import Row
from schemas.sql_files import statement
from transforms.serving.report_store import ReportStore
from transforms.serving.selection import Selector
from transforms.serving.snapshot import RunList, Snapshot
from transforms.serving.snapshot_columns import ColumnsBuilder
from transforms.serving.snapshot_statements import (
    incidents_statement,
    reports_statement,
    state_statement,
    steps_statement,
)
from transforms.serving.snapshot_store import SnapshotStore
from transforms.warehouse import Warehouse

_ROWS_AT_ONCE = 40_000
"""Incidents that one query returns, so that not all of them are in memory as rows."""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_HEX_DIGITS, _AFTER_ALL = "123456789abcdef", "~"
"""Ids of reports begin with a hexadecimal digit. The first reading takes one digit after the other, so
that not all of them are in memory."""


def derived_state(warehouse: Warehouse) -> str:
    """Return what changes whenever the tables that incidents are read from change."""
    rows = sorted(json.dumps(row, sort_keys=True) for row in warehouse.query(state_statement()))
    return digest("derived", *rows)


def read_snapshot(warehouse: Warehouse, made_at: str, version: str, reports: ReportStore) -> Snapshot:
    """Return a snapshot of all that is served.

    Args:
        warehouse: the tables. Nobody should write to them meanwhile.
        made_at: the present instant, UTC.
        version: the version of this program, which is part of the stamp.
        reports: those of earlier snapshots; new ones are added.
    """
    derived = derived_state(warehouse)
    _read_reports(warehouse, reports)
    store, builder = SnapshotStore(reports), ColumnsBuilder()
    with store:
        for since, until in _intervals(warehouse):
            _add_interval(warehouse, since, until, store, builder)
        store.add_retired(
            (row["incident_id"], row["superseded_by"])
            for row in warehouse.query(statement(__file__, "retired_ids"))
        )
    columns = builder.build()
    decisions: dict[str, list[Row]] = {}
    for row in warehouse.query(statement(__file__, "decisions")):
        decisions.setdefault(row["incident_id"], []).append(row)
    run_list = _read_run_list(warehouse)
    names = warehouse.query(statement(__file__, "names_of_countries"))
    queue = warehouse.query(statement(__file__, "review_queue"))
    return Snapshot(
        stamp=_stamp(derived, run_list, version),
        made_at=made_at,
        derived=derived,
        columns=columns,
        store=store,
        selector=Selector(columns, store),
        run_list=run_list,
        decisions=decisions,
        countries={row["country"]: row["country_name"].strip() for row in names},
        queue={r["incident_id"]: r["harm"] for r in queue if r["incident_id"] in columns.number_of},
    )


def with_latest_runs(snapshot: Snapshot, warehouse: Warehouse, version: str) -> Snapshot:
    """Return a snapshot with the runs of a warehouse whose incidents have not changed."""
    run_list = _read_run_list(warehouse)
    return dataclasses.replace(snapshot, run_list=run_list, stamp=_stamp(snapshot.derived, run_list, version))


def _read_run_list(warehouse: Warehouse) -> RunList:
    return RunList(
        warehouse.query(statement(__file__, "latest_runs")), warehouse.query(statement(__file__, "outlets"))
    )


def _stamp(derived: str, run_list: RunList, version: str) -> str:
    runs = [(row["run_id"], row["finished_at"]) for row in run_list.runs]
    return digest("snapshot", derived, json.dumps(runs), version)[:16]


def _intervals(warehouse: Warehouse) -> Iterator[tuple[dt.date, dt.date]]:
    """Yield intervals of days, the latest first, that together hold all incidents."""
    last, count, first = None, 0, None
    for row in warehouse.query(statement(__file__, "incidents_by_day")):
        day = dt.date.fromisoformat(row["event_date"])
        if last is not None and count + row["incidents"] > _ROWS_AT_ONCE:
            yield first or last, last
            last, count = None, 0
        last, first, count = last or day, day, count + row["incidents"]
    if last is not None:
        yield first or last, last


def _add_interval(
    warehouse: Warehouse, since: dt.date, until: dt.date, store: SnapshotStore, builder: ColumnsBuilder
) -> None:
    days = {"since": since, "until": until}
    first = len(builder)
    rows = warehouse.query(incidents_statement(), days)
    for row in rows:
        builder.add(row)
    numbers = {row["incident_id"]: n for n, row in enumerate(rows, first)}
    store.add_incidents(
        ((n, row["row_json"]) for n, row in enumerate(rows, first)),
        ((n, _searched(row)) for n, row in enumerate(rows, first)),
    )
    store.add_links(
        (numbers[r["incident_id"]], r["report_id"], r["article_version"], r["match_score"], r["match_reason"])
        for r in warehouse.query(statement(__file__, "snapshot_links"), days)
    )
    store.add_steps(
        (numbers[row["incident_id"]], row["revision"], row["step_json"])
        for row in warehouse.query(steps_statement(), days)
    )


def _read_reports(warehouse: Warehouse, reports: ReportStore) -> None:
    """Add the reports that were written since the last time."""
    (last,) = warehouse.query(statement(__file__, "last_written_report"))
    sql = reports_statement()
    # Those of the last second are read again: more of them may have been written in it.
    since = parse_instant(reports.written_until) or _EPOCH
    edges = ("", *_HEX_DIGITS, _AFTER_ALL) if since == _EPOCH else ("", _AFTER_ALL)
    for first, end in pairwise(edges):
        found = warehouse.query(sql, {"first": first, "last": end, "since": since})
        reports.add((row["report_id"], row["article_version"], row["report_json"]) for row in found)
    reports.written_until = last["written_at"]


def _searched(row: Row) -> str:
    return " ".join(
        filter(None, (row[n] for n in ("headline", "location", "sublocation", "admin1", "actor")))
    )
