"""What the warehouse knows of the entries that were polled."""

from collections.abc import Iterable, Iterator

from schemas.records import EntryName, FeedEntry, KnownArticle, KnownEntry
from schemas.rows import row_to_record
from transforms.warehouse import Warehouse

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
