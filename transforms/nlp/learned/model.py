"""The learned model of struck places: its parts and its probabilities. It needs numpy only.

Two parts judge each mention alone: a linear model of the words around it, and boosted trees of what is
measured there, which read the linear score too. Two parts judge the candidate: a linear model, and boosted trees
that read the scores of all mentions of the article. The probability is the mean, in log-odds, of the best
mention and of the two parts that judge the candidate.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORMAT = 2
MISSING = -1.0
"""Stands for a number that a candidate has not."""
_CLIP = 4.0
_FEW = 1.0
"""A candidate with one mention has as its second score the first less this."""
_NO_OTHER = -6.0
"""The best score of the other candidates of an article, where there is none."""
_MOST_ODDS = 700.0
"""With higher ones a power is too large for a number."""
STACKED = ("best", "mean", "second", "least", "sum", "best_other", "others_positive", "others_better")
"""The numbers that the trees get from the scores of mentions."""

Floats = NDArray[np.float64]


class WeightsInvalid(ValueError):
    """A file of weights that is not of this format, or whose parts do not fit each other."""


@dataclass(frozen=True, slots=True)
class Features:
    """What the model reads of one candidate and of each of its mentions.

    ``names``: what is present, with the share of mentions that have it (1 for what belongs to the article).
    ``numbers``: what is measured. ``mentions``: what is present at each mention. ``mention_numbers``: what is
    measured of each mention alone.
    """

    names: Mapping[str, float]
    numbers: Mapping[str, float]
    mentions: Sequence[frozenset[str]]
    mention_numbers: Sequence[Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the model says of one candidate.

    ``odds``: log-odds that a strike happened there. ``mention_scores``: log-odds of each mention. ``reasons``:
    the features that moved the linear part most, with their weight.
    """

    odds: float
    mention_scores: tuple[float, ...]
    reasons: tuple[tuple[str, float], ...]

    @property
    def probability(self) -> float:
        """Return the probability that a strike happened there."""
        return 1 / (1 + math.exp(-self.odds)) if self.odds > -_MOST_ODDS else 0.0


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear model over named features."""

    weights: Mapping[str, float]
    intercept: float

    def score(self, names: Mapping[str, float]) -> float:
        """Return the log-odds of a set of features."""
        weights = self.weights
        return self.intercept + sum(weights[n] * value for n, value in names.items() if n in weights)


@dataclass(frozen=True, slots=True)
class WordsAndNumbers:
    """A linear model over named features and numbers.

    ``numbers``: the order of the numbers, to which ``mean``, ``scale`` and ``number_weights`` belong.
    """

    words: Linear
    numbers: tuple[str, ...]
    mean: Floats
    scale: Floats
    number_weights: Floats

    def score(self, names: Sequence[Mapping[str, float]], rows: Floats) -> Floats:
        """Return the log-odds of features by name, with their numbers as rows in order."""
        by_words = np.array([self.words.score(n) for n in names])
        odds: Floats = by_words + self._moved(rows).sum(axis=1)
        return odds

    def reasons(
        self, names: Mapping[str, float], row: Floats, wanted: int = 3
    ) -> tuple[tuple[str, float], ...]:
        """Return the features that moved the log-odds of one row most, with their weight."""
        weights = self.words.weights
        parts = [(n, weights[n] * value) for n, value in names.items() if n in weights]
        parts += [(n, float(m)) for n, m in zip(self.numbers, self._moved(row), strict=True)]
        return tuple(sorted(parts, key=lambda part: (-abs(part[1]), part[0]))[:wanted])

    def _moved(self, rows: Floats) -> Floats:
        """Return how much each number moves the log-odds."""
        moved: Floats = np.clip((rows - self.mean) / self.scale, -_CLIP, _CLIP) * self.number_weights
        return moved


@dataclass(frozen=True, slots=True)
class Trees:
    """Boosted trees. All arrays have the shape (trees, nodes); a leaf leads to itself."""

    feature: NDArray[np.int64]
    threshold: Floats
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: Floats
    intercept: float
    depth: int

    def score(self, rows: Floats) -> Floats:
        """Return the log-odds of each row."""
        # One index into the flattened arrays: half the time of an index by tree and node.
        first = np.arange(len(self.feature)) * self.feature.shape[1]
        feature, threshold, value = self.feature.ravel(), self.threshold.ravel(), self.value.ravel()
        left, right = ((side + first[:, None]).ravel() for side in (self.left, self.right))
        node = np.broadcast_to(first, (len(rows), len(first)))
        start = np.arange(len(rows))[:, None] * rows.shape[1]
        numbers = rows.ravel()
        for _ in range(self.depth):
            goes_left = numbers.take(start + feature.take(node)) <= threshold.take(node)
            node = np.where(goes_left, left.take(node), right.take(node))
        scores: Floats = self.intercept + value.take(node).sum(axis=1)
        return scores


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which probability on a place counts as struck.

    ``article``: one place of the article needs at least this, else it reports no strike. ``place``: each
    place needs this. ``possible``: a name that the rules for place names leave out needs this.
    """

    article: float
    place: float
    possible: float


