"""Which incidents of a snapshot a filter wants, and one page of them."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np

from schemas.identity import fold_name
from schemas.vocabulary import Status
from transforms.serving.list_cursor import Order, RowKey
from transforms.serving.list_filter import Box, ListFilter
from transforms.serving.list_totals import ListTotals, TotalsIndex
from transforms.serving.map_marks import MapIndex, Mark
from transforms.serving.numbers_by_code import NumbersByCode
from transforms.serving.snapshot_columns import STATUSES, WEAPONS, Array, SnapshotColumns, seconds_of
from transforms.serving.snapshot_store import SnapshotStore

_Mask = Callable[[Array | slice], Array]
"""Tells which of some incidents fit. Of a slice of them a column is read where it lies."""
_OTHER_ORDERS: tuple[Order, ...] = ("changed", "deadliest")
_KEPT_SEARCHES = 50
_KEPT = 100
"""Selections that are kept. Readers ask for the pages of a list one after the other."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """Some rows of a list: their numbers in the snapshot, and the row after which the list goes on."""

    numbers: Sequence[int]
    goes_on_after: RowKey | None


class Summaries(NamedTuple):
    """What makes totals and maps of a snapshot."""

    totals: TotalsIndex
    maps: MapIndex


class _Index(NamedTuple):
    """The incidents that one filter wants: how many, and what finds their numbers; which of others fit."""

    size: int
    numbers: Callable[[], Array]
    mask: _Mask


@dataclass(frozen=True)
class Selection:
    """The incidents that a filter wants. ``numbers``: in the snapshot's order. ``ranks``: the same in the
    selection's order, as ranks of that order."""

    columns: SnapshotColumns
    summaries: "Summaries"
    order: Order
    numbers: Array
    ranks: Array

    @cached_property
    def totals(self) -> ListTotals:
        """Return the totals."""
        return self.summaries.totals.totals_of(self.numbers)

    @cached_property
    def marks(self) -> Sequence[Mark]:
        """Return what a map shows."""
        return self.summaries.maps.marks_of(self.numbers)

    def page(self, after: RowKey | None, limit: int) -> ListPage:
        """Return the rows after one row, or the first ones."""
        begin = 0
        if after is not None:
            begin = int(np.searchsorted(self.ranks, _rank_after(self.columns, after)))
        ranks = self.ranks[begin : begin + limit]
        numbers = ranks if self.order == "latest" else _ordering(self.columns, self.order).numbers[ranks]
        shown = numbers.tolist()
        has_more = begin + limit < len(self.ranks)
        return ListPage(shown, self._key(shown[-1]) if has_more else None)

    def _key(self, number: int) -> RowKey:
        columns = self.columns
        if self.order == "latest":
            return RowKey(self.order, int(columns.days[number]), columns.ids[number])
        return RowKey(self.order, int(_ordering(columns, self.order).rank_of(number)), columns.ids[number])


class _Ordering(NamedTuple):
    """Another order of all incidents than that of the snapshot: their numbers, and their ranks, rising.

    ``rank_of``: gives the rank of a number.
    """

    numbers: Array
    ranks: Array
    rank_of: Callable[[int], Any]


def _ordering(columns: SnapshotColumns, order: Order) -> _Ordering:
    if order == "changed":
        return _Ordering(columns.by_change, columns.changed_in_order, lambda n: columns.changed[n])
    killed = columns.tolls["fatalities_low"]
    return _Ordering(columns.by_killed, columns.killed_in_order, lambda n: -killed[n])


def _rank_after(columns: SnapshotColumns, key: RowKey) -> int:
    """Return the rank of the first row after a key, whose own row may be gone."""
    if key.order == "latest":
        first = int(np.searchsorted(columns.rising_days, -key.rank, "left"))
        last = int(np.searchsorted(columns.rising_days, -key.rank, "right"))
        return bisect_right(columns.ids, key.incident_id, first, last)
    ordering = _ordering(columns, key.order)
    first = int(np.searchsorted(ordering.ranks, key.rank, "left"))
    last = int(np.searchsorted(ordering.ranks, key.rank, "right"))
    return bisect_right(
        ordering.numbers, key.incident_id, first, last, key=lambda n: columns.ids[n]
    )  # fmt: skip


