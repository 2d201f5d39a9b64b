"""Pages to articles: ``fetch_articles`` fetches pages and cleans them at the same time."""

import contextlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial

from schemas.identity import parse_instant, sha256_hex
from schemas.records import Article, ArticleAlias, DeadLetter, FeedEntry
from schemas.rows import record_to_json, record_to_row
from schemas.step_records import EntryOutcome, FetchTask
from schemas.validation import RowRefused, check_row
from schemas.vocabulary import DEFERRED, PERMANENT_REASONS, Outcome, Stage, TextSource
from transforms.feeds.dates import AHEAD_FLAG, SUSPECT_FLAG, reread_date
from transforms.pages.article_facts import merge_facts
from transforms.pages.clean import CleanPage, clean_page, detect_language
from transforms.pages.markup import MAX_HTML_BYTES
from transforms.pages.moved import is_moved_to_front_page
from transforms.pages.page_times import read_stated_time
from transforms.pages.same_article import OutletArticles, text_digest
from transforms.pages.turns import Turns
from transforms.storage.payloads import PayloadKeeper, PayloadMissing, read_payload
from transforms.util.clock import utc_now
from transforms.util.counters import count
from transforms.util.dead_letters import entry_dead_letter
from transforms.util.errors import FetchFailed, Unusable
from transforms.util.outcomes import has_own_text, outcome_of
from transforms.util.outlets import AddressRank, address_rank, outlet_of
from transforms.util.sandbox import LimitExceeded, Sandbox
from transforms.util.text import one_line
from transforms.util.urls import NotAnArticleURL, canonical_url
from transforms.web.client import HttpFetcher
from transforms.web.fetch_and_parse import Job, fetch_each
from transforms.web.messages import Answer, Request

DEFAULT_LANGUAGE = "en"
_ACCEPT = "text/html, application/xhtml+xml, */*;q=0.1"
_MIN_FULL_CONTENT_CHARACTERS = 800
_CUT_END = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|(?:read|continue) (?:more|reading)\W*)$", re.I)
# WordPress adds this line to the content of feeds.
_APPEARED_FIRST = re.compile(r"\s*The post .{0,300} appeared first on .{0,100}$", re.S)

FetchOutput = Article | ArticleAlias | EntryOutcome | DeadLetter


@dataclass(frozen=True, slots=True)
class _ReadPage:
    """What became of a page: its article, or none, and its dead letters.

    ``own_addresses``: canonical forms of its final address and of its canonical link. ``reason``: of the
    failure where there is no article.
    """

    article: Article | None
    letters: tuple[DeadLetter, ...] = ()
    own_addresses: tuple[str, ...] = ()
    reason: str | None = None


