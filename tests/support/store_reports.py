"""Ledgers that are filled with reports without a run, and a report in which all texts are hostile."""

from __future__ import annotations

from functools import partial

from conftest import Ledger
from sample_records import a_report

from pipelines.ingest import new_run
from schemas.records import Evidence, Report
from schemas.rows import Row, record_to_row
from schemas.step_records import RunContext
from transforms.ledger.corrected import derive_corrected
from transforms.ledger.load import load_run
from transforms.ledger.staged_rows import incident_rows, plain_rows, with_hash
from transforms.ledger.stored_reports import read_affected_reports
from transforms.resolution.resolve import is_settled, resolve_incidents, to_resolve
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


def store_as_run(ledger: Ledger, *reports: Report, run: str = "run-1", until: str | None = None) -> None:
    """Do the part of a run that follows extraction."""
    folder = str(ledger.folder / run)
    articles = {r.article_url: r for r in reports}
    files = [
        write_staged(folder, "articles_v1", [_article_row(r) for r in articles.values()]),
        write_staged(folder, "reports_v1", [row for r in reports for _, row in plain_rows("reports_v1")(r)]),
    ]
    rows: dict[str, list[Row]] = {}
    with open_warehouse(ledger.url) as warehouse:
        warehouse.ensure()
        found = list(read_affected_reports(warehouse, [record_to_row(r) for r in reports], set(articles)))
        given = [f for f in found if hasattr(f, "report")] + [to_resolve(r) for r in reports]
        links = [g.settled for g in given if g.settled is not None]
        for affected in (f for f in found if hasattr(f, "incident_id")):
            rows.setdefault("affected", []).append(with_hash(record_to_row(affected)))
        for resolved in resolve_incidents((g.report for g in given), links):
            if until is None or is_settled(resolved, until):
                for kind, row in incident_rows(resolved):
                    rows.setdefault(kind, []).append(row)
        files += [write_staged(folder, kind, some) for kind, some in rows.items()]
        load_run(warehouse, RunContext(run, "2025-04-10T00:00:00Z"), files, "test")
        derive_corrected(warehouse, partial(write_staged, folder), run)


def _article_row(report: Report) -> Row:
    return with_hash({
        "article_url": report.article_url, "version": report.article_version, "is_latest": True,
        "title": report.headline, "published_at": report.published_at, "fetched_at": "2025-04-10T00:00:00Z",
        "language": "en", "text": "", "text_source": "page", "text_sha256": "", "flags": [],
    })  # fmt: skip


def a_hostile_report() -> Report:
    """Return a report with markup, a formula and characters that reverse the direction of text."""
    return a_report(
        1, location=MARKUP, geonameid=None, admin1=RIGHT_TO_LEFT, actor=FORMULA, source_name=MARKUP, headline=MARKUP,
        article_url="https://x.example/a", evidence=[Evidence("location", MARKUP, 0, 9), Evidence("weapon", RIGHT_TO_LEFT, 0, 9)],
    )  # fmt: skip
