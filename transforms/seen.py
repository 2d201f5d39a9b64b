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
    FetchTask,
    KnownArticle,
    KnownEntry,
    PendingEntry,
)
from schemas.vocabulary import Outcome, Stage
from transforms.clock import utc_now
from transforms.dead_letters import entry_dead_letter
from transforms.outcomes import count
from transforms.tagging import by_type, composite, of_type, tagged

_PRIORITY = {"changed": 0, "new": 1, "retry": 2}


def outcome_of(pending: PendingEntry, outcome: Outcome, reason: str | None = None) -> EntryOutcome:
    """Return the outcome row of an entry."""
    entry = pending.entry
    return EntryOutcome(
        entry.feed_url, entry.entry_id, entry.entry_hash, entry.article_url, outcome, reason, pending.why
    )


def drop_known_entries(
    polled: Iterable[FeedEntry], known: Iterable[KnownEntry]
) -> Iterator[PendingEntry | EntryOutcome]:
    """Yield the entries of one identity that are new or changed; the known are duplicates."""
    hashes = {k.entry_hash for k in known}
    for number, entry in enumerate(sorted(polled, key=lambda e: (e.entry_hash, e.feed_url))):
        pending = PendingEntry(entry, "changed" if hashes else "new")
        if entry.entry_hash in hashes:
            yield outcome_of(pending, Outcome.DUPLICATE, "known_entry")
        elif number:
            yield outcome_of(pending, Outcome.DUPLICATE, "repeated_in_run")
        else:
            yield pending


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
    return entry_dead_letter(entry, Stage.FETCH, bad, f"not fetched: {entry.link}", utc_now())


class _DropKnownEntries(beam.DoFn):
    def process(self, element: tuple[str, Iterable[EntrySight]]) -> Iterator[Any]:
        sights = list(element[1])
        polled = [s.polled for s in sights if s.polled is not None]
        known = [s.known for s in sights if s.known is not None]
        for item in drop_known_entries(polled, known):
            if isinstance(item, EntryOutcome):
                count("DropKnownEntries", item.reason or item.outcome)
                yield tagged(item)
                continue
            refused = refuse_linkless(item)
            if refused is None:
                yield tagged(item)
                continue
            yield tagged(refused)
            if isinstance(refused, DeadLetter):
                yield tagged(outcome_of(item, Outcome.DEAD_LETTER, refused.reason))


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
    outcomes: beam.PCollection[EntryOutcome]
    dead_letters: beam.PCollection[DeadLetter]


class DropKnownEntries(beam.PTransform):
    """Anti-join polled entries with known ones, then leave one fetch an article.

    Input: ``entries`` (FeedEntry), ``known_entries``, ``retries`` (PendingEntry), ``known_articles``.
    Output: ``Chosen``. Dead letters: links that can't be fetched. Counters: kinds of duplicates.
    """

    @composite
    def expand(self, inputs: dict[str, beam.PCollection[Any]]) -> Chosen:
        sights = (
            inputs["entries"] | "KeyPolled" >> beam.Map(_polled_sight).with_output_types(_EntryKeyed),
            inputs["known_entries"] | "KeyKnown" >> beam.Map(_known_sight).with_output_types(_EntryKeyed),
        ) | "EntrySights" >> beam.Flatten()
        dropped = (
            sights
            | "ByEntry" >> beam.GroupByKey()
            | by_type(_DropKnownEntries(), PendingEntry, EntryOutcome, DeadLetter)
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
            outcomes=(of_type(dropped, EntryOutcome), of_type(chosen, EntryOutcome))
            | "Outcomes" >> beam.Flatten(),
            dead_letters=of_type(dropped, DeadLetter),
        )


_EntryKeyed = tuple[str, EntrySight]
_ArticleKeyed = tuple[str, ArticleSight]


def _polled_sight(entry: FeedEntry) -> tuple[str, EntrySight]:
    return entry.entry_id, EntrySight(entry, None)


def _known_sight(entry: KnownEntry) -> tuple[str, EntrySight]:
    return entry.entry_id, EntrySight(None, entry)


def _pending_sight(pending: PendingEntry) -> tuple[str, ArticleSight]:
    return pending.entry.article_url or "", ArticleSight(pending, None)


def _stored_sight(article: KnownArticle) -> tuple[str, ArticleSight]:
    return article.article_url, ArticleSight(None, article)
