"""New columns of a snapshot from earlier ones, where a few incidents are others."""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import numpy as np

from transforms.serving.snapshot_columns import (
    PLAIN,
    TOLLS,
    Array,
    Names,
    SnapshotColumns,
    falling_tolls,
    make_columns,
)


class MergedColumns(NamedTuple):
    """New columns. ``sources``: what each incident was: its number in the earlier columns, or its number in
    the added ones plus the size of the earlier ones."""

    columns: SnapshotColumns
    sources: Array


def merge_columns(earlier: SnapshotColumns, gone: Collection[int], added: SnapshotColumns) -> MergedColumns:
    """Return the columns that ``ColumnsBuilder`` would make of all rows.

    Args:
        earlier: the columns before.
        gone: numbers of incidents that are left out, also those that are added anew.
        added: incidents that are added.
    """
    size = len(earlier.ids)
    is_kept = np.ones(size, np.bool_)
    is_kept[list(gone)] = False
    kept = np.flatnonzero(is_kept)
    places = [
        bisect_left(kept, (day, incident_id), key=lambda n: (earlier.rising_days[n], earlier.ids[n]))
        for day, incident_id in zip(added.rising_days.tolist(), added.ids, strict=True)
    ]
    sources = np.insert(kept, places, size + np.arange(len(added.ids)))
    both = [*earlier.ids, *added.ids]
    ids = [both[n] for n in sources.tolist()]
    lost = {earlier.ids[n] for n in gone}
    arrays = {
        name: np.concatenate((getattr(earlier, name), getattr(added, name)))[sources]
        for name in PLAIN
        if name not in ("country", "place")
    }
    for name in TOLLS:
        arrays[name] = np.concatenate((earlier.tolls[name], added.tolls[name]))[sources]
    arrays["country"], countries = _merge_codes(
        (earlier.country, added.country), (earlier.countries, added.countries), sources
    )
    arrays["place"], named = _merge_codes(
        (earlier.place, added.place), (earlier.places, added.places), sources
    )
    folded = dict(zip(earlier.places, earlier.folded_places, strict=True))
    columns = make_columns(
        ids,
        sorted([*(i for i in earlier.sorted_ids if i not in lost), *added.ids]),  # quick: nearly sorted
        arrays,
        _in_order(earlier.by_change, is_kept, sources, arrays["changed"], ids),
        _in_order(earlier.by_killed, is_kept, sources, falling_tolls(arrays), ids),
        Names(countries, named),
        folded,
    )
    return MergedColumns(columns, sources)


def _in_order(earlier: Array, is_kept: Array, sources: Array, ranks: Array, ids: Sequence[str]) -> Array:
    """Return the new numbers in an order: those that were there, with the added ones put in.

    Args:
        earlier: the numbers before, in their order.
        is_kept: which of these are still there.
        sources: what each incident was, as in ``MergedColumns``.
        ranks: what orders the incidents; those with the same rank are ordered by their ids.
        ids: of the incidents.
    """
    number_of = np.empty(int(sources.max(initial=-1)) + 1, np.int64)
    number_of[sources] = np.arange(len(sources))
    kept = number_of[earlier[is_kept[earlier]]]

    def rank(number: int) -> tuple[int, str]:
        return int(ranks[number]), ids[number]

    added = sorted(np.flatnonzero(sources >= len(is_kept)).tolist(), key=rank)
    return np.insert(kept, [bisect_left(kept, rank(n), key=rank) for n in added], added)


def _merge_codes(
    codes: tuple[Array, Array], names: tuple[Sequence[Any], Sequence[Any]], sources: Array
) -> tuple[Array, list[Any]]:
    """Return the codes of all incidents, numbered in the order in which they first occur, and their names."""
    every = list(names[0])
    code_of = {name: code for code, name in enumerate(every)}
    for name in names[1]:
        if code_of.setdefault(name, len(every)) == len(every):
            every.append(name)
    added = np.array([code_of[name] for name in names[1]], codes[0].dtype)[codes[1]]
    together = np.concatenate((codes[0], added))[sources]
    used, first = np.unique(together, return_index=True)
    in_order = used[np.argsort(first)]
    renumbered = np.empty(len(every), codes[0].dtype)
    renumbered[in_order] = np.arange(len(in_order))
    return renumbered[together], [every[code] for code in in_order.tolist()]
