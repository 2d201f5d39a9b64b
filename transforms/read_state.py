"""``ReadState`` wires ``read_state`` and ``read_dead_letters`` of ``transforms.ledger.pending``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.records import Article, Feed
from schemas.step_records import DatedArticle, FeedTask, Intake, PendingEntry, RunContext
from transforms.graph.typed_outputs import by_type, expansion, of_type, tagged
from transforms.ledger.load import is_loaded
from transforms.ledger.pending import State, read_dead_letters, read_state
from transforms.util.clock import utc_now
from transforms.warehouse import open_warehouse


@dataclass(eq=False)
class _ReadState(beam.DoFn):
    """Opens the warehouse for one run, reads, and closes it again."""

    warehouse_url: str
    feeds: Sequence[Feed]
    only_due: bool
    replay: str | None
    takes_retries: bool

    def process(self, element: RunContext) -> Iterator[Any]:
        yield from map(tagged, self._read(element))

    def _read(self, run: RunContext) -> list[State]:
        with open_warehouse(self.warehouse_url) as warehouse:
            warehouse.ensure()
            if is_loaded(warehouse, run.run_id):
                return []
            if not self.takes_retries:
                return []
            if self.replay is None:
                return list(read_state(warehouse, self.feeds, utc_now(), self.only_due))
            return list(read_dead_letters(warehouse, self.replay or None))


@dataclass(frozen=True)
class StoredState:
    """What ``ReadState`` yields.

    ``unextracted``: stored articles whose extraction failed. ``dated``: next versions of stored articles.
    """

    feeds: beam.PCollection[FeedTask]
    retries: beam.PCollection[PendingEntry]
    intakes: beam.PCollection[Intake]
    unextracted: beam.PCollection[Article]
    dated: beam.PCollection[DatedArticle]


@dataclass(eq=False)
class ReadState(beam.PTransform):
    """Read what earlier runs left to do. There is one run, so one worker reads.

    Input: one ``RunContext``. Output: ``StoredState``.

    Args:
        warehouse_url: the warehouse.
        feeds: the feeds to poll.
        only_due: poll only the feeds whose next poll is due.
        replay: instead of feeds, take the open dead letters of this reason; empty: of every reason.
        takes_retries: take up what earlier runs left to do. Otherwise nothing is read.
    """

    warehouse_url: str
    feeds: Sequence[Feed]
    only_due: bool = False
    replay: str | None = None
    takes_retries: bool = True

    @expansion
    def expand(self, run: beam.PCollection[RunContext]) -> StoredState:
        kinds = (FeedTask, PendingEntry, Intake, Article, DatedArticle)
        read_state = _ReadState(
            self.warehouse_url, self.feeds, self.only_due, self.replay, self.takes_retries
        )
        read = run | by_type(read_state, *kinds)
        return StoredState(*(of_type(read, kind) for kind in kinds))
