"""Data that a page holds for machines, read with limits: a hostile page has any number of nested nodes."""

import json
from collections.abc import Iterator
from typing import Any

_MAX_NODES = 200_000
_MAX_DEPTH = 60
_MIN_FLAT_VALUES = 3
_MAX_REFERENCES = 50_000


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


def resolve_flat(state: Any) -> Any:
    """Return data with their references resolved, where they are a list of values that refer to each other.

    Some frameworks send their data so: the numbers in an object or a list are places in the outer list. Other
    data stay as they are.

    >>> resolve_flat([{"story": 1}, {"title": 2, "body": 3}, "A headline", [4], "A paragraph."])
    {'story': {'title': 'A headline', 'body': ['A paragraph.']}}
    """
    if not _is_flat(state):
        return state
    left = _MAX_REFERENCES

    def resolve(place: Any, depth: int) -> Any:
        nonlocal left
        left -= 1
        if left < 0 or depth > _MAX_DEPTH or not _is_place(place, state):
            return None
        value = state[place]
        if isinstance(value, dict):
            return {key: resolve(part, depth + 1) for key, part in value.items()}
        if isinstance(value, list):
            # A list that begins with a word is a wrapper: ["Reactive", 3].
            is_wrapper = bool(value) and isinstance(value[0], str)
            if is_wrapper:
                return resolve(value[1], depth + 1) if len(value) > 1 else None
            return [resolve(part, depth + 1) for part in value]
        return value

    return resolve(0, 0)


def _is_flat(state: Any) -> bool:
    if not isinstance(state, list) or len(state) < _MIN_FLAT_VALUES:
        return False
    root = state[0]
    if isinstance(root, list) and root and isinstance(root[0], str):
        root = root[1:]
    places = list(root.values()) if isinstance(root, dict) else root
    return isinstance(places, list) and bool(places) and all(_is_place(place, state) for place in places)


def _is_place(place: Any, state: list[Any]) -> bool:
    return isinstance(place, int) and not isinstance(place, bool) and 0 <= place < len(state)


def as_list(value: Any) -> list[Any]:
    """Return a list as it is, nothing as an empty list, and another value as a list of it."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
