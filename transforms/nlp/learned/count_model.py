"""The learned model of tolls: which number belongs to which strike. It needs no language model.

It decides in three steps. The words around a number say how likely it is the toll of some strike. With that,
and with where strike and number stand, each pair is judged. Then the values that a strike could have are
compared with each other, and with those of the other strikes.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

from transforms.nlp.learned.pair_model import Pair, PairModel, probability, read_pair_model
from transforms.nlp.learned.reading import mean_odds

_MOST_VALUES = 3
"""So many values of a strike and kind are judged, the likeliest ones."""
_LEAST = -8.0
"""Stands for the log-odds of what is not there; lower ones are cut to it."""
LEAST_NUMBER = -4.5
"""Numbers with lower log-odds of being a toll at all are not compared with strikes: 7 of 10, of which 1 % are tolls."""
_FAR = 200.0
_AS_LIKELY = 2.0
"""A strike may take another statement of its value whose log-odds are at most so much lower."""

Key = tuple[int, int]
"""The position of a strike, and that of a number."""


class HasNumber(Protocol):
    """A number of killed or injured at characters ``[start, end)`` of a sentence."""

    @property
    def kind(self) -> str:
        """Return killed or injured."""

    @property
    def low(self) -> int:
        """Return the least number."""

    @property
    def start(self) -> int:
        """Return where its words begin."""

    @property
    def end(self) -> int:
        """Return where its words end."""

    @property
    def sentence(self) -> int:
        """Return the number of its sentence."""


@dataclass(frozen=True, slots=True)
class TollValue:
    """A value that the toll of a strike could have.

    ``candidates``: positions of the numbers that state it, the likeliest first. ``pair``: its features.
    """

    unit: int
    kind: str
    low: int
    candidates: tuple[int, ...]
    pair: Pair


@dataclass(frozen=True, slots=True)
class Chosen:
    """The number that a strike gets for a kind: its position, and the log-odds of its value."""

    candidate: int
    odds: float


@dataclass(frozen=True, slots=True)
class CountModel:
    """The models of numbers, of pairs and of values. The thresholds are those of the last one."""

    numbers: PairModel
    pairs: PairModel
    values: PairModel

    def choose(
        self,
        candidates: Sequence[HasNumber],
        features: Sequence[Pair],
        pairs: Mapping[Key, Pair],
        links: Mapping[Key, float] = MappingProxyType({}),
        share: float = 0.0,
    ) -> dict[tuple[int, str], Chosen]:
        """Return the number of each strike and kind that gets one.

        Args:
            candidates: the numbers of an article.
            features: of each number.
            pairs: features of each strike with each number.
            links: the encoder's log-odds of strikes with numbers, where it read both.
            share: of these in the mean with the model's own.
        """
        whole = whole_pairs(candidates, features, self.numbers.score(features), pairs)
        own = dict(zip(whole, self.pairs.score(list(whole.values())), strict=True))
        odds = {key: mean_odds(o, links.get(key), share) for key, o in own.items()}
        values = toll_values(candidates, odds, whole)
        return assign(candidates, odds, values, self.values.score([v.pair for v in values]), self.thresholds)

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Return the least probability of a value, by kind."""
        return self.values.thresholds


def read_count_model(raw: Mapping[str, Any]) -> CountModel:
    """Return the model of the content of a file of weights.

    Raises:
        WeightsInvalid: another format, or parts that do not fit each other.
    """
    return CountModel(*(read_pair_model(raw[part]) for part in ("numbers", "pairs", "values")))


def whole_pairs(
    candidates: Sequence[HasNumber],
    features: Sequence[Pair],
    odds: Sequence[float],
    pairs: Mapping[Key, Pair],
) -> dict[Key, Pair]:
    """Return pairs with what is known of their numbers, and how these stand among the others.

    Pairs whose number is hardly a toll are left out.

    Args:
        candidates: the numbers of an article.
        features: of each number.
        odds: log-odds of each number that it is the toll of some strike.
        pairs: features of each strike with each number.
    """
    cut = [max(o, _LEAST) for o in odds]
    by_kind: dict[str, list[int]] = {}
    for c, candidate in enumerate(candidates):
        if odds[c] >= LEAST_NUMBER:
            by_kind.setdefault(candidate.kind, []).append(c)
    result = {}
    for (u, c), pair in pairs.items():
        if odds[c] < LEAST_NUMBER:
            continue
        away = {n: pairs[u, n].numbers["distance"] for n in by_kind[candidates[c].kind] if (u, n) in pairs}
        numbers = {**features[c].numbers, **pair.numbers, **_rivals(c, candidates, cut, away)}
        result[u, c] = Pair(pair.names, numbers)
    return result


def _rivals(
    c: int, candidates: Sequence[HasNumber], odds: Sequence[float], away: Mapping[int, float]
) -> dict[str, float]:
    """Return how a number stands among the others of its kind, by their words and their distance."""
    own = candidates[c]
    others = [n for n in away if candidates[n].low != own.low]
    same = [n for n in away if candidates[n].low == own.low]
    rival = max((odds[n] for n in others), default=_LEAST)
    nearer = max((odds[n] for n in others if away[n] < away[c]), default=_LEAST)
    return {
        "number_odds": odds[c],
        "best_rival": rival,
        "best_nearer_rival": nearer,
        "best_rival_here": max(
            (odds[n] for n in others if candidates[n].sentence == own.sentence), default=_LEAST
        ),
        "rival_margin": odds[c] - rival,
        "nearer_margin": odds[c] - nearer,
        "best_same": max((odds[n] for n in same), default=_LEAST),
        "same_likely": float(min(sum(odds[n] > -1 for n in same), 6)),
        "same_distance": min((away[n] for n in same if odds[n] > -2), default=_FAR),
        "likelier_rivals": float(min(sum(odds[n] > odds[c] for n in others), 10)),
    }


