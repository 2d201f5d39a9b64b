"""Fit the last part of the model of tolls anew, on what it meets when the encoder has read an article.

``make train`` fits it where no encoder counts. With its share the log-odds of strikes and numbers are
better, so a value deserves more trust than that fit gives it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from training.count_rows import KINDS, CountArticle, value_rows
from training.encoder.held import Held, tolls_as_read
from training.fit_counts import SETTINGS, low_of
from training.fit_pairs import fit_pairs
from training.learn import Rows
from training.pair_rows import PairRow
from transforms.nlp.learned.count_model import Key, TollValue, assign
from transforms.nlp.learned.pair_model import PairModel, read_pair_model

_WEIGHT = 3.0
"""A value of an article that the encoder read weighs so much, because the other articles have more rows.

Of 901 strikes in the fold that the encoder did not see, left out by event, both tolls were right for .721,
.726 and .731 with 1, 3 and 8, and for .714 without this fit. Of 602 in notes it
was .625, .630, .628, and .630.
"""
_GRID = tuple(float(t) for t in np.round(np.arange(0.2, 0.55, 0.05), 2))
_NEARLY = 0.997
"""Of thresholds nearly as good as the best the highest is taken: a wrong number is worse than none."""
_Read = tuple[CountArticle, Mapping[Key, float], Sequence[TollValue]]


def values_as_read(rows: Rows, held: Held, share: float, parts: Mapping[str, int]) -> dict[str, Any]:
    """Return the weights of the values of tolls, with their thresholds.

    Args:
        rows: of all articles. The log-odds are of weights that did not see the article.
        held: what the encoder says of articles that it did not see.
        share: how much it counts.
        parts: of the articles in ``held``, by event. Each is left out once to choose the thresholds.
    """
    stages = rows.stages
    seen = [r for of_article in stages.value_rows for r in of_article if r.article not in parts]
    read: list[_Read] = [
        (a, *tolls_as_read(a, stages.odds[n], stages.whole[n], held, share))
        for n, a in enumerate(stages.articles)
        if a.name in parts
    ]

    def fitted(thresholds: Mapping[str, float], is_used: Callable[[PairRow], bool]) -> dict[str, Any]:
        own = [replace(r, weight=_WEIGHT * r.weight) for a, _, values in read for r in value_rows(a, values)]
        return fit_pairs([*seen, *(r for r in own if is_used(r))], thresholds, SETTINGS["values"])

    without = {
        part: read_pair_model(fitted({}, lambda r, p=part: parts[r.article] != p))  # type: ignore[misc]
        for part in sorted(set(parts.values()))
    }
    return fitted(_thresholds(read, lambda a: without[parts[a.name]]), lambda _: True)


def _thresholds(read: Sequence[_Read], model_for: Callable[[CountArticle], PairModel]) -> dict[str, float]:
    """Return the thresholds with which most tolls are right, by kind; of nearly equal ones the highest."""
    odds = [model_for(a).score([v.pair for v in values]) for a, _, values in read]

    def right(kind: str, thresholds: Mapping[str, float]) -> int:
        found = 0
        for (article, of_pairs, values), of_values in zip(read, odds, strict=True):
            tolls = assign(article.numbers, of_pairs, values, of_values, thresholds)
            lows = [low_of(article, tolls, u, kind) for u in range(len(article.golds))]
            found += sum(low == gold.lows.get(kind) for low, gold in zip(lows, article.golds, strict=True))
        return found

    best = dict.fromkeys(KINDS, 0.35)
    for kind in KINDS:
        by_threshold = {t: right(kind, {**best, kind: t}) for t in _GRID}
        print(f"values as read, {kind}: {by_threshold}", flush=True)
        most = max(by_threshold.values())
        best[kind] = max(t for t, found in by_threshold.items() if found >= _NEARLY * most)
    return best
