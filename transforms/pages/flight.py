"""Flight data: what a server sends of a page drawn with React, in pieces that scripts push into a list.

The pieces together are rows, each with a key and a value in JSON; a long text is in a row of its own, with
its length in bytes. Values refer to other rows, and hold elements: ``["$", "p", null, {"children": "..."}]``.
The elements are written as HTML, so that the rules for pages apply to them: cards and notices are among them.
"""

import html
import re
from typing import Any

from transforms.pages.data_nodes import parse_data

_ROW = re.compile(rb"\s*([0-9a-f]{1,8}):(?:(T)([0-9a-f]{1,8}),|([A-Z]{0,2})(?=[\[{\"ntf\d\-]))")
_REFERENCE = re.compile(r"\$[L@FQWB]?([0-9a-f]{1,8})((?::[^:]{1,60}){0,12})")
_TAG = re.compile(r"[a-z][a-z0-9-]{0,30}")
_HIDDEN_TAGS = frozenset({"script", "style", "meta", "link", "title", "head", "svg", "template", "iframe"})
_VOID_TAGS = frozenset({"img", "br", "hr", "input", "source", "wbr", "area", "col", "embed", "track"})
_MAX_ROWS = 20_000
_MAX_NODES = 100_000
_MAX_DEPTH = 60
_MAX_CHARACTERS = 4_000_000
_ELEMENT_SIZE = 4
_ELEMENT_PLACES = {"type": 1, "key": 2, "props": 3}
_SHOWN_ATTRIBUTES = {"className": "class", "id": "id", "href": "href", "dateTime": "datetime", "src": "src"}


