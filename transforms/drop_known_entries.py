"""Which entries need their page: new ones, changed ones, and dead letters that are due."""

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
from schemas.vocabulary import Outcome
from transforms.feeds.known_entries import choose_entries, drop_known_entries, refuse_linkless, share_known
from transforms.feeds.schedule import LONGEST_S, SHORTEST_S, next_state
from transforms.graph.typed_outputs import by_type, composite, of_type, tagged
from transforms.util.counters import count
from transforms.util.outcomes import outcome_of


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
