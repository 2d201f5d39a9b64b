"""Snapshots without a warehouse: rows of incidents as a test wants them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from transforms.serving.report_store import ReportStore
from transforms.serving.selection import Selector
from transforms.serving.snapshot import RunList, Snapshot
from transforms.serving.snapshot_columns import ColumnsBuilder
from transforms.serving.snapshot_store import SnapshotStore


def an_incident(n: int = 0, **change: Any) -> dict[str, Any]:
    """Return a row of ``incidents`` with what filters read."""
    row = {
        "incident_id": f"i-{n:020x}", "event_date": "2025-04-04", "location": "Kryvyi Rih", "country": "UA",
        "sublocation": None, "admin1": "Dnipropetrovsk", "actor": "Russia", "headline": "Missile hits Kryvyi Rih",
        "weapon": "missile", "status": "auto", "claim_status": "reported", "latitude": 47.9, "longitude": 33.4, "geo_precision": 1,
        "first_reported_at": "2025-04-05T00:00:00Z", "updated_at": "2025-05-01T00:00:00Z",
        "fatalities_low": 2, "fatalities_best": 2, "fatalities_high": 2, "injured_low": None,
        "injured_best": None, "injured_high": None,
    } | change  # fmt: skip
    return {"event_date_end": row["event_date"], "event_date_start": row["event_date"], **row}


def a_snapshot(rows: Sequence[Mapping[str, Any]]) -> Snapshot:
    """Return the snapshot of some incidents."""
    ordered = sorted(rows, key=lambda r: r["incident_id"])
    ordered.sort(key=lambda r: r["event_date"], reverse=True)
    builder, store = ColumnsBuilder(), SnapshotStore(ReportStore())
    for row in ordered:
        builder.add(row)
    texts = [" ".join(filter(None, (r["headline"], r["location"], r["actor"]))) for r in ordered]
    with store:
        store.add_incidents(enumerate(map(json.dumps, ordered)), enumerate(texts))
    columns = builder.build()
    return Snapshot(
        "stamp",
        "2026-01-01T00:00:00Z",
        "derived",
        "reported",
        frozenset(),
        columns,
        store,
        Selector(columns, store),
        RunList([], []),
        {},
        {},
        {},
    )
