"""A snapshot of the ledger: what the server answers from, until a newer one takes its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.rows import Row
from transforms.serving.selection import Selector
from transforms.serving.snapshot_columns import SnapshotColumns
from transforms.serving.snapshot_store import SnapshotStore

Marks = frozenset[tuple[str, str]]
"""Ids of incidents with what people changed of each."""


@dataclass(frozen=True, slots=True)
class RunList:
    """The last runs, and what each outlet reported."""

    runs: Sequence[Row]
    outlets: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The ledger at one moment.

    ``stamp``: another one for other contents. ``made_at``: when it was read, UTC. ``derived``: the state of
    the tables that it was read from. ``reported``: of those that only runs write to. ``marks``: what people
    changed. ``decisions``: corrections by incident. ``countries``: names by code. ``queue``: the incidents
    that a person should look at with the harm of each, the most harmful first.
    """

    stamp: str
    made_at: str
    derived: str
    reported: str
    marks: Marks
    columns: SnapshotColumns
    store: SnapshotStore
    selector: Selector
    run_list: RunList
    decisions: Mapping[str, Sequence[Row]]
    countries: Mapping[str, str]
    queue: Mapping[str, float]
