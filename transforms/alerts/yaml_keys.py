"""Reading of mappings that a user wrote in YAML.

Every key is checked. An error names the mapping and the key.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import yaml

from transforms.util.errors import UserError

Value = TypeVar("Value")
Read = Callable[[Any], Any]
"""Turns a value of YAML into ours; raises ValueError with what is expected."""


class WatchesInvalid(UserError):
    """A file of watches that cannot be used."""


class _UniqueKeysLoader(yaml.SafeLoader):
    """Loads YAML and refuses a key that a mapping has twice. PyYAML itself keeps only the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key in seen:
                raise ValueError(f"the key {key!r} stands twice (line {key_node.start_mark.line + 1})")
            seen.add(key)
        return super().construct_mapping(node, deep)


def load_yaml(text: str) -> Any:
    """Return what a text in YAML holds.

    Raises:
        ValueError: it is not YAML, or a mapping has a key twice.
    """
    try:
        return yaml.load(text, _UniqueKeysLoader)  # noqa: S506  it derives from SafeLoader
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(" ".join(str(error).split())[:200]) from None


def read_mapping(
    raw: Any, schema: Mapping[str, Read], where: str, required: tuple[str, ...]
) -> dict[str, Any]:
    """Return the checked values of a mapping. A key that is missing, or has no value, is left out.

    Args:
        raw: the mapping.
        schema: how the value of each key is read.
        where: names the mapping in errors, such as ``watch 'kharkiv'``.
        required: the keys that must have a value.

    Raises:
        WatchesInvalid: it is not a mapping, a key is unknown or missing, or a value cannot be used.
    """
    if not isinstance(raw, Mapping):
        raise WatchesInvalid(f"{where} must be a mapping of keys to values, not {kind_of(raw)}")
    for key in raw:
        if key not in schema:
            raise WatchesInvalid(f"{where}: unknown key {str(key)[:80]!r}; there are {', '.join(schema)}")
    for key in required:
        if raw.get(key) is None:
            raise WatchesInvalid(f"{where}: the key {key!r} is missing")
    values = {}
    for key, read in schema.items():
        if raw.get(key) is not None:
            try:
                values[key] = read(raw[key])
            except WatchesInvalid:
                raise
            except ValueError as error:
                raise WatchesInvalid(f"{where}, key {key!r}: {error}") from None
    return values


def kind_of(value: Any) -> str:
    """Return what a value is, in words for a person."""
    if isinstance(value, bool):
        word = str(value).lower()
        return f"{word} (YAML reads yes, no, on and off as true or false; put quotes around the word)"
    names = {str: "a text", int: "a number", float: "a number", list: "a list", dict: "a mapping"}
    return "nothing" if value is None else names.get(type(value), f"a {type(value).__name__}")


def text(value: Any) -> str:
    """Return a text on one line that is not empty."""
    if not isinstance(value, str):
        raise ValueError(f"a text is expected, not {kind_of(value)}")
    if not value.strip() or any(ord(c) < 32 or ord(c) == 127 for c in value):
        raise ValueError("a text on one line is expected, without control characters")
    if not _is_encodable(value):
        raise ValueError("a text has a character that UTF-8 cannot hold")
    return value.strip()


def _is_encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def boolean(value: Any) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise ValueError(f"true or false is expected, not {kind_of(value)}")
    return value


def whole(least: int, most: int) -> Callable[[Any], int]:
    """Return the reader of a whole number within limits."""

    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"a whole number from {least} to {most} is expected, not {value!r:.80}")
        return value

    return read


def number(least: float, most: float) -> Callable[[Any], float]:
    """Return the reader of a number within limits; ``nan`` is within none."""

    def read(value: Any) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"a number from {least:g} to {most:g} is expected, not {value!r:.80}")
        return float(value)

    return read


def choice(*words: str) -> Callable[[Any], str]:
    """Return the reader of one of several words."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in words:
            shown = kind_of(value) if isinstance(value, bool) else f"{value!r:.80}"
            raise ValueError(f"one of {', '.join(words)} is expected, not {shown}")
        return value

    return read


def one_or_more(read: Callable[[Any], Value]) -> Callable[[Any], tuple[Value, ...]]:
    """Return the reader of one value or a list of them that is not empty."""

    def read_all(value: Any) -> tuple[Value, ...]:
        values = value if isinstance(value, list) else [value]
        if not values:
            raise ValueError("the list is empty")
        return tuple(dict.fromkeys(map(read, values)))

    return read_all
