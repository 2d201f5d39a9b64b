"""A learned model of pairs: does this time, count, weapon or actor belong to this strike? It needs numpy only.

A linear model reads words and numbers, boosted trees read the numbers. The log-odds of a pair are the mean of
the two.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from transforms.nlp.learned.model import Floats, Linear, Trees, WeightsInvalid, dense, read_trees

FORMAT = 1
_CLIP = 4.0


@dataclass(frozen=True, slots=True)
class Pair:
    """The features of one pair: names of what is present with their values, and numbers."""

    names: Mapping[str, float]
    numbers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PairModel:
    """Gives the log-odds of pairs.

    ``numbers``: the order of the numbers, of which ``mean`` and ``scale`` belong to the linear part.
    ``thresholds``: by name, as the decision that uses the model needs them.
    """

    linear: Linear
    numbers: tuple[str, ...]
    mean: Floats
    scale: Floats
    number_weights: Floats
    trees: Trees
    thresholds: Mapping[str, float]

    def score(self, pairs: Sequence[Pair]) -> list[float]:
        """Return the log-odds of each pair."""
        if not pairs:
            return []
        rows = dense([p.numbers for p in pairs], self.numbers)
        scaled = np.clip((rows - self.mean) / self.scale, -_CLIP, _CLIP)
        by_words = np.array([self.linear.score(p.names) for p in pairs]) + scaled @ self.number_weights
        return [float(odds) for odds in (by_words + self.trees.score(rows)) / 2]

    def reasons(self, pair: Pair, wanted: int = 3) -> tuple[tuple[str, float], ...]:
        """Return the features of a pair that moved the linear part most, with their weight."""
        weights = self.linear.weights
        row = dense([pair.numbers], self.numbers)[0]
        moved = np.clip((row - self.mean) / self.scale, -_CLIP, _CLIP) * self.number_weights
        parts = [(n, weights[n] * value) for n, value in pair.names.items() if n in weights]
        parts += [(n, float(m)) for n, m in zip(self.numbers, moved, strict=True)]
        return tuple(sorted(parts, key=lambda part: (-abs(part[1]), part[0]))[:wanted])


def probability(odds: float) -> float:
    """Return the probability of log-odds."""
    return 1 / (1 + math.exp(-odds)) if odds > -700 else 0.0


def read_pair_model(raw: Mapping[str, Any]) -> PairModel:
    """Return the model of the content of a file of weights.

    Raises:
        WeightsInvalid: another format, or parts that do not fit each other.
    """
    if raw["format"] != FORMAT:
        raise WeightsInvalid(f"format {raw['format']}, not {FORMAT}")
    numbers = tuple(raw["numbers"])
    mean, scale, number_weights = (
        np.array(raw[k], dtype=np.float64) for k in ("mean", "scale", "number_weights")
    )
    trees = read_trees(raw["trees"])
    if not len(mean) == len(scale) == len(number_weights) == len(numbers):
        raise WeightsInvalid("numbers and their weights differ in length")
    if trees.feature.max(initial=0) >= len(numbers):
        raise WeightsInvalid("a tree asks for a number that does not exist")
    return PairModel(
        linear=Linear(raw["linear"]["weights"], raw["linear"]["intercept"]),
        numbers=numbers,
        mean=mean,
        scale=scale,
        number_weights=number_weights,
        trees=trees,
        thresholds=dict(raw["thresholds"]),
    )
