"""Fits the learned choice of lines of a page, and writes its weights to the path that is given.

Trees are boosted on the lines of pages whose article is known. The thresholds are chosen on pages of layouts
that the trees did not see.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import GradientBoostingClassifier

from training.page_rows import PageRows, list_sources, read_rows
from transforms.pages.boilerplate_words import normalise_words
from transforms.pages.line_choice import assemble_text, match_lines
from transforms.pages.line_features import FEATURE_NAMES

_FOLDS = 6
_TREES, _DEPTH, _RATE = 350, 4, 0.12
# At .6 the F1 of real pages is lower than without the choice (.9805 and .9809), so it is not among them.
_DROPS, _ADDS = (0.2, 0.5), (0.9, 2.0)
_NO_TURN = 1e30
"""The threshold of a node that has no children: every line goes left, and both leaves below are the same."""
_COST_OF_FOREIGN = 0.3  # a sentence of another story may become a strike that the article does not report
_LEAST_REAL_GAIN = -0.0005
_MIN_FOREIGN_WORDS = 4


def fit_trees(pages: Iterable[PageRows]) -> GradientBoostingClassifier:
    """Return boosted trees fitted to the lines of pages."""
    found = list(pages)
    features = np.concatenate([page.features for page in found])
    is_own = np.concatenate([page.is_own for page in found])
    weights = np.concatenate([page.weights for page in found])
    counts = weights > 0
    trees = GradientBoostingClassifier(
        n_estimators=_TREES,
        max_depth=_DEPTH,
        learning_rate=_RATE,
        subsample=0.6,
        max_features=20,
        min_samples_leaf=8,
        random_state=0,
    )
    return trees.fit(features[counts], is_own[counts], sample_weight=weights[counts])


def predict_out_of_fold(pages: Sequence[PageRows]) -> list[NDArray[np.float64]]:
    """Return the chances of each page's lines, from trees that saw no page of its layout."""
    groups = sorted({page.source.group for page in pages})
    random.Random(1).shuffle(groups)
    fold_of = {group: n % _FOLDS for n, group in enumerate(groups)}
    found: list[NDArray[np.float64]] = [np.zeros(0)] * len(pages)
    for fold in range(_FOLDS):
        trees = fit_trees(page for page in pages if fold_of[page.source.group] != fold)
        for n, page in enumerate(pages):
            if fold_of[page.source.group] == fold:
                found[n] = trees.predict_proba(page.features)[:, 1]
    return found


def score_text(page: PageRows, text: str) -> tuple[float, bool]:
    """Return the F1 of a text's words, and whether a line of it is foreign. Headline and deck don't count."""
    own = normalise_words(page.source.own)
    spared = {normalise_words(known) for known in (*page.titles, page.source.summary) if known}
    lines = [line for line in map(normalise_words, text.split("\n")) if line not in spared or line in own]
    words, others = Counter(" ".join(lines).split()), Counter(own.split())
    f1 = 2 * (words & others).total() / max(1, words.total() + others.total())
    return f1, any(len(line.split()) >= _MIN_FOREIGN_WORDS and line not in own for line in lines)


def measure(
    pages: Sequence[PageRows], chances: Sequence[NDArray[np.float64]] | None, drop: float = 0, add: float = 2
) -> dict[str, tuple[float, float]]:
    """Return for each kind of page the mean F1 and the share of pages with a foreign line.

    Args:
        pages: the pages.
        chances: those of their lines; without them the text is measured as the rules leave it.
        drop: the chance below which a line goes.
        add: the chance from which a line comes.
    """
    scores: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for n, page in enumerate(pages):
        text = page.text
        if chances is not None:
            lines = text.split("\n")
            judged = dict(zip(page.numbers, map(float, chances[n]), strict=True))
            known = (*page.titles, page.source.summary)
            text = assemble_text(lines, match_lines(lines, page.page), page.page, judged, known, drop, add)
        scores[page.source.kind].append(score_text(page, text))
    return {
        kind: (sum(f1 for f1, _ in found) / len(found), sum(foreign for _, foreign in found) / len(found))
        for kind, found in scores.items()
    }


def choose_thresholds(
    pages: Sequence[PageRows], chances: Sequence[NDArray[np.float64]]
) -> tuple[float, float]:
    """Return the thresholds that are best on the mean of all kinds, of those that cost real pages nothing."""
    before = measure(pages, None)
    _print("as the rules leave it", before)
    best, chosen = -1.0, (_DROPS[0], _ADDS[-1])
    for drop, add in product(_DROPS, _ADDS):
        after = measure(pages, chances, drop, add)
        _print(f"drop below {drop}, add above {add}", after)
        gain = after["real"][0] - before["real"][0] if "real" in after else 0.0
        score = sum(f1 - _COST_OF_FOREIGN * foreign for f1, foreign in after.values()) / len(after)
        if score > best and gain >= _LEAST_REAL_GAIN:
            best, chosen = score, (drop, add)
    return chosen


def _print(name: str, figures: dict[str, tuple[float, float]]) -> None:
    print(
        f"{name:34}",
        *(f"{kind} {f1:.4f} {foreign:.3f}" for kind, (f1, foreign) in figures.items()),
        sep=" | ",
    )


def write_weights(trees: GradientBoostingClassifier, drop: float, add: float, path: Path) -> None:
    """Write trees as full binary trees in arrays, as ``transforms.pages.line_model`` reads them."""
    whole = [_fill_tree(tree.tree_) for (tree,) in trees.estimators_]
    start = float(trees._raw_predict_init(np.zeros((1, len(FEATURE_NAMES))))[0, 0])
    raw = {
        "features": FEATURE_NAMES,
        "drop_below": drop,
        "add_above": add,
        "base": round(start, 4),
        "depth": _DEPTH,
        "feature": [feature for feature, _, _ in whole],
        "threshold": [threshold for _, threshold, _ in whole],
        "value": [value for _, _, value in whole],
    }
    path.write_bytes(gzip.compress(json.dumps(raw, separators=(",", ":")).encode(), 9, mtime=0))


def _fill_tree(tree: Any) -> tuple[list[int], list[float], list[float]]:
    """Return the features and thresholds of the inner nodes by level, and the values of the leaves."""
    inner = 2**_DEPTH - 1
    feature, threshold, value = [0] * inner, [_NO_TURN] * inner, [0.0] * (inner + 1)

    def fill(node: int, at: int, level: int) -> None:
        if level == _DEPTH:
            value[at - inner] = round(float(tree.value[node, 0, 0]) * _RATE, 4)
        elif tree.children_left[node] < 0:
            fill(node, 2 * at + 1, level + 1)
            fill(node, 2 * at + 2, level + 1)
        else:
            feature[at], threshold[at] = int(tree.feature[node]), float(f"{tree.threshold[node]:.5g}")
            fill(tree.children_left[node], 2 * at + 1, level + 1)
            fill(tree.children_right[node], 2 * at + 2, level + 1)

    fill(0, 0, 0)
    return feature, threshold, value


def main() -> None:
    """Fit the trees, choose the thresholds and write the weights to the path that is given."""
    pages = [rows for rows in map(read_rows, list_sources()) if rows is not None]
    print(len(pages), "pages", sum(len(page.numbers) for page in pages), "lines")
    drop, add = choose_thresholds(pages, predict_out_of_fold(pages))
    print("chosen: drop below", drop, "add above", add)
    write_weights(fit_trees(pages), drop, add, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
