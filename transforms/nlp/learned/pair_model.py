"""A learned model of pairs: does this time, count, weapon or actor belong to this strike? It needs numpy only.

A linear model reads words and numbers, boosted trees read the numbers. The log-odds of a pair are the mean of
the two.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transforms.nlp.learned.model import (
    Trees,
    WeightsInvalid,
    WordsAndNumbers,
    dense,
    read_trees,
    read_words_and_numbers,
)

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """The features of one pair: names of what is present with their values, and numbers."""

    names: Mapping[str, float]
    numbers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PairModel:
    """Gives the log-odds of pairs. ``thresholds``: by name, as the decision that uses the model needs them."""

    linear: WordsAndNumbers
    trees: Trees
    thresholds: Mapping[str, float]

    def score(self, pairs: Sequence[Pair]) -> list[float]:
        """Return the log-odds of each pair."""
        if not pairs:
            return []
        rows = dense([p.numbers for p in pairs], self.linear.numbers)
        odds = (self.linear.score([p.names for p in pairs], rows) + self.trees.score(rows)) / 2
        return [float(value) for value in odds]

    def reasons(self, pair: Pair) -> tuple[tuple[str, float], ...]:
        """Return the features of a pair that moved the linear part most, with their weight."""
        return self.linear.reasons(pair.names, dense([pair.numbers], self.linear.numbers)[0])


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
    linear = read_words_and_numbers(raw)
    return PairModel(linear, read_trees(raw["trees"], len(linear.numbers)), dict(raw["thresholds"]))
