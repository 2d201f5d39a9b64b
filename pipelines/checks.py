"""The checks of the tables, asked one by one: ``show checks``, and the warnings at the end of a run."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from schemas.tables import checks
from transforms.ledger.merge_statements import is_fatal
from transforms.warehouse import Row, Warehouse

_MOST = 1_000


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found: how many rows that must not be (1,000 means at least so many), and one of them."""

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
        """Return the number of rows for a person."""
        return f"{self.rows}+" if self.rows >= _MOST else str(self.rows)


def ask_checks(warehouse: Warehouse, *, only_warnings: bool = False) -> Iterator[CheckResult]:
    """Yield what each check finds, those that stop a run first."""
    for name, check in checks().items():
        if not (only_warnings and is_fatal(name)):
            rows = warehouse.query(f"SELECT * FROM ({check.sql}) AS found LIMIT {_MOST}")
            yield CheckResult(name, check.meaning, is_fatal(name), len(rows), rows[0] if rows else None)


def print_checks(warehouse: Warehouse, console: Console) -> None:
    """Print what each check found."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("check", no_wrap=True)
    table.add_column("result", no_wrap=True)
    table.add_column("rows", justify="right", no_wrap=True)
    table.add_column("rows would mean")
    table.add_column("for example", overflow="fold")
    for result in ask_checks(warehouse):
        style = {"FAIL": "bold red", "warn": "yellow"}.get(result.verdict, "green")
        example = json.dumps(result.example, ensure_ascii=False) if result.example else ""
        table.add_row(
            result.name,
            f"[{style}]{result.verdict}[/]",
            result.found if result.rows else "–",
            escape(result.meaning),
            escape(example),
        )
    console.print(table)


def warnings(warehouse: Warehouse) -> list[str]:
    """Return one line for each warning that a run should end with."""
    return [
        f"warning    {result.name}: {result.found} rows. {result.meaning}"
        for result in ask_checks(warehouse, only_warnings=True)
        if result.rows
    ]