def toll_values(
    candidates: Sequence[HasNumber], odds: Mapping[Key, float], pairs: Mapping[Key, Pair]
) -> list[TollValue]:
    """Return the likeliest values of each strike and kind of an article.

    Args:
        candidates: the numbers of the article.
        odds: log-odds of strike and number.
        pairs: their features.
    """
    by_value: dict[tuple[int, str], dict[int, list[int]]] = {}
    best: dict[tuple[int, str], float] = {}
    for u, c in sorted(odds, key=lambda key: (-odds[key], key)):
        candidate = candidates[c]
        by_value.setdefault((u, candidate.kind), {}).setdefault(candidate.low, []).append(c)
        best.setdefault((u, candidate.kind), odds[u, c])
    units = sorted({u for u, _ in odds})
    result = []
    for (u, kind), values in sorted(by_value.items()):
        sums = {low: max(_sum([odds[u, c] for c in stated]), _LEAST) for low, stated in values.items()}
        others_best = max((o for (v, k), o in best.items() if v != u and k == kind), default=_LEAST)
        for rank, low in enumerate(sorted(values, key=lambda low: (-sums[low], low))[:_MOST_VALUES]):
            first = values[low][0]
            numbers = {
                **pairs[u, first].numbers,
                **_among_values(u, values[low], sums, low, odds),
                **_among_units(u, values[low], candidates, odds, units),
                "value_rank": float(rank),
                "value_others_best": max(others_best, _LEAST),
            }
            pair = Pair({f"{kind[0]}:value_rank={rank}": 1.0}, numbers)
            result.append(TollValue(u, kind, low, tuple(values[low]), pair))
    return result


def _among_values(
    u: int, stated: Sequence[int], sums: Mapping[int, float], low: int, odds: Mapping[Key, float]
) -> dict[str, float]:
    """Return how a value stands among the other values of its strike."""
    rival = max((s for other, s in sums.items() if other != low), default=_LEAST)
    return {
        "value_odds": sums[low],
        "value_best": max(odds[u, stated[0]], _LEAST),
        "value_statements": float(min(sum(odds[u, c] > -2 for c in stated), 6)),
        "value_rival": rival,
        "value_margin": sums[low] - rival,
        "value_larger": max((s for other, s in sums.items() if other > low), default=_LEAST),
        "value_likely": float(min(sum(s > -1 for s in sums.values()), 6)),
    }


def _among_units(
    u: int,
    stated: Sequence[int],
    candidates: Sequence[HasNumber],
    odds: Mapping[Key, float],
    units: Sequence[int],
) -> dict[str, float]:
    """Return whether another strike, or the other kind, has more right to the number of a value."""
    first = stated[0]
    other = max((odds.get((v, first), _LEAST) for v in units if v != u), default=_LEAST)
    elsewhere = max((odds.get((v, c), _LEAST) for v in units if v != u for c in stated), default=_LEAST)
    other_kind = max(
        (
            odds.get((u, c), _LEAST)
            for c in range(max(0, first - 3), min(len(candidates), first + 4))
            if candidates[c].kind != candidates[first].kind and _overlap(candidates[c], candidates[first])
        ),
        default=_LEAST,
    )
    return {
        "value_other_unit": max(other, _LEAST),
        "value_unit_margin": odds[u, first] - max(other, _LEAST),
        "value_other_statement": max(elsewhere, _LEAST),
        "value_other_kind": max(other_kind, _LEAST),
    }


def assign(
    candidates: Sequence[HasNumber],
    odds: Mapping[Key, float],
    values: Sequence[TollValue],
    value_odds: Sequence[float],
    thresholds: Mapping[str, float],
) -> dict[tuple[int, str], Chosen]:
    """Return the number of each strike and kind that gets one.

    The surest value is chosen first; its words are then taken: a number belongs to one strike at most, and to
    the killed or the injured. Only "no casualties" may speak of several.
    """
    chosen: dict[tuple[int, str], Chosen] = {}
    taken: list[tuple[int, int]] = []
    for sure, value in sorted(zip(value_odds, values, strict=True), key=lambda pair: -pair[0]):
        if (value.unit, value.kind) in chosen or probability(sure) < thresholds[value.kind]:
            continue
        least = odds[value.unit, value.candidates[0]] - _AS_LIKELY
        free = next(
            (
                c
                for c in value.candidates
                if odds[value.unit, c] >= least
                and not (
                    value.low and any(s < candidates[c].end and candidates[c].start < e for s, e in taken)
                )
            ),
            None,
        )
        if free is None:
            continue
        chosen[value.unit, value.kind] = Chosen(free, sure)
        if value.low:
            taken.append((candidates[free].start, candidates[free].end))
    return chosen


def _sum(odds: Sequence[float]) -> float:
    """Return the log of the summed odds."""
    best = max(odds)
    return best + math.log(sum(math.exp(o - best) for o in odds))


def _overlap(one: HasNumber, other: HasNumber) -> bool:
    return one.start < other.end and other.start < one.end
