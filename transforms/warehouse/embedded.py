"""The embedded warehouse: one DuckDB file. The one place that imports duckdb.

A DuckDB file has one owner process at a time, even for reading, so every user opens it for a moment,
waits while another holds it, and closes it again.
"""

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from schemas.tables import Column, Table, tables, views
from transforms.warehouse.base import Row, WarehouseBusy, WarehouseError
from transforms.warehouse.dialect import to_duckdb

_WAIT_S = 30.0
_TYPES = {
    "STRING": "VARCHAR",
    "INTEGER": "BIGINT",
    "FLOAT": "DOUBLE",
    "BOOLEAN": "BOOLEAN",
    "DATE": "DATE",
    "TIMESTAMP": "TIMESTAMPTZ",
}


class LoadRefused(WarehouseError):
    """A check found rows that must not be; nothing was written."""


class EmbeddedWarehouse:
    """A DuckDB file behind the ``Warehouse`` interface."""

    def __init__(self, path: str, *, read_only: bool = False, wait_s: float = _WAIT_S) -> None:
        self._path = Path(path)
        if read_only and not self._path.exists():
            raise WarehouseError(f"no warehouse at {path}; `strikeledger run` or `init` creates it")
        self._db = self._open(read_only, wait_s)

    def _open(self, read_only: bool, wait_s: float) -> duckdb.DuckDBPyConnection:
        deadline = time.monotonic() + wait_s
        while True:
            try:
                if not read_only:
                    self._path.parent.mkdir(parents=True, exist_ok=True)
                db = duckdb.connect(str(self._path), read_only=read_only)
                db.execute("SET TimeZone = 'UTC'")  # instants are read in the session's zone
                db.execute("SET enable_progress_bar = false")
                return db
            except duckdb.IOException as error:
                if "lock" not in str(error).lower():
                    raise WarehouseError(f"can't open {self._path}: {_first_line(error)}") from error
                if time.monotonic() > deadline:
                    raise WarehouseBusy(
                        f"{self._path} is in use by another process; waited {wait_s:.0f} s"
                    ) from error
                time.sleep(0.2)
            except (duckdb.Error, OSError) as error:
                raise WarehouseError(f"can't open {self._path}: {_first_line(error)}") from error

    def close(self) -> None:
        """Close the file, so that another process may have it."""
        self._db.close()

    def ensure(self) -> list[str]:
        """Create missing tables, add missing columns, replace views."""
        done = []
        self._db.execute("BEGIN")
        for table in tables().values():
            done += self._ensure_table(table)
        for name, sql in views().items():
            # A view is replaced, never altered: readers follow its name.
            self._db.execute(f'CREATE OR REPLACE VIEW "{name}" AS {to_duckdb(sql)}')
        self._db.execute("COMMIT")
        return done

    def _ensure_table(self, table: Table) -> list[str]:
        rows = self._db.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = ?", [table.name]
        ).fetchall()
        have = {row[0] for row in rows}
        if not have:
            columns = ", ".join(f'"{c.name}" {column_type(c)}' for c in table.columns)
            self._db.execute(f'CREATE TABLE "{table.name}" ({columns})')
            return [f"created {table.name}"]
        done = []
        for column in table.columns:
            if column.name not in have:
                self._db.execute(
                    f'ALTER TABLE "{table.name}" ADD COLUMN "{column.name}" {column_type(column)}'
                )
                done.append(f"added {table.name}.{column.name}")
        return done

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Return the rows of a BigQuery query, dates and instants as ISO strings."""
        try:
            result = self._db.execute(to_duckdb(sql), dict(parameters or {}))
        except duckdb.CatalogException as error:
            raise WarehouseError(
                f"{self._path} has no such table; `strikeledger init` creates or upgrades it"
            ) from error
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, map(_plain, row), strict=True)) for row in result.fetchall()]

    def load(
        self,
        staged: Mapping[str, tuple[Sequence[Column], Sequence[str]]],
        statements: Sequence[str],
        parameters: Mapping[str, Any],
        checks: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Load staged files and run the statements, all in one transaction."""
        self._db.execute("BEGIN")
        try:
            for name, (columns, paths) in staged.items():
                self._stage(name, columns, paths)
            for statement in statements:
                sql = to_duckdb(statement)
                used = {k: v for k, v in parameters.items() if f"${k}" in sql}
                self._db.execute(sql, used)
            for message, sql in checks:
                found = self.query(sql)
                if found:
                    raise LoadRefused(f"{message}: {found[0]}")
            for name in staged:
                self._db.execute(f'DROP TABLE IF EXISTS "{name}"')
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

    def _stage(self, name: str, columns: Sequence[Column], paths: Sequence[str]) -> None:
        typed = ", ".join(f'"{c.name}" {column_type(c)}' for c in columns)
        self._db.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" ({typed})')
        if not paths:
            return
        struct = ", ".join(f"'{c.name}': '{column_type(c)}'" for c in columns)
        self._db.execute(
            f'INSERT INTO "{name}" BY NAME SELECT * FROM read_json(?, '
            f"format='newline_delimited', columns={{{struct}}}, maximum_object_size=33554432)",
            [list(paths)],
        )


def column_type(column: Column) -> str:
    """Return the DuckDB type of a column."""
    if column.type == "RECORD":
        inner = ", ".join(f'"{f.name}" {column_type(f)}' for f in column.fields)
        base = f"STRUCT({inner})"
    else:
        base = _TYPES[column.type]
    return f"{base}[]" if column.mode == "REPEATED" else base


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
