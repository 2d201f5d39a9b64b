"""Totals of a list: ranges only, with what they leave out. Doubtful and historical incidents never count."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from transforms.serving.snapshot_columns import NOT_SAID, Array, SnapshotColumns


@dataclass(frozen=True, slots=True)
class TollRange:
    """A sum of tolls over the incidents that count.

    ``low``: of the lower limits. ``high``: of the upper limits, None where an incident has none.
    ``without``: incidents for which nobody stated a number, which the sum leaves out. ``open_ended``:
    incidents without an upper limit.
    """

    low: int
    high: int | None
    without: int
    open_ended: int


@dataclass(frozen=True, slots=True)
class ListTotals:
    """What a list holds. ``incidents``: all of its rows. ``counted``: those in the ranges. ``historical``:
    left out because they were first reported long after they happened. ``doubtful``: left out because they
    are in review or rejected. ``disputed``: of those that count, the ones about which outlets disagree."""

    incidents: int
    counted: int
    historical: int
    doubtful: int
    disputed: int
    killed: TollRange
    injured: TollRange


class _Trait(IntEnum):
    """What totals tell of an incident, as numbers of bits. One that is left out has HISTORICAL at most."""

    COUNTED = 0
    HISTORICAL = 1
    DISPUTED = 2
    KILLED_WITHOUT = 3
    KILLED_OPEN = 4
    INJURED_WITHOUT = 5
    INJURED_OPEN = 6


_BITS = np.arange(1 << len(_Trait))
_HAS_TRAIT = np.stack([_BITS >> trait & 1 for trait in _Trait], axis=1)
"""For each combination of traits whether it has each trait."""


class TotalsIndex:
    """Makes totals. A list may have all incidents, so their traits lie in one byte for each of them, and
    tolls that do not count are 0: no list looks at the same conditions again."""

    def __init__(self, columns: SnapshotColumns) -> None:
        counted, tolls = columns.counted, columns.tolls
        traits = {
            _Trait.COUNTED: counted,
            _Trait.HISTORICAL: columns.historical,
            _Trait.DISPUTED: counted & columns.disputed,
        }
        self._tolls: dict[str, Array] = {}
        for kind, without, open_ended in (
            ("fatalities", _Trait.KILLED_WITHOUT, _Trait.KILLED_OPEN),
            ("injured", _Trait.INJURED_WITHOUT, _Trait.INJURED_OPEN),
        ):
            has_low, has_high = (tolls[f"{kind}_{end}"] != NOT_SAID for end in ("low", "high"))
            traits[without] = counted & ~has_low & ~has_high
            traits[open_ended] = counted & has_low & ~has_high
            for end, is_said in (("low", has_low), ("high", has_high)):
                name = f"{kind}_{end}"
                self._tolls[name] = np.where(counted & is_said, tolls[name], 0)
        self._traits = np.zeros(len(counted), np.uint8)
        for trait, has in traits.items():
            self._traits |= has.astype(np.uint8) << np.uint8(trait)

    def totals_of(self, numbers: Array) -> ListTotals:
        """Return the totals of some incidents."""
        count = (np.bincount(self._traits[numbers], minlength=len(_BITS)) @ _HAS_TRAIT).tolist()

        def summed(kind: str, without: _Trait, open_ended: _Trait) -> TollRange:
            return TollRange(
                low=int(self._tolls[f"{kind}_low"][numbers].sum()),
                high=None if count[open_ended] else int(self._tolls[f"{kind}_high"][numbers].sum()),
                without=count[without],
                open_ended=count[open_ended],
            )

        return ListTotals(
            incidents=len(numbers),
            counted=count[_Trait.COUNTED],
            historical=count[_Trait.HISTORICAL],
            doubtful=len(numbers) - count[_Trait.COUNTED] - count[_Trait.HISTORICAL],
            disputed=count[_Trait.DISPUTED],
            killed=summed("fatalities", _Trait.KILLED_WITHOUT, _Trait.KILLED_OPEN),
            injured=summed("injured", _Trait.INJURED_WITHOUT, _Trait.INJURED_OPEN),
        )
