"""Data that a page holds for machines, read with limits: a hostile page has any number of nested nodes."""

import json
import re
from collections.abc import Iterator
from typing import Any

_MAX_NODES = 200_000
_MAX_DEPTH = 60
_MIN_FLAT_VALUES = 3
_MAX_REFERENCES = 50_000
_MAX_REFERENCE_DEPTH = 8
_MIN_UNFOLDED_CHARACTERS = 80
_PLACE_KEY = re.compile(r"_\d{1,6}")


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

    def name_of(key: str) -> str:
        """Return the name of a property; some frameworks refer to it too, as "_12"."""
        place = int(key[1:]) if _PLACE_KEY.fullmatch(key) else len(state)
        return state[place] if place < len(state) and isinstance(state[place], str) else key

    def resolve(place: Any, depth: int) -> Any:
        nonlocal left
        left -= 1
        if left < 0 or depth > _MAX_DEPTH or not _is_place(place, state):
            return None
        value = state[place]
        if isinstance(value, dict):
            return {name_of(key): resolve(part, depth + 1) for key, part in value.items()}
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


def unfold_strings(value: Any, depth: int = 0) -> Any:
    """Return data with the values of the strings that hold data in JSON themselves."""
    if depth > _MAX_DEPTH:
        return None
    if isinstance(value, str):
        is_data = len(value) > _MIN_UNFOLDED_CHARACTERS and value.lstrip()[:1] in ("{", "[")
        inner = parse_data(value) if is_data else None
        return value if inner is None else unfold_strings(inner, depth + 10)
    if isinstance(value, dict):
        return {key: unfold_strings(part, depth + 1) for key, part in value.items()}
    return [unfold_strings(part, depth + 1) for part in value] if isinstance(value, list) else value


def resolve_references(state: Any) -> Any:
    """Return data with the objects in the place of what refers to them by their keys; other data as they are.

    Some applications keep every object once, under a key that names it.

    >>> resolve_references({"Story:1": {"body": [{"__ref": "Part:1"}]}, "Part:1": {"text": "A paragraph."}})
    {'Story:1': {'body': [{'text': 'A paragraph.'}]}, 'Part:1': {'text': 'A paragraph.'}}
    """
    nodes = [node for node in walk_data(state) if isinstance(node, dict)]
    wanted = {key for node in nodes if (key := _reference_of(node))}
    if not wanted:
        return state
    table = {key: part for node in nodes for key, part in node.items() if key in wanted}
    left = _MAX_REFERENCES

    def resolve(value: Any, depth: int, followed: int) -> Any:
        nonlocal left
        left -= 1
        if left < 0 or depth > _MAX_DEPTH or followed > _MAX_REFERENCE_DEPTH:
            return None
        if isinstance(value, dict):
            if (key := _reference_of(value)) in table:
                return resolve(table[key], depth + 1, followed + 1)
            return {key: resolve(part, depth + 1, followed) for key, part in value.items()}
        return [resolve(part, depth + 1, followed) for part in value] if isinstance(value, list) else value

    return resolve(state, 0, 0)


def _reference_of(node: dict[str, Any]) -> str:
    key = node.get("__ref") or (node.get("id") if node.get("type") == "id" else "")
    return key if isinstance(key, str) else ""


def as_list(value: Any) -> list[Any]:
    """Return a list as it is, nothing as an empty list, and another value as a list of it."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
