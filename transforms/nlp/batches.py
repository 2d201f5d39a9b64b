"""Extraction of a batch, with a fate for every article: ``extract_or_fail``.

It knows no Beam, so that a worker process loads the model and little else; and it imports the model's library
where it is used, so that the process that only hands articles on loads none.
"""

from collections.abc import Iterator, Sequence

from schemas.records import Article, DeadLetter, Report
from schemas.rows import record_to_row
from schemas.validation import RowRefused, check_row
from transforms.nlp.settings import ExtractionSettings
from transforms.util.clock import utc_now
from transforms.util.dead_letters import article_dead_letter

_TEXT_FAULTS = (ValueError, IndexError, KeyError, ArithmeticError, RecursionError, MemoryError)


def extract_batch(
    articles: Sequence[Article], settings: ExtractionSettings
) -> list[list[Report] | DeadLetter]:
    """Return for each article its reports, or its dead letter; the articles themselves need no way back."""
    results = extract_or_fail(articles, settings)
    return [result if isinstance(result, DeadLetter) else result[1] for result in results]


def extract_or_fail(
    articles: Sequence[Article], settings: ExtractionSettings
) -> Iterator[tuple[Article, list[Report]] | DeadLetter]:
    """Yield each article's reports; where a batch fails, its articles one by one, so that a text that
    breaks the model costs no neighbour."""
    from transforms.nlp.reports import extract_reports

    try:
        extracted = list(extract_reports(articles, settings))
    except _TEXT_FAULTS as error:
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
    """Return the dead letter of an article whose text broke the extractor."""
    return article_dead_letter(article, "extraction_failed", message, utc_now())
