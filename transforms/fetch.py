"""Pages to articles: ``fetch_articles``, fetching and cleaning fused, and the transform that wires it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.identity import sha256_hex
from schemas.records import Article, DeadLetter, EntryOutcome, FeedEntry, FetchTask
from schemas.vocabulary import PERMANENT_REASONS, Outcome, Stage, TextSource
from transforms.clean import ArticleUnreadable, CleanPage, clean_page
from transforms.clock import utc_now
from transforms.dead_letters import entry_dead_letter
from transforms.fetching import FetchingDoFn
from transforms.http import Answer, FetchFailed, FetchPolicy, HttpFetcher, Request
from transforms.outcomes import count
from transforms.seen import outcome_of
from transforms.tagging import by_type, composite, of_type, tagged
from transforms.text import one_line

_MAX_PAGE_BYTES = 8 * 1024 * 1024
_ACCEPT = "text/html, application/xhtml+xml, */*;q=0.1"
_HTML_TYPES = re.compile(r"html|xml|^text/|^$|octet-stream")
DEFAULT_LANGUAGE = "en"

Fetched = Article | EntryOutcome | DeadLetter


def fetch_articles(
    tasks: Sequence[FetchTask], fetcher: HttpFetcher, now: Callable[[], str] = utc_now
) -> Iterator[Fetched]:
    """Yield, for each task, one outcome and what belongs to it: an article, a dead letter, or both.

    The feed's own text stands in only where the page is permanently gone; the page's dead letter is
    kept beside it.
    """
    requests = [Request(task.pending.entry.link or "", _MAX_PAGE_BYTES, accept=_ACCEPT) for task in tasks]
    for task, answer in zip(tasks, fetcher.get_all(requests), strict=True):
        yield from _article_of(task, answer, now())


def _article_of(task: FetchTask, answer: Answer | FetchFailed, at: str) -> Iterator[Fetched]:
    entry = task.pending.entry
    if isinstance(answer, FetchFailed):
        count("FetchArticles", answer.reason)
        yield entry_dead_letter(
            entry, Stage.FETCH, answer.reason, str(answer), at, answer.status, answer.retry_after_s
        )
        if answer.reason in PERMANENT_REASONS and (entry.content or entry.summary):
            yield from _written(task, _from_feed(task, at))
        else:
            yield outcome_of(task.pending, Outcome.DEAD_LETTER, answer.reason)
        return
    try:
        page = _clean(entry, answer)
    except ArticleUnreadable as error:
        count("FetchArticles", error.reason)
        yield entry_dead_letter(entry, Stage.CLEAN, error.reason, str(error), at, answer.status)
        yield outcome_of(task.pending, Outcome.DEAD_LETTER, error.reason)
        return
    count("FetchArticles", "page")
    yield from _written(task, _from_page(task, answer, page, at))


def _clean(entry: FeedEntry, answer: Answer) -> CleanPage:
    if not _HTML_TYPES.search(answer.content_type):
        raise ArticleUnreadable("not_html", f"the page is {answer.content_type}")
    return clean_page(answer.body, title=entry.title, summary=entry.summary or "", charset=answer.charset)


def _written(task: FetchTask, article: Article) -> Iterator[Fetched]:
    """Yield the article, or a duplicate where its text is the stored one."""
    if task.known is not None and task.known.text_sha256 == article.text_sha256:
        yield outcome_of(task.pending, Outcome.DUPLICATE, "same_text")
        return
    yield article
    yield outcome_of(task.pending, Outcome.WRITTEN)


def _from_page(task: FetchTask, answer: Answer, page: CleanPage, at: str) -> Article:
    entry = task.pending.entry
    title = entry.title or page.title or ""
    return _article(task, title, page.text, TextSource.PAGE, at, answer.url, answer.status)


def _from_feed(task: FetchTask, at: str) -> Article:
    entry = task.pending.entry
    text = entry.content or entry.summary or ""
    count("FetchArticles", "feed_text")
    return _article(task, entry.title, text, TextSource.FEED, at, None, None)


def _article(
    task: FetchTask,
    title: str,
    text: str,
    source: TextSource,
    at: str,
    final_url: str | None,
    http_status: int | None,
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
        language=entry.language or DEFAULT_LANGUAGE,
        text=text,
        text_source=source,
        text_sha256=sha256_hex(f"{one_line(title)}\n\n{text}".encode()),
        final_url=final_url,
        http_status=http_status,
        flags=list(entry.flags),
    )


class _FetchArticles(FetchingDoFn):
    def process(self, element: list[FetchTask]) -> Iterator[Any]:
        yield from map(tagged, fetch_articles(element, self.fetcher()))


@dataclass(frozen=True)
class FetchedArticles:
    """What fetching yields."""

    articles: beam.PCollection[Article]
    outcomes: beam.PCollection[EntryOutcome]
    dead_letters: beam.PCollection[DeadLetter]


@beam.typehints.with_input_types(FetchTask)
class FetchArticles(beam.PTransform):
    """Fetch and clean pages, fused: only URLs are shuffled before, and only texts after.

    Input: ``FetchTask``. Output: ``FetchedArticles``. Dead letters: pages that could not be had or
    held no article. Counters: ``page``, ``feed_text`` and the reasons.

    Args:
        policy: limits and manners of fetching.
    """

    def __init__(self, policy: FetchPolicy) -> None:
        super().__init__()
        self.policy = policy

    @composite
    def expand(self, tasks: beam.PCollection[FetchTask]) -> FetchedArticles:
        kinds = (Article, EntryOutcome, DeadLetter)
        fetched = (
            tasks
            | "SpreadUrls" >> beam.Reshuffle()
            | beam.BatchElements(min_batch_size=32, max_batch_size=64)
            | by_type(_FetchArticles(self.policy), *kinds)
        )
        return FetchedArticles(*(of_type(fetched, kind) for kind in kinds))
