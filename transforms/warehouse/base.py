"""What every warehouse can do."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from schemas.rows import Row
from schemas.tables import Column

Staged = Mapping[str, tuple[Sequence[Column], Sequence[str]]]
"""Names of temporary tables, each with its columns and the paths of its NDJSON files."""


class WarehouseError(RuntimeError):
    """The warehouse cannot be used; the message is one line for a person."""


class WarehouseBusy(WarehouseError):
    """Another process holds the warehouse and did not release it in time."""


class WarehouseDamaged(WarehouseError):
    """The warehouse cannot be read, and trying again does not help."""


class LoadRefused(WarehouseError):
    """A check found rows that must not exist; nothing was written."""


class Warehouse(Protocol):
    """The operations that steps need. All SQL is in BigQuery's dialect."""

    def ensure(self) -> list[str]:
        """Create missing tables and views, and upgrade old ones. Nothing is ever dropped. Return what was
        done."""

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Return the rows of a query, as JSON-ready values."""

    def columns(self, name: str) -> list[Column]:
        """Return the columns of a table or view, in order, without their descriptions.

        Raises:
            WarehouseError: there is no such table.
        """

    def execute(self, sql: str, parameters: Mapping[str, Any] | None = None) -> int:
        """Run one statement that changes rows; return how many it changed."""

    def load(
        self,
        staged: Staged,
        statements: Sequence[str],
        parameters: Mapping[str, Any],
        checks: Sequence[tuple[str, str]] = (),
        derived: str | None = None,
        name: str = "",
    ) -> None:
        """Load staged files and run the statements, all in one transaction.

        Args:
            staged: temporary tables to fill.
            statements: SQL that moves their rows into the tables. Each statement can be repeated.
            parameters: values for ``@name`` in the statements.
            checks: pairs of a message and a query. A query that returns rows rolls everything back.
            derived: a query over the staged rows and the tables. The columns of its one row are further
                parameters.
            name: what is loaded. The same name means the same rows.

        Raises:
            LoadRefused: a check found rows; nothing was written.
            WarehouseError: the warehouse refuses or cannot be reached; nothing was written.
        """


class ClosableWarehouse(Warehouse, Protocol):
    """A warehouse as its adapter gives it: whoever opened it closes it."""

    def close(self) -> None:
        """Let others use the warehouse."""


_JSON_TYPES = frozenset((str, int, float, bool, type(None)))


def plain_value(value: Any) -> Any:
    """Return a value of a row as JSON has it: dates and instants as ISO strings."""
    if type(value) in _JSON_TYPES:
        return value
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(dt.UTC).isoformat()[:19]}Z"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return [plain_value(item) for item in value]
    if isinstance(value, dict):
        return {key: plain_value(item) for key, item in value.items()}
    return value


def first_line(error: BaseException) -> str:
    """Return the first line of an error's message."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__