@dataclass(frozen=True, slots=True)
class StruckModel:
    """Says which candidates of an article were struck.

    ``mention_numbers``: the order of the numbers that the trees of mentions read, before the linear score.
    """

    mentions: Linear
    mention_numbers: tuple[str, ...]
    mention_trees: Trees
    linear: WordsAndNumbers
    trees: Trees
    thresholds: Thresholds

    def judge(self, features: Sequence[Features], reasons: int = 3) -> list[Judged]:
        """Return what the model says of the candidates of one article.

        Args:
            features: of each candidate.
            reasons: how many features are given as reasons.
        """
        if not features:
            return []
        words = [[self.mentions.score(dict.fromkeys(m, 1.0)) for m in f.mentions] for f in features]
        scores = self._mention_scores(features, words)
        rows = dense([f.numbers for f in features], self.linear.numbers)
        by_trees = self.trees.score(np.hstack([rows, stacked(words), stacked(scores)]))
        by_names = self.linear.score([f.names for f in features], rows)
        odds = mean_odds(by_names, by_trees, scores)
        return [
            Judged(
                odds=float(odds[i]),
                mention_scores=tuple(scores[i]),
                reasons=self.linear.reasons(f.names, rows[i], reasons),
            )
            for i, f in enumerate(features)
        ]

    def _mention_scores(
        self, features: Sequence[Features], words: Sequence[Sequence[float]]
    ) -> list[list[float]]:
        """Return the log-odds of each mention of each candidate."""
        numbers = [m for f in features for m in f.mention_numbers]
        found = self.mention_trees.score(
            mention_rows(numbers, self.mention_numbers, [s for w in words for s in w])
        )
        scores = iter(found.tolist())
        return [[next(scores) for _ in of_one] for of_one in words]


def mention_rows(
    numbers: Sequence[Mapping[str, float]], order: Sequence[str], words: Sequence[float]
) -> Floats:
    """Return the rows that the trees of mentions read: numbers in the given order, then the linear score."""
    return np.hstack([dense(numbers, order), np.array(words, dtype=np.float64)[:, None]])


def mean_odds(by_names: Floats, by_trees: Floats, scores: Sequence[Sequence[float]]) -> Floats:
    """Return the log-odds of candidates from the parts that judge them, and from the best of their mentions."""
    best = np.array([max(s) for s in scores])
    odds: Floats = (by_names + by_trees + best) / 3
    return odds


def dense(numbers: Sequence[Mapping[str, float]], order: Sequence[str]) -> Floats:
    """Return numbers as rows in the given order."""
    return np.array([[n.get(name, MISSING) for name in order] for n in numbers], dtype=np.float64)


def stacked(scores: Sequence[Sequence[float]]) -> Floats:
    """Return the numbers of ``STACKED`` for each candidate of one article, from the scores of its
    mentions."""
    best = [max(s) for s in scores]
    rows = []
    for i, own in enumerate(scores):
        ranked = sorted(own, reverse=True)
        others = [b for j, b in enumerate(best) if j != i]
        rows.append([
            ranked[0],
            sum(own) / len(own),
            ranked[1] if len(ranked) > 1 else ranked[0] - _FEW,
            ranked[-1],
            sum(math.log1p(math.exp(s)) for s in own),
            max(others, default=_NO_OTHER),
            float(sum(o > 0 for o in others)),
            float(sum(o > ranked[0] for o in others)),
        ])  # fmt: skip
    return np.array(rows, dtype=np.float64)


def read_model(raw: Mapping[str, Any]) -> StruckModel:
    """Return the model of the content of a file of weights.

    Raises:
        WeightsInvalid: the file has another format, or its parts do not fit each other.
    """
    if raw["format"] != FORMAT:
        raise WeightsInvalid(f"format {raw['format']}, not {FORMAT}")
    linear = read_words_and_numbers(raw)
    mention_numbers = tuple(raw["mention_numbers"])
    return StruckModel(
        mentions=read_linear(raw["mentions"]),
        mention_numbers=mention_numbers,
        mention_trees=read_trees(raw["mention_trees"], len(mention_numbers) + 1),
        linear=linear,
        trees=read_trees(raw["trees"], len(linear.numbers) + 2 * len(STACKED)),
        thresholds=Thresholds(**raw["thresholds"]),
    )


def read_linear(raw: Mapping[str, Any]) -> Linear:
    """Return a linear model over named features."""
    return Linear(raw["weights"], raw["intercept"])


def read_words_and_numbers(raw: Mapping[str, Any]) -> WordsAndNumbers:
    """Return the linear part of the content of a file of weights.

    Raises:
        WeightsInvalid: the numbers and their weights differ in length.
    """
    numbers = tuple(raw["numbers"])
    mean, scale, number_weights = (
        np.array(raw[k], dtype=np.float64) for k in ("mean", "scale", "number_weights")
    )
    if not len(mean) == len(scale) == len(number_weights) == len(numbers):
        raise WeightsInvalid("numbers and their weights differ in length")
    return WordsAndNumbers(read_linear(raw["linear"]), numbers, mean, scale, number_weights)


def read_trees(raw: Mapping[str, Any], numbers: int) -> Trees:
    """Return trees of one width from lists of nodes: (feature, threshold, left, right, value).

    Raises:
        WeightsInvalid: a tree asks for more numbers than there are.
    """
    width = max(len(tree) for tree in raw["nodes"])
    table = np.zeros((len(raw["nodes"]), width, 5))
    for n, tree in enumerate(raw["nodes"]):
        table[n, : len(tree)] = tree
    if table[:, :, 0].max(initial=0) >= numbers:
        raise WeightsInvalid("a tree asks for a number that does not exist")
    return Trees(
        feature=table[:, :, 0].astype(np.int64),
        threshold=table[:, :, 1],
        left=table[:, :, 2].astype(np.int64),
        right=table[:, :, 3].astype(np.int64),
        value=table[:, :, 4],
        intercept=raw["intercept"],
        depth=raw["depth"],
    )
