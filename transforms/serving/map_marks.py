"""What a map of a list shows: the incidents of one spot or cell as one mark."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from schemas.vocabulary import Weapon
from transforms.serving.snapshot_columns import WEAPONS, Array, SnapshotColumns

_CELLS_ACROSS, _CELLS_DOWN = 48, 24
_CELLS = (_CELLS_ACROSS + 1) * (_CELLS_DOWN + 1)
_LEAST_DEGREES = 0.5
"""A map of one town shows what is around it too."""
_GROUPS = sorted({weapon.traits.map_group for weapon in Weapon})
_GROUP_OF = np.array([_GROUPS.index(weapon.traits.map_group) for weapon in WEAPONS])


class Mark(NamedTuple):
    """Some incidents near each other. ``group``: the weapon's colour, ``mixed`` where they have several.

    ``killed``: sum of the lower limits of those that count. ``box``: west, south, east, north of the cell.
    ``number_shown``: one of its incidents, the deadliest.
    """

    latitude: float
    longitude: float
    incidents: int
    killed: int
    group: str
    box: tuple[float, float, float, float]
    number_shown: int


class MapIndex:
    """Makes the marks of maps. A list may have all incidents, but they lie on far fewer points: incidents are
    only counted by point, and all else is done with the points."""

    def __init__(self, columns: SnapshotColumns) -> None:
        is_known = ~np.isnan(columns.latitude)
        # A complex number holds a point: two columns of numbers take NumPy three times as long to sort.
        points, of_known = np.unique(
            columns.latitude[is_known] + 1j * columns.longitude[is_known], return_inverse=True
        )
        self._latitude, self._longitude = points.real.copy(), points.imag.copy()
        # What has no coordinates lies on one more point, which is on no map.
        point = np.full(len(is_known), len(points))
        point[is_known] = of_known
        self._group_and_point = _GROUP_OF[columns.weapon] * (len(points) + 1) + point
        low = columns.tolls["fatalities_low"]
        self._killed = np.where(columns.counted & (low > 0), low, 0).astype(np.float64)
        self._by_toll = np.lexsort((np.arange(len(low)), low))
        self._rank = np.empty(len(low), np.int64)
        self._rank[self._by_toll] = np.arange(len(low))

    def marks_of(self, numbers: Array) -> Sequence[Mark]:
        """Return the marks of some incidents, the largest first. Those without coordinates are on no map."""
        codes, shape = self._group_and_point[numbers], (len(_GROUPS), len(self._latitude) + 1)
        size = shape[0] * shape[1]
        of_groups = np.bincount(codes, minlength=size).reshape(shape)
        of_point = of_groups.sum(axis=0)
        points = np.flatnonzero(of_point[:-1])
        if not len(points):
            return ()
        of_groups, of_point = of_groups[:, points], of_point[points]
        killed = np.bincount(codes, self._killed[numbers], size).reshape(shape)[:, points].sum(axis=0)
        rank = np.full(size, -1)
        np.maximum.at(rank, codes, self._rank[numbers])
        rank = rank.reshape(shape)[:, points].max(axis=0)
        latitude, longitude = self._latitude[points], self._longitude[points]
        step_x = max(float(np.ptp(longitude)), _LEAST_DEGREES) / _CELLS_ACROSS
        step_y = max(float(np.ptp(latitude)), _LEAST_DEGREES / 2) / _CELLS_DOWN
        west, south = float(longitude.min()), float(latitude.min())
        cell_x = np.floor((longitude - west) / step_x).astype(np.int64)
        cell_y = np.floor((latitude - south) / step_y).astype(np.int64)
        cell = cell_y * (_CELLS_ACROSS + 1) + cell_x
        incidents = np.bincount(cell, of_point, _CELLS)
        cells = np.flatnonzero(incidents)
        has_group = np.zeros((len(_GROUPS), _CELLS), np.bool_)
        for has, of_group in zip(has_group, of_groups, strict=True):
            has[cell[of_group > 0]] = True
        group_of = np.where(has_group.sum(axis=0) == 1, has_group.argmax(axis=0), -1)
        shown = np.full(_CELLS, -1)
        np.maximum.at(shown, cell, rank)

        def means_of(degrees: Array) -> list[float]:
            # From one of its points on, so that a cell of one point gets exactly that one.
            begin = np.zeros(_CELLS)
            begin[cell] = degrees
            away = np.bincount(cell, of_point * (degrees - begin[cell]), _CELLS)
            means: list[float] = (begin[cells] + away[cells] / incidents[cells]).tolist()
            return means

        across = _edges(west, step_x, _CELLS_ACROSS, 180.0)
        down = _edges(south, step_y, _CELLS_DOWN, 90.0)
        found = zip(
            cells.tolist(),
            means_of(latitude),
            means_of(longitude),
            incidents[cells].astype(np.int64).tolist(),
            np.bincount(cell, killed, _CELLS)[cells].astype(np.int64).tolist(),
            group_of[cells].tolist(),
            self._by_toll[shown[cells]].tolist(),
            strict=True,
        )
        marks = [
            Mark(
                latitude=round(mean_y, 4),
                longitude=round(mean_x, 4),
                incidents=count,
                killed=dead,
                group="mixed" if group < 0 else _GROUPS[group],
                box=(left, bottom, right, top),
                number_shown=number,
            )
            for n, mean_y, mean_x, count, dead, group, number in found
            for (left, right), (bottom, top) in ((across[n % len(across)], down[n // len(across)]),)
        ]
        return sorted(marks, key=lambda m: (-m.killed, -m.incidents, m.latitude, m.longitude))


def _edges(begin: float, step: float, count: int, most: float) -> list[tuple[float, float]]:
    """Return the two edges of each column or row of cells, a little outside it, so that rounding loses no
    incident. ``most``: the last degree that there is."""
    lower = [begin + n * step for n in range(count + 1)]
    return [(round(max(edge - 1e-4, -most), 4), round(min(edge + step + 1e-4, most), 4)) for edge in lower]