def fetch_articles(
    tasks: Iterable[FetchTask],
    fetcher: HttpFetcher,
    sandbox: Sandbox,
    payloads: str,
    now: Callable[[], str] = utc_now,
) -> Iterator[FetchOutput]:
    """Yield, for each task, one outcome, and with it an article, a dead letter, or both.

    A page that is another address of a known article (``transforms.pages.same_article``) is a duplicate, with
    an alias. To find the same whatever answers first, the pages of an outlet are taken in a fixed order: one
    that answered early waits for those before it.

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
    ordered = sorted(tasks, key=_turn_of)
    turns: Turns[_ReadPage] = Turns([outlet_of(task.pending.entry.article_url or "") for task in ordered])
    outlets: dict[str, OutletArticles] = defaultdict(OutletArticles)
    for number, page in _read_pages(ordered, fetcher, sandbox, payloads, now):
        for outlet, ready, read in turns.take(number, page):
            yield from _yield_placed(ordered[ready], read, outlets[outlet])


def _turn_of(task: FetchTask) -> tuple[bool, AddressRank, str]:
    """Return the sort key of tasks: those of stored articles first, then by the rank of their addresses."""
    entry = task.pending.entry
    return task.known is None, address_rank(entry.published_at, entry.article_url or ""), entry.entry_id


def _read_pages(
    tasks: Sequence[FetchTask],
    fetcher: HttpFetcher,
    sandbox: Sandbox,
    payloads: str,
    now: Callable[[], str],
) -> Iterator[tuple[int, _ReadPage]]:
    """Yield the position of each task and what became of its page, in the order of arrival."""
    to_fetch: list[int] = []
    for number, task in enumerate(tasks):
        if has_own_text(task.pending.entry):
            count(fetch_articles, "own_text")
            yield number, _ReadPage(_build_from_own_text(task, now()))
            continue
        page = _read_kept_page(task, sandbox)
        if page is None:
            to_fetch.append(number)
        else:
            count(fetch_articles, "kept_page")
            yield number, _ReadPage(_build_from_page(task, None, page, now()))

    def job_of(position: int, answer: Answer) -> Job:
        return _cleaning_of(tasks[to_fetch[position]].pending.entry, answer.charset), answer.body

    to_fetch.sort(key=lambda number: _urgency(tasks[number]))
    keeper = PayloadKeeper(payloads, fetcher.policy.payload_quota_bytes)
    requests = [_build_request(tasks[number].pending.entry) for number in to_fetch]
    for position, answer, cleaning in fetch_each(requests, fetcher, sandbox, job_of):
        number, fetched_at = to_fetch[position], now()
        if isinstance(answer, FetchFailed):
            yield number, _failed(tasks[number], Stage.FETCH, answer, fetched_at)
        elif cleaning is not None:  # always true, as every answer has a job; the type checker needs it
            yield number, _read_cleaned(tasks[number], answer, cleaning, keeper, fetched_at)


def _urgency(task: FetchTask) -> tuple[bool, str, str]:
    """Return the order of fetching: what earlier runs left comes first, then the oldest.

    A host that is always slow defers pages in every run. In any other order some would wait for ever.
    """
    entry = task.pending.entry
    return task.pending.why != "retry", entry.published_at or "", entry.link or ""


def _build_request(entry: FeedEntry) -> Request:
    return Request(entry.link or "", MAX_HTML_BYTES, accept=_ACCEPT, obeys_robots=True, follows_pages=True)


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


def _read_cleaned(
    task: FetchTask, answer: Answer, cleaning: "Future[CleanPage]", keeper: PayloadKeeper, fetched_at: str
) -> _ReadPage:
    try:
        page = cleaning.result()
    except (Unusable, LimitExceeded) as error:
        reason = error.reason if isinstance(error, Unusable) else "extract_timeout"
        failure = FetchFailed(reason, str(error), answer.status)
        uri = keeper.keep(answer.body)
        return _failed(task, Stage.CLEAN, failure, fetched_at, uri, answer.body)
    if is_moved_to_front_page(task.pending.entry.link or "", answer.url, page.kind):
        # The page is not kept: a replay that read it would take the front page for the article.
        message = f"the article's address leads to {answer.url}"
        failure = FetchFailed("moved_to_front_page", message, answer.status)
        return _failed(task, Stage.FETCH, failure, fetched_at)
    count(fetch_articles, "page")
    own_addresses = tuple(_own_addresses(answer.url, page.kind.canonical))
    return _ReadPage(_build_from_page(task, answer, page, fetched_at), own_addresses=own_addresses)


def _own_addresses(final_url: str, canonical: str | None) -> Iterator[str]:
    for link in (final_url, canonical):
        with contextlib.suppress(NotAnArticleURL):
            if link is not None:
                yield canonical_url(link, final_url)


def _failed(
    task: FetchTask,
    stage: Stage,
    failure: FetchFailed,
    fetched_at: str,
    uri: str | None = None,
    body: bytes = b"",
) -> _ReadPage:
    """Return the dead letter of a page, and the article where the feed's text may replace the page."""
    entry = task.pending.entry
    count(fetch_articles, failure.reason)
    text, source = _choose_feed_text(task, failure.reason)
    # With the feed's text the entry succeeds; the failure of its page is filed under FETCH.
    stage = Stage.FETCH if text else stage
    letter = entry_dead_letter(entry, stage, failure, fetched_at, uri, sha256_hex(body) if uri else None)
    if not text:
        return _ReadPage(None, (letter,), reason=failure.reason)
    count(fetch_articles, "feed_text")
    article = _build_article(task, entry.title, text, source, fetched_at, flags=list(entry.flags))
    return _ReadPage(article, (letter,))


