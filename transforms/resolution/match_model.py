"""The learned weights of resolution: how likely a report means a known strike, or a new one.

Each aspect of a report and a strike (place, spot, days, toll ...) falls into one of a few cases, and each
case has a weight. The weights of a strike add up to its log-odds against a new strike (a conditional logit).
They are fitted by ``training.fit_matches`` on annotated articles and on generated days of many strikes.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Aspects = tuple[tuple[str, str], ...]
"""Pairs of aspect and case: ("killed", "same_many")."""
_FILE = "match_weights.json"
_MOST_ODDS = 500.0


class MatchWeightsInvalid(ValueError):
    """The file of weights has another format."""


@dataclass(frozen=True, slots=True)
class MatchModel:
    """The weights, and what follows from the probabilities.

    ``weights``: by "aspect=case"; a case without a weight counts nothing. ``join``: a report joins a strike
    from this probability on. ``surely_old``: it joins the likeliest strike also where others are as likely,
    if it is no new strike with at least this probability: else each further report of a strike that was once
    split would found one more. ``sure``: below this probability the incident carries the flag
    ``possible_split``. ``doubt``: from this probability on a strike that a report does not join is its
    possible duplicate.
    """

    weights: Mapping[str, float]
    intercept: float
    join: float
    surely_old: float
    sure: float
    doubt: float

    def log_odds(self, aspects: Aspects) -> float:
        """Return the log-odds that a report means a strike, against a new strike."""
        return self.intercept + sum(map(self.weight, aspects))

    def weight(self, aspect: tuple[str, str]) -> float:
        """Return the weight of the case of an aspect."""
        return self.weights.get("=".join(aspect), 0.0)


def share(odds: float, others: Sequence[float]) -> float:
    """Return the probability of a strike with the given log-odds, where a report may also mean some other
    strikes or a new one.

    >>> round(share(0.0, []), 2), round(share(2.0, [2.0]), 2)
    (0.5, 0.47)
    """
    odds = min(odds, _MOST_ODDS)
    total = 1.0 + math.exp(odds) + sum(math.exp(min(other, _MOST_ODDS)) for other in others)
    return math.exp(odds) / total


def read_match_model(raw: Mapping[str, Any]) -> MatchModel:
    """Return the model of the content of a file of weights.

    Raises:
        MatchWeightsInvalid: it has other keys, or values that are no numbers.
    """
    numbers = ("intercept", "join", "surely_old", "sure", "doubt")
    if set(raw) != {"weights", *numbers}:
        raise MatchWeightsInvalid(f"{_FILE}: the keys are {sorted(raw)}")
    try:
        weights = {str(name): float(value) for name, value in raw["weights"].items()}
        return MatchModel(weights, *(float(raw[name]) for name in numbers))
    except (AttributeError, TypeError, ValueError) as error:
        raise MatchWeightsInvalid(f"{_FILE}: {error!r}") from error


@cache
def match_model() -> MatchModel:
    """Return the model that belongs to the project. A process reads it once.

    Raises:
        MatchWeightsInvalid: the file is spoilt.
    """
    return read_match_model(json.loads((files("transforms.resolution") / _FILE).read_text("utf-8")))
