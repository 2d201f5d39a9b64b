"""Stored articles that the present extractor has not read."""

from collections.abc import Iterator

from schemas.records import Article
from schemas.rows import row_to_record
from schemas.sql_files import statement
from transforms.feeds.dates import reread_date
from transforms.nlp.language import available_languages, has_language_pack
from transforms.nlp.pipeline import extractor_version
from transforms.nlp.settings import ExtractionSettings
from transforms.warehouse import Warehouse


def read_stored_articles(
    warehouse: Warehouse, since: str | None, settings: ExtractionSettings
) -> Iterator[Article]:
    """Yield the latest versions of articles that have no report by this extractor, or none with a date.

    A date that an earlier version of this program could not read is read again.

    Args:
        warehouse: where they are stored.
        since: only articles published since this date; None: all.
        settings: which model. It is part of a report's extractor version.
    """
    parameters = {
        "versions": [extractor_version(settings.model, language) for language in available_languages()],
        "is_any_time": since is None,
        "since": since or "1970-01-01",
    }
    for row in warehouse.query(statement(__file__, "articles_to_reextract"), parameters):
        if has_language_pack(row["language"]):
            article = row_to_record(Article, row)
            yield reread_date(article, article.fetched_at)
