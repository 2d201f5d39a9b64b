"""Which incidents of a snapshot a filter wants, and one page of them."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from schemas.identity import fold_name
from schemas.vocabulary import Status
from transforms.serving.list_cursor import Order, RowKey
from transforms.serving.list_filter import Box, ListFilter
from transforms.serving.list_totals import ListTotals, totals_of
from transforms.serving.map_marks import Mark, marks_of
from transforms.serving.snapshot_columns import STATUSES, WEAPONS, Array, SnapshotColumns, seconds_of
from transforms.serving.snapshot_store import SnapshotStore

_Mask = Callable[[Array], Array]
_KEPT_SEARCHES = 50
_KEPT = 100
"""Selections that are kept. Readers ask for the pages of a list one after the other."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """Some rows of a list: their numbers in the snapshot, and the row after which the list goes on."""

    numbers: Sequence[int]
    goes_on_after: RowKey | None


@dataclass(frozen=True)
class Selection:
    """The incidents that a filter wants. ``numbers``: in the snapshot's order. ``ranks``: the same in the
    selection's order, as ranks of that order."""

    columns: SnapshotColumns
    order: Order
    numbers: Array
    ranks: Array

    @cached_property
    def totals(self) -> ListTotals:
        """Return the totals."""
        return totals_of(self.columns, self.numbers)

    @cached_property
    def marks(self) -> Sequence[Mark]:
        """Return what a map shows."""
        return marks_of(self.columns, self.numbers)

    def page(self, after: RowKey | None, limit: int) -> ListPage:
        """Return the rows after one row, or the first ones."""
        begin = 0
        if after is not None:
            begin = int(np.searchsorted(self.ranks, _rank_after(self.columns, after)))
        ranks = self.ranks[begin : begin + limit]
        numbers = ranks if self.order == "latest" else self.columns.by_change[ranks]
        shown = [int(n) for n in numbers]
        has_more = begin + limit < len(self.ranks)
        return ListPage(shown, self._key(shown[-1]) if has_more else None)

    def _key(self, number: int) -> RowKey:
        columns = self.columns
        ranked = columns.days if self.order == "latest" else columns.changed
        return RowKey(self.order, int(ranked[number]), columns.ids[number])


def _rank_after(columns: SnapshotColumns, key: RowKey) -> int:
    """Return the rank of the first row after a key, whose own row may be gone."""
    if key.order == "latest":
        first = int(np.searchsorted(columns.rising_days, -key.rank, "left"))
        last = int(np.searchsorted(columns.rising_days, -key.rank, "right"))
        return bisect_right(columns.ids, key.incident_id, first, last)
    first = int(np.searchsorted(columns.changed_in_order, key.rank, "left"))
    last = int(np.searchsorted(columns.changed_in_order, key.rank, "right"))
    return bisect_right(
        columns.by_change, key.incident_id, first, last, key=lambda n: columns.ids[n]
    )  # fmt: skip


class Selector:
    """Finds selections, and keeps the latest."""

    def __init__(self, columns: SnapshotColumns, store: SnapshotStore) -> None:
        self._columns = columns
        self._kept: OrderedDict[ListFilter, Selection] = OrderedDict()
        self._search = lru_cache(_KEPT_SEARCHES)(store.search)
        self._numbers_of_country = _numbers_by_country(columns)

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
        columns = self._columns
        numbers = self._candidates(wanted)
        for mask in self._masks(wanted):
            numbers = numbers[mask(numbers)]
        if wanted.changed_since is None:
            return Selection(columns, "latest", numbers, numbers)
        is_wanted = np.zeros(len(columns.ids), np.bool_)
        is_wanted[numbers] = True
        return Selection(columns, "changed", numbers, np.flatnonzero(is_wanted[columns.by_change]))

    def _candidates(self, wanted: ListFilter) -> Array:
        """Return a sorted set of numbers that holds all wanted ones, found by an index where there is one."""
        columns = self._columns
        first, last = 0, len(columns.ids)
        if wanted.until is not None:
            first = int(np.searchsorted(columns.rising_days, -wanted.until.toordinal(), "left"))
        if wanted.since is not None:
            last = int(np.searchsorted(columns.rising_days, -wanted.since.toordinal(), "right"))
        if wanted.text is not None:
            numbers = self._search(wanted.text)
        elif wanted.country is not None:
            numbers = self._numbers_of_country.get(wanted.country, np.empty(0, np.int64))
        else:
            return np.arange(first, max(first, last))
        begin, end = np.searchsorted(numbers, (first, last))
        found: Array = numbers[begin:end]
        return found

    def _masks(self, wanted: ListFilter) -> Sequence[_Mask]:
        columns = self._columns
        masks: list[_Mask] = []
        if wanted.text is not None and wanted.country is not None:
            code = _index(columns.countries, wanted.country)
            masks.append(lambda n: columns.country[n] == code)
        if wanted.weapon is not None:
            weapon = WEAPONS.index(wanted.weapon)
            masks.append(lambda n: columns.weapon[n] == weapon)
        if wanted.status is not None:
            status = STATUSES.index(wanted.status)
            masks.append(lambda n: columns.status[n] == status)
        elif wanted.changed_since is None:  # who follows changes must hear of a rejection
            masks.append(lambda n: columns.status[n] != STATUSES.index(Status.REJECTED))
        if wanted.min_killed is not None:
            least = wanted.min_killed  # a toll that nobody reported reaches none, not even 0
            masks.append(lambda n: columns.tolls["fatalities_low"][n] >= least)
        if wanted.place is not None or wanted.exact_place is not None:
            codes = self._places(wanted)
            masks.append(lambda n: codes[columns.place[n]])
        if wanted.bbox is not None:
            box = wanted.bbox
            masks.append(lambda n: _is_in(columns, n, box))
        if wanted.changed_since is not None:
            since = seconds_of(wanted.changed_since)
            masks.append(lambda n: columns.changed[n] >= since)
        return masks

    def _places(self, wanted: ListFilter) -> Array:
        """Return for each place whether its name is wanted."""
        columns = self._columns
        is_wanted = np.ones(len(columns.places), np.bool_)
        if wanted.place is not None:
            part = fold_name(wanted.place)
            is_wanted &= np.fromiter((part in name for name in columns.folded_places), np.bool_)
        if wanted.exact_place is not None:
            is_wanted &= np.fromiter((place == wanted.exact_place for place in columns.places), np.bool_)
        return is_wanted


def _numbers_by_country(columns: SnapshotColumns) -> dict[str, Array]:
    """Return the numbers of the incidents of each country, sorted."""
    by_code = np.argsort(columns.country, kind="stable")
    ends = np.cumsum(np.bincount(columns.country, minlength=len(columns.countries)))
    return dict(zip(columns.countries, np.split(by_code, ends[:-1]), strict=True)) if len(ends) else {}


def _index(names: Sequence[str], name: str) -> int:
    return names.index(name) if name in names else -1


def _is_in(columns: SnapshotColumns, numbers: Array, box: Box) -> Array:
    latitude, longitude = columns.latitude[numbers], columns.longitude[numbers]
    east_of, west_of = longitude >= box.west, longitude <= box.east
    within = east_of & west_of if box.west <= box.east else east_of | west_of
    found: Array = (latitude >= box.south) & (latitude <= box.north) & within
    return found
