"""Polling feeds: ``poll_feeds`` fetches and parses them."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future

from schemas.identity import sha256_hex
from schemas.records import DeadLetter, FeedEntry
from schemas.step_records import EntryOutcome, FeedPoll, FeedTask, Intake
from schemas.vocabulary import DEFERRED, Outcome, Stage
from transforms.feeds.parse import ParsedFeed, parse_feed
from transforms.feeds.schedule import is_unconditional
from transforms.storage.payloads import PayloadKeeper, PayloadMissing, read_payload
from transforms.util.clock import utc_now
from transforms.util.counters import count
from transforms.util.dead_letters import feed_dead_letter, item_dead_letter
from transforms.util.errors import FetchFailed, Unusable
from transforms.util.sandbox import LimitExceeded, Sandbox
from transforms.web.client import HttpFetcher
from transforms.web.fetch_and_parse import Job, fetch_each
from transforms.web.messages import MAX_FEED_BYTES, Answer, Request

_ACCEPT = "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.5"

PollOutput = FeedEntry | FeedPoll | EntryOutcome | Intake | DeadLetter


def poll_feeds(
    tasks: Iterable[FeedTask],
    fetcher: HttpFetcher,
    sandbox: Sandbox,
    payloads: str,
    now: Callable[[], str] = utc_now,
) -> Iterator[PollOutput]:
    """Yield, for each feed, its entries, one poll, one intake and, where it failed, a dead letter.

    The validators of the last answer are sent along. An answer 304, or a body that is the same as last time,
    yields no entries and is not parsed. The document of a feed without an address counts as such an answer.
    A feed whose document was kept is parsed from there; it yields no
    poll, because nothing was fetched. A feed beyond the budget of its host yields nothing: it stays due, and
    the next run polls it before the host's other feeds.

    Args:
        tasks: the feeds.
        fetcher: fetches the documents.
        sandbox: parses them.
        payloads: folder for documents that cannot be parsed.
        now: the clock.
    """
    keeper = PayloadKeeper(payloads, fetcher.policy.payload_quota_bytes)
    to_fetch = []
    for task in sorted(tasks, key=_last_polled_at):
        if task.document is not None:
            yield from _read_document(task, task.document, sandbox, keeper, now())
        elif task.kept_body is None:
            to_fetch.append(task)
        else:
            yield from _parse_kept(task, sandbox, keeper, now())
    again: list[FeedTask] = []
    for task, answer, parsing in _fetch_and_parse(to_fetch, fetcher, sandbox, now):
        if isinstance(answer, Answer) and answer.status == 304 and not _has_validators(task):
            again.append(task)
        else:
            yield from _yield_poll(task, answer, parsing, keeper, now())
    # A 304 makes no sense without validators. Ask once more, and bypass the cache that may have sent it.
    for task, answer, parsing in _fetch_and_parse(again, fetcher, sandbox, now, bypasses_caches=True):
        yield from _yield_poll(task, answer, parsing, keeper, now())


def _fetch_and_parse(
    tasks: list[FeedTask],
    fetcher: HttpFetcher,
    sandbox: Sandbox,
    now: Callable[[], str],
    bypasses_caches: bool = False,
) -> Iterator[tuple[FeedTask, Answer | FetchFailed, "Future[ParsedFeed] | None"]]:
    """Yield each feed with its answer or failure, and the future of its document where it must be parsed."""

    def job_of(number: int, answer: Answer) -> Job | None:
        state = tasks[number].state
        is_same_body = state is not None and state.body_sha256 == sha256_hex(answer.body)
        if answer.status == 304 or is_same_body:
            return None
        return (
            parse_feed,
            answer.body,
            tasks[number].feed,
            answer.charset,
            now(),
            answer.url,
            answer.server_time,
        )

    requests = [_build_request(task) for task in tasks]
    if bypasses_caches:
        requests = [dataclasses.replace(request, bypasses_caches=True) for request in requests]
    for number, answer, parsing in fetch_each(requests, fetcher, sandbox, job_of):
        yield tasks[number], answer, parsing


def _last_polled_at(task: FeedTask) -> str:
    return (task.state.last_polled_at if task.state else None) or ""


def _build_request(task: FeedTask) -> Request:
    state, url = task.state, task.feed.feed_url
    if state is None:
        return Request(url, MAX_FEED_BYTES, accept=_ACCEPT)
    url = state.polled_url or url
    if is_unconditional(state):
        return Request(url, MAX_FEED_BYTES, accept=_ACCEPT, bypasses_caches=True)
    return Request(url, MAX_FEED_BYTES, state.etag, state.last_modified, _ACCEPT)


def _has_validators(task: FeedTask) -> bool:
    return task.state is not None and bool(task.state.etag or task.state.last_modified)


def _yield_poll(
    task: FeedTask,
    answer: Answer | FetchFailed,
    parsing: "Future[ParsedFeed] | None",
    keeper: PayloadKeeper,
    polled_at: str,
) -> Iterator[PollOutput]:
    if isinstance(answer, FetchFailed) and answer.reason == DEFERRED:
        count(poll_feeds, DEFERRED)
    elif isinstance(answer, FetchFailed):
        yield from _yield_failure(task, Stage.POLL, answer, polled_at)
    elif answer.status == 304 and not _has_validators(task):
        failure = FetchFailed("unexpected_304", "304 without validators", 304)
        yield from _yield_failure(task, Stage.POLL, failure, polled_at)
    elif parsing is None:
        status = "not_modified" if answer.status == 304 else "unchanged"
        count(poll_feeds, status)
        yield Intake(task.feed.feed_url, False, 0)
        yield _build_poll(task, polled_at, status, answer=answer)
    else:
        try:
            document = parsing.result()
        except (Unusable, LimitExceeded) as error:
            failure = _describe_fault(error, answer.status)
            yield from _yield_failure(task, Stage.PARSE, failure, polled_at, answer.body, keeper)
            return
        yield from _yield_document(task, document, polled_at)
        yield _build_poll(task, polled_at, "ok", answer=answer, document=document)


def _read_document(
    task: FeedTask, document: bytes, sandbox: Sandbox, keeper: PayloadKeeper, polled_at: str
) -> Iterator[PollOutput]:
    """Read a feed that has no address from the document that came with it."""
    is_same_body = task.state is not None and task.state.body_sha256 == sha256_hex(document)
    parsing = None if is_same_body else sandbox.submit(parse_feed, document, task.feed, None, polled_at)
    answer = Answer(200, task.feed.feed_url, document)
    yield from _yield_poll(task, answer, parsing, keeper, polled_at)


def _parse_kept(
    task: FeedTask, sandbox: Sandbox, keeper: PayloadKeeper, polled_at: str
) -> Iterator[PollOutput]:
    """Parse a document that an earlier run could not parse. The state of the feed stays as it is."""
    assert task.kept_body is not None
    body = None
    try:
        body = read_payload(task.kept_body)
        document = sandbox.run(parse_feed, body, task.feed, None, polled_at)
    except (Unusable, LimitExceeded, PayloadMissing) as error:
        yield _build_dead_letter(task, Stage.PARSE, _describe_fault(error, None), polled_at, body, keeper)
        yield Intake(task.feed.feed_url, True, 0)
        return
    yield from _yield_document(task, document, polled_at)


def _describe_fault(error: Exception, status: int | None) -> FetchFailed:
    reason = error.reason if isinstance(error, Unusable) else "parse_timeout"
    return FetchFailed(reason, str(error), status)


def _yield_document(task: FeedTask, document: ParsedFeed, polled_at: str) -> Iterator[PollOutput]:
    """Yield the entries of a document, an outcome for each item that became no entry, and the intake."""
    count(poll_feeds, "ok")
    yield from document.entries
    outcomes = list(_outcomes_without_entry(task, document))
    yield from outcomes
    for item in document.refused:
        yield item_dead_letter(task.feed, item.entry_id, item.reason, item.raw, polled_at)
    yield Intake(task.feed.feed_url, False, len(document.entries) + len(outcomes))


def _outcomes_without_entry(task: FeedTask, document: ParsedFeed) -> Iterator[EntryOutcome]:
    """Yield one outcome for each item that became no entry: a run counts every item exactly once."""
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


def _build_poll(
    task: FeedTask,
    polled_at: str,
    status: str,
    *,
    answer: Answer | None = None,
    document: ParsedFeed | None = None,
    failure: FetchFailed | None = None,
) -> FeedPoll:
    old = task.state
    etag, last_modified = (answer.etag, answer.last_modified) if answer is not None else (None, None)
    body_sha256 = old.body_sha256 if old else None
    if answer is not None and answer.status != 304:
        body_sha256 = sha256_hex(answer.body)
    elif old is not None:  # a 304 may send new validators, and need not repeat the old ones
        etag, last_modified = etag or old.etag, last_modified or old.last_modified
    names = (
        task.feed.source_name,
        document.title if document else None,
        old.source_name if old else None,
    )
    return FeedPoll(
        feed=task.feed,
        state=old,
        at=polled_at,
        status=status,
        is_failed=failure is not None,
        source_name=next(filter(None, names), None),
        etag=etag,
        last_modified=last_modified,
        body_sha256=body_sha256,
        entries=len(document.entries) if document else (old.entries_seen if old else 0),
        period_s=document.period_s if document else None,
        retry_after_s=failure.retry_after_s if failure else None,
        moved_to=answer.moved_to if answer else None,
    )


def _yield_failure(
    task: FeedTask,
    stage: Stage,
    failure: FetchFailed,
    polled_at: str,
    body: bytes | None = None,
    keeper: PayloadKeeper | None = None,
) -> Iterator[PollOutput]:
    count(poll_feeds, failure.reason)
    yield _build_dead_letter(task, stage, failure, polled_at, body, keeper)
    yield Intake(task.feed.feed_url, True, 0)
    yield _build_poll(task, polled_at, failure.reason, failure=failure)


def _build_dead_letter(
    task: FeedTask,
    stage: Stage,
    failure: FetchFailed,
    polled_at: str,
    body: bytes | None,
    keeper: PayloadKeeper | None,
) -> DeadLetter:
    uri = keeper.keep(body) if body and keeper else task.kept_body
    body_sha256 = sha256_hex(body) if body and uri else None
    return feed_dead_letter(task.feed, stage, failure, polled_at, uri, body_sha256)
