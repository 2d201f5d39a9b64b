"""Reading the warehouse inside the graph: each step runs on one key, opens it, and closes it again."""

from collections.abc import Iterable, Iterator, Sequence
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
    Report,
    RunContext,
    Scope,
    StagedFile,
)
from schemas.rows import RowInvalid, json_to_record, row_to_record
from schemas.tables import tables
from transforms.clock import utc_now
from transforms.nlp.reports import has_language_pack
from transforms.resolution.scopes import scope_of
from transforms.staging import read_staged
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


def read_touched_reports(
    warehouse: Warehouse, article_urls: Iterable[str], scopes: Iterable[str]
) -> tuple[list[Report], list[str]]:
    """Return the stored reports that new ones can touch, and the blocks touched.

    A new report can join or part incidents only within its own block (the country); a new version of
    an article also touches the blocks of the reports that it replaces. Reports of replaced versions
    and of the articles just read are left out: their new reports are already in the graph.
    """
    new = sorted(set(article_urls))
    replaced = warehouse.query(
        "SELECT DISTINCT country FROM reports WHERE article_url IN UNNEST(@urls)", {"urls": new}
    )
    touched = sorted({*scopes, *(scope_of(row["country"]) for row in replaced)})
    rows = warehouse.query(
        "SELECT * FROM reports WHERE COALESCE(country, 'ZZ') IN UNNEST(@scopes) "
        "AND NOT article_url IN UNNEST(@urls) ORDER BY report_id",
        {"scopes": touched, "urls": new},
    )
    return [row_to_record(Report, row) for row in rows], touched


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


class _ReadTouchedReports(beam.DoFn):
    def __init__(self, warehouse_url: str) -> None:
        self._url = warehouse_url

    def process(self, element: tuple[str, Iterable[StagedFile]]) -> Iterator[Any]:
        _, files = element
        urls: set[str] = set()
        scopes: set[str] = set()
        for file in sorted(files, key=lambda f: f.path):
            if file.kind == "articles_v1":
                urls.update(row["article_url"] for row in read_staged(file.path))
            elif file.kind == "reports_v1":
                for row in read_staged(file.path):
                    urls.add(row["article_url"])
                    scopes.add(scope_of(row["country"]))
        if not urls:
            return
        with open_warehouse(self._url) as warehouse:
            reports, touched = read_touched_reports(warehouse, urls, scopes)
        yield from map(tagged, reports)
        yield from (tagged(Scope(scope)) for scope in touched)


@dataclass(frozen=True)
class TouchedReports:
    """Stored reports to resolve again, and the blocks they lie in."""

    reports: beam.PCollection[Report]
    scopes: beam.PCollection[Scope]


class ReadTouchedReports(beam.PTransform):
    """Wait for the staged articles and reports, then read the stored reports they can touch.

    Input: ``StagedFile``. Output: ``TouchedReports``. One key: all files.

    Args:
        warehouse_url: the warehouse.
    """

    def __init__(self, warehouse_url: str) -> None:
        super().__init__()
        self.warehouse_url = warehouse_url

    @composite
    def expand(self, files: beam.PCollection[StagedFile]) -> TouchedReports:
        kinds = (Report, Scope)
        read = (
            files
            | "OneKey" >> beam.WithKeys("run").with_output_types(tuple[str, StagedFile])
            | "WaitForFiles" >> beam.GroupByKey()
            | by_type(_ReadTouchedReports(self.warehouse_url), *kinds)
        )
        return TouchedReports(*(of_type(read, kind) for kind in kinds))


def read_stored_reports(warehouse: Warehouse, since: str | None) -> Iterator[Report | Scope]:
    """Yield the reports of every block that has one published since a date, and those blocks."""
    where = "WHERE published_at >= @since" if since else ""
    rows = warehouse.query(f"SELECT DISTINCT country FROM reports {where}", {"since": since} if since else {})
    scopes = sorted({scope_of(row["country"]) for row in rows})
    yield from map(Scope, scopes)
    for row in warehouse.query(
        "SELECT * FROM reports WHERE COALESCE(country, 'ZZ') IN UNNEST(@scopes) ORDER BY report_id",
        {"scopes": scopes},
    ):
        yield row_to_record(Report, row)


class _ReadStoredReports(beam.DoFn):
    def __init__(self, warehouse: str, since: str | None) -> None:
        self._warehouse, self._since = warehouse, since

    def process(self, element: RunContext) -> Iterator[Any]:
        with open_warehouse(self._warehouse) as warehouse:
            warehouse.ensure()
            found = list(read_stored_reports(warehouse, self._since))
        yield from map(tagged, found)


class ReadStoredReports(beam.PTransform):
    """Read the stored reports of whole blocks, to derive their incidents anew. One key: the run.

    Input: one ``RunContext``. Output: ``TouchedReports``.

    Args:
        warehouse_url: the warehouse.
        since: only blocks with a report published since this date; None: all.
    """

    def __init__(self, warehouse_url: str, since: str | None) -> None:
        super().__init__()
        self.warehouse_url, self.since = warehouse_url, since

    @composite
    def expand(self, run: beam.PCollection[RunContext]) -> TouchedReports:
        kinds = (Report, Scope)
        read = run | by_type(_ReadStoredReports(self.warehouse_url, self.since), *kinds)
        return TouchedReports(*(of_type(read, kind) for kind in kinds))
