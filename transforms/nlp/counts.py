"""A count of killed or injured, as one clause states it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """A number of killed or injured at characters ``[start, end)`` of the document, as one clause states it.

    ``kind``: killed, injured or missing; ``killed_children`` or ``injured_children`` where only the children
    are counted. ``low``, ``best``, ``high``: the range, as in a report. ``strength``: 3 for a toll phrase, 2
    for a verb with its victims, 1 for a part of the injured ("30 are in hospital"). ``is_more``: adds to a
    number stated elsewhere ("two more died"). ``children``: how many of them are children. ``who``: women,
    soldiers or rescuers, where the noun says so.
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
