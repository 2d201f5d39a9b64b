"""The content of tables, for comparisons of ledgers that different runs wrote."""

from __future__ import annotations

from conftest import Ledger

from schemas.rows import Row

TIME_COLUMNS = {
    "_ingested_at", "_run_id", "_row_hash", "fetched_at", "run_id", "started_at", "finished_at",
    "last_polled_at", "last_success_at", "next_poll_at", "first_failed_at", "last_failed_at",
    "next_attempt_at", "resolved_at", "expires_at", "holder",
}  # fmt: skip
"""Columns that say when we did something, and others that differ between any two runs for the same reason."""


def rows_without_times(ledger: Ledger, names: list[str]) -> dict[str, list[Row]]:
    """Return the sorted rows of tables, without the columns that differ between any two runs."""
    found = {}
    for name in names:
        rows = ledger.rows(f"SELECT * FROM {name}")
        found[name] = sorted(
            ({k: v for k, v in row.items() if k not in TIME_COLUMNS} for row in rows), key=repr
        )
    return found
