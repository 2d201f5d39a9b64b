"""What the warehouse knows of the entries that were polled.

Only the polled entries are looked up, so the cost does not grow with the ledger.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from schemas.records import FeedEntry
from schemas.rows import row_to_record
from schemas.sql_files import statement
from schemas.step_records import ArticleCandidate, EntryName, KnownArticle, KnownEntry
from transforms.util.outlets import address_key, publication_day
from transforms.util.text import one_line
from transforms.warehouse import Warehouse

ENTRIES_PER_QUERY = 10_000
"""BigQuery takes 10 MB of parameters in one query."""


def read_known(
    warehouse: Warehouse, names: Iterable[EntryName]
) -> Iterator[KnownEntry | KnownArticle | ArticleCandidate]:
    """Yield the known entries that share a name with a polled one of the same feed, the stored articles that
    the polled entries link to, and those that may be one of these under another address. Some may come more
    than once.

    Args:
        warehouse: the tables.
        names: names of the polled entries, and of those that are retried.
    """
    ordered = sorted(set(names), key=lambda name: (name.feed_url, name.entry_id))
    for first in range(0, len(ordered), ENTRIES_PER_QUERY):
        batch = ordered[first : first + ENTRIES_PER_QUERY]
        urls = sorted({name.article_url for name in batch if name.article_url})
        parameters = {
            "feeds": sorted({name.feed_url for name in batch}),
            "ids": sorted({name.entry_id for name in batch}),
            "urls": urls,
            "aliases": sorted({name.alias for name in batch if name.alias}),
        }
        for row in warehouse.query(statement(__file__, "known_entries"), parameters):
            yield row_to_record(KnownEntry, row)
        if urls:
            for row in warehouse.query(statement(__file__, "known_articles"), {"urls": urls}):
                yield row_to_record(KnownArticle, row)
            for row in warehouse.query(statement(__file__, "article_candidates"), _alike(batch, urls)):
                yield row_to_record(ArticleCandidate, row)


def _alike(batch: Sequence[EntryName], urls: Sequence[str]) -> dict[str, object]:
    """Return the parameters of the query for articles that may be polled ones under another address."""
    days = [publication_day(name.published_at) for name in batch]
    known_days = [day for day in days if day is not None]
    return {
        "titles": sorted({name.title for name in batch if name.title}),
        "keys": sorted(set(map(address_key, urls))),
        "is_any_time": None in days,
        "first": min(known_days, default=dt.date.min),
        "last": max(known_days, default=dt.date.max),
    }


def name_of(entry: FeedEntry) -> EntryName:
    """Return the names that an entry can be known by."""
    return EntryName(
        entry.feed_url,
        entry.entry_id,
        entry.article_url,
        entry.alias,
        one_line(entry.title),
        entry.published_at,
    )
