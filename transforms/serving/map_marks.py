"""What a map of a list shows: the incidents of one spot or cell as one mark."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schemas.vocabulary import Weapon
from transforms.serving.snapshot_columns import NOT_SAID, WEAPONS, Array, SnapshotColumns

_CELLS_ACROSS, _CELLS_DOWN = 48, 24
_CELLS = (_CELLS_ACROSS + 1) * (_CELLS_DOWN + 1)
_LEAST_DEGREES = 0.5
"""A map of one town shows what is around it too."""
_GROUPS = sorted({weapon.traits.map_group for weapon in Weapon})
_GROUP_OF = np.array([_GROUPS.index(weapon.traits.map_group) for weapon in WEAPONS])


@dataclass(frozen=True, slots=True)
class Mark:
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


def marks_of(columns: SnapshotColumns, numbers: Array) -> Sequence[Mark]:
    """Return the marks of some incidents, the largest first. Those without coordinates are on no map."""
    known = numbers[~np.isnan(columns.latitude[numbers])]
    if not len(known):
        return ()
    latitude, longitude = columns.latitude[known], columns.longitude[known]
    step_x = max(float(np.ptp(longitude)), _LEAST_DEGREES) / _CELLS_ACROSS
    step_y = max(float(np.ptp(latitude)), _LEAST_DEGREES / 2) / _CELLS_DOWN
    west, south = float(longitude.min()), float(latitude.min())
    cell_x = np.floor((longitude - west) / step_x).astype(np.int64)
    cell_y = np.floor((latitude - south) / step_y).astype(np.int64)
    # Nothing is sorted here: a list may have all incidents, and others wait while its map is made.
    cell = cell_y * (_CELLS_ACROSS + 1) + cell_x
    incidents = np.bincount(cell, minlength=_CELLS)
    cells = np.flatnonzero(incidents)
    low = columns.tolls["fatalities_low"][known]
    killed = np.bincount(cell, np.where(columns.counted[known] & (low > 0), low, 0), _CELLS)
    sum_y, sum_x = np.bincount(cell, latitude, _CELLS), np.bincount(cell, longitude, _CELLS)
    group = _GROUP_OF[columns.weapon[known]]
    by_group = np.bincount(cell * len(_GROUPS) + group, minlength=_CELLS * len(_GROUPS))
    of_group = by_group.reshape(_CELLS, len(_GROUPS))
    most = np.full(_CELLS, NOT_SAID)
    np.maximum.at(most, cell, low)
    has_most = np.flatnonzero(low == most[cell])
    deadliest = np.zeros(_CELLS, np.int64)
    deadliest[cell[has_most]] = known[has_most]  # the last one assigned to a cell stays
    marks = [
        Mark(
            latitude=round(float(sum_y[n] / incidents[n]), 4),
            longitude=round(float(sum_x[n] / incidents[n]), 4),
            incidents=int(incidents[n]),
            killed=int(killed[n]),
            group=_GROUPS[int(of_group[n].argmax())] if (of_group[n] > 0).sum() == 1 else "mixed",
            box=_box(n, west, south, step_x, step_y),
            number_shown=int(deadliest[n]),
        )
        for n in cells.tolist()
    ]
    return sorted(marks, key=lambda m: (-m.killed, -m.incidents, m.latitude, m.longitude))


def _box(
    cell: int, west: float, south: float, step_x: float, step_y: float
) -> tuple[float, float, float, float]:
    """Return the edges of a cell, a little outside it, so that rounding loses no incident."""
    y, x = divmod(cell, _CELLS_ACROSS + 1)
    left, bottom = west + x * step_x, south + y * step_y
    return (
        round(max(left - 1e-4, -180.0), 4), round(max(bottom - 1e-4, -90.0), 4),
        round(min(left + step_x + 1e-4, 180.0), 4), round(min(bottom + step_y + 1e-4, 90.0), 4),
    )  # fmt: skip
