"""The tables: columns from ``bigquery/*.json``, keys and partitions from ``tables.json``. No client, no SQL
dialect. Terraform reads the same files."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from schemas.sql_files import SQLFile, sql_files

_HERE = Path(__file__).parent
SYSTEM_COLUMNS = ("_ingested_at", "_run_id", "_row_hash")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: BigQuery type and mode."""

    name: str
    type: str
    mode: str
    description: str
    fields: tuple["Column", ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A physical, versioned table."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    partition: str | None
    cluster: tuple[str, ...]

    @property
    def content(self) -> tuple[str, ...]:
        """Columns that carry content: all but those the writer adds."""
        return tuple(c.name for c in self.columns if c.name not in SYSTEM_COLUMNS)


def _json(path: str) -> Any:
    return json.loads((_HERE / path).read_text("utf-8"))


def _column(raw: dict[str, Any]) -> Column:
    nested = tuple(_column(f) for f in raw.get("fields", ()))
    return Column(raw["name"], raw["type"], raw["mode"], raw["description"], nested)


@cache
def tables() -> dict[str, Table]:
    """Return all tables by name, in the order in which they are created."""
    found = {}
    for name, spec in _json("tables.json").items():
        columns = tuple(map(_column, _json(f"bigquery/{name}.json")))
        found[name] = Table(name, tuple(spec["key"]), columns, spec["partition"], tuple(spec["cluster"]))
    return found


@cache
def view_files(for_bigquery: bool = False) -> dict[str, SQLFile]:
    """Return the views by name, each after those that it reads.

    Args:
        for_bigquery: also those that only BigQuery has.
    """
    found = dict(sql_files(_HERE / "views")) | (
        dict(sql_files(_HERE / "views_bigquery")) if for_bigquery else {}
    )
    reads = {
        name: {word for word in re.findall(r"(?:FROM|JOIN) (\w+)", file.sql) if word in found}
        for name, file in found.items()
    }
    return {name: found[name] for name in TopologicalSorter(reads).static_order()}


@cache
def views(for_bigquery: bool = False) -> dict[str, str]:
    """Return the views by name: SQL in BigQuery's dialect over the versioned tables."""
    return {name: file.sql for name, file in view_files(for_bigquery).items()}


@cache
def view_columns() -> dict[str, dict[str, str]]:
    """Return what the columns of views mean that no table has, by view and column."""
    found: dict[str, dict[str, str]] = _json("view_columns.json")
    return found


def checks() -> Mapping[str, SQLFile]:
    """Return the checks by name. Each is a query that returns the rows that must not exist.

    Rows of a ``fail_`` check stop a run. Rows of a ``warn_`` check are only reported.
    """
    return sql_files(_HERE / "checks")
