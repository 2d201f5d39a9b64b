"""The default warehouse: one DuckDB file. The one place that imports duckdb.

A DuckDB file has one owner process at a time, even for reading. So every user opens it for a short time,
waits while another process holds it, and closes it again.
"""

import json
import re
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

from schemas.rows import Row
from schemas.tables import Column, Table, tables, views
from transforms.util.paths import escape_pattern
from transforms.warehouse.base import (
    LoadRefused,
    Staged,
    WarehouseError,
    first_line,
    plain_value,
)  # fmt: skip
from transforms.warehouse.dialect import to_duckdb
from transforms.warehouse.duckdb_errors import one_line
from transforms.warehouse.open_file import OpenFile

LOCK_WAIT_SECONDS = 30.0
_TYPES = {
    "STRING": "VARCHAR",
    "INTEGER": "BIGINT",
    "FLOAT": "DOUBLE",
    "BOOLEAN": "BOOLEAN",
    "DATE": "DATE",
    "TIMESTAMP": "TIMESTAMPTZ",
}

_LOAD_SETTINGS = ("memory_limit = '512MB'", "threads = 1")
"""With these, the rows of a large run go to disk beside the file. Without, 100,000 articles took 1.9 GB of
memory."""
_FEW_ITEMS = 100
"""So many items of a list are compared one by one. DuckDB 1.5.5 looks for those of a longer list only when it
has read whole rows: for three reports of 170,000 that takes 0.6 s in place of 0.1 s."""
_JSON_TYPES = frozenset(("VARCHAR", "BIGINT", "INTEGER", "HUGEINT", "DOUBLE", "BOOLEAN"))
"""Types whose values JSON can hold unchanged."""

_WRITE_LOCK = threading.Lock()
"""One thread of a process writes at a time. DuckDB refuses the second of two transactions that create one
table or change one row. Both were seen on Prism: two threads found no tables, and two changed the lease
("TransactionContext Error: Conflict on update!"). The file's own lock keeps other processes out."""


