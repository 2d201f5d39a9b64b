"""Words of an article that may belong to one of its strikes: a named spot, a time of day."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NamedSpan:
    """Words at tokens ``[first, last]`` and characters ``[start, end)``.

    ``kind``: of a spot quarter, camp, street, building, house or part; of a time hour, or the part of the day.
    ``value``: the words of a spot as written; the hour or the part of the day.
    """

    kind: str
    value: str
    first: int
    last: int
    start: int
    end: int
