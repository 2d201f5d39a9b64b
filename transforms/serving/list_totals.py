"""Totals of a list: ranges only, with what they leave out. Doubtful and historical incidents never count."""

from dataclasses import dataclass

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


def totals_of(columns: SnapshotColumns, numbers: Array) -> ListTotals:
    """Return the totals of some incidents."""
    used = numbers[columns.counted[numbers]]
    historical = int(columns.historical[numbers].sum())
    return ListTotals(
        incidents=len(numbers),
        counted=len(used),
        historical=historical,
        doubtful=len(numbers) - len(used) - historical,
        disputed=int(columns.disputed[used].sum()),
        killed=_range(columns, used, "fatalities"),
        injured=_range(columns, used, "injured"),
    )


def _range(columns: SnapshotColumns, numbers: Array, kind: str) -> TollRange:
    low, high = columns.tolls[f"{kind}_low"][numbers], columns.tolls[f"{kind}_high"][numbers]
    is_stated = (low != NOT_SAID) | (high != NOT_SAID)
    is_open = is_stated & (high == NOT_SAID)
    open_ended = int(is_open.sum())
    return TollRange(
        low=int(low[low != NOT_SAID].sum()),
        high=None if open_ended else int(high[high != NOT_SAID].sum()),
        without=int((~is_stated).sum()),
        open_ended=open_ended,
    )
