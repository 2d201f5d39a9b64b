"""The rows that models of pairs learn from. Nothing here needs scikit-learn."""

from collections.abc import Mapping
from dataclasses import dataclass

from training import REAL, REAL_OLD

_WEIGHTS = {REAL: 3.0, REAL_OLD: 2.0}
"""Real articles weigh more: written ones alone add nothing on real ones. Those of one region and one time
weigh less than those of many."""


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair to learn from."""

    article: str
    fold: int
    label: int
    weight: float
    names: Mapping[str, float]
    numbers: Mapping[str, float]


def weight_of_folder(folder: str) -> float:
    """Return how much the articles of a folder count."""
    return _WEIGHTS.get(folder, 1.0)
