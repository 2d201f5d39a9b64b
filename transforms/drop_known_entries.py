"""``DropKnownEntries`` wires ``drop_known_entries`` and ``choose_entries`` of
``transforms.feeds.known_entries``."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.records import Article, DeadLetter, FeedEntry, FeedState
from schemas.step_records import (
    ArticleCandidate,
    ArticleJoinSide,
    DatedArticle,
    EntryJoinSide,
    EntryOutcome,
    FeedPoll,
    FetchTask,
    KnownArticle,
    KnownEntry,
    PendingEntry,
)
from schemas.vocabulary import Outcome
from transforms.feeds.known_entries import (
    choose_entries,
    compute_known_share,
    drop_known_entries,
    reject_entry_without_url,
)
from transforms.feeds.schedule import LONGEST_INTERVAL_SECONDS, SHORTEST_INTERVAL_SECONDS, next_state
from transforms.graph.typed_outputs import by_type, expansion, of_type, tagged
from transforms.util.counters import count
from transforms.util.outcomes import outcome_of
from transforms.util.outlets import outlet_of

_FeedKeyed = tuple[str, EntryJoinSide]
_OutletKeyed = tuple[str, ArticleJoinSide]


@dataclass(eq=False)
class _DropKnownEntries(beam.DoFn):
    """Compares the polled entries of one feed with the known ones, and plans its next poll."""

    shortest_s: float
    longest_s: float

    def process(self, element: tuple[str, Iterable[EntryJoinSide]]) -> Iterator[Any]:
        sides = list(element[1])
        polled = [s.polled for s in sides if s.polled is not None]
        known = [s.known for s in sides if s.known is not None]
        number_of_new = 0
        for item in drop_known_entries(polled, known):
            if isinstance(item, EntryOutcome):
                count(drop_known_entries, item.reason or item.outcome)
                yield tagged(item)
                continue
            number_of_new += item.why == "new"
            refused = reject_entry_without_url(item)
            yield tagged(item if refused is None else refused)
            if isinstance(refused, DeadLetter):
                yield tagged(outcome_of(item, Outcome.DEAD_LETTER, refused.reason))
        for poll in (s.poll for s in sides if s.poll is not None):
            share = compute_known_share(len(polled), number_of_new)
            yield tagged(next_state(poll, share, self.shortest_s, self.longest_s))


class _ChooseEntries(beam.DoFn):
    """Chooses one entry to fetch among all that point to one article, for all articles of an outlet."""

    def process(self, element: tuple[str, Iterable[ArticleJoinSide]]) -> Iterator[Any]:
        sides = list(element[1])
        pending = [s.pending for s in sides if s.pending is not None]
        known = [s.known for s in sides if s.known is not None]
        candidates = [s.candidate for s in sides if s.candidate is not None]
        asked = {p.entry.article_url for p in pending}
        for item in choose_entries(pending, known, candidates):
            if isinstance(item, EntryOutcome):
                count(choose_entries, item.reason or item.outcome)
            elif item.known is not None:
                asked.add(item.known.article_url)
            yield tagged(item)
        # A page that is fetched may become the next version; if not, the next run dates the article.
        dated = (s.dated.article for s in sides if s.dated is not None)
        yield from (tagged(article) for article in dated if article.article_url not in asked)


@dataclass(frozen=True)
class Chosen:
    """What is left to fetch, the state of each polled feed, and the outcomes of the other entries.

    ``dated``: articles that got their publication time and are not fetched in this run.
    """

    tasks: beam.PCollection[FetchTask]
    dated: beam.PCollection[Article]
    states: beam.PCollection[FeedState]
    outcomes: beam.PCollection[EntryOutcome]
    dead_letters: beam.PCollection[DeadLetter]


@dataclass(eq=False)
class DropKnownEntries(beam.PTransform):
    """Anti-join polled entries with known ones, feed by feed. Then keep one entry to fetch for each article,
    outlet by outlet.

    Input: ``entries`` (FeedEntry), ``polls`` (FeedPoll), ``known_entries``, ``retries`` (PendingEntry),
    ``known_articles``, ``candidates``, ``dated`` (DatedArticle). Output: ``Chosen``. Dead letters: links that
    cannot be fetched. Counters: kinds of duplicates.

    Args:
        shortest_s: the shortest interval between two polls of a feed, seconds.
        longest_s: the longest, for a feed that answers and asks for no more.
    """

    shortest_s: float = SHORTEST_INTERVAL_SECONDS
    longest_s: float = LONGEST_INTERVAL_SECONDS

    @expansion
    def expand(self, inputs: dict[str, beam.PCollection[Any]]) -> Chosen:
        entry_sides = (
            inputs["entries"] | "KeyPolled" >> beam.Map(_polled_side).with_output_types(_FeedKeyed),
            inputs["known_entries"] | "KeyKnown" >> beam.Map(_known_side).with_output_types(_FeedKeyed),
            inputs["polls"] | "KeyPolls" >> beam.Map(_poll_side).with_output_types(_FeedKeyed),
        ) | "EntrySides" >> beam.Flatten()
        drop = _DropKnownEntries(self.shortest_s, self.longest_s)
        dropped = (
            entry_sides
            | "ByFeed" >> beam.GroupByKey()
            | by_type(drop, PendingEntry, FeedState, EntryOutcome, DeadLetter)
        )
        article_sides = (
            (of_type(dropped, PendingEntry), inputs["retries"])
            | "Pending" >> beam.Flatten()
            | "KeyPending" >> beam.Map(_pending_side).with_output_types(_OutletKeyed),
            inputs["known_articles"] | "KeyStored" >> beam.Map(_stored_side).with_output_types(_OutletKeyed),
            inputs["candidates"]
            | "KeyCandidates" >> beam.Map(_candidate_side).with_output_types(_OutletKeyed),
            inputs["dated"] | "KeyDated" >> beam.Map(_dated_side).with_output_types(_OutletKeyed),
        ) | "ArticleSides" >> beam.Flatten()
        chosen = (
            article_sides
            | "ByOutlet" >> beam.GroupByKey()
            | by_type(_ChooseEntries(), FetchTask, EntryOutcome, Article)
        )
        return Chosen(
            tasks=of_type(chosen, FetchTask),
            dated=of_type(chosen, Article),
            states=of_type(dropped, FeedState),
            outcomes=(of_type(dropped, EntryOutcome), of_type(chosen, EntryOutcome))
            | "Outcomes" >> beam.Flatten(),
            dead_letters=of_type(dropped, DeadLetter),
        )


def _polled_side(entry: FeedEntry) -> tuple[str, EntryJoinSide]:
    return entry.feed_url, EntryJoinSide(entry, None)


def _known_side(entry: KnownEntry) -> tuple[str, EntryJoinSide]:
    return entry.feed_url, EntryJoinSide(None, entry)


def _poll_side(poll: FeedPoll) -> tuple[str, EntryJoinSide]:
    return poll.feed.feed_url, EntryJoinSide(None, None, poll)


def _pending_side(pending: PendingEntry) -> tuple[str, ArticleJoinSide]:
    return outlet_of(pending.entry.article_url or ""), ArticleJoinSide(pending, None)


def _candidate_side(candidate: ArticleCandidate) -> tuple[str, ArticleJoinSide]:
    return outlet_of(candidate.article_url), ArticleJoinSide(None, None, candidate)


def _stored_side(article: KnownArticle) -> tuple[str, ArticleJoinSide]:
    return outlet_of(article.article_url), ArticleJoinSide(None, article)


def _dated_side(dated: DatedArticle) -> tuple[str, ArticleJoinSide]:
    return outlet_of(dated.article.article_url), ArticleJoinSide(None, None, None, dated)
