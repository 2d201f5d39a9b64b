"""How far a report can be trusted: the probability that all its core fields are right.

The core fields are place, date, killed, family of the weapon and, where one is named, the actor. A linear model
reads the probabilities of the single decisions. Their product would be wrong: errors come together.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from schemas.vocabulary import Weapon
from transforms.nlp.learned.model import WeightsInvalid
from transforms.nlp.learned.pair_model import probability
from transforms.nlp.learned.strikes import Strike
from transforms.nlp.learned.weight_files import packaged_model

FORMAT = 1
_NO_DATE, _NO_COUNT = -6.0, -4.0
"""Stand for the log-odds of a field that the report does not have."""
_FARTHEST = 4.0
"""Numbers farther from the mean, in standard deviations, count as this far: few examples lie there."""
_LEAST, _MOST = 0.003, 0.997


def confidence_features(strike: Strike, strikes: Sequence[Strike]) -> dict[str, float]:
    """Return the numbers of one strike of an article.

    Args:
        strike: one of them.
        strikes: all strikes of the article.
    """
    unit, toll, place = strike.unit, strike.toll, strike.place
    odds = _odds(unit.probability)
    others = [_odds(other.unit.probability) for other in strikes if other is not strike]
    best_other = max(others, default=_NO_DATE)
    return {
        "place": odds,
        "date": _odds(unit.date_probability) if unit.interval else _NO_DATE,
        "no_date": float(unit.interval is None),
        "publication_date": float(unit.interval is not None and unit.time is None),
        "weapon": _odds(strike.weapon.probability),
        "no_weapon": float(strike.weapon.value == Weapon.UNKNOWN),
        "killed": _odds(toll.killed_probability) if toll.killed else _NO_COUNT,
        "injured": _odds(toll.injured_probability) if toll.injured else _NO_COUNT,
        "no_toll": float(not toll.killed and not toll.injured),
        "actor": strike.actor.probability if strike.actor.name is not None else 0.0,
        "no_actor": float(strike.actor.name is None),
        "main": _odds(strike.main.probability),
        "strikes": math.log1p(len(others)),
        "gap": best_other - odds if others else _NO_DATE,
        "region": float(place.geo_precision > 1),
        "unlisted": float(place.kind == "unlisted"),
    }


def _odds(value: float) -> float:
    value = min(max(value, _LEAST), _MOST)
    return math.log(value / (1 - value))


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """A linear model. ``features``: mean, standard deviation and weight by name."""

    intercept: float
    features: Mapping[str, tuple[float, float, float]]

    def confidence(self, numbers: Mapping[str, float]) -> float:
        """Return the probability, 0.01 to 0.99, that all core fields are right."""
        odds = self.intercept
        for name, (mean, deviation, weight) in self.features.items():
            odds += weight * min(max((numbers[name] - mean) / deviation, -_FARTHEST), _FARTHEST)
        return round(min(max(probability(odds), 0.01), 0.99), 2)


def read_confidence_model(raw: Mapping[str, Any]) -> ConfidenceModel:
    """Return the model of the content of a file of weights.

    Raises:
        WeightsInvalid: another format, or a number that cannot be.
    """
    if raw["format"] != FORMAT:
        raise WeightsInvalid(f"format {raw['format']}, not {FORMAT}")
    features = {name: (float(m), float(d), float(w)) for name, (m, d, w) in raw["features"].items()}
    if any(deviation <= 0 for _, deviation, _ in features.values()):
        raise WeightsInvalid("a standard deviation is not positive")
    return ConfidenceModel(float(raw["intercept"]), features)


@cache
def packaged_confidence() -> ConfidenceModel:
    """Return the model that belongs to the project. A process reads it once.

    Raises:
        WeightsInvalid: its file is missing or spoilt.
    """
    return packaged_model("confidence", read_confidence_model)
