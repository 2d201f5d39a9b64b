"""Fit the model of tolls. It needs scikit-learn, and no spaCy.

Each of its three parts reads what the part before says of articles that it did not see; so do the thresholds.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from training.count_rows import KINDS, CountArticle, number_rows, pair_rows, value_rows
from training.fit import TREES
from training.fit_pairs import DEFAULT, Settings, fit_pairs, odds_left_out
from training.pair_rows import PairRow
from transforms.nlp.learned.count_model import Chosen, Key, TollValue, assign, toll_values, whole_pairs
from transforms.nlp.learned.pair_model import Pair

_GRID = tuple(float(t) for t in np.round(np.arange(0.1, 0.7, 0.05), 2))
MANY_ROWS = Settings(
    linear_c=0.3,
    trees={**TREES, "learning_rate": 0.1, "max_leaf_nodes": 30, "min_samples_leaf": 20},
)
SETTINGS = {"numbers": MANY_ROWS, "pairs": MANY_ROWS, "values": DEFAULT}
"""Numbers and pairs have so many rows that a closer fit is better on unseen articles."""
Part = Callable[[PairRow], str]
Tolls = dict[tuple[int, str], Chosen]


class Stages:
    """The three parts on the same articles, each with log-odds of articles that it did not see.

    ``odds_for``: gives the log-odds of rows.
    """

    def __init__(
        self, articles: Sequence[CountArticle], odds_for: Callable[[str, list[PairRow]], list[float]]
    ) -> None:
        self.articles = articles
        self.numbers = [number_rows(a) for a in articles]
        number_odds = _split(odds_for("numbers", _flat(self.numbers)), self.numbers)
        self.whole: list[dict[Key, Pair]] = [
            whole_pairs(a.numbers, a.features, odds, a.pairs)
            for a, odds in zip(articles, number_odds, strict=True)
        ]
        self.pairs = [pair_rows(a, w) for a, w in zip(articles, self.whole, strict=True)]
        pair_odds = _split(odds_for("pairs", _flat(self.pairs)), self.pairs)
        self.odds: list[dict[Key, float]] = [
            dict(zip(w, odds, strict=True)) for w, odds in zip(self.whole, pair_odds, strict=True)
        ]
        self.values: list[list[TollValue]] = [
            toll_values(a.numbers, o, w) for a, o, w in zip(articles, self.odds, self.whole, strict=True)
        ]
        self.value_rows = [value_rows(a, v) for a, v in zip(articles, self.values, strict=True)]
        self.value_odds = _split(odds_for("values", _flat(self.value_rows)), self.value_rows)

    def tolls(self, thresholds: Mapping[str, float]) -> list[Tolls]:
        """Return the number that each strike of each article gets."""
        return [
            assign(a.numbers, odds, values, value_odds, thresholds)
            for a, odds, values, value_odds in zip(
                self.articles, self.odds, self.values, self.value_odds, strict=True
            )
        ]


def stages_left_out(articles: Sequence[CountArticle], part: Part = lambda row: str(row.fold)) -> Stages:
    """Return the three parts, each judging articles by weights that did not see its part."""
    return Stages(articles, lambda name, rows: odds_left_out(rows, part, SETTINGS[name]))


def fit_counts(
    stages: Stages, thresholds: Mapping[str, float], is_used: Callable[[PairRow], bool] = lambda _: True
) -> dict[str, Any]:
    """Return the content of the file of weights, fitted on the rows that are used.

    Args:
        stages: by weights that did not see the articles.
        thresholds: of the values, by kind.
        is_used: says which rows are fitted on.
    """

    def fitted(name: str, rows: Sequence[list[PairRow]], least: Mapping[str, float]) -> dict[str, Any]:
        return fit_pairs([r for r in _flat(rows) if is_used(r)], least, SETTINGS[name])

    return {
        "numbers": fitted("numbers", stages.numbers, {}),
        "pairs": fitted("pairs", stages.pairs, {}),
        "values": fitted("values", stages.value_rows, thresholds),
    }


def count_thresholds(stages: Stages) -> dict[str, float]:
    """Return the thresholds with which most strikes have the right toll, by kind.

    They are chosen on all articles: the real ones alone have 278 strikes, too few. Out of fold the thresholds
    of the real ones had both tolls right for .679 of all strikes and .687 of the real ones, those of all
    articles for .704 and .701.
    """
    best = dict.fromkeys(KINDS, 0.35)
    for kind in KINDS:
        best[kind] = max(_GRID, key=lambda t, k=kind: (_right(stages, {**best, k: t}, k), -t))  # type: ignore[misc]
    return best


def _right(stages: Stages, thresholds: Mapping[str, float], kind: str) -> int:
    """Return how many strikes have the right toll of a kind."""
    return sum(
        low_of(article, tolls, u, kind) == gold.lows.get(kind)
        for article, tolls in zip(stages.articles, stages.tolls(thresholds), strict=True)
        for u, gold in enumerate(article.golds)
    )


def low_of(article: CountArticle, tolls: Tolls, u: int, kind: str) -> int | None:
    """Return the number that a strike gets for a kind, or None."""
    chosen = tolls.get((u, kind))
    return article.numbers[chosen.candidate].low if chosen is not None else None


def _flat(rows: Sequence[list[PairRow]]) -> list[PairRow]:
    return [row for of_article in rows for row in of_article]


def _split(odds: Sequence[float], like: Sequence[Sequence[PairRow]]) -> list[list[float]]:
    """Return log-odds in the groups of other lists."""
    found = iter(odds)
    return [[next(found) for _ in group] for group in like]