class Selector:
    """Finds selections, and keeps the latest."""

    def __init__(self, columns: SnapshotColumns, store: SnapshotStore) -> None:
        self._columns = columns
        self._kept: OrderedDict[ListFilter, Selection] = OrderedDict()
        self._search = lru_cache(_KEPT_SEARCHES)(store.search)
        self._summaries = Summaries(TotalsIndex(columns), MapIndex(columns))
        self._by_country = NumbersByCode(columns.country, len(columns.countries))
        self._by_place = NumbersByCode(columns.place, len(columns.places))
        self._rank_of: dict[Order, Array] = {}
        for order in _OTHER_ORDERS:
            self._rank_of[order] = np.empty(len(columns.ids), np.int64)
            self._rank_of[order][_ordering(columns, order).numbers] = np.arange(len(columns.ids))

    def select(self, wanted: ListFilter) -> Selection:
        """Return the incidents that a filter wants."""
        found = self._kept.get(wanted)
        if found is None:
            found = self._select(wanted)
            self._kept[wanted] = found
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(wanted)
        return found

    def _select(self, wanted: ListFilter) -> Selection:
        numbers = self._numbers(wanted)
        if wanted.changed_since is None and wanted.order is None:
            return Selection(self._columns, self._summaries, "latest", numbers, numbers)
        order: Order = "deadliest" if wanted.changed_since is None else "changed"
        is_wanted = np.zeros(len(self._columns.ids), np.bool_)  # quicker than to sort the ranks
        is_wanted[self._rank_of[order][numbers]] = True
        return Selection(self._columns, self._summaries, order, numbers, np.flatnonzero(is_wanted))

    def _numbers(self, wanted: ListFilter) -> Array:
        """Return the numbers of the wanted incidents, sorted: found by the index that has the fewest."""
        first, last = self._interval(wanted)
        indexes, masks = self._indexes(wanted), self._masks(wanted)
        if wanted.text is not None:
            numbers = self._search(wanted.text)
        elif indexes and (fewest := min(indexes, key=lambda index: index.size)).size < last - first:
            indexes.remove(fewest)
            numbers = fewest.numbers()
        else:
            are_wanted = np.ones(last - first, np.bool_)
            for mask in (*masks, *(index.mask for index in indexes)):
                are_wanted &= mask(slice(first, last))
            return first + np.flatnonzero(are_wanted)
        begin, end = np.searchsorted(numbers, (first, last))
        numbers = numbers[begin:end]
        for mask in (*(index.mask for index in indexes), *masks):
            numbers = numbers[mask(numbers)]
        return numbers

    def _interval(self, wanted: ListFilter) -> tuple[int, int]:
        """Return the first number of the wanted days, and the one after the last."""
        columns = self._columns
        first, last = 0, len(columns.ids)
        if wanted.until is not None:
            first = int(np.searchsorted(columns.rising_days, -wanted.until.toordinal(), "left"))
        if wanted.since is not None:
            last = int(np.searchsorted(columns.rising_days, -wanted.since.toordinal(), "right"))
        return first, max(first, last)

    def _indexes(self, wanted: ListFilter) -> list[_Index]:
        """Return the indexes of the filters that have one."""
        columns, found = self._columns, []
        if wanted.country is not None:
            code = _index(columns.countries, wanted.country)
            countries = [code] if code >= 0 else []
            found.append(_by_code(self._by_country, countries, lambda n: columns.country[n] == code))
        if wanted.place is not None or wanted.exact_place is not None:
            places = self._places(wanted)
            found.append(
                _by_code(self._by_place, np.flatnonzero(places).tolist(), lambda n: places[columns.place[n]])
            )
        if wanted.changed_since is not None:
            since = seconds_of(wanted.changed_since)
            rank = int(np.searchsorted(columns.changed_in_order, since, "left"))
            found.append(
                _Index(
                    len(columns.ids) - rank,
                    lambda: np.sort(columns.by_change[rank:]),
                    lambda n: columns.changed[n] >= since,
                )
            )
        return found

    def _masks(self, wanted: ListFilter) -> Sequence[_Mask]:
        """Return what tells which incidents fit the filters without an index."""
        columns = self._columns
        masks: list[_Mask] = []
        if wanted.weapon is not None:
            weapon = WEAPONS.index(wanted.weapon)
            masks.append(lambda n: columns.weapon[n] == weapon)
        if wanted.status is not None:
            status = STATUSES.index(wanted.status)
            masks.append(lambda n: columns.status[n] == status)
        elif wanted.changed_since is None:  # who follows changes must hear of a rejection
            rejected = STATUSES.index(Status.REJECTED)
            masks.append(lambda n: columns.status[n] != rejected)
        if wanted.min_killed is not None:
            least = wanted.min_killed  # a toll that nobody reported reaches none, not even 0
            masks.append(lambda n: columns.tolls["fatalities_low"][n] >= least)
        if wanted.geo_precision is not None:
            precision = wanted.geo_precision
            masks.append(lambda n: columns.geo_precision[n] == precision)
        if wanted.bbox is not None:
            box = wanted.bbox
            masks.append(lambda n: _is_in(columns, n, box))
        return masks

    def _places(self, wanted: ListFilter) -> Array:
        """Return for each place whether its name is wanted."""
        columns = self._columns
        is_wanted = np.ones(len(columns.places), np.bool_)
        if wanted.place is not None:
            part = fold_name(wanted.place)
            is_wanted &= np.fromiter((part in name for name in columns.folded_places), np.bool_)
        if wanted.exact_place is not None:
            is_exact = np.zeros(len(columns.places), np.bool_)
            number = columns.number_of_place.get(wanted.exact_place)
            if number is not None:
                is_exact[number] = True
            is_wanted &= is_exact
        return is_wanted


def _by_code(index: NumbersByCode, codes: Sequence[int], mask: _Mask) -> _Index:
    return _Index(index.size_of(codes), lambda: index.numbers_of(codes), mask)


def _index(names: Sequence[str], name: str) -> int:
    return names.index(name) if name in names else -1


def _is_in(columns: SnapshotColumns, numbers: Array | slice, box: Box) -> Array:
    latitude, longitude = columns.latitude[numbers], columns.longitude[numbers]
    east_of, west_of = longitude >= box.west, longitude <= box.east
    within = east_of & west_of if box.west <= box.east else east_of | west_of
    found: Array = (latitude >= box.south) & (latitude <= box.north) & within
    return found
