"""``ReadStoredArticles`` wires ``read_stored_articles`` of ``transforms.ledger.stored_articles``."""

from collections.abc import Iterator
from dataclasses import dataclass

import apache_beam as beam

from schemas.records import Article
from schemas.step_records import RunContext
from transforms.graph.typed_outputs import expansion
from transforms.ledger.stored_articles import read_stored_articles
from transforms.nlp.settings import ExtractionSettings
from transforms.warehouse import open_warehouse


@dataclass(eq=False)
class _ReadStoredArticles(beam.DoFn):
    """Opens the warehouse for one run, reads, and closes it again."""

    warehouse_url: str
    since: str | None
    settings: ExtractionSettings

    def process(self, _: RunContext) -> Iterator[Article]:
        with open_warehouse(self.warehouse_url) as warehouse:
            warehouse.ensure()
            found = list(read_stored_articles(warehouse, self.since, self.settings))
        yield from found


@dataclass(eq=False)
class ReadStoredArticles(beam.PTransform):
    """Read the stored articles that another version of the extractor read. There is one run, so one worker
    reads.

    Input: one ``RunContext``. Output: ``Article``, spread over workers.

    Args:
        warehouse_url: the warehouse.
        since: only articles published since this date; None: all.
        settings: which model.
    """

    warehouse_url: str
    since: str | None
    settings: ExtractionSettings

    @expansion
    def expand(self, run: beam.PCollection[RunContext]) -> beam.PCollection[Article]:
        read = _ReadStoredArticles(self.warehouse_url, self.since, self.settings)
        return run | beam.ParDo(read).with_output_types(Article) | "Spread" >> beam.Reshuffle()
