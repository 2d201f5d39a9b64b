"""Articles to reports: ``ExtractReports`` wires ``extract_reports`` of ``transforms.nlp.reports``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.records import Article, DeadLetter, Extracted, Report
from schemas.rows import record_to_row
from schemas.validation import RowRefused, check_row
from transforms.clock import utc_now
from transforms.dead_letters import article_dead_letter
from transforms.nlp.reports import ExtractionSettings, extract_reports, has_language_pack
from transforms.outcomes import count
from transforms.tagging import by_type, composite, of_type, tagged


class _ExtractReports(beam.DoFn):
    """Extracts a batch of articles; the model is loaded once a process."""

    def __init__(self, settings: ExtractionSettings) -> None:
        self._settings = settings

    def process(self, element: list[Article]) -> Iterator[Any]:
        for result in extract_or_fail(element, self._settings):
            if isinstance(result, DeadLetter):
                count("ExtractReports", result.reason)
                yield tagged(result)
                continue
            article, reports = result
            known = has_language_pack(article.language)
            count("ExtractReports", "articles" if known else "no_language_pack")
            yield from map(tagged, reports)
            if known:
                yield tagged(Extracted(article.article_url, article.version))


def extract_or_fail(
    articles: Sequence[Article], settings: ExtractionSettings
) -> Iterator[tuple[Article, list[Report]] | DeadLetter]:
    """Yield each article's reports; where a batch fails, its articles one by one, so that a text that
    breaks the model costs no neighbour."""
    try:
        extracted = list(extract_reports(articles, settings))
    except _TEXT_FAULTS as error:
        if len(articles) == 1:
            message = f"{type(error).__name__}: {error}"
            yield article_dead_letter(articles[0], "extraction_failed", message, utc_now())
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


_TEXT_FAULTS = (ValueError, IndexError, KeyError, ArithmeticError, RecursionError, MemoryError)


@dataclass(frozen=True)
class ExtractedReports:
    """What extraction yields."""

    reports: beam.PCollection[Report]
    dead_letters: beam.PCollection[DeadLetter]
    articles: beam.PCollection[Extracted]


@beam.typehints.with_input_types(Article)
class ExtractReports(beam.PTransform):
    """Extract reports from articles, in batches.

    Input: ``Article``. Output: ``ExtractedReports``. Dead letters: texts that broke the extractor.
    Counters: ``articles``, ``no_language_pack``, ``extraction_failed``.

    Args:
        settings: which model.
    """

    def __init__(self, settings: ExtractionSettings) -> None:
        super().__init__()
        self.settings = settings

    @composite
    def expand(self, articles: beam.PCollection[Article]) -> ExtractedReports:
        kinds = (Report, DeadLetter, Extracted)
        extracted = (
            articles
            | beam.BatchElements(min_batch_size=8, max_batch_size=32)
            | by_type(_ExtractReports(self.settings), *kinds)
        )
        return ExtractedReports(*(of_type(extracted, kind) for kind in kinds))
