"""Which entries need their page: new ones, changed ones, and dead letters that are due."""

import dataclasses
from collections.abc import Iterable, Iterator

from schemas.records import (
    DeadLetter,
    EntryOutcome,
    FeedEntry,
    FetchTask,
    KnownArticle,
    KnownEntry,
    PendingEntry,
)
from schemas.vocabulary import Outcome, Stage
from transforms.util.clock import utc_now
from transforms.util.dead_letters import entry_dead_letter
from transforms.util.errors import FetchFailed
from transforms.util.outcomes import outcome_of

_PRIORITY = {"changed": 0, "new": 1, "retry": 2}


def drop_known_entries(
    polled: Iterable[FeedEntry], known: Iterable[KnownEntry]
) -> Iterator[PendingEntry | EntryOutcome]:
    """Yield the entries of one feed that are new or changed; the known are duplicates.

    An entry is known by its identity in the feed, else by its canonical URL, else by title and
    publication time: some feeds change guids, and some links as well, with each poll. One known by its
    identity or URL whose words changed is fetched again.
    """
    book = _Known(known)
    for entry in sorted(polled, key=lambda e: (e.entry_id, e.entry_hash)):
        earlier = book.find(entry)
        if earlier is None:
            book.add(
                KnownEntry(entry.feed_url, entry.entry_id, entry.entry_hash, entry.article_url, entry.alias)
            )
            yield PendingEntry(entry, "new")
            continue
        same = dataclasses.replace(entry, entry_id=earlier.entry_id)  # under the name it has
        if entry.entry_hash == earlier.entry_hash or not _shares_name(entry, earlier):
            yield outcome_of(PendingEntry(same, "changed"), Outcome.DUPLICATE, "known_entry")
        else:
            yield PendingEntry(same, "changed")


def _shares_name(entry: FeedEntry, earlier: KnownEntry) -> bool:
    return entry.entry_id == earlier.entry_id or entry.article_url == earlier.article_url is not None


class _Known:
    """The known entries of a feed by each of their names."""

    def __init__(self, known: Iterable[KnownEntry]) -> None:
        self._by_id: dict[str, KnownEntry] = {}
        self._by_url: dict[str, KnownEntry] = {}
        self._by_alias: dict[str, KnownEntry] = {}
        for entry in sorted(known, key=lambda k: (k.entry_id, k.entry_hash)):
            self.add(entry)

    def add(self, entry: KnownEntry) -> None:
        self._by_id.setdefault(entry.entry_id, entry)
        if entry.article_url:
            self._by_url.setdefault(entry.article_url, entry)
        if entry.alias:
            self._by_alias.setdefault(entry.alias, entry)

    def find(self, entry: FeedEntry) -> KnownEntry | None:
        return (
            self._by_id.get(entry.entry_id)
            or self._by_url.get(entry.article_url or "")
            or self._by_alias.get(entry.alias or "")
        )


def share_known(entries: int, fresh: int) -> float:
    """Return the share of a poll's entries that were known; 1 where it brought none."""
    return 1.0 if not entries else (entries - fresh) / entries


def choose_entries(
    pending: Iterable[PendingEntry], known: Iterable[KnownArticle]
) -> Iterator[FetchTask | EntryOutcome]:
    """Yield one fetch for an article, however many entries point to it.

    The choice rests on content alone: a changed entry before a new one before a retry, then the
    earliest published. An article already stored through another feed is not fetched again.
    """
    stored = max(known, key=lambda k: k.version, default=None)
    ordered = sorted(
        pending,
        key=lambda p: (
            _PRIORITY[p.why], p.entry.published_at or "9999", p.entry.feed_url, p.entry.entry_id,
        ),
    )  # fmt: skip
    for number, item in enumerate(ordered):
        if number:
            yield outcome_of(item, Outcome.DUPLICATE, "same_article_in_run")
        elif stored is not None and item.why == "new":
            yield outcome_of(item, Outcome.DUPLICATE, "known_article")
        else:
            yield FetchTask(item, stored)


def refuse_linkless(pending: PendingEntry) -> EntryOutcome | DeadLetter | None:
    """Return the fate of an entry that has no page to fetch, or None where it has one."""
    entry = pending.entry
    if entry.article_url is not None:
        return None
    bad = next((f for f in entry.flags if f in ("bad_url", "bad_scheme")), None)
    if bad is None:
        return outcome_of(pending, Outcome.DROPPED, "no_link")
    return entry_dead_letter(entry, Stage.FETCH, FetchFailed(bad, f"not fetched: {entry.link}"), utc_now())
