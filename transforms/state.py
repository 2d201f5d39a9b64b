"""Reading the warehouse inside the graph: each step runs on one key, opens it, and closes it again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.records import (
    Article,
    Feed,
    FeedEntry,
    FeedState,
    FeedTask,
    Intake,
    KnownArticle,
    KnownEntry,
    PendingEntry,
    RunContext,
)
from schemas.rows import RowInvalid, json_to_record, row_to_record
from schemas.tables import tables
from transforms.clock import utc_now
from transforms.nlp.reports import has_language_pack
from transforms.tagging import by_type, composite, of_type, tagged
from transforms.warehouse import Warehouse, open_warehouse

State = FeedTask | KnownEntry | KnownArticle | PendingEntry | Intake

_DUE = """
SELECT payload, page_url FROM dead_letters_v1
WHERE retryable AND resolved_at IS NULL AND payload IS NOT NULL AND next_attempt_at <= @now
ORDER BY dead_letter_id
"""
_UNEXTRACTED = """
SELECT a.* EXCEPT (_ingested_at, _run_id, _row_hash)
FROM dead_letters_v1 AS d JOIN articles_v1 AS a ON a.article_url = d.page_url
WHERE d.stage = 'extract' AND d.resolved_at IS NULL AND a.is_latest AND d.next_attempt_at <= @now
"""


def read_state(warehouse: Warehouse, feeds: Sequence[Feed], now: str) -> Iterator[State]:
    """Yield what earlier runs left: feeds with their state, known entries and articles, and the dead
    letters that are due, which this run takes up first."""
    urls = [feed.feed_url for feed in feeds]
    content = ", ".join(tables()["feed_state_v1"].content)
    rows = warehouse.query(f"SELECT {content} FROM feed_state_v1")
    states = {row["feed_url"]: row_to_record(FeedState, row) for row in rows}
    for feed in feeds:
        yield FeedTask(feed, states.get(feed.feed_url))
    for row in warehouse.query(
        "SELECT feed_url, entry_id, entry_hash FROM entries_v1 WHERE feed_url IN UNNEST(@urls)",
        {"urls": urls},
    ):
        yield row_to_record(KnownEntry, row)
    for row in warehouse.query("SELECT article_url, version, text_sha256 FROM articles_v1 WHERE is_latest"):
        yield row_to_record(KnownArticle, row)
    due = list(_due_entries(warehouse, now))
    yield from (PendingEntry(entry, "retry") for entry in due)
    yield Intake("retries", False, len(due))


def _due_entries(warehouse: Warehouse, now: str) -> Iterator[FeedEntry]:
    for row in warehouse.query(_DUE, {"now": now}):
        try:
            yield json_to_record(FeedEntry, row["payload"])
        except RowInvalid:
            continue  # written by another version: it stays open, for `replay`


def read_unextracted(warehouse: Warehouse, now: str) -> Iterator[Article]:
    """Yield stored articles whose extraction failed and is due again."""
    for row in warehouse.query(_UNEXTRACTED, {"now": now}):
        if has_language_pack(row["language"]):
            yield row_to_record(Article, row)


class _ReadState(beam.DoFn):
    def __init__(self, warehouse_url: str, feeds: Sequence[Feed]) -> None:
        self._url, self._feeds = warehouse_url, feeds

    def process(self, element: RunContext) -> Iterator[Any]:
        with open_warehouse(self._url) as warehouse:
            warehouse.ensure()
            now = utc_now()
            found = list(read_state(warehouse, self._feeds, now))
            found_articles = list(read_unextracted(warehouse, now))
        yield from map(tagged, found)
        yield from map(tagged, found_articles)


@dataclass(frozen=True)
class StoredState:
    """What ``ReadState`` yields."""

    feeds: beam.PCollection[FeedTask]
    known_entries: beam.PCollection[KnownEntry]
    known_articles: beam.PCollection[KnownArticle]
    retries: beam.PCollection[PendingEntry]
    intakes: beam.PCollection[Intake]
    unextracted: beam.PCollection[Article]


class ReadState(beam.PTransform):
    """Read what earlier runs left. One key: the run.

    Input: one ``RunContext``. Output: ``StoredState``.

    Args:
        warehouse_url: the warehouse.
        feeds: the feeds to poll.
    """

    def __init__(self, warehouse_url: str, feeds: Sequence[Feed]) -> None:
        super().__init__()
        self.warehouse_url, self.feeds = warehouse_url, feeds

    @composite
    def expand(self, run: beam.PCollection[RunContext]) -> StoredState:
        kinds = (FeedTask, KnownEntry, KnownArticle, PendingEntry, Intake, Article)
        read = run | by_type(_ReadState(self.warehouse_url, self.feeds), *kinds)
        return StoredState(*(of_type(read, kind) for kind in kinds))
