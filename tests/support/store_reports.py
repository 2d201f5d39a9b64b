"""Ledgers that are filled with reports without a run, and a report in which all texts are hostile."""

from __future__ import annotations

from conftest import Ledger
from sample_records import a_report

from pipelines.ingest import new_run
from schemas.records import Evidence, Report
from schemas.rows import Row
from transforms.ledger.load import load_run
from transforms.ledger.staged_rows import incident_rows, plain_rows, with_hash
from transforms.resolution.resolve import resolve_incidents
from transforms.storage.staged import write_staged
from transforms.warehouse import open_warehouse

MARKUP = '<img src=x onerror="document.title=\'pwned\'"></script><script>document.title="pwned"</script>'
FORMULA = '=HYPERLINK("http://x.example","click")'
RIGHT_TO_LEFT = "Kyiv\u202egnp.exe\u2066"


def store(ledger: Ledger, reports: list[Report], *, replaces: bool = False) -> None:
    """Write reports with their articles and incidents to a ledger.

    ``replaces``: the incidents of the ledger are derived anew from these reports, as a run on all of them does.
    """
    rows: dict[str, list[Row]] = {}
    if replaces:
        stored = ledger.rows("SELECT incident_id FROM incidents")
        rows["affected"] = [with_hash(row) for row in stored]
    for report in reports:
        rows.setdefault("reports_v1", []).extend(row for _, row in plain_rows("reports_v1")(report))
        article = {
            "article_url": report.article_url, "version": 1, "is_latest": True, "title": report.headline,
            "fetched_at": "2025-04-05T00:00:00Z", "language": "en", "text": "", "text_source": "page",
            "text_sha256": "", "flags": [],
        }  # fmt: skip
        rows.setdefault("articles_v1", []).append(with_hash(article))
    for resolved in resolve_incidents(reports):
        for kind, row in incident_rows(resolved):
            rows.setdefault(kind, []).append(row)
    folder = str(ledger.folder / "staged")
    files = [write_staged(folder, kind, some) for kind, some in rows.items()]
    with open_warehouse(ledger.url) as warehouse:
        warehouse.ensure()
        load_run(warehouse, new_run(), files, "test")


def a_hostile_report() -> Report:
    """Return a report with markup, a formula and characters that reverse the direction of text."""
    return a_report(
        1, location=MARKUP, geonameid=None, admin1=RIGHT_TO_LEFT, actor=FORMULA, source_name=MARKUP, headline=MARKUP,
        article_url="https://x.example/a", evidence=[Evidence("location", MARKUP, 0, 9), Evidence("weapon", RIGHT_TO_LEFT, 0, 9)],
    )  # fmt: skip
