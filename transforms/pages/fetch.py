"""Pages to articles: ``fetch_articles``, fetching and cleaning in step."""

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from functools import partial

from schemas.identity import sha256_hex
from schemas.records import Article, DeadLetter, EntryOutcome, FeedEntry, FetchTask
from schemas.rows import record_to_json, record_to_row
from schemas.validation import RowRefused, check_row
from schemas.vocabulary import PERMANENT_REASONS, Outcome, Stage, TextSource
from transforms.pages.clean import MAX_PAGE_BYTES, CleanPage, clean_page, language_of
from transforms.storage.payloads import PayloadMissing, keep_payload, read_payload
from transforms.util.clock import utc_now
from transforms.util.counters import count
from transforms.util.dead_letters import entry_dead_letter
from transforms.util.errors import FetchFailed, Unusable
from transforms.util.outcomes import outcome_of
from transforms.util.sandbox import LimitExceeded, Sandbox
from transforms.util.text import one_line
from transforms.web.client import HttpFetcher
from transforms.web.fetch_and_parse import Job, fetch_each
from transforms.web.messages import Answer, Request

_ACCEPT = "text/html, application/xhtml+xml, */*;q=0.1"


DEFAULT_LANGUAGE = "en"


_WHOLE_CHARACTERS = 800


_CUT = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|(?:read|continue) (?:more|reading)\W*)$", re.I)


_APPEARED = re.compile(r"\s*The post .{0,300} appeared first on .{0,100}$", re.S)


Fetched = Article | EntryOutcome | DeadLetter


def fetch_articles(
    tasks: Iterable[FetchTask],
    fetcher: HttpFetcher,
    sandbox: Sandbox,
    payloads: str,
    now: Callable[[], str] = utc_now,
) -> Iterator[Fetched]:
    """Yield, for each task, one outcome and what belongs to it: an article, a dead letter, or both.

    The feed's own text stands in only where the page is permanently gone or the feed carries the whole
    article; the page's dead letter is kept beside it.

    Args:
        tasks: the pages; one that is kept from an earlier run is read from there if it now can be.
        fetcher: gets the pages.
        sandbox: cleans them.
        payloads: folder for pages that can't be read.
        now: the clock.
    """
    wanted: list[FetchTask] = []
    for task in tasks:
        page = _kept_page(task, sandbox)
        if page is None:
            wanted.append(task)
        else:
            count("FetchArticles", "kept_page")
            yield from _written(task, _from_page(task, None, page, now()))

    def job_of(number: int, answer: Answer) -> Job:
        return _cleaning(wanted[number].pending.entry, answer.charset), answer.body

    requests = [_request(task.pending.entry) for task in wanted]
    for number, answer, cleaned in fetch_each(requests, fetcher, sandbox, job_of):
        task, at = wanted[number], now()
        if isinstance(answer, FetchFailed):
            yield from _failed(task, Stage.FETCH, answer, at)
        elif cleaned is not None:  # each page has its job
            yield from _article_of(task, answer, cleaned, payloads, at)


def _request(entry: FeedEntry) -> Request:
    return Request(entry.link or "", MAX_PAGE_BYTES, accept=_ACCEPT, obeys_robots=True)


def _cleaning(entry: FeedEntry, charset: str | None) -> "partial[CleanPage]":
    """Return the cleaning of an entry's page. Not a function of this module: the process that cleans would
    import Beam with it."""
    return partial(clean_page, title=entry.title, summary=entry.summary or "", charset=charset)


def _kept_page(task: FetchTask, sandbox: Sandbox) -> CleanPage | None:
    """Return the page that an earlier run kept, if it can be read by now."""
    entry, uri = task.pending.entry, task.pending.kept_body
    if uri is None:
        return None
    try:
        return sandbox.run(_cleaning(entry, None), read_payload(uri))
    except (Unusable, LimitExceeded, PayloadMissing):
        return None


