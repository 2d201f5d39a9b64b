"""Read a snapshot from a warehouse."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from schemas.identity import digest, parse_instant
from schemas.rows import Row
from schemas.sql_files import statement
from transforms.serving.report_store import ReportStore
from transforms.serving.selection import Selector
from transforms.serving.shown_decisions import decisions_by_incident, reports_moved
from transforms.serving.snapshot import Marks, RunList, Snapshot
from transforms.serving.snapshot_columns import ColumnsBuilder
from transforms.serving.snapshot_statements import (
    OF_DAYS,
    incidents_statement,
    is_reported,
    links_statement,
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


class TableStates(NamedTuple):
    """What changes whenever tables change: any of those that incidents are read from; one that only runs
    write to."""

    derived: str
    reported: str


def read_states(warehouse: Warehouse) -> TableStates:
    """Return the states of the tables that incidents are read from."""
    found = {row["name"]: json.dumps(row, sort_keys=True) for row in warehouse.query(state_statement())}
    reported = [state for name, state in found.items() if is_reported(name)]
    return TableStates(digest("derived", *sorted(found.values())), digest("reported", *sorted(reported)))


def read_marks(warehouse: Warehouse) -> Marks:
    """Return ids of incidents with what people changed of each.

    Where an id has the same pairs as before, and runs have written nothing, it means the same incident.
    """
    rows = warehouse.query(statement(__file__, "marks"))
    return frozenset((row["incident_id"], row["mark"]) for row in rows)


def read_snapshot(warehouse: Warehouse, made_at: str, version: str, reports: ReportStore) -> Snapshot:
    """Return a snapshot of all that is served.

    Args:
        warehouse: the tables. Nobody should write to them meanwhile.
        made_at: the present instant, UTC.
        version: the version of this program, which is part of the stamp.
        reports: those of earlier snapshots; new ones are added.
    """
    states, marks = read_states(warehouse), read_marks(warehouse)
    _read_reports(warehouse, reports)
    store, builder = SnapshotStore(reports), ColumnsBuilder()
    with store:
        for since, until in _intervals(warehouse):
            days = {"since": since, "until": until}
            rows = read_incidents(warehouse, OF_DAYS, days)
            add_incidents(rows, store, len(builder))
            for row in rows.incidents:
                builder.add(row)
        store.add_retired(
            (row["incident_id"], row["superseded_by"])
            for row in warehouse.query(statement(__file__, "retired_ids"))
        )
    columns = builder.build()
    run_list = _read_run_list(warehouse)
    names = warehouse.query(statement(__file__, "names_of_countries"))
    queue = warehouse.query(statement(__file__, "review_queue"))
    return Snapshot(
        stamp=stamp_of(states.derived, run_list, version),
        made_at=made_at,
        derived=states.derived,
        reported=states.reported,
        marks=marks,
        columns=columns,
        store=store,
        selector=Selector(columns, store),
        run_list=run_list,
        decisions=read_decisions(warehouse),
        countries={row["country"]: row["country_name"].strip() for row in names},
        queue={r["incident_id"]: r["harm"] for r in queue if r["incident_id"] in columns.number_of},
    )


def read_decisions(warehouse: Warehouse) -> dict[str, list[Row]]:
    """Return the corrections by the incidents that they change."""
    rows = warehouse.query(statement(__file__, "decisions"))
    moved = reports_moved(rows)
    links = warehouse.query(statement(__file__, "incidents_of_moved"), {"reports": moved}) if moved else ()
    return decisions_by_incident(rows, {link["report_id"]: link["incident_id"] for link in links})


def _read_run_list(warehouse: Warehouse) -> RunList:
    return RunList(
        warehouse.query(statement(__file__, "latest_runs")), warehouse.query(statement(__file__, "outlets"))
    )


def stamp_of(derived: str, run_list: RunList, version: str) -> str:
    """Return what is another one for other contents of a snapshot."""
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


class IncidentRows(NamedTuple):
    """Incidents in the order of the snapshot, with their reports and toll steps in any order."""

    incidents: Sequence[Row]
    links: Sequence[Row]
    steps: Sequence[Row]


def read_incidents(
    warehouse: Warehouse, which: str, values: Mapping[str, Any], links: Sequence[Row] | None = None
) -> IncidentRows:
    """Return some incidents. ``which``: as for the statements, with its ``values``. ``links``: of these
    incidents, where they are known."""
    return IncidentRows(
        warehouse.query(incidents_statement(which), values),
        warehouse.query(links_statement(which), values) if links is None else links,
        warehouse.query(steps_statement(which), values),
    )


def add_incidents(rows: IncidentRows, store: SnapshotStore, first_key: int) -> None:
    """Add incidents to a store, under keys that follow each other."""
    keys = {row["incident_id"]: key for key, row in enumerate(rows.incidents, first_key)}
    store.add_incidents(
        ((key, row["row_json"]) for key, row in enumerate(rows.incidents, first_key)),
        ((key, _searched(row)) for key, row in enumerate(rows.incidents, first_key)),
    )
    store.add_links(
        (keys[r["incident_id"]], r["report_id"], r["article_version"], r["match_score"], r["match_reason"])
        for r in rows.links
    )
    store.add_steps((keys[row["incident_id"]], row["revision"], row["step_json"]) for row in rows.steps)


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
