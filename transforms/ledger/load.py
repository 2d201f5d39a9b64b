"""Loading a run: all staged rows go into the warehouse in one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.identity import parse_instant
from schemas.rows import Row
from schemas.sql_files import statement
from schemas.step_records import RunContext, StagedFile
from schemas.tables import Column, tables
from transforms.ledger.merge_statements import (
    partition_limits,
    run_checks,
    run_statements,
    staging_columns,
    staging_name,
)
from transforms.nlp.language import available_languages
from transforms.util.clock import utc_now
from transforms.warehouse import Staged, Warehouse
from transforms.warehouse.lease import lease_holder

_TABLES = (
    "articles_v1", "article_aliases_v1", "reports_v1", "incidents_v1", "incident_reports_v1",
    "incident_history_v1", "feed_state_v1", "entries_v1",
)  # fmt: skip
"""Tables that are filled by a MERGE of staged rows of the same columns."""

_OTHER_KINDS = {
    "intakes": ("staged_intakes", {"origin": "STRING", "is_failed": "BOOLEAN", "entries": "INTEGER"}),
    "outcomes": (
        "staged_outcomes",
        {
            "feed_url": "STRING", "entry_id": "STRING", "entry_hash": "STRING", "article_url": "STRING",
            "outcome": "STRING", "reason": "STRING", "why": "STRING", "alias": "STRING",
        },
    ),
    "extracted": ("staged_extracted", {"article_url": "STRING", "version": "INTEGER"}),
    "affected": ("staged_affected", {"incident_id": "STRING"}),
    "dead_letters": (
        "staged_dead_letters_v1",
        {
            "dead_letter_id": "STRING", "stage": "STRING", "reason": "STRING", "retryable": "BOOLEAN",
            "message": "STRING", "feed_url": "STRING", "page_url": "STRING", "entry_id": "STRING",
            "http_status": "INTEGER", "payload": "STRING", "failed_at": "TIMESTAMP",
            "retry_after_s": "FLOAT", "payload_uri": "STRING", "payload_sha256": "STRING",
        },
    ),
}  # fmt: skip
"""Kinds of staged rows that no table has the columns of: the temporary table of each, and its columns."""

_LOGGED_COUNTS = (
    "feeds_polled", "feeds_failed", "entries_in", "entries_written", "entries_duplicate", "entries_dropped",
    "entries_dead_letter", "reports_written", "incidents_written", "entries_deferred",
)  # fmt: skip


def load_run(
    warehouse: Warehouse,
    run: RunContext,
    files: Sequence[StagedFile],
    version: str,
    *,
    is_leased: bool = False,
) -> None:
    """Load and merge all staged files of a run, or none of them. A run that is loaded already stays as it is.

    Args:
        warehouse: the warehouse.
        run: the run.
        files: its staged files.
        version: version of this software.
        is_leased: the run holds the lease by its row.

    Raises:
        WarehouseError: the counts do not add up, or the warehouse refuses.
    """
    if is_loaded(warehouse, run.run_id):
        return
    now = parse_instant(utc_now())
    warehouse.load(
        _staged_tables(files),
        run_statements(),
        {
            "now": now,
            "run_id": run.run_id,
            "started_at": parse_instant(run.started_at),
            "pipeline_version": version,
            "languages": list(available_languages()),
        },
        run_checks(_staged_rows(files), is_leased=is_leased),
        partition_limits(),
        run.run_id,
    )


def _staged_tables(files: Sequence[StagedFile]) -> Staged:
    """Return the temporary tables of a run, each with its columns and files."""
    paths: dict[str, list[str]] = {}
    for file in sorted(files, key=lambda f: f.path):
        paths.setdefault(file.kind, []).append(file.path)
    staged = {staging_name(name): (staging_columns(tables()[name]), paths.get(name, [])) for name in _TABLES}
    for kind, (name, types) in _OTHER_KINDS.items():
        columns = [
            Column(column, kind, "NULLABLE", "") for column, kind in (types | {"_row_hash": "STRING"}).items()
        ]
        staged[name] = (columns, paths.get(kind, []))
    return staged


def _staged_rows(files: Sequence[StagedFile]) -> dict[str, int]:
    """Return how many rows were staged for each table."""
    rows = dict.fromkeys(("dead_letters_v1", *_TABLES), 0)
    for file in files:
        table = "dead_letters_v1" if file.kind == "dead_letters" else file.kind
        if table in rows:
            rows[table] += file.rows
    return rows


def is_loaded(warehouse: Warehouse, run_id: str) -> bool:
    """Return whether a run's rows are in the warehouse. A step that is repeated has nothing to do then."""
    return bool(warehouse.query(statement(__file__, "loaded_run"), {"run_id": run_id}))


def may_load(warehouse: Warehouse, run_id: str) -> bool:
    """Return whether a pane may load its rows: it holds the lease, or its rows are loaded already."""
    return lease_holder(warehouse) == run_id or is_loaded(warehouse, run_id)


def run_row(warehouse: Warehouse, run_id: str) -> Row:
    """Return the row of a loaded run, with its counts."""
    (row,) = warehouse.query(statement(__file__, "run_row"), {"run_id": run_id})
    return row


def run_line(row: Mapping[str, Any]) -> str:
    """Return the line that is logged of a loaded run. The alerts of ``deploy/terraform`` read it."""
    counts = " ".join(f"{name}={row[name]}" for name in _LOGGED_COUNTS)
    return f"strikeledger run {row['run_id']}: {counts}"
