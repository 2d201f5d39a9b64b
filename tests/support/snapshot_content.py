"""All that a snapshot holds, so that two of them can be compared."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from schemas.vocabulary import Status
from transforms.serving.list_filter import Box, ListFilter
from transforms.serving.snapshot import Snapshot

_FILTERS = (
    ListFilter(),
    ListFilter(country="UA", min_killed=5),
    ListFilter(place="s"),
    ListFilter(text="town missile"),
    ListFilter(status=Status.REJECTED),
    ListFilter(bbox=Box(30.0, 47.0, 36.0, 50.5)),
    ListFilter(changed_since="2020-01-01T00:00:00Z"),
)


def content_of(snapshot: Snapshot, once: Sequence[str]) -> dict[str, Any]:
    """Return what readers can find in a snapshot.

    Args:
        snapshot: the snapshot.
        once: ids that are or once were incidents.
    """
    columns, store = snapshot.columns, snapshot.store
    numbers = list(range(len(columns.ids)))
    found = {f.name: _plain(getattr(columns, f.name)) for f in dataclasses.fields(columns)}
    found |= {f"toll {name}": _plain(values) for name, values in columns.tolls.items()}
    found["rows"] = store.rows(numbers)
    found["details"] = [store.details(n) for n in numbers]
    found["reports at once"] = store.reports(numbers)
    found["retired"] = store.retired_ids()
    found["successors"] = [(i, store.is_retired(i), store.successor(i)) for i in once]
    for wanted in _FILTERS:
        selection = snapshot.selector.select(wanted)
        found[f"list {wanted}"] = (selection.page(None, 1000), selection.totals, selection.marks)
    for name in ("stamp", "derived", "reported", "marks", "run_list", "countries"):
        found[name] = getattr(snapshot, name)
    found["decisions"] = {key: list(rows) for key, rows in snapshot.decisions.items()}
    found["queue"] = list(snapshot.queue.items())
    return found


def _plain(value: Any) -> Any:
    """Return an array with its type as what can be compared, null as a word."""
    if isinstance(value, np.ndarray):
        return str(value.dtype), ["null" if v != v else v for v in value.tolist()]
    return [] if isinstance(value, dict) and any(isinstance(v, np.ndarray) for v in value.values()) else value
