"""Articles to reports: ``ExtractReports`` wires ``extract_reports`` of ``transforms.nlp.reports``."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.utils.windowed_value import WindowedValue

from schemas.records import Article, DeadLetter, Extracted, Report
from transforms.graph.typed_outputs import by_type, composite, of_type, tagged
from transforms.nlp.batches import extract_batch, extraction_failed
from transforms.nlp.gate import is_worth_reading
from transforms.nlp.language import has_language_pack
from transforms.nlp.settings import ExtractionSettings
from transforms.util.counters import count
from transforms.util.sandbox import LimitExceeded, extraction_sandbox, start_early

_BATCH = 32
_JOB = 12  # articles: half a second of work
_AHEAD = 2  # jobs that wait for each process
Fates = list[list[Report] | DeadLetter]


@dataclass(frozen=True, slots=True)
class _Job:
    """Articles that are being read, and the timestamp and window of what comes of them."""

    articles: Sequence[Article]
    fates: "Future[Fates]"
    place: WindowedValue


class _ExtractReports(beam.DoFn):
    """Extracts batches of articles; the model is loaded once a process.

    With processes of its own it hands the articles on, and yields what has come of earlier ones meanwhile.
    """

    def __init__(self, settings: ExtractionSettings, processes: int) -> None:
        self._settings, self._processes = settings, processes

    def start_bundle(self) -> None:
        self._jobs: deque[_Job] = deque()

    def process(
        self,
        element: list[Article],
        timestamp: Any = beam.DoFn.TimestampParam,
        window: Any = beam.DoFn.WindowParam,
    ) -> Iterator[Any]:
        place, worth_reading = WindowedValue(None, timestamp, [window]), []
        for article in element:
            if is_worth_reading(article):
                worth_reading.append(article)
            else:
                yield from map(tagged, _told(article, []))
        for first in range(0, len(worth_reading), _JOB):
            articles = worth_reading[first : first + _JOB]
            self._jobs.append(_Job(articles, self._submit(articles), place))
        while self._jobs and (len(self._jobs) > _AHEAD * self._processes or self._jobs[0].fates.done()):
            yield from self._results(self._jobs.popleft())

    def finish_bundle(self) -> Iterator[Any]:
        while self._jobs:
            yield from self._results(self._jobs.popleft())
        if self._processes:
            # All of a run's articles are one bundle here: what follows needs the memory, not the model.
            extraction_sandbox(self._processes).close()

    def _submit(self, articles: Sequence[Article]) -> "Future[Fates]":
        if self._processes:
            sandbox = extraction_sandbox(self._processes)
            return sandbox.submit(extract_batch, articles, self._settings)
        fates: Future[Fates] = Future()
        fates.set_result(extract_batch(articles, self._settings))
        return fates

    def _results(self, job: _Job) -> Iterator[Any]:
        for article, fate in zip(job.articles, self._fates(job), strict=True):
            records = [fate] if isinstance(fate, DeadLetter) else _told(article, fate)
            if isinstance(fate, DeadLetter):
                count("ExtractReports", fate.reason)
            for record in records:
                yield tagged(record, job.place)

    def _fates(self, job: _Job) -> Fates:
        """Return what came of a job's articles; where it ran past the limits, of each alone."""
        try:
            return job.fates.result()
        except LimitExceeded as error:
            if len(job.articles) == 1:
                return [extraction_failed(job.articles[0], str(error))]
        return [
            fate
            for article in job.articles
            for fate in self._fates(_Job([article], self._submit([article]), job.place))
        ]


def _told(article: Article, reports: Sequence[Report]) -> list[Report | Extracted]:
    """Return what an article that was read gives."""
    known = has_language_pack(article.language)
    count("ExtractReports", "articles" if known else "no_language_pack")
    return [*reports, Extracted(article.article_url, article.version)] if known else list(reports)


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
        processes: how many read at once, each beside this one. None: this one reads, as befits an engine
            that has a process for each core.
    """

    def __init__(self, settings: ExtractionSettings, processes: int = 0) -> None:
        super().__init__()
        self.settings, self.processes = settings, processes

    @composite
    def expand(self, articles: beam.PCollection[Article]) -> ExtractedReports:
        if self.processes:
            start_early()
        kinds = (Report, DeadLetter, Extracted)
        extracted = (
            articles
            | beam.BatchElements(min_batch_size=8, max_batch_size=_BATCH)
            | by_type(_ExtractReports(self.settings, self.processes), *kinds)
        )
        return ExtractedReports(*(of_type(extracted, kind) for kind in kinds))
