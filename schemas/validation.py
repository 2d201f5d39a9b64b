"""Check rows before they are sent to a warehouse, against our tables and the limits of BigQuery.

The limits: https://cloud.google.com/bigquery/quotas#load_jobs. The ranges of types:
https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types. In one point DuckDB is stricter: it
accepts no NUL in a string.
"""

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from schemas.tables import SYSTEM_COLUMNS, Column, tables

MAX_ROW_BYTES = 8_000_000
"""BigQuery accepts rows of 100 MB in a load job, and of 10 MB in a stream. No real article is nearly as
long."""

_INT64_LIMIT = 2**63


class RowRefused(ValueError):
    """A row must not be sent. ``reason``: the reason of its dead letter, row_invalid or row_too_large."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def check_row(table: str, row: Mapping[str, Any], size: int | None = None) -> None:
    """Check the content of a row against the columns of its table.

    Args:
        table: name of a table.
        row: its values, as for JSON.
        size: bytes of the row as JSON, if known.

    Raises:
        RowRefused: a value does not fit its column, or the row is too large. The message names the column,
            never the value, which may be confidential.
    """
    for name, fault_of in _validators(table):
        fault = fault_of(row.get(name))
        if fault is not None:
            raise RowRefused("row_invalid", f"{table}.{name} {fault}")
    if size is not None and size > MAX_ROW_BYTES:
        raise RowRefused("row_too_large", f"a row of {table} of more than {MAX_ROW_BYTES} bytes")


Validator = Callable[[Any], str | None]
"""A function that returns what is wrong with a value, or None."""


@cache
def _validators(table: str) -> tuple[tuple[str, Validator], ...]:
    """Return the name and the validator of each column of a table."""
    return tuple((c.name, _validator(c)) for c in tables()[table].columns if c.name not in SYSTEM_COLUMNS)


def _validator(column: Column) -> Validator:
    """Return the validator of a column, by its type and mode."""
    fault_of = _record(column.fields) if column.type == "RECORD" else _SCALARS[column.type]
    if column.mode == "REPEATED":
        return _repeated(fault_of)
    if column.mode == "REQUIRED":
        return lambda value: "is missing" if value is None else fault_of(value)
    return lambda value: None if value is None else fault_of(value)


def _repeated(fault_of: Validator) -> Validator:
    def check(value: Any) -> str | None:
        if not isinstance(value, list):
            return "is not a list"
        for item in value:
            fault = "holds a null" if item is None else fault_of(item)
            if fault is not None:
                return fault
        return None

    return check


def _record(fields: Sequence[Column]) -> Validator:
    validators = [(field.name, _validator(field)) for field in fields]

    def check(value: Any) -> str | None:
        if not isinstance(value, Mapping):
            return "is not a record"
        for name, fault_of in validators:
            fault = fault_of(value.get(name))
            if fault is not None:
                return f".{name} {fault}"
        return None

    return check


def _string(value: Any) -> str | None:
    if not isinstance(value, str):
        return "is not a string"
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return "holds half a character (a lone surrogate)"
    return "holds a NUL" if "\x00" in value else None


def _integer(value: Any) -> str | None:
    if type(value) is not int:
        return "is not an integer"
    return None if -_INT64_LIMIT <= value < _INT64_LIMIT else "is out of the range of 64 bits"


def _float(value: Any) -> str | None:
    if type(value) not in (int, float):
        return "is not a number"
    return None if math.isfinite(value) else "is not finite"


def _boolean(value: Any) -> str | None:
    return None if isinstance(value, bool) else "is not a boolean"


def _date(value: Any) -> str | None:
    try:
        dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        return "is not a date of the years 1 to 9999"
    return None


def _timestamp(value: Any) -> str | None:
    try:
        moment = dt.datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            moment.astimezone(dt.UTC)
            return None
    except (TypeError, ValueError, OverflowError):
        pass
    return "is not an instant of the years 1 to 9999"


_SCALARS: dict[str, Validator] = {
    "STRING": _string,
    "INTEGER": _integer,
    "FLOAT": _float,
    "BOOLEAN": _boolean,
    "DATE": _date,
    "TIMESTAMP": _timestamp,
}
