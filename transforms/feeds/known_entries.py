"""Which entries need their page: new ones, changed ones, and dead letters that are due."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from schemas.records import DeadLetter, FeedEntry
from schemas.step_records import (
    ArticleCandidate,
    EntryOutcome,
    FetchTask,
    KnownArticle,
    KnownEntry,
    PendingEntry,
)
from schemas.vocabulary import Outcome, Stage
from transforms.util.clock import utc_now
from transforms.util.dead_letters import entry_dead_letter
from transforms.util.errors import FetchFailed
from transforms.util.outcomes import has_own_text, outcome_of
from transforms.util.outlets import address_key
from transforms.util.text import one_line

_RANK_BY_WHY = {"changed": 0, "new": 1, "retry": 2}


def drop_known_entries(
    polled: Iterable[FeedEntry], known: Iterable[KnownEntry]
) -> Iterator[PendingEntry | EntryOutcome]:
    """Yield the new and changed entries of one feed, and an outcome ``duplicate`` for each other entry.

    An entry is known by its identity in the feed, else by its canonical URL, else by its title and
    publication time. All three are needed: some feeds change their guids with each poll, and some change
    their links too. An entry whose text changed is fetched again, but only where its identity or its URL is
    known: a title and a time may be shared by two entries.
    """
    index = _EntryIndex(known)
    for entry in sorted(polled, key=lambda e: (e.entry_id, e.entry_hash)):
        earlier = index.find(entry)
        if earlier is None:
            index.add(
                KnownEntry(entry.feed_url, entry.entry_id, entry.entry_hash, entry.article_url, entry.alias)
            )
            yield PendingEntry(entry, "new")
            continue
        same_entry = dataclasses.replace(entry, entry_id=earlier.entry_id)  # it keeps its first identity
        if entry.entry_hash == earlier.entry_hash or not _is_surely_same(entry, earlier):
            yield outcome_of(PendingEntry(same_entry, "changed"), Outcome.DUPLICATE, "known_entry")
        else:
            yield PendingEntry(same_entry, "changed")


def _is_surely_same(entry: FeedEntry, earlier: KnownEntry) -> bool:
    """Return whether both have the same identity or URL; a common title and time are not enough."""
    if entry.entry_id == earlier.entry_id:
        return True
    return earlier.article_url is not None and entry.article_url == earlier.article_url


class _EntryIndex:
    """The known entries of a feed, found by identity, by URL, or by title and time."""

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


def compute_known_share(entries: int, new_entries: int) -> float:
    """Return the share of a poll's entries that were known, 0 to 1; 1 where the poll had no entries."""
    return 1.0 if not entries else (entries - new_entries) / entries


def choose_entries(
    pending: Iterable[PendingEntry],
    known: Iterable[KnownArticle],
    candidates: Iterable[ArticleCandidate] = (),
) -> Iterator[FetchTask | EntryOutcome]:
    """Yield one fetch task for an article, and an outcome ``duplicate`` for each of its other entries.

    The choice depends on content alone, never on the order of arrival: a changed entry comes before a new one
    and a new one before a retry; of equals the earliest published is chosen. A new entry of an article that
    is stored already, through another feed or under another address, is not fetched again. One that the user
    added with its text is taken all the same: it need not be fetched, and its text may be another.

    Args:
        pending: all entries of this run that point to the articles of an outlet.
        known: the latest stored versions of these articles.
        candidates: the stored versions of articles that may be one of these under another address.
    """
    stored = _StoredArticles(known, candidates)
    by_article: dict[str, list[PendingEntry]] = {}
    for item in pending:
        url = item.entry.article_url or ""
        article = stored.at(url)
        by_article.setdefault(article.article_url if article else url, []).append(item)
    for url in sorted(by_article):
        yield from _choose_entry(by_article[url], stored)


def _choose_entry(
    pending: Sequence[PendingEntry], stored: "_StoredArticles"
) -> Iterator[FetchTask | EntryOutcome]:
    """Yield the fetch task and the outcomes of the entries of one article."""
    ordered = sorted(
        pending,
        key=lambda p: (
            _RANK_BY_WHY[p.why], p.entry.published_at or "9999", p.entry.article_url or "", p.entry.feed_url,
            p.entry.entry_id,
        ),
    )  # fmt: skip
    for number, item in enumerate(ordered):
        article = stored.at(item.entry.article_url or "")
        if number:
            yield outcome_of(item, Outcome.DUPLICATE, "same_article_in_run")
        elif article is not None and item.why == "new" and not has_own_text(item.entry):
            yield outcome_of(item, Outcome.DUPLICATE, "known_article")
        else:
            yield FetchTask(item, article, stored.like(item.entry))


class _StoredArticles:
    """The stored articles of an outlet, found by their addresses, aliases, address keys and headlines."""

    def __init__(self, known: Iterable[KnownArticle], candidates: Iterable[ArticleCandidate]) -> None:
        self._by_url: dict[str, KnownArticle] = {}
        for article in sorted(known, key=lambda k: k.version):
            self._by_url[article.asked_url or article.article_url] = article
        self._by_key: dict[str, set[ArticleCandidate]] = defaultdict(set)
        self._by_title: dict[str, set[ArticleCandidate]] = defaultdict(set)
        for candidate in candidates:
            self._by_key[address_key(candidate.article_url)].add(candidate)
            self._by_title[candidate.title].add(candidate)

    def at(self, url: str) -> KnownArticle | None:
        """Return the latest version of the article at an address or alias, or None."""
        return self._by_url.get(url)

    def like(self, entry: FeedEntry) -> list[ArticleCandidate]:
        """Return the stored versions of articles that may be the article of an entry, in a fixed order."""
        title = one_line(entry.title)
        found = self._by_key.get(address_key(entry.article_url or ""), set())
        found = found | (self._by_title.get(title, set()) if title else set())
        return sorted(found, key=lambda k: (k.article_url, k.version))


def reject_entry_without_url(pending: PendingEntry) -> EntryOutcome | DeadLetter | None:
    """Return what becomes of an entry whose page cannot be fetched, or None for an entry with a usable URL.

    An entry without a link is dropped; one whose link is malformed or not http(s) becomes a dead letter.
    """
    entry = pending.entry
    if entry.article_url is not None:
        return None
    reason = next((flag for flag in entry.flags if flag in ("bad_url", "bad_scheme")), None)
    if reason is None:
        return outcome_of(pending, Outcome.DROPPED, "no_link")
    failure = FetchFailed(reason, f"not fetched: {entry.link}")
    return entry_dead_letter(entry, Stage.FETCH, failure, utc_now())
