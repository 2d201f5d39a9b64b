"""What earlier runs left to do: feeds with their state, and open dead letters."""

from collections.abc import Iterator, Sequence

from schemas.records import (
    Article,
    Feed,
    FeedEntry,
    FeedState,
    FeedTask,
    Intake,
    PendingEntry,
)
from schemas.rows import Row, RowInvalid, json_to_record, row_to_record
from schemas.tables import tables
from transforms.feeds.schedule import is_due
from transforms.nlp.language import has_language_pack
from transforms.warehouse import Warehouse

State = FeedTask | PendingEntry | Intake | Article


_OPEN_PAGES = """
SELECT d.payload, d.payload_uri FROM dead_letters_v1 AS d
WHERE d.stage IN ('fetch', 'clean') AND d.resolved_at IS NULL AND d.payload IS NOT NULL
"""


_DUE = " AND d.retryable AND d.next_attempt_at <= @now"


_OPEN_FEEDS = """
SELECT d.feed_url, d.payload, d.payload_uri FROM dead_letters_v1 AS d
WHERE d.stage IN ('poll', 'parse') AND d.entry_id IS NULL AND d.resolved_at IS NULL
"""


_OPEN_ARTICLES = """
SELECT d.page_url FROM dead_letters_v1 AS d WHERE d.stage = 'extract' AND d.resolved_at IS NULL
"""


# Apart from the query before: it reads the texts of all articles, and there is seldom one to read.
_TEXTS = """
SELECT * EXCEPT (_ingested_at, _run_id, _row_hash) FROM articles_v1
WHERE is_latest AND article_url IN UNNEST(@urls) ORDER BY article_url
"""


_IN_ORDER = " ORDER BY d.dead_letter_id"


def read_state(
    warehouse: Warehouse, feeds: Sequence[Feed], now: str, only_due: bool = False
) -> Iterator[State]:
    """Yield what earlier runs left: feeds with their state, and the dead letters that are due, which this run
    takes up first.

    Args:
        warehouse: the tables.
        feeds: the feeds of the run.
        now: the present instant, UTC.
        only_due: leave out feeds whose time has not come; those that stopped are left out anyway.
    """
    states = _feed_states(warehouse)
    for feed in feeds:
        state = states.get(feed.feed_url)
        is_stopped = state is not None and state.stopped_reason is not None
        if is_due(state, now) if only_due else not is_stopped:
            yield FeedTask(feed, state)
    due = list(_pages(warehouse.query(_OPEN_PAGES + _DUE + _IN_ORDER, {"now": now}), keeps_body=False))
    yield from due
    yield Intake("retries", False, len(due))
    yield from _articles(warehouse, warehouse.query(_OPEN_ARTICLES + _DUE, {"now": now}))


def read_dead_letters(warehouse: Warehouse, reason: str | None) -> Iterator[State]:
    """Yield all that is open among the dead letters, due or not, to be put through again: of one reason,
    or of every one."""
    chosen = " AND d.reason = @reason" if reason else ""
    values = {"reason": reason} if reason else {}
    states = _feed_states(warehouse)
    urls = []
    for row in warehouse.query(_OPEN_FEEDS + chosen + _IN_ORDER, values):
        feed = _feed(row)
        if feed.feed_url not in urls:
            urls.append(feed.feed_url)
            yield FeedTask(feed, states.get(feed.feed_url), row["payload_uri"])
    pages = list(_pages(warehouse.query(_OPEN_PAGES + chosen + _IN_ORDER, values), keeps_body=True))
    yield from pages
    yield Intake("retries", False, len(pages))
    yield from _articles(warehouse, warehouse.query(_OPEN_ARTICLES + chosen, values))


def _feed(row: Row) -> Feed:
    try:
        return json_to_record(Feed, row["payload"] or "")
    except RowInvalid:
        return Feed(row["feed_url"])


def _feed_states(warehouse: Warehouse) -> dict[str, FeedState]:
    content = ", ".join(tables()["feed_state_v1"].content)
    rows = warehouse.query(f"SELECT {content} FROM feed_state_v1")
    return {row["feed_url"]: row_to_record(FeedState, row) for row in rows}


def _pages(rows: Sequence[Row], *, keeps_body: bool) -> Iterator[PendingEntry]:
    """Yield one entry for a page, though it has a letter of each stage it failed at."""
    found: dict[tuple[str, str], PendingEntry] = {}
    for row in rows:
        try:
            entry = json_to_record(FeedEntry, row["payload"])
        except RowInvalid:
            continue  # written by another version: it stays open
        key = (entry.feed_url, entry.entry_id)
        kept = row["payload_uri"] if keeps_body else None
        if key not in found or kept:
            found[key] = PendingEntry(entry, "retry", kept)
    yield from found.values()


def _articles(warehouse: Warehouse, letters: Sequence[Row]) -> Iterator[Article]:
    """Yield stored articles whose extraction failed."""
    urls = sorted({row["page_url"] for row in letters})
    for row in warehouse.query(_TEXTS, {"urls": urls}) if urls else ():
        if has_language_pack(row["language"]):
            yield row_to_record(Article, row)
