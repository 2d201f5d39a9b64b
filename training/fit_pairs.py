"""Fit a model of pairs. It needs scikit-learn, and no spaCy.

A row is a pair: its article, fold, label (1 belongs, 0 does not, -1 counts for nothing), weight, names and
numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from training.fit import TREES, fit_trees, fit_words_and_numbers
from training.pair_rows import PairRow
from transforms.nlp.learned.model import dense
from transforms.nlp.learned.pair_model import FORMAT, Pair, read_pair_model


@dataclass(frozen=True)
class Settings:
    """How closely a model follows its rows: the linear part's inverse penalty, and the trees' settings."""

    linear_c: float = 0.1
    trees: Mapping[str, Any] = field(default_factory=lambda: TREES)


DEFAULT = Settings()


def fit_pairs(
    rows: Sequence[PairRow], thresholds: Mapping[str, float], settings: Settings = DEFAULT
) -> dict[str, Any]:
    """Return the content of the file of weights, fitted on all rows with a label."""
    used = [r for r in rows if r.label >= 0]
    labels, weights = [r.label for r in used], [r.weight for r in used]
    order = sorted({name for r in used for name in r.numbers})
    numbers = dense([r.numbers for r in used], order)
    features = [(r.article, r.names) for r in used]
    return {
        "format": FORMAT,
        "thresholds": dict(thresholds),
        **fit_words_and_numbers(features, order, numbers, labels, weights, settings.linear_c),
        "trees": fit_trees(numbers, labels, weights, settings.trees),
    }


def odds_of(weights: Mapping[str, Any], rows: Sequence[PairRow]) -> list[float]:
    """Return the log-odds of rows by weights, as the run time computes them."""
    return read_pair_model(weights).score([Pair(r.names, r.numbers) for r in rows])


def odds_left_out(
    rows: Sequence[PairRow], part: Callable[[PairRow], str], settings: Settings = DEFAULT
) -> list[float]:
    """Return the log-odds of each row by weights that were fitted without its part."""
    found = [0.0] * len(rows)
    for name in sorted({part(r) for r in rows}):
        unseen = [n for n, r in enumerate(rows) if part(r) == name]
        weights = fit_pairs([r for r in rows if part(r) != name], {}, settings)
        for n, odds in zip(unseen, odds_of(weights, [rows[n] for n in unseen]), strict=True):
            found[n] = odds
    return found
