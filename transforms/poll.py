"""Polling feeds: ``poll_feeds`` and the transform that wires it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.identity import sha256_hex
from schemas.records import DeadLetter, EntryOutcome, FeedEntry, FeedState, FeedTask, Intake
from schemas.vocabulary import Outcome, Stage
from transforms.clock import utc_now
from transforms.dead_letters import feed_dead_letter
from transforms.feeds import FeedUnreadable, ParsedFeed, parse_feed
from transforms.fetching import FetchingDoFn
from transforms.http import Answer, FetchFailed, FetchPolicy, HttpFetcher, Request
from transforms.outcomes import count
from transforms.tagging import by_type, composite, of_type, tagged

_MAX_FEED_BYTES = 5 * 1024 * 1024
_ACCEPT = "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.5"

Polled = FeedEntry | FeedState | EntryOutcome | Intake | DeadLetter


def poll_feeds(
    tasks: Sequence[FeedTask], fetcher: HttpFetcher, now: Callable[[], str] = utc_now
) -> Iterator[Polled]:
    """Yield, for each feed, its entries, its new state, one intake and, if it failed, a dead letter.

    A feed's validators are sent along; an answer 304, or a body seen before, hands on no entries.
    """
    requests = [
        Request(
            task.feed.feed_url,
            _MAX_FEED_BYTES,
            task.state.etag if task.state else None,
            task.state.last_modified if task.state else None,
            _ACCEPT,
        )
        for task in tasks
    ]
    for task, answer in zip(tasks, fetcher.get_all(requests), strict=True):
        yield from _poll_result(task, answer, now())


def _poll_result(task: FeedTask, answer: Answer | FetchFailed, at: str) -> Iterator[Polled]:
    if isinstance(answer, FetchFailed):
        yield from _failed(task, Stage.POLL, answer.reason, str(answer), at, answer.status)
        return
    if answer.status == 304:
        if task.state is None:
            yield from _failed(task, Stage.POLL, "unexpected_304", "304 without validators", at, 304)
        else:
            yield from _unchanged(task, answer, "not_modified", at)
        return
    body_hash = sha256_hex(answer.body)
    if task.state is not None and task.state.body_sha256 == body_hash:
        yield from _unchanged(task, answer, "unchanged", at)
        return
    try:
        parsed = parse_feed(answer.body, task.feed, answer.charset)
    except FeedUnreadable as error:
        yield from _failed(task, Stage.PARSE, error.reason, str(error), at, answer.status)
        return
    yield from parsed.entries
    yield from _left_out(task, parsed)
    count("PollFeeds", "ok")
    yield Intake(task.feed.feed_url, False, len(parsed.entries) + _left_out_number(parsed))
    yield FeedState(
        feed_url=task.feed.feed_url,
        source_name=task.feed.source_name or parsed.title,
        etag=answer.etag,
        last_modified=answer.last_modified,
        body_sha256=body_hash,
        last_polled_at=at,
        last_success_at=at,
        last_status="ok",
        consecutive_failures=0,
        entries_seen=len(parsed.entries),
    )


def _left_out_number(parsed: ParsedFeed) -> int:
    return parsed.without_identity + parsed.repeated + parsed.beyond_cap


def _left_out(task: FeedTask, parsed: ParsedFeed) -> Iterator[EntryOutcome]:
    """Account for items that became no entry: each still meets one counted fate."""
    kinds = (
        (parsed.without_identity, Outcome.DROPPED, "no_identity"),
        (parsed.beyond_cap, Outcome.DROPPED, "beyond_item_cap"),
        (parsed.repeated, Outcome.DUPLICATE, "repeated_in_feed"),
    )
    for number, outcome, reason in kinds:
        for _ in range(number):
            yield EntryOutcome(task.feed.feed_url, "", "", None, outcome, reason, "new")


def _unchanged(task: FeedTask, answer: Answer, status: str, at: str) -> Iterator[Polled]:
    assert task.state is not None
    old = task.state
    count("PollFeeds", status)
    yield Intake(task.feed.feed_url, False, 0)
    yield FeedState(
        feed_url=old.feed_url,
        source_name=task.feed.source_name or old.source_name,
        etag=answer.etag or old.etag,
        last_modified=answer.last_modified or old.last_modified,
        body_sha256=old.body_sha256,
        last_polled_at=at,
        last_success_at=at,
        last_status=status,
        consecutive_failures=0,
        entries_seen=old.entries_seen,
    )


def _failed(
    task: FeedTask, stage: Stage, reason: str, message: str, at: str, status: int | None
) -> Iterator[Polled]:
    old = task.state
    count("PollFeeds", reason)
    yield feed_dead_letter(task.feed, stage, reason, message, at, status)
    yield Intake(task.feed.feed_url, True, 0)
    yield FeedState(
        feed_url=task.feed.feed_url,
        source_name=task.feed.source_name or (old.source_name if old else None),
        etag=old.etag if old else None,
        last_modified=old.last_modified if old else None,
        body_sha256=old.body_sha256 if old else None,
        last_polled_at=at,
        last_success_at=old.last_success_at if old else None,
        last_status=reason,
        consecutive_failures=(old.consecutive_failures if old else 0) + 1,
        entries_seen=old.entries_seen if old else 0,
    )


class _PollFeeds(FetchingDoFn):
    """Polls a batch of feeds at once on this worker's fetcher."""

    def process(self, element: list[FeedTask]) -> Iterator[Any]:
        yield from map(tagged, poll_feeds(element, self.fetcher()))


@dataclass(frozen=True)
class PolledFeeds:
    """What polling yields."""

    entries: beam.PCollection[FeedEntry]
    states: beam.PCollection[FeedState]
    outcomes: beam.PCollection[EntryOutcome]
    intakes: beam.PCollection[Intake]
    dead_letters: beam.PCollection[DeadLetter]


@beam.typehints.with_input_types(FeedTask)
class PollFeeds(beam.PTransform):
    """Poll feeds.

    Input: ``FeedTask``. Output: ``PolledFeeds``. Dead letters: feeds without a usable answer.
    Counters: ``ok``, ``not_modified``, ``unchanged`` and the reasons of failures.

    Args:
        policy: limits and manners of fetching.
    """

    def __init__(self, policy: FetchPolicy) -> None:
        super().__init__()
        self.policy = policy

    @composite
    def expand(self, tasks: beam.PCollection[FeedTask]) -> PolledFeeds:
        kinds = (FeedEntry, FeedState, EntryOutcome, Intake, DeadLetter)
        batches = tasks | "Spread" >> beam.Reshuffle() | beam.BatchElements(16, 64)
        polled = batches | by_type(_PollFeeds(self.policy), *kinds)
        return PolledFeeds(*(of_type(polled, kind) for kind in kinds))
