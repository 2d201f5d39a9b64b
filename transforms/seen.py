"""Which entries need their page: new ones, changed ones, and dead letters that are due."""

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.records import (
    ArticleSight,
    DeadLetter,
    EntryOutcome,
    EntrySight,
    FeedEntry,
    FeedPoll,
    FeedState,
    FetchTask,
    KnownArticle,
    KnownEntry,
    PendingEntry,
)
from schemas.vocabulary import Outcome, Stage
from transforms.clock import utc_now
from transforms.dead_letters import entry_dead_letter
from transforms.outcomes import count
from transforms.schedule import LONGEST_S, SHORTEST_S, next_state
from transforms.tagging import by_type, composite, of_type, tagged
from transforms.web.messages import FetchFailed

_PRIORITY = {"changed": 0, "new": 1, "retry": 2}


def outcome_of(pending: PendingEntry, outcome: Outcome, reason: str | None = None) -> EntryOutcome:
    """Return the outcome row of an entry."""
    entry = pending.entry
    return EntryOutcome(
        entry.feed_url, entry.entry_id, entry.entry_hash, entry.article_url, outcome, reason, pending.why,
        entry.alias,
    )  # fmt: skip


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


class _DropKnownEntries(beam.DoFn):
    def __init__(self, limits: tuple[float, float]) -> None:
        self._limits = limits

    def process(self, element: tuple[str, Iterable[EntrySight]]) -> Iterator[Any]:
        sights = list(element[1])
        polled = [s.polled for s in sights if s.polled is not None]
        known = [s.known for s in sights if s.known is not None]
        fresh = 0
        for item in drop_known_entries(polled, known):
            if isinstance(item, EntryOutcome):
                count("DropKnownEntries", item.reason or item.outcome)
                yield tagged(item)
                continue
            fresh += item.why == "new"
            refused = refuse_linkless(item)
            yield tagged(item if refused is None else refused)
            if isinstance(refused, DeadLetter):
                yield tagged(outcome_of(item, Outcome.DEAD_LETTER, refused.reason))
        for poll in (s.poll for s in sights if s.poll is not None):
            yield tagged(next_state(poll, share_known(len(polled), fresh), *self._limits))


class _ChooseEntries(beam.DoFn):
    def process(self, element: tuple[str, Iterable[ArticleSight]]) -> Iterator[Any]:
        sights = list(element[1])
        pending = [s.pending for s in sights if s.pending is not None]
        known = [s.known for s in sights if s.known is not None]
        for item in choose_entries(pending, known):
            if isinstance(item, EntryOutcome):
                count("ChooseEntries", item.reason or item.outcome)
            yield tagged(item)


@dataclass(frozen=True)
class Chosen:
    """What is left to fetch, and the fates of the rest."""

    tasks: beam.PCollection[FetchTask]
    states: beam.PCollection[FeedState]
    outcomes: beam.PCollection[EntryOutcome]
    dead_letters: beam.PCollection[DeadLetter]


class DropKnownEntries(beam.PTransform):
    """Anti-join polled entries with known ones, feed by feed, then leave one fetch an article.

    Input: ``entries`` (FeedEntry), ``polls`` (FeedPoll), ``known_entries``, ``retries`` (PendingEntry),
    ``known_articles``. Output: ``Chosen``. Dead letters: links that can't be fetched. Counters: kinds of
    duplicates.

    Args:
        shortest_s: the shortest interval between two polls of a feed.
        longest_s: the longest, for one that can be had and asks for no more.
    """

    def __init__(self, shortest_s: float = SHORTEST_S, longest_s: float = LONGEST_S) -> None:
        super().__init__()
        self.limits = shortest_s, longest_s

    @composite
    def expand(self, inputs: dict[str, beam.PCollection[Any]]) -> Chosen:
        sights = (
            inputs["entries"] | "KeyPolled" >> beam.Map(_polled_sight).with_output_types(_FeedKeyed),
            inputs["known_entries"] | "KeyKnown" >> beam.Map(_known_sight).with_output_types(_FeedKeyed),
            inputs["polls"] | "KeyPolls" >> beam.Map(_poll_sight).with_output_types(_FeedKeyed),
        ) | "FeedSights" >> beam.Flatten()
        dropped = (
            sights
            | "ByFeed" >> beam.GroupByKey()
            | by_type(_DropKnownEntries(self.limits), PendingEntry, FeedState, EntryOutcome, DeadLetter)
        )
        pages = (
            (of_type(dropped, PendingEntry), inputs["retries"])
            | "Pending" >> beam.Flatten()
            | "KeyPending" >> beam.Map(_pending_sight).with_output_types(_ArticleKeyed),
            inputs["known_articles"]
            | "KeyStored" >> beam.Map(_stored_sight).with_output_types(_ArticleKeyed),
        ) | "ArticleSights" >> beam.Flatten()
        chosen = pages | "ByArticle" >> beam.GroupByKey() | by_type(_ChooseEntries(), FetchTask, EntryOutcome)
        return Chosen(
            tasks=of_type(chosen, FetchTask),
            states=of_type(dropped, FeedState),
            outcomes=(of_type(dropped, EntryOutcome), of_type(chosen, EntryOutcome))
            | "Outcomes" >> beam.Flatten(),
            dead_letters=of_type(dropped, DeadLetter),
        )


_FeedKeyed = tuple[str, EntrySight]
_ArticleKeyed = tuple[str, ArticleSight]


def _polled_sight(entry: FeedEntry) -> tuple[str, EntrySight]:
    return entry.feed_url, EntrySight(entry, None)


def _known_sight(entry: KnownEntry) -> tuple[str, EntrySight]:
    return entry.feed_url, EntrySight(None, entry)


def _poll_sight(poll: FeedPoll) -> tuple[str, EntrySight]:
    return poll.feed.feed_url, EntrySight(None, None, poll)


def _pending_sight(pending: PendingEntry) -> tuple[str, ArticleSight]:
    return pending.entry.article_url or "", ArticleSight(pending, None)


def _stored_sight(article: KnownArticle) -> tuple[str, ArticleSight]:
    return article.article_url, ArticleSight(None, article)
