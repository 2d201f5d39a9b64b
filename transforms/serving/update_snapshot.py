"""A newer snapshot from an earlier one, where only people have changed incidents since.

A decision changes some incidents. To read all others again takes 10 s in a ledger of 100,000.
"""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from schemas.rows import Row
from schemas.sql_files import statement
from transforms.serving.merge_columns import merge_columns
from transforms.serving.read_snapshot import (
    IncidentRows,
    add_incidents,
    read_decisions,
    read_incidents,
    read_marks,
    read_states,
    stamp_of,
)
from transforms.serving.selection import Selector
from transforms.serving.snapshot import Marks, RunList, Snapshot
from transforms.serving.snapshot_columns import ColumnsBuilder
from transforms.serving.snapshot_statements import OF_IDS
from transforms.warehouse import Warehouse

_MOST_CHANGED = 2_000
"""With more incidents than that, all of them are read anew."""
_NO_NAME = "unknown"
"""The outlet of reports without one, as in the view."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Incidents that people have changed.

    ``ids``: of those that are others, are gone or are new. ``rows``: those that there are. ``retired``: ids
    of them that lead on. ``harms``: of those in the queue. ``outlets``: all of them, as they are now.
    """

    ids: frozenset[str]
    rows: IncidentRows
    retired: Sequence[tuple[str, str | None]]
    harms: Mapping[str, float]
    outlets: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Changes:
    """What is otherwise than in a snapshot, as in ``Snapshot``. ``changed``: None where no incident is."""

    derived: str
    marks: Marks
    decisions: Mapping[str, Sequence[Row]]
    runs: Sequence[Row]
    changed: Changed | None


def read_changes(snapshot: Snapshot, warehouse: Warehouse) -> Changes | None:
    """Return what people have changed since a snapshot; None where a run has changed something too."""
    states = read_states(warehouse)
    if states.reported != snapshot.reported:
        return None
    marks = read_marks(warehouse)
    ids = frozenset(incident_id for incident_id, _ in marks ^ snapshot.marks)
    if len(ids) > _MOST_CHANGED:
        return None
    runs = warehouse.query(statement(__file__, "latest_runs"))
    return Changes(
        states.derived,
        marks,
        read_decisions(warehouse),
        runs,
        _read_changed(snapshot, warehouse, ids) if ids else None,
    )


def _read_changed(snapshot: Snapshot, warehouse: Warehouse, ids: frozenset[str]) -> Changed:
    some = {"incidents": sorted(ids)}
    before = {
        report["report_id"]: report
        for reports in snapshot.store.reports(_numbers(snapshot, ids))
        for report in reports
    }
    links = _read_links(warehouse, some, before)
    retired = warehouse.query(statement(__file__, "retired_of_some"), some)
    harms = warehouse.query(statement(__file__, "harm_of_some"), some)
    names = {
        _NO_NAME if report["source_name"] is None else report["source_name"] for report in before.values()
    }
    return Changed(
        ids=ids,
        rows=read_incidents(warehouse, OF_IDS, some, links),
        retired=[(row["incident_id"], row["superseded_by"]) for row in retired],
        harms={row["incident_id"]: row["harm"] for row in harms},
        outlets=_read_outlets(snapshot, warehouse, names if links is not None else None),
    )


def _read_links(
    warehouse: Warehouse, some: Mapping[str, list[str]], before: Mapping[str, Row]
) -> Sequence[Row] | None:
    """Return the reports of changed incidents; None where one is not known yet.

    A decision moves reports from one incident to another. To look for them among all reports takes as long as
    all else.
    """
    links = warehouse.query(statement(__file__, "links_of_some"), some)
    if any(link["report_id"] not in before for link in links):
        return None
    return [link | {"article_version": before[link["report_id"]]["article_version"]} for link in links]


def _read_outlets(snapshot: Snapshot, warehouse: Warehouse, names: Collection[str] | None) -> Sequence[Row]:
    """Return what each outlet reported. Only of those with these names is it otherwise; None: of any."""
    if names is None:
        return warehouse.query(statement(__file__, "outlets"))
    told = {row["source_name"]: row for row in snapshot.run_list.outlets}
    found = warehouse.query(statement(__file__, "some_outlets"), {"outlets": sorted(names)})
    told |= {row["source_name"]: row for row in found}
    return sorted(told.values(), key=lambda row: (-row["incidents"], row["source_name"]))


def _numbers(snapshot: Snapshot, ids: Collection[str]) -> list[int]:
    number_of = snapshot.columns.number_of
    return sorted(number_of[incident_id] for incident_id in ids if incident_id in number_of)


def updated_snapshot(snapshot: Snapshot, changes: Changes, made_at: str, version: str) -> Snapshot:
    """Return the snapshot that a reading of all would give. The earlier one is still good to read from.

    Args:
        snapshot: the earlier one.
        changes: since then.
        made_at: the present instant, UTC.
        version: the version of this program.
    """
    changed = changes.changed
    outlets = snapshot.run_list.outlets if changed is None else changed.outlets
    run_list = RunList(changes.runs, outlets)
    newer = dataclasses.replace(
        snapshot,
        stamp=stamp_of(changes.derived, run_list, version),
        made_at=made_at,
        derived=changes.derived,
        marks=changes.marks,
        run_list=run_list,
        decisions=changes.decisions,
    )
    return newer if changed is None else _with_changed(newer, changed)


def _with_changed(snapshot: Snapshot, changed: Changed) -> Snapshot:
    builder, store, first_key = ColumnsBuilder(), snapshot.store, snapshot.store.next_key()
    for row in changed.rows.incidents:
        builder.add(row)
    merged = merge_columns(snapshot.columns, _numbers(snapshot, changed.ids), builder.build())
    keys = np.concatenate((store.keys(), first_key + np.arange(len(builder))))
    store = store.next_edition(keys[merged.sources])
    with store:
        add_incidents(changed.rows, store, first_key)
        store.add_not_retired(changed.ids)
        store.add_retired(changed.retired)
    queue = {i: harm for i, harm in snapshot.queue.items() if i not in changed.ids} | dict(changed.harms)
    return dataclasses.replace(
        snapshot,
        columns=merged.columns,
        store=store,
        selector=Selector(merged.columns, store),
        queue=dict(sorted(queue.items(), key=lambda case: (-case[1], case[0]))),
    )
