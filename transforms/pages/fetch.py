"""Pages to articles: ``fetch_articles`` fetches pages and cleans them at the same time."""

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from functools import partial

from schemas.identity import sha256_hex
from schemas.records import Article, DeadLetter, FeedEntry
from schemas.rows import record_to_json, record_to_row
from schemas.step_records import EntryOutcome, FetchTask
from schemas.validation import RowRefused, check_row
from schemas.vocabulary import OWN_ARTICLES, PERMANENT_REASONS, Outcome, Stage, TextSource
from transforms.feeds.dates import read_item_date
from transforms.pages.clean import CleanPage, clean_page, detect_language
from transforms.pages.markup import MAX_HTML_BYTES
from transforms.storage.payloads import PayloadMissing, keep_payload, read_payload
from transforms.util.clock import utc_now
from transforms.util.counters import count
from transforms.util.dead_letters import entry_dead_letter
from transforms.util.errors import FetchFailed, Unusable
from transforms.util.outcomes import has_own_text, outcome_of
from transforms.util.sandbox import LimitExceeded, Sandbox
from transforms.util.text import one_line
from transforms.web.client import HttpFetcher
from transforms.web.fetch_and_parse import Job, fetch_each
from transforms.web.messages import Answer, Request

DEFAULT_LANGUAGE = "en"
_ACCEPT = "text/html, application/xhtml+xml, */*;q=0.1"
_MIN_FULL_CONTENT_CHARACTERS = 800
_CUT_END = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|(?:read|continue) (?:more|reading)\W*)$", re.I)
# WordPress adds this line to the content of feeds.
_APPEARED_FIRST = re.compile(r"\s*The post .{0,300} appeared first on .{0,100}$", re.S)

FetchOutput = Article | EntryOutcome | DeadLetter


def fetch_articles(
    tasks: Iterable[FetchTask],
    fetcher: HttpFetcher,
    sandbox: Sandbox,
    payloads: str,
    now: Callable[[], str] = utc_now,
) -> Iterator[FetchOutput]:
    """Yield, for each task, one outcome, and with it an article, a dead letter, or both.

    The feed's own text replaces a page only where the page is gone for good or where the feed carries the
    whole article. The page's dead letter is then yielded together with the article.

    Args:
        tasks: the pages. A page that an earlier run kept is read from there, if it can be read now. An
            article that the user added with its text is not fetched.
        fetcher: fetches the pages.
        sandbox: cleans them.
        payloads: folder for pages that cannot be read.
        now: the clock.
    """
    to_fetch: list[FetchTask] = []
    for task in tasks:
        if has_own_text(task.pending.entry):
            count(fetch_articles, "own_text")
            yield from _yield_article(task, _build_from_own_text(task, now()))
            continue
        page = _read_kept_page(task, sandbox)
        if page is None:
            to_fetch.append(task)
        else:
            count(fetch_articles, "kept_page")
            yield from _yield_article(task, _build_from_page(task, None, page, now()))

    def job_of(number: int, answer: Answer) -> Job:
        return _cleaning_of(to_fetch[number].pending.entry, answer.charset), answer.body

    requests = [_build_request(task.pending.entry) for task in to_fetch]
    for number, answer, cleaning in fetch_each(requests, fetcher, sandbox, job_of):
        task, fetched_at = to_fetch[number], now()
        if isinstance(answer, FetchFailed):
            yield from _yield_failure(task, Stage.FETCH, answer, fetched_at)
        elif cleaning is not None:  # always true, as every answer has a job; the type checker needs it
            yield from _yield_cleaned(task, answer, cleaning, payloads, fetched_at)


def _build_request(entry: FeedEntry) -> Request:
    return Request(entry.link or "", MAX_HTML_BYTES, accept=_ACCEPT, obeys_robots=True)


def _cleaning_of(entry: FeedEntry, charset: str | None) -> "partial[CleanPage]":
    """Return the call that cleans an entry's page.

    It is not a function of this module: to unpickle one, a worker process would import this module and Beam.
    """
    return partial(clean_page, title=entry.title, summary=entry.summary or "", charset=charset)


def _read_kept_page(task: FetchTask, sandbox: Sandbox) -> CleanPage | None:
    """Return the page that an earlier run kept, or None where none was kept or it still cannot be read."""
    entry, uri = task.pending.entry, task.pending.kept_body
    if uri is None:
        return None
    try:
        return sandbox.run(_cleaning_of(entry, None), read_payload(uri))
    except (Unusable, LimitExceeded, PayloadMissing):
        return None


