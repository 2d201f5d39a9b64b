"""Data that the scripts of a page assign or push, in one piece or in many: values, and HTML in them."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from transforms.pages.data_nodes import as_list, parse_data
from transforms.pages.flight import Flight
from transforms.pages.script_values import ScriptReader, merge_surrogates

_MIN_CHARACTERS, _MAX_CHARACTERS = 150, 8_000_000
_FLIGHT_LIST = "__next_f"
_ATTRIBUTE = re.compile(r"""=\s*(?:"\s*([{\[][^"]{200,})"|'\s*([{\[][^']{200,})')""")


@dataclass(frozen=True, slots=True)
class PushedData:
    """``values``: objects and lists. ``markup``: the page that scripts would draw, as HTML; may be empty."""

    values: list[Any]
    markup: str


def read_pushed_data(scripts: Iterable[str]) -> PushedData:
    """Return what scripts assign and push. Strings pushed into one list are pieces of one text."""
    reader = ScriptReader()
    values: list[Any] = []
    pieces: dict[str, list[str]] = {}
    left = _MAX_CHARACTERS
    for script in scripts:
        left -= len(script)
        if left < 0:
            break
        for found in reader.read(script):
            piece = _piece_of(found.value) if found.is_pushed else ""
            if piece:
                pieces.setdefault(found.name, []).append(piece)
            elif found.size >= _MIN_CHARACTERS and isinstance(found.value, list | dict | str):
                values.append(found.value)
    markup = ""
    for name, parts in pieces.items():
        joined = merge_surrogates("".join(parts))
        flight = Flight(joined)
        read = flight.read_values()
        if name == _FLIGHT_LIST or (read and parse_data(joined) is None):
            values += read
            markup = max(markup, flight.draw(), key=len)
        elif joined.lstrip().startswith("<"):
            values.append({"markup": joined})
        else:
            values += _read_joined(joined, parts)
    return PushedData(values, markup)


def _piece_of(value: Any) -> str:
    """Return the piece in a pushed value: a string, alone or after the number of its kind."""
    parts = as_list(value)
    is_piece = len(parts) in (1, 2) and isinstance(parts[-1], str) and not isinstance(parts[0], dict)
    return parts[-1] if is_piece and (len(parts) == 1 or isinstance(parts[0], int)) else ""


def _read_joined(joined: str, parts: list[str]) -> Iterator[Any]:
    """Yield the data in pieces: in all of them together, or in each, or in each line of them."""
    whole = parse_data(joined)
    if whole is not None:
        yield whole
        return
    for part in (*parts, *joined.split("\n")):
        if (value := parse_data(part)) is not None and isinstance(value, list | dict):
            yield value


def read_attribute_data(markup: str) -> Iterator[Any]:
    """Yield the objects and lists that attributes hold in JSON: some frameworks put the page's data there."""
    for found in _ATTRIBUTE.finditer(markup[:_MAX_CHARACTERS]):
        value = parse_data(html.unescape(found[1] or found[2]))
        if isinstance(value, list | dict):
            yield value
