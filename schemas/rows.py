"""Records to rows and back: the only place that maps record fields to JSON values."""

import dataclasses
import datetime
import json
import types
from collections.abc import Hashable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Record = TypeVar("Record")
Row = dict[str, Any]


class RowInvalid(ValueError):
    """A row that does not fit its record; the message names the field."""


def record_to_row(record: Any) -> Row:
    """Return a JSON-ready dict of a record: dates as ISO strings, nested records as dicts."""
    return {f.name: _plain(getattr(record, f.name)) for f in dataclasses.fields(record)}


def record_to_json(record: Any) -> str:
    """Return the record as one line of JSON, deterministic and without NaN."""
    return json.dumps(record_to_row(record), ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return record_to_row(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def row_to_record(kind: type[Record], row: Mapping[str, Any]) -> Record:
    """Return the record of a row. Missing optional fields are None, missing lists are empty.

    Raises:
        RowInvalid: a field is missing or of the wrong type.
    """
    values = []
    for name, hint in _hints(cast(Hashable, kind)).items():
        try:
            values.append(_typed(hint, row.get(name)))
        except (TypeError, ValueError) as error:
            raise RowInvalid(f"{name}: {error}") from None
    return kind(*values)


def json_to_record(kind: type[Record], line: str) -> Record:
    """Return the record of one line of JSON.

    Raises:
        RowInvalid: the line is not JSON, not an object, or does not fit.
    """
    try:
        row = json.loads(line)
    except ValueError as error:
        raise RowInvalid(f"not JSON ({error})") from None
    if not isinstance(row, dict):
        raise RowInvalid("not a JSON object")
    return row_to_record(kind, row)


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {f.name: hints[f.name] for f in dataclasses.fields(kind)}  # type: ignore[arg-type]


def _typed(hint: Any, value: Any) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if origin is Union or origin is types.UnionType:
        inner = next(a for a in args if a is not type(None))
        return None if value is None else _typed(inner, value)
    if origin is not None and issubclass(origin, Sequence):
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            raise TypeError("a list is required")
        return [_typed(args[0], item) for item in value]
    if value is None:
        raise TypeError("is required")
    if dataclasses.is_dataclass(hint):
        if not isinstance(value, Mapping):
            raise TypeError("an object is required")
        return row_to_record(hint, value)  # type: ignore[arg-type]
    return _scalar(hint, value)


def _scalar(hint: Any, value: Any) -> Any:
    if hint is datetime.date:
        if isinstance(value, datetime.date):
            return value
        return datetime.date.fromisoformat(str(value)[:10])
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hint is str and isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise TypeError(f"{hint.__name__} is required, not {type(value).__name__}")
    return value
