"""Loading a run: everything staged goes into the warehouse in one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.identity import parse_instant
from schemas.records import RunContext, StagedFile
from schemas.tables import Column, tables
from transforms.ledger.merge_statements import (
    run_checks,
    run_statements,
    staging_columns,
    staging_name,
    windows,
)
from transforms.nlp.language import available_languages
from transforms.util.clock import utc_now
from transforms.warehouse import Warehouse
from transforms.warehouse.lease import lease_holder


def _column(name: str, kind: str) -> Column:
    return Column(name, kind, "NULLABLE", "")


_HASH = _column("_row_hash", "STRING")


_TRANSIENT: dict[str, tuple[str, list[Column]]] = {
    "intakes": (
        "staged_intakes",
        [_column("origin", "STRING"), _column("is_failed", "BOOLEAN"), _column("entries", "INTEGER")],
    ),
    "outcomes": (
        "staged_outcomes",
        [_column(n, "STRING") for n in (
            "feed_url", "entry_id", "entry_hash", "article_url", "outcome", "reason", "why", "alias")],
    ),
    "extracted": ("staged_extracted", [_column("article_url", "STRING"), _column("version", "INTEGER")]),
    "touched": ("staged_touched", [_column("incident_id", "STRING")]),
    "dead_letters": (
        "staged_dead_letters_v1",
        [
            *(_column(n, "STRING") for n in ("dead_letter_id", "stage", "reason")),
            _column("retryable", "BOOLEAN"),
            *(_column(n, "STRING") for n in ("message", "feed_url", "page_url", "entry_id")),
            _column("http_status", "INTEGER"),
            _column("payload", "STRING"),
            _column("failed_at", "TIMESTAMP"),
            _column("retry_after_s", "FLOAT"),
            _column("payload_uri", "STRING"),
            _column("payload_sha256", "STRING"),
        ],
    ),
}  # fmt: skip


_FIGURES = (
    "feeds_polled", "feeds_failed", "entries_in", "entries_written", "entries_duplicate", "entries_dropped",
    "entries_dead_letter", "reports_written", "incidents_written",
)  # fmt: skip


_TABLES = (
    "articles_v1", "reports_v1", "incidents_v1", "incident_reports_v1", "incident_history_v1",
    "feed_state_v1", "entries_v1",
)  # fmt: skip


def load_run(
    warehouse: Warehouse,
    run: RunContext,
    files: Sequence[StagedFile],
    version: str,
    is_leased: bool = False,
) -> None:
    """Load and merge all staged files of a run, its feed state and its row, or nothing at all.

    Raises:
        WarehouseError: the counts do not add up, or the warehouse refuses.
    """
    if is_loaded(warehouse, run.run_id):
        return  # a bundle that is run twice: the first time was enough
    paths: dict[str, list[str]] = {}
    expected = dict.fromkeys(("dead_letters_v1", *_TABLES), 0)
    for file in sorted(files, key=lambda f: f.path):
        paths.setdefault(file.kind, []).append(file.path)
        table = "dead_letters_v1" if file.kind == "dead_letters" else file.kind
        if table in expected:
            expected[table] += file.rows
    staged = {staging_name(name): (staging_columns(tables()[name]), paths.get(name, [])) for name in _TABLES}
    for kind, (name, columns) in _TRANSIENT.items():
        staged[name] = ([*columns, _HASH], paths.get(kind, []))
    now = parse_instant(utc_now())
    warehouse.load(
        staged,
        run_statements(),
        {
            "now": now,
            "run_id": run.run_id,
            "started_at": parse_instant(run.started_at),
            "pipeline_version": version,
            "languages": list(available_languages()),
        },
        run_checks(expected, is_leased),
        windows(),
        run.run_id,
    )


def run_line(row: Mapping[str, Any]) -> str:
    """Return what is logged of a run that was loaded. The alerts of ``deploy/terraform`` read it."""
    figures = " ".join(f"{name}={row[name]}" for name in _FIGURES)
    return f"strikeledger run {row['run_id']}: {figures}"


def may_load(warehouse: Warehouse, run_id: str) -> bool:
    """Return whether a pane's rows are still wanted: it holds the lease, or its rows are there already."""
    return lease_holder(warehouse) == run_id or is_loaded(warehouse, run_id)


def is_loaded(warehouse: Warehouse, run_id: str) -> bool:
    """Return whether a run's rows are in the warehouse: then its steps, done again, have nothing to do."""
    return bool(warehouse.query("SELECT 1 AS one FROM runs_v1 WHERE run_id = @run_id", {"run_id": run_id}))
