"""``ExtractReports`` wires ``extract_reports`` of ``transforms.nlp.reports``."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.utils.windowed_value import WindowedValue

from schemas.records import Article, DeadLetter, Report
from schemas.step_records import Extracted
from transforms.graph.typed_outputs import by_type, expansion, of_type, tagged
from transforms.nlp.batches import extract_batch, extraction_failed
from transforms.nlp.extraction_processes import extraction_sandbox, start_early
from transforms.nlp.gate import is_worth_reading
from transforms.nlp.language import has_language_pack
from transforms.nlp.settings import ExtractionSettings
from transforms.util.counters import count
from transforms.util.sandbox import LimitExceeded

MAX_BATCH_ARTICLES = 32
JOB_ARTICLES = 12
"""Articles in one job: half a second of work."""
JOBS_AHEAD = 2
"""Jobs that wait for each process, so that none is ever idle."""
Extraction = list[Report] | DeadLetter


@dataclass(frozen=True, slots=True)
class _Job:
    """Articles that a process is reading, and the timestamp and window of what comes of them."""

    articles: Sequence[Article]
    results: "Future[list[Extraction]]"
    place: WindowedValue


@dataclass(eq=False)
class _ExtractReports(beam.DoFn):
    """Extracts reports from batches of articles.

    With ``processes`` it submits jobs to them, and yields the results of earlier jobs meanwhile. Without, it
    reads the articles itself. The model is loaded once a process.
    """

    settings: ExtractionSettings
    processes: int

    def start_bundle(self) -> None:
        self._jobs: deque[_Job] = deque()

    def process(
        self,
        batch: list[Article],
        timestamp: Any = beam.DoFn.TimestampParam,
        window: Any = beam.DoFn.WindowParam,
    ) -> Iterator[Any]:
        place, worth_reading = WindowedValue(None, timestamp, [window]), []
        for article in batch:
            if is_worth_reading(article):
                worth_reading.append(article)
            else:
                yield from map(tagged, _records_of(article, []))
        for first in range(0, len(worth_reading), JOB_ARTICLES):
            articles = worth_reading[first : first + JOB_ARTICLES]
            self._jobs.append(_Job(articles, self._submit(articles), place))
        while self._jobs and (len(self._jobs) > JOBS_AHEAD * self.processes or self._jobs[0].results.done()):
            yield from self._records(self._jobs.popleft())

    def finish_bundle(self) -> Iterator[Any]:
        while self._jobs:
            yield from self._records(self._jobs.popleft())
        if self.processes:
            # All articles of the run were in this bundle, and the next steps need the memory.
            extraction_sandbox(self.processes).close()

    def _submit(self, articles: Sequence[Article]) -> "Future[list[Extraction]]":
        if self.processes:
            sandbox = extraction_sandbox(self.processes)
            return sandbox.submit(extract_batch, articles, self.settings)
        results: Future[list[Extraction]] = Future()
        results.set_result(extract_batch(articles, self.settings))
        return results

    def _records(self, job: _Job) -> Iterator[Any]:
        for article, result in zip(job.articles, self._results(job), strict=True):
            records = [result] if isinstance(result, DeadLetter) else _records_of(article, result)
            if isinstance(result, DeadLetter):
                count(ExtractReports, result.reason)
            for record in records:
                yield tagged(record, job.place)

    def _results(self, job: _Job) -> list[Extraction]:
        """Return the results of a job. Where the job exceeded the limits, run each of its articles alone."""
        try:
            return job.results.result()
        except LimitExceeded as error:
            if len(job.articles) == 1:
                return [extraction_failed(job.articles[0], str(error))]
        return [
            result
            for article in job.articles
            for result in self._results(_Job([article], self._submit([article]), job.place))
        ]


def _records_of(article: Article, reports: Sequence[Report]) -> list[Report | Extracted]:
    """Return the records of an article that was read, or that holds nothing to read."""
    has_pack = has_language_pack(article.language)
    count(ExtractReports, "articles" if has_pack else "no_language_pack")
    return [*reports, Extracted(article.article_url, article.version)] if has_pack else list(reports)


@dataclass(frozen=True)
class ExtractedReports:
    """What extraction yields."""

    reports: beam.PCollection[Report]
    dead_letters: beam.PCollection[DeadLetter]
    articles: beam.PCollection[Extracted]


@beam.typehints.with_input_types(Article)
@dataclass(eq=False)
class ExtractReports(beam.PTransform):
    """Extract reports from articles, in batches.

    Input: ``Article``. Output: ``ExtractedReports``. Dead letters: texts that the extractor failed on.
    Counters: ``articles``, ``no_language_pack``, ``extraction_failed``.

    Args:
        settings: which model.
        processes: number of extraction subprocesses; 0 on an engine that has a process for each core.
    """

    settings: ExtractionSettings
    processes: int = 0

    @expansion
    def expand(self, articles: beam.PCollection[Article]) -> ExtractedReports:
        if self.processes:
            start_early()
        kinds = (Report, DeadLetter, Extracted)
        extracted = (
            articles
            | beam.BatchElements(min_batch_size=8, max_batch_size=MAX_BATCH_ARTICLES)
            | by_type(_ExtractReports(self.settings, self.processes), *kinds)
        )
        return ExtractedReports(*(of_type(extracted, kind) for kind in kinds))
