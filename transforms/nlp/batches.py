"""Extraction of a batch of articles. Each article ends as its reports or as a dead letter.

This module does not import Beam, so that a worker process loads the model and little else. It imports the
model's library only where it is used, so that a process that only passes articles on does not load it.
"""

from collections.abc import Iterator, Sequence

from schemas.records import Article, DeadLetter, Report
from schemas.rows import record_to_row
from schemas.validation import RowRefused, check_row
from transforms.nlp.settings import ExtractionSettings
from transforms.util.clock import utc_now
from transforms.util.dead_letters import article_dead_letter

TEXT_ERRORS = (ValueError, IndexError, KeyError, ArithmeticError, RecursionError, MemoryError)
"""What a hostile text can raise in code that reads it."""


def extract_batch(
    articles: Sequence[Article], settings: ExtractionSettings
) -> list[list[Report] | DeadLetter]:
    """Return the reports or the dead letter of each article, in order.

    The articles are not returned, because the caller has them and the result crosses a process boundary.
    """
    results = extract_or_fail(articles, settings)
    return [result if isinstance(result, DeadLetter) else result[1] for result in results]


def extract_or_fail(
    articles: Sequence[Article], settings: ExtractionSettings
) -> Iterator[tuple[Article, list[Report]] | DeadLetter]:
    """Yield each article with its reports, or its dead letter.

    A batch that fails is tried again one article at a time, so that a text that breaks the model affects no
    other article.
    """
    from transforms.nlp.reports import extract_reports  # late: it loads the model's library

    try:
        extracted = list(extract_reports(articles, settings))
    except TEXT_ERRORS as error:
        if len(articles) == 1:
            yield extraction_failed(articles[0], f"{type(error).__name__}: {error}")
            return
        for article in articles:
            yield from extract_or_fail([article], settings)
        return
    for article, reports in extracted:
        try:
            for report in reports:
                check_row("reports_v1", record_to_row(report))
        except RowRefused as refused:
            yield article_dead_letter(article, refused.reason, str(refused), utc_now())
        else:
            yield article, reports


def extraction_failed(article: Article, message: str) -> DeadLetter:
    """Return the dead letter of an article on which the extractor failed."""
    return article_dead_letter(article, "extraction_failed", message, utc_now())