def _article_of(
    task: FetchTask, answer: Answer, cleaned: "Future[CleanPage]", payloads: str, at: str
) -> Iterator[Fetched]:
    try:
        page = cleaned.result()
    except (Unusable, LimitExceeded) as error:
        reason = error.reason if isinstance(error, Unusable) else "extract_timeout"
        failure = FetchFailed(reason, str(error), answer.status)
        yield from _failed(task, Stage.CLEAN, failure, at, keep_payload(payloads, answer.body), answer.body)
        return
    count("FetchArticles", "page")
    yield from _written(task, _from_page(task, answer, page, at))


def _failed(
    task: FetchTask, stage: Stage, failure: FetchFailed, at: str, uri: str | None = None, body: bytes = b""
) -> Iterator[Fetched]:
    entry = task.pending.entry
    count("FetchArticles", failure.reason)
    text, source = _text_of_feed(task, failure.reason)
    stage = Stage.FETCH if text else stage  # where the entry is written, only its page was not had
    yield entry_dead_letter(entry, stage, failure, at, uri, sha256_hex(body) if uri else None)
    if text:
        count("FetchArticles", "feed_text")
        article = _article(task, entry.title, text, source, at, flags=list(entry.flags))
        yield from _written(task, article)
    else:
        yield outcome_of(task.pending, Outcome.DEAD_LETTER, failure.reason)


def _text_of_feed(task: FetchTask, reason: str) -> tuple[str | None, TextSource]:
    """Return the text that stands in for a page that can't be had; it never takes a page's place."""
    entry, known = task.pending.entry, task.known
    if known is not None and known.text_source == TextSource.PAGE:
        return None, TextSource.FEED
    if entry.content:
        whole = _APPEARED.sub("", entry.content).strip()
        if len(whole) >= _WHOLE_CHARACTERS and not _CUT.search(whole):
            return whole, TextSource.FULL_CONTENT_FEED
    text = (entry.content or entry.summary) if reason in PERMANENT_REASONS else None
    return text, TextSource.FEED


def _written(task: FetchTask, article: Article) -> Iterator[Fetched]:
    """Yield the article, or a duplicate where its text is the stored one."""
    if task.known is not None and task.known.text_sha256 == article.text_sha256:
        yield outcome_of(task.pending, Outcome.DUPLICATE, "same_text")
        return
    try:
        check_row(
            "articles_v1", record_to_row(article), len(record_to_json(article).encode(errors="replace"))
        )
    except RowRefused as error:
        failure = FetchFailed(error.reason, str(error))
        yield entry_dead_letter(task.pending.entry, Stage.CLEAN, failure, article.fetched_at)
        yield outcome_of(task.pending, Outcome.DEAD_LETTER, failure.reason)
        return
    yield article
    yield outcome_of(task.pending, Outcome.WRITTEN)


def _from_page(task: FetchTask, answer: Answer | None, page: CleanPage, at: str) -> Article:
    entry = task.pending.entry
    flags = dict.fromkeys([*entry.flags, *(answer.flags if answer else ()), *page.flags])
    return _article(
        task,
        entry.title or page.title or "",
        page.text,
        TextSource.PAGE,
        at,
        final_url=answer.url if answer else None,
        http_status=answer.status if answer else None,
        language=page.language,
        flags=list(flags),
    )


def _article(
    task: FetchTask,
    title: str,
    text: str,
    source: TextSource,
    at: str,
    *,
    final_url: str | None = None,
    http_status: int | None = None,
    language: str | None = None,
    flags: list[str],
) -> Article:
    entry = task.pending.entry
    assert entry.article_url is not None
    return Article(
        article_url=entry.article_url,
        version=task.known.version + 1 if task.known else 1,
        is_latest=True,
        source_name=entry.source_name,
        feed_url=entry.feed_url,
        title=one_line(title),
        summary=entry.summary,
        author=entry.author,
        published_at=entry.published_at,
        published_offset_minutes=entry.published_offset_minutes,
        updated_at=entry.updated_at,
        fetched_at=at,
        # The text tells its language better than the feed, which is often set up once in another.
        language=language or language_of(text) or entry.language or DEFAULT_LANGUAGE,
        text=text,
        text_source=source,
        text_sha256=sha256_hex(f"{one_line(title)}\n\n{text}".encode()),
        final_url=final_url,
        http_status=http_status,
        flags=flags,
        published_raw=entry.published_raw,
    )
