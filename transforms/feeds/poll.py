"""Polling feeds: ``poll_feeds``."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future

from schemas.identity import sha256_hex
from schemas.records import DeadLetter, EntryOutcome, FeedEntry, FeedPoll, FeedTask, Intake
from schemas.vocabulary import Outcome, Stage
from transforms.feeds.parse import ParsedFeed, parse_feed
from transforms.feeds.schedule import is_unconditional
from transforms.storage.payloads import PayloadMissing, keep_payload, read_payload
from transforms.util.clock import utc_now
from transforms.util.counters import count
from transforms.util.dead_letters import feed_dead_letter, item_dead_letter
from transforms.util.errors import FetchFailed, Unusable
from transforms.util.sandbox import LimitExceeded, Sandbox
from transforms.web.client import HttpFetcher
from transforms.web.fetch_and_parse import Job, fetch_each
from transforms.web.messages import Answer, Request

_MAX_FEED_BYTES = 5 * 1024 * 1024


_ACCEPT = "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.5"


Polled = FeedEntry | FeedPoll | EntryOutcome | Intake | DeadLetter


def poll_feeds(
    tasks: Iterable[FeedTask],
    fetcher: HttpFetcher,
    sandbox: Sandbox,
    payloads: str,
    now: Callable[[], str] = utc_now,
) -> Iterator[Polled]:
    """Yield, for each feed, its entries, what the poll came to, one intake and, if it failed, a dead letter.

    A feed's validators are sent along; an answer 304, or a body seen before, hands on no entries and is
    not parsed.

    Args:
        tasks: the feeds; one whose document is kept is parsed from there, and not asked for.
        fetcher: gets the documents.
        sandbox: parses them.
        payloads: folder for documents that can't be parsed.
        now: the clock.
    """
    asked = []
    for task in tasks:
        if task.kept_body is None:
            asked.append(task)
        else:
            yield from _parse_kept(task, sandbox, payloads, now())

    def job_of(number: int, answer: Answer) -> Job | None:
        state = asked[number].state
        is_known = state is not None and state.body_sha256 == sha256_hex(answer.body)
        if answer.status == 304 or is_known:
            return None
        return parse_feed, answer.body, asked[number].feed, answer.charset, now()

    again: list[FeedTask] = []
    for number, answer, parsed in fetch_each([_request(t) for t in asked], fetcher, sandbox, job_of):
        task = asked[number]
        if isinstance(answer, Answer) and answer.status == 304 and not _has_validators(task):
            again.append(task)
        else:
            yield from _result(task, answer, parsed, payloads, now())
    # A 304 to a request without validators: once more, past whatever cache answered it.
    asked = again
    requests = [dataclasses.replace(_request(t), is_fresh=True) for t in asked]
    for number, answer, parsed in fetch_each(requests, fetcher, sandbox, job_of):
        yield from _result(asked[number], answer, parsed, payloads, now())


def _request(task: FeedTask) -> Request:
    state, url = task.state, task.feed.feed_url
    if state is None:
        return Request(url, _MAX_FEED_BYTES, accept=_ACCEPT)
    url = state.polled_url or url
    if is_unconditional(state):
        return Request(url, _MAX_FEED_BYTES, accept=_ACCEPT, is_fresh=True)
    return Request(url, _MAX_FEED_BYTES, state.etag, state.last_modified, _ACCEPT)


def _has_validators(task: FeedTask) -> bool:
    return task.state is not None and bool(task.state.etag or task.state.last_modified)


def _result(
    task: FeedTask, answer: Answer | FetchFailed, parsed: "Future[ParsedFeed] | None", payloads: str, at: str
) -> Iterator[Polled]:
    if isinstance(answer, FetchFailed):
        yield from _failed(task, Stage.POLL, answer, at)
    elif answer.status == 304 and not _has_validators(task):
        yield from _failed(task, Stage.POLL, FetchFailed("unexpected_304", "304 without validators", 304), at)
    elif parsed is None:
        status = "not_modified" if answer.status == 304 else "unchanged"
        count("PollFeeds", status)
        yield Intake(task.feed.feed_url, False, 0)
        yield _poll(task, at, status, answer=answer)
    else:
        try:
            document = parsed.result()
        except (Unusable, LimitExceeded) as error:
            yield from _failed(task, Stage.PARSE, _fault(error, answer.status), at, answer.body, payloads)
            return
        yield from _handed_on(task, document, at)
        yield _poll(task, at, "ok", answer=answer, document=document)


def _parse_kept(task: FeedTask, sandbox: Sandbox, payloads: str, at: str) -> Iterator[Polled]:
    """Parse a document that an earlier run could not. What is remembered of the feed stays as it is."""
    assert task.kept_body is not None
    body = None
    try:
        body = read_payload(task.kept_body)
        document = sandbox.run(parse_feed, body, task.feed, None, at)
    except (Unusable, LimitExceeded, PayloadMissing) as error:
        failure = _fault(error, None)
        yield _letter(task, Stage.PARSE, failure, at, body, payloads)
        yield Intake(task.feed.feed_url, True, 0)
        return
    yield from _handed_on(task, document, at)


def _fault(error: Exception, status: int | None) -> FetchFailed:
    reason = error.reason if isinstance(error, Unusable) else "parse_timeout"
    return FetchFailed(reason, str(error), status)


def _handed_on(task: FeedTask, document: ParsedFeed, at: str) -> Iterator[Polled]:
    count("PollFeeds", "ok")
    yield from document.entries
    outcomes = list(_left_out(task, document))
    yield from outcomes
    for item in document.refused:
        yield item_dead_letter(task.feed, item.entry_id, item.reason, item.raw, at)
    yield Intake(task.feed.feed_url, False, len(document.entries) + len(outcomes))


def _left_out(task: FeedTask, document: ParsedFeed) -> Iterator[EntryOutcome]:
    """Account for items that became no entry: each still meets one counted fate."""
    url = task.feed.feed_url
    kinds = (
        (document.without_identity, Outcome.DROPPED, "no_identity"),
        (document.beyond_cap, Outcome.DROPPED, "items_truncated"),
        (document.repeated, Outcome.DUPLICATE, "repeated_in_feed"),
    )
    for number, outcome, reason in kinds:
        for _ in range(number):
            yield EntryOutcome(url, "", "", None, outcome, reason, "new")
    for item in document.refused:
        yield EntryOutcome(url, "", "", None, Outcome.DEAD_LETTER, item.reason, "new")


def _poll(
    task: FeedTask,
    at: str,
    status: str,
    *,
    answer: Answer | None = None,
    document: ParsedFeed | None = None,
    failure: FetchFailed | None = None,
) -> FeedPoll:
    old = task.state
    is_renewed = answer is not None and answer.status != 304
    etag, modified = (answer.etag, answer.last_modified) if answer is not None else (None, None)
    if not is_renewed and old is not None:  # a 304 may renew validators, and need not repeat them
        etag, modified = etag or old.etag, modified or old.last_modified
    body_hash = old.body_sha256 if old else None
    if answer is not None and is_renewed:
        body_hash = sha256_hex(answer.body)
    name = (
        task.feed.source_name or (document.title if document else None) or (old.source_name if old else None)
    )
    return FeedPoll(
        feed=task.feed,
        state=old,
        at=at,
        status=status,
        is_failed=failure is not None,
        source_name=name,
        etag=etag,
        last_modified=modified,
        body_sha256=body_hash,
        entries=len(document.entries) if document else (old.entries_seen if old else 0),
        period_s=document.period_s if document else None,
        retry_after_s=failure.retry_after_s if failure else None,
        moved_to=answer.moved_to if answer else None,
    )


def _failed(
    task: FeedTask, stage: Stage, failure: FetchFailed, at: str, body: bytes | None = None, payloads: str = ""
) -> Iterator[Polled]:
    count("PollFeeds", failure.reason)
    yield _letter(task, stage, failure, at, body, payloads)
    yield Intake(task.feed.feed_url, True, 0)
    yield _poll(task, at, failure.reason, failure=failure)


def _letter(
    task: FeedTask, stage: Stage, failure: FetchFailed, at: str, body: bytes | None, payloads: str
) -> DeadLetter:
    uri = keep_payload(payloads, body) if body else task.kept_body
    digest = sha256_hex(body) if body else None
    return feed_dead_letter(task.feed, stage, failure, at, uri, digest)
