"""What earlier runs left to do: feeds with their state, and open dead letters."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace

from schemas.records import Article, Feed, FeedEntry, FeedState
from schemas.rows import Row, RowInvalid, json_to_record, row_to_record
from schemas.sql_files import statement
from schemas.step_records import DatedArticle, FeedTask, Intake, PendingEntry
from transforms.feeds.dates import AHEAD_FLAG, reread_date
from transforms.feeds.schedule import is_due
from transforms.feeds.set_aside import date_again, is_credible_now
from transforms.nlp.language import has_language_pack
from transforms.warehouse import Warehouse

State = FeedTask | PendingEntry | Intake | Article | DatedArticle


def read_state(
    warehouse: Warehouse, feeds: Sequence[Feed], now: str, only_due: bool = False
) -> Iterator[State]:
    """Yield the feeds to poll with their state, the dead letters that are due, which a run retries first, and
    the articles whose publication time an earlier run set aside and that is credible now.

    Args:
        warehouse: the tables.
        feeds: the feeds of the run. Those that stopped for good are left out.
        now: the present instant, UTC.
        only_due: also leave out the feeds whose next poll is not due.
    """
    states = _feed_states(warehouse)
    for feed in feeds:
        state = states.get(feed.feed_url)
        is_stopped = state is not None and state.stopped_reason is not None
        if is_due(state, now) if only_due else not is_stopped:
            yield FeedTask(replace(feed, document=None), state, document=feed.document)
    due = {"is_any_time": False, "now": now, "is_any_reason": True, "reason": ""}
    dated = list(_dated_articles(warehouse, now))
    yield from dated
    yield from _pages_and_articles(
        warehouse, due, keeps_body=False, left_out={d.article.article_url for d in dated}
    )


def read_dead_letters(warehouse: Warehouse, reason: str | None) -> Iterator[State]:
    """Yield everything that is open among the dead letters, due or not.

    Args:
        warehouse: the tables.
        reason: only letters of this reason; None: of every reason.
    """
    chosen = {"is_any_time": True, "now": "1970-01-01T00:00:00Z"}
    chosen |= {"is_any_reason": reason is None, "reason": reason or ""}
    states = _feed_states(warehouse)
    urls = []
    for row in warehouse.query(statement(__file__, "open_feeds"), chosen):
        feed = _feed(row)
        if feed.feed_url not in urls:
            urls.append(feed.feed_url)
            yield FeedTask(feed, states.get(feed.feed_url), row["payload_uri"])
    yield from _pages_and_articles(warehouse, chosen, keeps_body=True, left_out=frozenset())


def read_payload_hashes(warehouse: Warehouse) -> dict[str, bool]:
    """Return the hash of each file that a dead letter names, and whether one of its letters is open."""
    rows = warehouse.query(statement(__file__, "payloads_of_letters"))
    return {row["sha256"]: row["open_letters"] > 0 for row in rows}


def _pages_and_articles(
    warehouse: Warehouse, chosen: Mapping[str, object], *, keeps_body: bool, left_out: Set[str]
) -> Iterator[State]:
    """Yield the pages and articles to retry.

    ``left_out``: addresses of articles whose next version this run extracts anyway.
    """
    pages = list(_pages(warehouse.query(statement(__file__, "open_pages"), chosen), keeps_body=keeps_body))
    yield from pages
    yield Intake("retries", False, len(pages))
    letters = warehouse.query(statement(__file__, "open_articles"), chosen)
    yield from _articles(warehouse, {row["page_url"] for row in letters} - left_out)


def _dated_articles(warehouse: Warehouse, now: str) -> Iterator[DatedArticle]:
    """Yield the next version of each article whose publication time was set aside and is credible now."""
    rows = warehouse.query(statement(__file__, "articles_set_aside"), {"flag": AHEAD_FLAG})
    urls = [row["article_url"] for row in rows if is_credible_now(row["published_raw"], now)]
    for row in warehouse.query(statement(__file__, "articles_by_url"), {"urls": urls}) if urls else ():
        yield DatedArticle(date_again(row_to_record(Article, row), now))


def _feed(row: Row) -> Feed:
    try:
        return json_to_record(Feed, row["payload"] or "")
    except RowInvalid:
        return Feed(row["feed_url"])


def _feed_states(warehouse: Warehouse) -> dict[str, FeedState]:
    rows = warehouse.query(statement(__file__, "feed_states"))
    return {row["feed_url"]: row_to_record(FeedState, row) for row in rows}


def _pages(rows: Sequence[Row], *, keeps_body: bool) -> Iterator[PendingEntry]:
    """Yield one entry for each page, though a page has a letter for each stage that it failed at."""
    found: dict[tuple[str, str], PendingEntry] = {}
    for row in rows:
        try:
            entry = json_to_record(FeedEntry, row["payload"])
        except RowInvalid:
            continue  # another version wrote it: it stays open
        key = (entry.feed_url, entry.entry_id)
        kept = row["payload_uri"] if keeps_body else None
        if key not in found or kept:
            found[key] = PendingEntry(entry, "retry", kept)
    yield from found.values()


def _articles(warehouse: Warehouse, page_urls: Set[str]) -> Iterator[Article]:
    """Yield the stored articles whose extraction failed.

    Their texts are read by a second query, because most runs have none to read.
    """
    urls = sorted(page_urls)
    for row in warehouse.query(statement(__file__, "articles_by_url"), {"urls": urls}) if urls else ():
        if has_language_pack(row["language"]):
            article = row_to_record(Article, row)
            yield reread_date(article, article.fetched_at)
