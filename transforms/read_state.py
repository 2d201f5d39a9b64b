"""Reading the warehouse inside the graph: each step runs on one key, opens it, and closes it again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.records import (
    Article,
    Feed,
    FeedTask,
    Intake,
    PendingEntry,
    RunContext,
)
from transforms.graph.typed_outputs import by_type, composite, of_type, tagged
from transforms.ledger.load import is_loaded
from transforms.ledger.pending import State, read_dead_letters, read_state
from transforms.util.clock import utc_now
from transforms.warehouse import open_warehouse


class _ReadState(beam.DoFn):
    def __init__(self, warehouse_url: str, what: "ReadState") -> None:
        self._url, self._feeds = warehouse_url, what.feeds
        self._only_due, self._replay = what.only_due, what.replay

    def process(self, element: RunContext) -> Iterator[Any]:
        yield from map(tagged, self._read(element))

    def _read(self, run: RunContext) -> list[State]:
        with open_warehouse(self._url) as warehouse:
            warehouse.ensure()
            if is_loaded(warehouse, run.run_id):
                return []
            if self._replay is None:
                return list(read_state(warehouse, self._feeds, utc_now(), self._only_due))
            return list(read_dead_letters(warehouse, self._replay or None))


@dataclass(frozen=True)
class StoredState:
    """What ``ReadState`` yields."""

    feeds: beam.PCollection[FeedTask]
    retries: beam.PCollection[PendingEntry]
    intakes: beam.PCollection[Intake]
    unextracted: beam.PCollection[Article]


class ReadState(beam.PTransform):
    """Read what earlier runs left. One key: the run.

    Input: one ``RunContext``. Output: ``StoredState``.

    Args:
        warehouse_url: the warehouse.
        feeds: the feeds to poll.
        only_due: poll only the feeds whose time has come.
        replay: instead of feeds, the open dead letters of this reason; empty: of every reason.
    """

    def __init__(
        self, warehouse_url: str, feeds: Sequence[Feed], only_due: bool = False, replay: str | None = None
    ) -> None:
        super().__init__()
        self.warehouse_url, self.feeds = warehouse_url, feeds
        self.only_due, self.replay = only_due, replay

    @composite
    def expand(self, run: beam.PCollection[RunContext]) -> StoredState:
        kinds = (FeedTask, PendingEntry, Intake, Article)
        read = run | by_type(_ReadState(self.warehouse_url, self), *kinds)
        return StoredState(*(of_type(read, kind) for kind in kinds))