def _yield_cleaned(
    task: FetchTask, answer: Answer, cleaning: "Future[CleanPage]", payloads: str, fetched_at: str
) -> Iterator[FetchOutput]:
    try:
        page = cleaning.result()
    except (Unusable, LimitExceeded) as error:
        reason = error.reason if isinstance(error, Unusable) else "extract_timeout"
        failure = FetchFailed(reason, str(error), answer.status)
        uri = keep_payload(payloads, answer.body)
        yield from _yield_failure(task, Stage.CLEAN, failure, fetched_at, uri, answer.body)
        return
    count(fetch_articles, "page")
    yield from _yield_article(task, _build_from_page(task, answer, page, fetched_at))


def _yield_failure(
    task: FetchTask,
    stage: Stage,
    failure: FetchFailed,
    fetched_at: str,
    uri: str | None = None,
    body: bytes = b"",
) -> Iterator[FetchOutput]:
    """Yield the dead letter of a page, and the article where the feed's text may replace the page."""
    entry = task.pending.entry
    count(fetch_articles, failure.reason)
    text, source = _choose_feed_text(task, failure.reason)
    # With the feed's text the entry succeeds; the failure of its page is filed under FETCH.
    stage = Stage.FETCH if text else stage
    yield entry_dead_letter(entry, stage, failure, fetched_at, uri, sha256_hex(body) if uri else None)
    if text:
        count(fetch_articles, "feed_text")
        article = _build_article(task, entry.title, text, source, fetched_at, flags=list(entry.flags))
        yield from _yield_article(task, article)
    else:
        yield outcome_of(task.pending, Outcome.DEAD_LETTER, failure.reason)


def _choose_feed_text(task: FetchTask, reason: str) -> tuple[str | None, TextSource]:
    """Return the feed's text that may replace a page, or None, and what kind of text it is.

    It never replaces the text of a page that an earlier run read.
    """
    entry, known = task.pending.entry, task.known
    if known is not None and known.text_source == TextSource.PAGE:
        return None, TextSource.FEED
    if entry.content:
        content = _APPEARED_FIRST.sub("", entry.content).strip()
        if len(content) >= _MIN_FULL_CONTENT_CHARACTERS and not _CUT_END.search(content):
            return content, TextSource.FULL_CONTENT_FEED
    text = (entry.content or entry.summary) if reason in PERMANENT_REASONS else None
    return text, TextSource.FEED


def _yield_article(task: FetchTask, article: Article) -> Iterator[FetchOutput]:
    """Yield an article and its outcome.

    An article with the stored text is a duplicate; one that the tables cannot hold is a dead letter.
    """
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


def _build_from_page(task: FetchTask, answer: Answer | None, page: CleanPage, fetched_at: str) -> Article:
    entry = _with_date_of_page(task.pending.entry, page, fetched_at)
    task = dataclasses.replace(task, pending=dataclasses.replace(task.pending, entry=entry))
    flags = dict.fromkeys([*entry.flags, *(answer.flags if answer else ()), *page.flags])
    return _build_article(
        task,
        entry.title or page.title or "",
        page.text,
        TextSource.PAGE,
        fetched_at,
        final_url=answer.url if answer else None,
        http_status=answer.status if answer else None,
        language=page.language,
        flags=list(flags),
    )


def _build_from_own_text(task: FetchTask, fetched_at: str) -> Article:
    entry = task.pending.entry
    return _build_article(
        task,
        entry.title,
        entry.content or "",
        TextSource.FULL_CONTENT_FEED,
        fetched_at,
        language=entry.language,
        flags=list(entry.flags),
    )


def _with_date_of_page(entry: FeedEntry, page: CleanPage, seen_at: str) -> FeedEntry:
    """Return the entry with the page's own date, where the user added a bare address."""
    if entry.feed_url != OWN_ARTICLES or entry.published_at is not None or page.published_raw is None:
        return entry
    date = read_item_date(page.published_raw, seen_at)
    return dataclasses.replace(
        entry, published_at=date.at, published_offset_minutes=date.offset_minutes, published_raw=date.raw
    )


def _build_article(
    task: FetchTask,
    title: str,
    text: str,
    source: TextSource,
    fetched_at: str,
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
        fetched_at=fetched_at,
        # The text comes first: a feed often keeps the language of the template that it was set up with.
        language=language or detect_language(text) or entry.language or DEFAULT_LANGUAGE,
        text=text,
        text_source=source,
        text_sha256=sha256_hex(f"{one_line(title)}\n\n{text}".encode()),
        final_url=final_url,
        http_status=http_status,
        flags=flags,
        published_raw=entry.published_raw,
    )