class Flight:
    """The rows of some flight data, and what they hold.

    Args:
        text: the pieces, joined.
    """

    def __init__(self, text: str) -> None:
        self._rows = _split_rows(text)
        self._nodes, self._characters = _MAX_NODES, _MAX_CHARACTERS
        self._drawn: set[str] = set()

    def read_values(self) -> list[Any]:
        """Return the values of the rows, with the values in the place of what refers to them."""
        self._nodes = _MAX_NODES
        return [self._resolve(value, 0) for value in self._rows.values() if isinstance(value, list | dict)]

    def draw(self) -> str:
        """Return the elements as HTML: the page of the first row, then what no other row refers to."""
        self._nodes, self._drawn = _MAX_NODES, set()
        parts: list[str] = []
        for key in sorted(self._rows, key=lambda key: key != "0"):
            if key not in self._drawn and isinstance(self._rows[key], list | dict):
                self._drawn.add(key)
                self._draw(self._rows[key], parts, 0, is_shown=False)
        return "".join(parts)

    def _spend(self) -> bool:
        self._nodes -= 1
        return self._nodes >= 0

    def _find(self, reference: str) -> tuple[str, Any] | None:
        """Return the row and the value to which a string refers; None where it refers to nothing."""
        found = _REFERENCE.fullmatch(reference)
        if found is None or found[1] not in self._rows:
            return None
        value = self._rows[found[1]]
        for place in filter(None, found[2].split(":")):
            if isinstance(value, dict):
                value = value.get(place)
            elif isinstance(value, list):
                number = _ELEMENT_PLACES.get(place, int(place) if place.isdecimal() else len(value))
                value = value[number] if number < len(value) else None
        return found[1], value

    def _resolve(self, value: Any, depth: int) -> Any:
        if depth > _MAX_DEPTH or not self._spend():
            return None
        if isinstance(value, str):
            if not value.startswith("$"):
                return value
            found = self._find(value)
            return self._resolve(found[1], depth + 10) if found is not None else value.removeprefix("$")
        if isinstance(value, dict):
            return {key: self._resolve(part, depth + 1) for key, part in value.items()}
        if _is_element(value):
            # The words of an element are drawn; as data they would stand beside the names of tags.
            props = value[3] if isinstance(value[3], dict) else {}
            inner = props.get("children")
            parts = inner if isinstance(inner, list) and not _is_element(inner) else [inner]
            kept = {key: part for key, part in props.items() if key != "children"}
            kept["inner"] = [part for part in parts if isinstance(part, list | dict)]
            return self._resolve(kept, depth + 1)
        return [self._resolve(part, depth + 1) for part in value] if isinstance(value, list) else value

    def _draw(self, value: Any, parts: list[str], depth: int, *, is_shown: bool) -> None:
        """Write a value as HTML. Texts count only inside elements: elsewhere they are data."""
        if depth > 2 * _MAX_DEPTH or not self._spend() or self._characters < 0:
            return
        if isinstance(value, str):
            self._draw_text(value, parts, depth, is_shown=is_shown)
        elif _is_element(value):
            self._draw_element(value[1], value[3], parts, depth)
        elif isinstance(value, list | dict):
            for part in value.values() if isinstance(value, dict) else value:
                self._draw(part, parts, depth + 1, is_shown=is_shown and isinstance(value, list))
        elif is_shown and isinstance(value, int | float) and not isinstance(value, bool):
            parts.append(str(value))

    def _draw_text(self, text: str, parts: list[str], depth: int, *, is_shown: bool) -> None:
        found = self._find(text) if text.startswith("$") else None
        if found is not None:
            if found[0] not in self._drawn or isinstance(found[1], str):
                self._drawn.add(found[0])
                self._draw(found[1], parts, depth + 1, is_shown=is_shown)
        elif is_shown and (not text.startswith("$") or text.startswith("$$")):
            self._characters -= len(text)
            parts.append(html.escape(text.removeprefix("$"), quote=False))

    def _draw_element(self, kind: str, props: Any, parts: list[str], depth: int) -> None:
        if isinstance(props, str) and (found := self._find(props)) is not None:
            props = found[1]
        if kind in _HIDDEN_TAGS or not isinstance(props, dict):
            return
        is_tag = _TAG.fullmatch(kind) is not None
        named = self._find(kind)
        if named is not None and isinstance(named[1], str):
            # A symbol, such as that of a fragment: it draws nothing around its children.
            self._draw(props.get("children"), parts, depth + 1, is_shown=True)
            return
        tag = kind if is_tag else "a" if isinstance(props.get("href"), str) else "div"
        attributes = "".join(
            f' {shown}="{html.escape(props[key])}"'
            for key, shown in _SHOWN_ATTRIBUTES.items()
            if isinstance(props.get(key), str)
        )
        self._characters -= len(attributes)
        parts.append(f"<{tag}{attributes}>")
        if kind in _VOID_TAGS:
            return
        inner = props.get("dangerouslySetInnerHTML")
        if isinstance(inner, dict) and isinstance(inner.get("__html"), str):
            found = self._find(inner["__html"])
            markup = str(found[1]) if found is not None else inner["__html"]
            self._characters -= len(markup)
            parts.append(markup)
        for key, value in props.items():
            # The other properties of a component may hold elements, such as its heading.
            if key == "children" or not is_tag:
                self._draw(value, parts, depth + 1, is_shown=key == "children")
        parts.append(f"</{tag}>")


def _is_element(value: Any) -> bool:
    is_long = isinstance(value, list) and len(value) >= _ELEMENT_SIZE
    return is_long and value[0] == "$" and isinstance(value[1], str)


def _split_rows(text: str) -> dict[str, Any]:
    """Return the values of the rows by their keys. Rows that load scripts and styles are left out."""
    data = text.encode("utf-8", "replace")
    rows: dict[str, Any] = {}
    position = 0
    for _ in range(_MAX_ROWS):
        end = data.find(b"\n", position)
        end = len(data) if end < 0 else end
        row = _ROW.match(data, position)
        if row is not None and row[2]:
            end = row.end() + int(row[3], 16)
            rows[row[1].decode()] = data[row.end() : end].decode("utf-8", "replace")
            position = end
        else:
            if row is not None and not row[4]:
                rows[row[1].decode()] = parse_data(data[row.end() : end].decode("utf-8", "replace"))
            position = end + 1
        if position >= len(data):
            break
    return rows