class DuckDBWarehouse:
    """A DuckDB file behind the ``Warehouse`` interface."""

    def __init__(self, path: str, *, read_only: bool = False, wait_s: float = LOCK_WAIT_SECONDS) -> None:
        self._path = Path(path)
        if read_only and not self._path.exists():
            raise WarehouseError(f"no warehouse at {path}; `strikeledger run` or `init` creates it")
        self._is_sound = not read_only
        self._file = OpenFile(self._path, read_only, wait_s)
        self._db = self._file.db

    def close(self) -> None:
        """Close the file, so that another process can open it.

        What was committed is moved from the log into the file. After a failure, or without room, it stays in
        the log, and the next user of the file finds it there.
        """
        self._file.close(self._is_sound)

    @contextmanager
    def _one_line(self) -> Iterator[None]:
        """Raise DuckDB's errors in one line, and remember that there was one."""
        try:
            with one_line(self._path):
                yield
        except WarehouseError:
            self._is_sound = False
            raise

    def ensure(self) -> list[str]:
        """Create missing tables, add missing columns, replace views."""
        done = []
        with _WRITE_LOCK, self._one_line(), self._transaction():
            have: dict[str, set[str]] = defaultdict(set)
            for name, column in self._db.execute(  # once, because each such query goes through all views
                "SELECT table_name, column_name FROM information_schema.columns"
            ).fetchall():
                have[name].add(column)
            for table in tables().values():
                done += self._ensure_table(table, have[table.name])
            for name, sql in views().items():
                # A view is replaced, never altered: readers use its name.
                self._db.execute(f'CREATE OR REPLACE VIEW "{name}" AS {to_duckdb(sql)}')
        return done

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Commit what the block writes, or nothing of it."""
        self._db.execute("BEGIN")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            # After a full disk DuckDB has rolled back by itself and refuses further statements. Its message
            # about that would hide the first one.
            with suppress(duckdb.Error):
                self._db.execute("ROLLBACK")
            raise

    def _ensure_table(self, table: Table, have: set[str]) -> list[str]:
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
        with self._one_line():
            result = self._run(sql, parameters or {})
            found = result.fetchall()
        columns = result.description or ()
        names = [column[0] for column in columns]
        # Some queries return a million rows, so only columns of dates, lists and records are converted.
        converted = [n for n, column in enumerate(columns) if str(column[1]) not in _JSON_TYPES]
        rows = []
        for values in found:
            row = dict(zip(names, values, strict=True))
            for n in converted:
                row[names[n]] = plain_value(values[n])
            rows.append(row)
        return rows

    def columns(self, name: str) -> list[Column]:
        """Return the columns of a table or view, in order."""
        with self._one_line():
            rows = self._db.execute(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = ? "
                "ORDER BY ordinal_position",
                [name],
            ).fetchall()
        if not rows:
            raise WarehouseError(
                f"{self._path}: no table {name!r}; `strikeledger init` creates or upgrades it"
            )
        return [_column(column, kind) for column, kind in rows]

    def execute(self, sql: str, parameters: Mapping[str, Any] | None = None) -> int:
        """Run one statement that changes rows; return how many it changed."""
        with _WRITE_LOCK, self._one_line():
            (changed,) = self._run(sql, parameters or {}).fetchone() or (0,)
        return int(changed)

    def _rows(self, sql: str, parameters: Mapping[str, Any]) -> list[Row]:
        result = self._run(sql, parameters)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def _run(self, sql: str, parameters: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
        rendered = to_duckdb(sql)
        used = {name: value for name, value in parameters.items() if f"${name}" in rendered}
        for name, value in list(used.items()):
            if not isinstance(value, list | tuple) or not all(type(item) is str for item in value):
                continue
            if 0 < len(value) <= _FEW_ITEMS:
                singly = {f"item_{n}_of_{name}": item for n, item in enumerate(value)}
                listed = ", ".join(f"${single}" for single in singly)
                rendered, count = re.subn(rf"IN \(SELECT UNNEST\(\${name}\)\)", f"IN ({listed})", rendered)
                used |= singly if count else {}
            if re.search(rf"\${name}\b", rendered) is None:
                del used[name]
            else:
                # For every item of a list, duckdb 1.5.5 searches the disk for pandas, which is not installed:
                # 57 µs.
                used[name] = json.dumps(value)
                rendered = re.sub(rf"\${name}\b", f"CAST(CAST(${name} AS JSON) AS VARCHAR[])", rendered)
        try:
            return self._db.execute(rendered, used)
        except duckdb.CatalogException as error:
            raise WarehouseError(
                f"{self._path}: {first_line(error)} `strikeledger init` creates or upgrades tables"
            ) from error

    def load(
        self,
        staged: Staged,
        statements: Sequence[str],
        parameters: Mapping[str, Any],
        checks: Sequence[tuple[str, str]] = (),
        derived: str | None = None,
        name: str = "",
    ) -> None:
        """Load staged files and run the statements, all in one transaction."""
        values = dict(parameters)
        with _WRITE_LOCK, self._one_line(), self._bounded(), self._transaction():
            for table, (columns, paths) in staged.items():
                self._stage(table, columns, paths)
            if derived is not None:
                values |= self._rows(derived, values)[0]
            for statement in statements:
                self._run(statement, values)
            for message, sql in checks:
                found = self._rows(sql, values)
                if found:
                    row = {key: plain_value(value) for key, value in found[0].items()}
                    raise LoadRefused(f"{message}: {json.dumps(row, ensure_ascii=False)}")
            for table in staged:
                self._db.execute(f'DROP TABLE IF EXISTS "{table}"')

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        """Bound the memory of the block."""
        for setting in _LOAD_SETTINGS:
            self._db.execute(f"SET {setting}")
        try:
            yield
        finally:
            for setting in _LOAD_SETTINGS:
                with suppress(duckdb.Error):  # as for ROLLBACK
                    self._db.execute(f"RESET {setting.partition(' ')[0]}")

    def _stage(self, name: str, columns: Sequence[Column], paths: Sequence[str]) -> None:
        typed = ", ".join(f'"{c.name}" {column_type(c)}' for c in columns)
        self._db.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" ({typed})')
        if not paths:
            return
        struct = ", ".join(f"'{c.name}': '{column_type(c)}'" for c in columns)
        self._db.execute(
            f'INSERT INTO "{name}" BY NAME SELECT * FROM read_json(?, '
            f"format='newline_delimited', columns={{{struct}}}, maximum_object_size=33554432, "
            "hive_partitioning=false)",  # or a folder "k=v" of the path becomes a column
            [[escape_pattern(path) for path in paths]],
        )


_COLUMN_TYPES = {kind: name for name, kind in _TYPES.items()} | {
    "INTEGER": "INTEGER", "HUGEINT": "INTEGER", "TIMESTAMP WITH TIME ZONE": "TIMESTAMP",
}  # fmt: skip


def _column(name: str, kind: str) -> Column:
    mode = "REPEATED" if kind.endswith("[]") else "NULLABLE"
    kind = kind.removesuffix("[]")
    return Column(name, "RECORD" if kind.startswith("STRUCT") else _COLUMN_TYPES[kind], mode, "")


def column_type(column: Column) -> str:
    """Return the DuckDB type of a column."""
    if column.type == "RECORD":
        inner = ", ".join(f'"{f.name}" {column_type(f)}' for f in column.fields)
        base = f"STRUCT({inner})"
    else:
        base = _TYPES[column.type]
    return f"{base}[]" if column.mode == "REPEATED" else base
