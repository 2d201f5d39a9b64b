"""What lies at a place on a day: the index behind every search for what two reports may share."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
WIDE_DAYS = 31
"""Stretches of more days are not spelled out day by day."""


class DayIndex(Generic[Item]):
    """Items by place key and stretch of days (ordinals, both ends inside)."""

    def __init__(self) -> None:
        self._by_day: dict[tuple[str, int], list[Item]] = defaultdict(list)
        self._wide: dict[str, list[tuple[int, int, Item]]] = defaultdict(list)
        self._all: dict[str, list[tuple[int, int, Item]]] = defaultdict(list)

    def add(self, keys: Sequence[str], first: int, last: int, item: Item) -> None:
        """Add an item; adding it again for the same days changes nothing."""
        for key in keys:
            known = self._all[key]
            # The same strike comes again and again, most often as the last one at its place.
            if any(i is item and f <= first and last <= e for f, e, i in known[-4:]):
                continue
            known.append((first, last, item))
            if last - first >= WIDE_DAYS:
                self._wide[key].append((first, last, item))
                continue
            for day in range(first, last + 1):
                here = self._by_day[key, day]
                if not any(i is item for i in here):
                    here.append(item)

    def near(self, keys: Sequence[str], first: int, last: int) -> Iterator[Item]:
        """Yield the items that share a key and a day, some more than once."""
        is_wide = last - first >= WIDE_DAYS
        for key in keys:
            if not is_wide:
                for day in range(first, last + 1):
                    yield from self._by_day.get((key, day), ())
            for begin, end, item in (self._all if is_wide else self._wide).get(key, ()):
                if begin <= last and first <= end:
                    yield item

    def at(self, keys: Sequence[str]) -> Iterator[Item]:
        """Yield the items that share a key on any day, some more than once."""
        for key in keys:
            for _, _, item in self._all.get(key, ()):
                yield item