def _choose_feed_text(task: FetchTask, reason: str) -> tuple[str | None, TextSource]:
    """Return the feed's text that may replace a page, or None, and what kind of text it is.

    It never replaces the text of a page that an earlier run read, nor that of a deferred page, which the next
    run fetches.
    """
    entry, known = task.pending.entry, task.known
    if reason == DEFERRED or (known is not None and known.text_source == TextSource.PAGE):
        return None, TextSource.FEED
    if entry.content:
        content = _APPEARED_FIRST.sub("", entry.content).strip()
        if len(content) >= _MIN_FULL_CONTENT_CHARACTERS and not _CUT_END.search(content):
            return content, TextSource.FULL_CONTENT_FEED
    text = (entry.content or entry.summary) if reason in PERMANENT_REASONS else None
    return text, TextSource.FEED


def _yield_placed(task: FetchTask, page: _ReadPage, outlet: OutletArticles) -> Iterator[FetchOutput]:
    """Yield what became of a page, and its outcome.

    An article with a known text is a duplicate; one that the tables cannot hold is a dead letter.
    """
    yield from page.letters
    if page.article is None:
        yield outcome_of(task.pending, Outcome.DEAD_LETTER, page.reason)
        return
    if (failure := _refuse_row(page.article)) is not None:
        yield entry_dead_letter(task.pending.entry, Stage.CLEAN, failure, page.article.fetched_at)
        yield outcome_of(task.pending, Outcome.DEAD_LETTER, failure.reason)
        return
    placed = outlet.place(task, page.article, page.own_addresses)
    yield from placed.aliases
    if placed.article is None:
        count(fetch_articles, placed.reason or "duplicate")
        yield outcome_of(task.pending, Outcome.DUPLICATE, placed.reason)
    else:
        yield from _yield_article(task, placed.article)


def _yield_article(task: FetchTask, article: Article) -> Iterator[FetchOutput]:
    yield article
    yield outcome_of(task.pending, Outcome.WRITTEN)


def _refuse_row(article: Article) -> FetchFailed | None:
    """Return why the tables cannot hold an article, or None."""
    row = record_to_row(article)
    try:
        check_row("articles_v1", row, len(record_to_json(article).encode(errors="replace")))
    except RowRefused as error:
        return FetchFailed(error.reason, str(error))
    return None


def _build_from_page(task: FetchTask, answer: Answer | None, page: CleanPage, fetched_at: str) -> Article:
    entry = task.pending.entry
    facts = merge_facts(reread_date(entry, fetched_at), page, fetched_at)
    flags = dict.fromkeys([*entry.flags, *(answer.flags if answer else ()), *page.flags, *facts.flags])
    article = _build_article(
        task,
        facts.title,
        page.text,
        TextSource.PAGE,
        fetched_at,
        final_url=answer.url if answer else None,
        http_status=answer.status if answer else None,
        language=page.language,
        updated_at=_find_update(entry, page, fetched_at),
        flags=list(flags),
    )
    return replace(
        article,
        author=facts.author,
        published_at=facts.published_at,
        published_offset_minutes=facts.published_offset_minutes,
    )


def _find_update(entry: FeedEntry, page: CleanPage, fetched_at: str) -> str | None:
    """Return when the page says that it was changed, in UTC; None where it says nothing credible."""
    fetched = parse_instant(fetched_at)
    if fetched is None:
        return None
    published = parse_instant(entry.published_at)
    return read_stated_time(page.kind.stated_changes, published, entry.published_offset_minutes, fetched)


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
    updated_at: str | None = None,
    flags: list[str],
) -> Article:
    entry = task.pending.entry
    assert entry.article_url is not None
    dated = reread_date(entry, fetched_at)  # an earlier version of this program may have stored the entry
    return Article(
        article_url=entry.article_url,
        version=task.known.version + 1 if task.known else 1,
        is_latest=True,
        source_name=entry.source_name,
        feed_url=entry.feed_url,
        title=one_line(title),
        summary=entry.summary,
        author=entry.author,
        published_at=dated.published_at,
        published_offset_minutes=dated.published_offset_minutes,
        updated_at=entry.updated_at or updated_at,
        fetched_at=fetched_at,
        # The text comes first: a feed often keeps the language of the template that it was set up with.
        language=language or detect_language(text) or entry.language or DEFAULT_LANGUAGE,
        text=text,
        text_source=source,
        text_sha256=text_digest(title, text),
        final_url=final_url,
        http_status=http_status,
        flags=[flag for flag in flags if flag not in (SUSPECT_FLAG, AHEAD_FLAG) or flag in dated.flags],
        published_raw=dated.published_raw,
    )
