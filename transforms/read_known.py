"""``ReadKnown`` wires ``read_known`` of ``transforms.ledger.known``."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.step_records import ArticleCandidate, EntryName, KnownArticle, KnownEntry, PendingEntry
from transforms.graph.typed_outputs import by_type, expansion, of_type, tagged
from transforms.ledger.known import name_of, read_known
from transforms.warehouse import open_warehouse

_KINDS = (KnownEntry, KnownArticle, ArticleCandidate)


@dataclass(eq=False)
class _ReadKnown(beam.DoFn):
    """Reads for all entries of a run at once."""

    warehouse_url: str

    def process(self, element: tuple[str, Iterable[EntryName]]) -> Iterator[Any]:
        with open_warehouse(self.warehouse_url) as warehouse:
            found = list(read_known(warehouse, element[1]))
        yield from map(tagged, found)


@dataclass(frozen=True)
class Known:
    """What ``ReadKnown`` yields."""

    entries: beam.PCollection[KnownEntry]
    articles: beam.PCollection[KnownArticle]
    candidates: beam.PCollection[ArticleCandidate]


@dataclass(eq=False)
class ReadKnown(beam.PTransform):
    """Read what earlier runs stored of this run's entries. All entries have one key: the run.

    Input: ``entries`` (FeedEntry) and ``retries`` (PendingEntry). Output: ``Known``.

    Args:
        warehouse_url: the warehouse.
    """

    warehouse_url: str

    @expansion
    def expand(self, inputs: dict[str, beam.PCollection[Any]]) -> Known:
        names = (
            inputs["entries"] | "NameEntries" >> beam.Map(name_of).with_output_types(EntryName),
            inputs["retries"] | "NameRetries" >> beam.Map(_pending_name).with_output_types(EntryName),
        ) | "AllNames" >> beam.Flatten()
        read = (
            names
            | "OneKey" >> beam.WithKeys("run").with_output_types(tuple[str, EntryName])
            | "WaitForNames" >> beam.GroupByKey()
            | by_type(_ReadKnown(self.warehouse_url), *_KINDS)
        )
        return Known(*(of_type(read, kind) for kind in _KINDS))


def _pending_name(pending: PendingEntry) -> EntryName:
    return name_of(pending.entry)
