"""The checks of the tables: ``show checks``, and the warnings at the end of a run."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from schemas.sql_files import statement
from schemas.tables import checks
from transforms.ledger.merge_statements import is_fatal
from transforms.util.readable import NOT_STATED
from transforms.warehouse import Row, Warehouse

MAX_ROWS_FOUND = 1_000
"""A check stops counting here: more rows say nothing new, and BigQuery would return them all."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a check.

    ``rows``: number of rows that must not exist; ``MAX_ROWS_FOUND`` means that many or more. ``example``: one
    of them.
    """

    name: str
    meaning: str
    is_fatal: bool
    rows: int
    example: Row | None

    @property
    def verdict(self) -> str:
        """Return ok, warn or FAIL."""
        if not self.rows:
            return "ok"
        return "FAIL" if self.is_fatal else "warn"

    @property
    def found(self) -> str:
        """Return the number of rows for a person: 12, or 1000+."""
        return f"{self.rows}+" if self.rows >= MAX_ROWS_FOUND else str(self.rows)


def ask_checks(warehouse: Warehouse, *, only_warnings: bool = False) -> Iterator[CheckResult]:
    """Yield the result of each check; those that stop a run come first.

    Args:
        warehouse: the tables.
        only_warnings: leave out the checks that stop a run.
    """
    for name, check in checks().items():
        if not (only_warnings and is_fatal(name)):
            rows = warehouse.query(statement(__file__, "check_rows", check=check.sql, limit=MAX_ROWS_FOUND))
            yield CheckResult(name, check.meaning, is_fatal(name), len(rows), rows[0] if rows else None)


def print_checks(warehouse: Warehouse, console: Console) -> None:
    """Print the result of each check."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("check", no_wrap=True)
    table.add_column("result", no_wrap=True)
    table.add_column("rows", justify="right", no_wrap=True)
    table.add_column("meaning of a row")
    table.add_column("example", overflow="fold")
    for result in ask_checks(warehouse):
        style = {"FAIL": "bold red", "warn": "yellow"}.get(result.verdict, "green")
        example = json.dumps(result.example, ensure_ascii=False) if result.example else ""
        table.add_row(
            result.name,
            f"[{style}]{result.verdict}[/]",
            result.found if result.rows else NOT_STATED,
            escape(result.meaning),
            escape(example),
        )
    console.print(table)


def warnings(warehouse: Warehouse) -> list[str]:
    """Return one line for each check that only warns and found rows."""
    return [
        f"warning    {result.name}: {result.found} rows. {result.meaning}"
        for result in ask_checks(warehouse, only_warnings=True)
        if result.rows
    ]
