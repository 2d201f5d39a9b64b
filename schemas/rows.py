"""Convert records to rows and back: the only module that maps fields of records to JSON values."""

import dataclasses
import datetime
import json
import types
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache, partial
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Record = TypeVar("Record")
Row = dict[str, Any]


class RowInvalid(ValueError):
    """A row does not fit its record. The message names the field."""


def record_to_row(record: Any) -> Row:
    """Return a JSON-ready dict of a record: dates as ISO strings, nested records as dicts."""
    return {name: _plain(getattr(record, name)) for name in _names(cast(Hashable, type(record)))}


def record_to_json(record: Any) -> str:
    """Return the record as one line of JSON, deterministic and without NaN."""
    return _encode(record_to_row(record))


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_JSON_TYPES = (str, int, float, bool, type(None))
_TAKEN = frozenset((*_JSON_TYPES, datetime.date))


@cache
def _names(kind: Hashable) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(cast(Any, kind)))


def _plain(value: Any) -> Any:
    """Return the JSON value of a field."""
    if type(value) in _JSON_TYPES:
        return value
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return record_to_row(value) if dataclasses.is_dataclass(value) else value


def row_to_record(kind: type[Record], row: Mapping[str, Any]) -> Record:
    """Return the record of a row. A missing optional field is None, a missing list is empty.

    Raises:
        RowInvalid: a field is missing or of the wrong type.
    """
    values = []
    for name, as_it_is, read in _readers(cast(Hashable, kind)):
        value = row.get(name)
        if type(value) not in as_it_is:
            try:
                value = read(value)
            except (TypeError, ValueError) as error:
                raise RowInvalid(f"{name}: {error}") from None
        values.append(value)
    return kind(*values)


def json_to_record(kind: type[Record], line: str) -> Record:
    """Return the record of one line of JSON.

    Raises:
        RowInvalid: the line is not JSON, is not an object, or does not fit the record.
    """
    try:
        row = json.loads(line)
    except ValueError as error:
        raise RowInvalid(f"not JSON ({error})") from None
    if not isinstance(row, dict):
        raise RowInvalid("not a JSON object")
    return row_to_record(kind, row)


Reader = Callable[[Any], Any]


@cache
def _readers(kind: Hashable) -> tuple[tuple[str, frozenset[type], Reader], ...]:
    """Return the name of each field, the types whose values it takes as they are, and the function that reads
    any other value. Cached: type hints are slow."""
    hints = get_type_hints(kind)
    return tuple((name, _as_they_are(hints[name]), _reader(hints[name])) for name in _names(kind))


def _as_they_are(hint: Any) -> frozenset[type]:
    """Return the types whose values a field takes as they are: most values of a row need no reading."""
    if get_origin(hint) is Union or get_origin(hint) is types.UnionType:
        return frozenset().union(*map(_as_they_are, get_args(hint)))
    return frozenset((hint,)) if hint in _TAKEN else frozenset()


def _reader(hint: Any) -> Reader:
    """Return the function that reads a value of a type."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Union or origin is types.UnionType:
        inner = _reader(next(a for a in args if a is not type(None)))
        return lambda value: None if value is None else inner(value)
    if origin is not None and issubclass(origin, Sequence):
        item = _reader(args[0])

        def read_list(value: Any) -> list[Any]:
            if value is None:
                return []
            if not isinstance(value, list | tuple):
                raise TypeError("a list is required")
            return [item(v) for v in value]

        return read_list
    if dataclasses.is_dataclass(hint):

        def read_record(value: Any) -> Any:
            if not isinstance(value, Mapping):
                raise TypeError("is required" if value is None else "an object is required")
            return row_to_record(cast(type, hint), value)

        return read_record
    return partial(_scalar, hint)


def _scalar(hint: Any, value: Any) -> Any:
    """Return a single value of a type, converted where a warehouse returns another type.

    Raises:
        TypeError, ValueError: the value does not have the type.
    """
    if type(value) is hint:
        return value
    if value is None:
        raise TypeError("is required")
    if hint is datetime.date:
        return datetime.date.fromisoformat(str(value)[:10])
    if hint is float and type(value) is int:
        return float(value)
    if hint is str and isinstance(value, datetime.datetime):
        return f"{value.astimezone(datetime.UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise TypeError(f"{hint.__name__} is required, not {type(value).__name__}")
    return value
