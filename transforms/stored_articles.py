"""Stored articles that are to be read anew, after the extractor changed."""

from collections.abc import Iterator

import apache_beam as beam

from schemas.records import Article, RunContext
from schemas.rows import row_to_record
from transforms.nlp.language import available_languages, has_language_pack
from transforms.nlp.pipeline import extractor_version
from transforms.nlp.settings import ExtractionSettings
from transforms.warehouse import Warehouse, open_warehouse

_OF_OTHERS = """
SELECT a.* EXCEPT (_ingested_at, _run_id, _row_hash) FROM articles_v1 AS a
WHERE a.is_latest AND NOT EXISTS (
  SELECT 1 FROM reports_v1 AS r
  WHERE r.article_url = a.article_url AND r.article_version = a.version
    AND r.extractor_version IN UNNEST(@versions))
"""
_SINCE = " AND a.published_at >= @since"
_IN_ORDER = " ORDER BY a.article_url"


def read_stored_articles(
    warehouse: Warehouse, since: str | None, settings: ExtractionSettings
) -> Iterator[Article]:
    """Yield the latest versions of articles whose reports this extractor did not make, or that have none.

    Args:
        warehouse: where they are stored.
        since: only those published since this date; None: all.
        settings: which model, as a report's version names it.
    """
    versions = [extractor_version(settings.model, language) for language in available_languages()]
    values = {"versions": versions} | ({"since": since} if since else {})
    for row in warehouse.query(_OF_OTHERS + (_SINCE if since else "") + _IN_ORDER, values):
        if has_language_pack(row["language"]):
            yield row_to_record(Article, row)


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
