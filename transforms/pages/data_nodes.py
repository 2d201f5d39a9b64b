"""Data that a page holds for machines, read with limits: a hostile page has any number of nested nodes."""

import json
from collections.abc import Iterator
from typing import Any

_MAX_NODES = 200_000
_MAX_DEPTH = 60


def parse_data(script: str) -> Any:
    """Return what a script in strict JSON holds; None where it is not JSON."""
    text = script.strip().removeprefix("<!--").removesuffix("-->").strip()
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def parse_first_data(script: str) -> Any:
    """Return the value in strict JSON at the beginning of a script, whatever follows it; None for none."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(script)[0]
    except (ValueError, RecursionError):
        return None


def walk_data(value: Any) -> Iterator[Any]:
    """Yield every object and list of some data, outer ones first."""
    pending = [(value, 0)]
    for _ in range(_MAX_NODES):
        if not pending:
            return
        node, depth = pending.pop()
        if isinstance(node, dict | list) and depth < _MAX_DEPTH:
            yield node
            children = list(node.values()) if isinstance(node, dict) else node
            pending.extend((child, depth + 1) for child in reversed(children))


def as_list(value: Any) -> list[Any]:
    """Return a list as it is, nothing as an empty list, and another value as a list of it."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
