"""What the warehouse knows of the entries that were polled, and no more: a ledger grows, a poll does not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.records import EntryName, FeedEntry, KnownArticle, KnownEntry, PendingEntry
from schemas.rows import row_to_record
from transforms.tagging import by_type, composite, of_type, tagged
from transforms.warehouse import Warehouse, open_warehouse

_AT_ONCE = 10_000
"""Entries in one query: BigQuery takes 10 MB of parameters."""
_ENTRIES = """
SELECT feed_url, entry_id, entry_hash, article_url, alias FROM entries_v1
WHERE feed_url IN UNNEST(@feeds)
  AND (entry_id IN UNNEST(@ids) OR article_url IN UNNEST(@urls) OR alias IN UNNEST(@aliases))
"""
_ARTICLES = """
SELECT article_url, version, text_sha256, text_source FROM articles_v1
WHERE is_latest AND article_url IN UNNEST(@urls)
"""


def read_known(warehouse: Warehouse, names: Iterable[EntryName]) -> Iterator[KnownEntry | KnownArticle]:
    """Yield the known entries that share a name with one of those polled, in its feed, and the stored
    articles that one of them points to. Some may come more than once.

    Args:
        warehouse: the tables.
        names: of the entries polled, and of those that are tried again.
    """
    ordered = sorted(set(names), key=_order)
    for first in range(0, len(ordered), _AT_ONCE):
        some = ordered[first : first + _AT_ONCE]
        urls = sorted({name.article_url for name in some if name.article_url})
        named = {
            "feeds": sorted({name.feed_url for name in some}),
            "ids": sorted({name.entry_id for name in some}),
            "urls": urls,
            "aliases": sorted({name.alias for name in some if name.alias}),
        }
        for row in warehouse.query(_ENTRIES, named):
            yield row_to_record(KnownEntry, row)
        for row in warehouse.query(_ARTICLES, {"urls": urls}) if urls else ():
            yield row_to_record(KnownArticle, row)


def _order(name: EntryName) -> tuple[str, str]:
    return name.feed_url, name.entry_id


def name_of(entry: FeedEntry) -> EntryName:
    """Return by what an entry can be known."""
    return EntryName(entry.feed_url, entry.entry_id, entry.article_url, entry.alias)


def _pending_name(pending: PendingEntry) -> EntryName:
    return name_of(pending.entry)


class _ReadKnown(beam.DoFn):
    def __init__(self, warehouse_url: str) -> None:
        self._url = warehouse_url

    def process(self, element: tuple[str, Iterable[EntryName]]) -> Iterator[Any]:
        with open_warehouse(self._url) as warehouse:
            found = list(read_known(warehouse, element[1]))
        yield from map(tagged, found)


@dataclass(frozen=True)
class Known:
    """What ``ReadKnown`` yields."""

    entries: beam.PCollection[KnownEntry]
    articles: beam.PCollection[KnownArticle]


class ReadKnown(beam.PTransform):
    """Read what earlier runs left of the entries of this one. One key: the run.

    Input: ``entries`` (FeedEntry) and ``retries`` (PendingEntry). Output: ``Known``.

    Args:
        warehouse_url: the warehouse.
    """

    def __init__(self, warehouse_url: str) -> None:
        super().__init__()
        self.warehouse_url = warehouse_url

    @composite
    def expand(self, inputs: dict[str, beam.PCollection[Any]]) -> Known:
        names = (
            inputs["entries"] | "Names" >> beam.Map(name_of).with_output_types(EntryName),
            inputs["retries"] | "NamesAgain" >> beam.Map(_pending_name).with_output_types(EntryName),
        ) | "AllNames" >> beam.Flatten()
        read = (
            names
            | "OneKey" >> beam.WithKeys("run").with_output_types(tuple[str, EntryName])
            | "WaitForNames" >> beam.GroupByKey()
            | by_type(_ReadKnown(self.warehouse_url), KnownEntry, KnownArticle)
        )
        return Known(of_type(read, KnownEntry), of_type(read, KnownArticle))
