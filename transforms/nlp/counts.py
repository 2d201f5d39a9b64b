"""A count of killed or injured, as one clause tells it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """A number of killed or injured, as one clause says it. Offsets are characters of the document.

    ``kind``: killed, injured or missing, or ``killed_children``, ``injured_children`` for a part told alone.
    ``who``: women, soldiers or rescuers, where the noun says so. ``strength``: 3 a toll phrase, 2 a verb with its victims, 1 a part of the injured ("30 are in
    hospital"). ``is_more``: added to a number told elsewhere ("two more died").
    """

    kind: str
    low: int | None
    best: int | None
    high: int | None
    start: int
    end: int
    strength: int = 2
    is_more: bool = False
    children: int | None = None
    who: str | None = None
