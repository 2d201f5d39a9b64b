"""Stored articles that are to be read again, after the extractor changed."""

from collections.abc import Iterator

from schemas.records import Article
from schemas.rows import row_to_record
from transforms.nlp.language import available_languages, has_language_pack
from transforms.nlp.pipeline import extractor_version
from transforms.nlp.settings import ExtractionSettings
from transforms.warehouse import Warehouse

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
