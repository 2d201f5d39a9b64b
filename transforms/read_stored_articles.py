"""Stored articles that are to be read anew, after the extractor changed."""

from collections.abc import Iterator

import apache_beam as beam

from schemas.records import Article, RunContext
from transforms.ledger.stored_articles import read_stored_articles
from transforms.nlp.settings import ExtractionSettings
from transforms.warehouse import open_warehouse


class _ReadStoredArticles(beam.DoFn):
    def __init__(self, warehouse_url: str, since: str | None, settings: ExtractionSettings) -> None:
        self._url, self._since, self._settings = warehouse_url, since, settings

    def process(self, element: RunContext) -> Iterator[Article]:
        with open_warehouse(self._url) as warehouse:
            warehouse.ensure()
            found = list(read_stored_articles(warehouse, self._since, self._settings))
        yield from found


class ReadStoredArticles(beam.PTransform):
    """Read the stored articles that are to be read anew. One key: the run.

    Input: one ``RunContext``. Output: ``Article``, spread over workers.

    Args:
        warehouse_url: the warehouse.
        since: only those published since this date; None: all.
        settings: which model.
    """

    def __init__(self, warehouse_url: str, since: str | None, settings: ExtractionSettings) -> None:
        super().__init__()
        self.warehouse_url, self.since, self.settings = warehouse_url, since, settings

    def expand(self, run: beam.PCollection[RunContext]) -> beam.PCollection[Article]:
        read = _ReadStoredArticles(self.warehouse_url, self.since, self.settings)
        return run | beam.ParDo(read).with_output_types(Article) | "Spread" >> beam.Reshuffle()
