"""What a row must be before it is sent to a warehouse: the limits of BigQuery and of our own tables.

https://cloud.google.com/bigquery/quotas#load_jobs, and the ranges of
https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types. DuckDB takes less in one way: a
NUL inside a string.
"""

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from schemas.tables import SYSTEM_COLUMNS, Column, tables

MAX_ROW_BYTES = 8_000_000
"""BigQuery takes 10 MB a streamed row; no honest article comes near."""

_INT64 = 2**63


class RowRefused(ValueError):
    """A row that may not be sent; ``reason`` is one of the dead letters' (row_invalid, row_too_large)."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def check_row(table: str, row: Mapping[str, Any], size: int | None = None) -> None:
    """Check the content of a row against the columns of its table.

    Args:
        table: name of a table.
        row: JSON-ready values.
        size: bytes of the row as JSON, where they are known.

    Raises:
        RowRefused: what is wrong with it, by column; never the value itself.
    """
    for name, fault_of in _readers(table):
        fault = fault_of(row.get(name))
        if fault is not None:
            raise RowRefused("row_invalid", f"{table}.{name} {fault}")
    if size is not None and size > MAX_ROW_BYTES:
        raise RowRefused("row_too_large", f"a row of {table} of more than {MAX_ROW_BYTES} bytes")


FaultOf = Callable[[Any], str | None]


@cache
def _readers(table: str) -> tuple[tuple[str, FaultOf], ...]:
    return tuple((c.name, _reader(c)) for c in tables()[table].columns if c.name not in SYSTEM_COLUMNS)


def _reader(column: Column) -> FaultOf:
    value_of = _record(column.fields) if column.type == "RECORD" else _SCALARS[column.type]
    if column.mode == "REPEATED":
        return _repeated(value_of)
    if column.mode == "REQUIRED":
        return lambda value: "is missing" if value is None else value_of(value)
    return lambda value: None if value is None else value_of(value)


def _repeated(fault_of: FaultOf) -> FaultOf:
    def check(value: Any) -> str | None:
        if not isinstance(value, list):
            return "is not a list"
        for item in value:
            fault = "holds a null" if item is None else fault_of(item)
            if fault is not None:
                return fault
        return None

    return check


def _record(fields: Sequence[Column]) -> FaultOf:
    readers = [(field.name, _reader(field)) for field in fields]

    def check(value: Any) -> str | None:
        if not isinstance(value, Mapping):
            return "is not a record"
        for name, fault_of in readers:
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
    return None if -_INT64 <= value < _INT64 else "is out of the range of 64 bits"


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


_SCALARS: dict[str, FaultOf] = {
    "STRING": _string,
    "INTEGER": _integer,
    "FLOAT": _float,
    "BOOLEAN": _boolean,
    "DATE": _date,
    "TIMESTAMP": _timestamp,
}
