"""Fit the weights. It needs scikit-learn, and no spaCy.

The trees read scores of mentions, so those of the training rows come from models that did not see the row's
fold: otherwise the trees would trust the scores too much.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from training.export import linear_weights, tree_nodes
from training.pair_rows import weight_of_folder
from training.thresholds import Row, article_of
from transforms.nlp.learned.model import FORMAT, dense, mention_rows, stacked

SEEDS = (0, 1, 2)
MIN_ARTICLES = 3
"""A feature needs this many articles."""
MENTION_WEIGHTS = {2: 1.0, 1: 0.4, 0: 1.0, -1: 1.5}
"""By label: annotated words, another mention of a struck place, another place, a decoy."""
MENTION_C, LINEAR_C, NUMBER_SCALE = 0.1, 0.05, 0.3
TREES = {
    "max_iter": 150, "learning_rate": 0.06, "max_leaf_nodes": 12, "min_samples_leaf": 15,
    "l2_regularization": 2.0, "max_features": 0.3,
}  # fmt: skip
MENTION_TREES = {
    "max_iter": 300, "learning_rate": 0.04, "max_leaf_nodes": 10, "min_samples_leaf": 30,
    "l2_regularization": 4.0, "max_features": 0.2,
}  # fmt: skip

NO_THRESHOLDS = {"article": 0.5, "place": 0.5, "possible": 0.5}
"""For weights of which only the probabilities are used."""


@dataclass(frozen=True, slots=True)
class Names:
    """The columns of the features that occur in enough articles."""

    column: dict[str, int]

    def matrix(self, rows: Sequence[dict[str, float]]) -> csr_matrix:
        """Return features as a sparse matrix."""
        cells = [
            (i, self.column[n], v) for i, row in enumerate(rows) for n, v in row.items() if n in self.column
        ]
        i, j, v = zip(*cells, strict=True) if cells else ((), (), ())
        return csr_matrix((v, (i, j)), shape=(len(rows), len(self.column)))


def common_names(rows: Sequence[tuple[str, Any]]) -> Names:
    """Return the features of (article, features) rows that occur in enough articles, by name."""
    articles: dict[str, set[str]] = defaultdict(set)
    for article, features in rows:
        for name in features:
            articles[name].add(article)
    kept = sorted(name for name, where in articles.items() if len(where) >= MIN_ARTICLES)
    return Names({name: number for number, name in enumerate(kept)})


def weight_of(row: Row) -> float:
    """Return how much a row counts."""
    return weight_of_folder(row["folder"])


def fit_mentions(rows: Sequence[Row]) -> tuple[Names, LogisticRegression]:
    """Return the columns and the linear model of mentions."""
    mentions = [
        (article_of(r), dict.fromkeys(m, 1.0), r["label"], MENTION_WEIGHTS[kind])
        for r in rows
        if r["label"] >= 0
        for m, kind in zip(r["mentions"], r["mention_labels"], strict=True)
    ]
    names = common_names([(m[0], m[1]) for m in mentions])
    model = LogisticRegression(C=MENTION_C, max_iter=500, solver="liblinear", random_state=0)
    model.fit(names.matrix([m[1] for m in mentions]), [m[2] for m in mentions], [m[3] for m in mentions])
    return names, model


def mention_scores(rows: Sequence[Row], fitted: tuple[Names, LogisticRegression]) -> list[list[float]]:
    """Return the log-odds of each mention of each row."""
    names, model = fitted
    flat = [dict.fromkeys(m, 1.0) for r in rows for m in r["mentions"]]
    scores = iter(model.decision_function(names.matrix(flat)) if flat else ())
    return [[float(next(scores)) for _ in r["mentions"]] for r in rows]


def stack(rows: Sequence[Row], scores: Sequence[list[float]]) -> np.ndarray[Any, Any]:
    """Return the numbers that the trees get from the scores, article by article."""
    by_article = defaultdict(list)
    for number, row in enumerate(rows):
        by_article[article_of(row)].append(number)
    result = np.zeros((len(rows), len(stacked([[0.0]])[0])))
    for numbers in by_article.values():
        result[numbers] = stacked([scores[n] for n in numbers])
    return result


def out_of_fold(
    rows: Sequence[Row], scores_of: Callable[[list[int], list[int]], Sequence[list[float]]]
) -> list[list[float]]:
    """Return scores of the mentions of each row by models that did not see its fold.

    Args:
        rows: of candidates.
        scores_of: gives, for the positions of rows to fit on and of others, the scores of the others.
    """
    scores: list[list[float]] = [[] for _ in rows]
    for fold in sorted({r["fold"] for r in rows}):
        seen = [n for n, r in enumerate(rows) if r["fold"] != fold]
        unseen = [n for n, r in enumerate(rows) if r["fold"] == fold]
        for n, s in zip(unseen, scores_of(seen or unseen, unseen), strict=True):
            scores[n] = s
    return scores


def fit_weights(rows: Sequence[Row], thresholds: Mapping[str, float] = NO_THRESHOLDS) -> dict[str, Any]:
    """Return the content of the file of weights, fitted on all rows."""

    def of_words(seen: list[int], unseen: list[int]) -> list[list[float]]:
        return mention_scores([rows[n] for n in unseen], fit_mentions([rows[n] for n in seen]))

    words = out_of_fold(rows, of_words)
    mentions = MentionRows(rows, words)
    scores = out_of_fold(rows, lambda seen, unseen: mentions.scores(mentions.fitted(seen, SEEDS[:1]), unseen))
    fitted = fit_mentions(rows)
    kept = np.array([r["label"] >= 0 for r in rows])
    used = [r for r, k in zip(rows, kept, strict=True) if k]
    labels, weights = [r["label"] for r in used], [weight_of(r) for r in used]
    order = sorted({name for r in rows for name in r["numbers"]})
    numbers = dense([r["numbers"] for r in used], order)
    features = [(article_of(r), r["names"]) for r in used]
    columns = np.hstack([numbers, stack(rows, words)[kept], stack(rows, scores)[kept]])
    return {
        "format": FORMAT,
        "thresholds": dict(thresholds),
        "mentions": linear_weights(fitted[0].column, fitted[1]),
        "mention_numbers": list(mentions.order),
        "mention_trees": tree_nodes(mentions.fitted(list(range(len(rows))), SEEDS[:2])),
        **fit_words_and_numbers(features, order, numbers, labels, weights, LINEAR_C),
        "trees": fit_trees(columns, labels, weights, TREES),
    }


class MentionRows:
    """The rows that the trees of mentions are fitted on: one for each mention of each candidate."""

    def __init__(self, rows: Sequence[Row], words: Sequence[list[float]]) -> None:
        """Keep the rows of candidates and the scores of their mentions by words, out of fold."""
        flat = [numbers for r in rows for numbers in r["mention_numbers"]]
        self.order = sorted({name for numbers in flat for name in numbers})
        self._columns = mention_rows(flat, self.order, [s for of_row in words for s in of_row])
        kinds = [(r, kind) for r in rows for kind in r["mention_labels"]]
        self._labels = np.array([r["label"] for r, _ in kinds])
        self._weights = np.array(
            [MENTION_WEIGHTS[k] * weight_of(r) if r["label"] >= 0 else 0 for r, k in kinds]
        )
        ends = np.cumsum([len(r["mention_numbers"]) for r in rows])
        self._spans = [
            range(e - len(r["mention_numbers"]), e) for e, r in zip(ends.tolist(), rows, strict=True)
        ]

    def fitted(self, candidates: Sequence[int], seeds: Sequence[int]) -> list[HistGradientBoostingClassifier]:
        """Return the trees fitted on the mentions of some candidates, by their positions."""
        used = [n for c in candidates for n in self._spans[c] if self._weights[n] > 0]
        return [
            HistGradientBoostingClassifier(random_state=seed, **MENTION_TREES).fit(
                self._columns[used], self._labels[used], self._weights[used]
            )
            for seed in seeds
        ]

    def scores(
        self, forests: Sequence[HistGradientBoostingClassifier], candidates: Sequence[int]
    ) -> list[list[float]]:
        """Return the mean log-odds of the mentions of some candidates."""
        at = [n for c in candidates for n in self._spans[c]]
        found = iter(np.mean([f.decision_function(self._columns[at]) for f in forests], axis=0).tolist())
        return [[next(found) for _ in self._spans[c]] for c in candidates]


def fit_words_and_numbers(
    features: Sequence[tuple[str, Mapping[str, float]]],
    order: Sequence[str],
    numbers: np.ndarray[Any, Any],
    labels: Sequence[int],
    weights: Sequence[float],
    linear_c: float,
) -> dict[str, Any]:
    """Return the linear part of the content of a file of weights.

    Args:
        features: article and features by name of each row.
        order: names of the columns of ``numbers``.
        numbers: a row for each row.
        labels: 0 or 1 for each row.
        weights: how much each row counts.
        linear_c: the inverse penalty.
    """
    mean, scale = numbers.mean(0), numbers.std(0) + 1e-6
    scaled = np.clip((numbers - mean) / scale, -4, 4)
    names = common_names(features)
    linear = LogisticRegression(C=linear_c, max_iter=500, solver="liblinear", random_state=0)
    by_name = names.matrix([dict(f) for _, f in features])
    linear.fit(hstack([by_name, csr_matrix(scaled * NUMBER_SCALE)]).tocsr(), labels, weights)
    return {
        "numbers": list(order),
        "mean": [round(float(v), 6) for v in mean],
        "scale": [round(float(v), 6) for v in scale],
        "number_weights": [round(float(v) * NUMBER_SCALE, 5) for v in linear.coef_[0][len(names.column) :]],
        "linear": linear_weights(names.column, linear),
    }


def fit_trees(
    columns: np.ndarray[Any, Any],
    labels: Sequence[int],
    weights: Sequence[float],
    settings: Mapping[str, Any],
) -> dict[str, Any]:
    """Return boosted trees as numbers, the mean of several seeds."""
    return tree_nodes([
        HistGradientBoostingClassifier(random_state=seed, **settings).fit(columns, labels, weights)
        for seed in SEEDS
    ])  # fmt: skip
