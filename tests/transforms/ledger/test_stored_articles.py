"""Which stored articles an extraction reads again, and with which dates."""

from __future__ import annotations

import dataclasses

import pytest
from conftest import Ledger
from sample_records import a_report
from store_reports import store

from transforms.ledger.stored_articles import read_stored_articles
from transforms.nlp.pipeline import extractor_version
from transforms.nlp.settings import ExtractionSettings
from transforms.warehouse import open_warehouse

SETTINGS = ExtractionSettings(None)
RAW = "Fri, 04 Apr 2025 19:40:00 MSK"


def stored(ledger: Ledger, *, published_at: str | None, raw: str | None, reported_at: str | None) -> None:
    """Store an article with a report by the present extractor."""
    report = a_report(1, published_at=reported_at)
    version = extractor_version(SETTINGS.model, "en")
    store(ledger, [dataclasses.replace(report, extractor_version=version)])
    with open_warehouse(ledger.url) as warehouse:
        values = ", ".join(
            f"{name} = {'NULL' if value is None else repr(value)}"
            for name, value in (("published_at", published_at), ("published_raw", raw))
        )
        warehouse.execute(f"UPDATE articles_v1 SET {values} WHERE TRUE")


@pytest.mark.parametrize(
    ("published_at", "raw", "reported_at", "read"),
    [
        (None, RAW, None, ["2025-04-04T16:40:00Z"]),
        (None, "Fri, 04 Apr 2025 19:40:00 IST", None, [None]),  # cannot be read yet
        (None, RAW, "2025-04-04T16:40:00Z", []),  # was read again before
        (None, None, None, []),  # the feed gave no date
        ("2025-04-04T16:40:00Z", None, "2025-04-04T16:40:00Z", []),
    ],
)
def test_an_article_whose_date_was_set_aside_is_read_again(
    ledger: Ledger, published_at: str | None, raw: str | None, reported_at: str | None, read: list[str | None]
) -> None:
    stored(ledger, published_at=published_at, raw=raw, reported_at=reported_at)
    with open_warehouse(ledger.url) as warehouse:
        for since in (None, "2025-04-01"):
            found = list(read_stored_articles(warehouse, since, SETTINGS))
            assert [article.published_at for article in found] == read
        assert list(read_stored_articles(warehouse, "2026-01-01", SETTINGS)) == []
