"""An index of items by place and day: it finds what may share a place and a day with a report."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
LONG_RANGE_DAYS = 31
"""A range that ends this many days or more after its first day is kept as one entry, not as one entry a day.
Otherwise a report dated "in 2019" would make 365 entries."""
RECENT_ENTRIES_CHECKED = 4
"""``add`` looks for an equal entry among this many latest entries of a place."""


class DayIndex(Generic[Item]):
    """Items by place key and range of days (ordinals, first and last day included)."""

    def __init__(self) -> None:
        self._by_day: dict[tuple[str, int], list[Item]] = defaultdict(list)
        self._long_ranges: dict[str, list[tuple[int, int, Item]]] = defaultdict(list)
        self._all: dict[str, list[tuple[int, int, Item]]] = defaultdict(list)

    def add(self, keys: Sequence[str], first: int, last: int, item: Item) -> None:
        """Add an item under each key for the days from ``first`` to ``last``.

        Adding an item again for the same days changes nothing.
        """
        for key in keys:
            entries = self._all[key]
            # One strike is added once for each of its reports, usually as the latest strike of its place.
            if any(
                known is item and begin <= first and last <= end
                for begin, end, known in entries[-RECENT_ENTRIES_CHECKED:]
            ):
                continue
            entries.append((first, last, item))
            if last - first >= LONG_RANGE_DAYS:
                self._long_ranges[key].append((first, last, item))
                continue
            for day in range(first, last + 1):
                items_of_day = self._by_day[key, day]
                if not any(known is item for known in items_of_day):
                    items_of_day.append(item)

    def overlapping(self, keys: Sequence[str], first: int, last: int) -> Iterator[Item]:
        """Yield the items that share a key and a day with the range. One item may come several times."""
        is_long = last - first >= LONG_RANGE_DAYS
        for key in keys:
            if not is_long:
                for day in range(first, last + 1):
                    yield from self._by_day.get((key, day), ())
            # For a long range, one pass over all entries of the place costs less than a look-up for each day.
            entries = (self._all if is_long else self._long_ranges).get(key, ())
            for begin, end, item in entries:
                if begin <= last and first <= end:
                    yield item

    def on_any_day(self, keys: Sequence[str]) -> Iterator[Item]:
        """Yield the items that share a key, whatever their days. One item may come several times."""
        for key in keys:
            for _, _, item in self._all.get(key, ()):
                yield item
