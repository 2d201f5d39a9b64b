"""The weights of the learned choice of lines: boosted trees in one small file, and their evaluation."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.pages.line_features import FEATURE_NAMES

_FILE = "line_weights.json.gz"
_KEYS = frozenset({"features", "drop_below", "add_above", "base", "depth", "feature", "threshold", "value"})


@dataclass(frozen=True, slots=True)
class LineModel:
    """Boosted trees of one depth, each as a full binary tree in arrays.

    ``feature`` and ``threshold``: a row for each tree, a column for each inner node, in the order of levels.
    ``value``: a row for each tree, a column for each leaf. ``drop_below``: the chance below which a line that
    was kept goes. ``add_above``: the chance from which a line that was left out comes.
    """

    base: float
    depth: int
    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    value: NDArray[np.float64]
    drop_below: float
    add_above: float

    def judge(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """Return for each row of features the chance that the line is the article's."""
        table = np.asarray(rows, dtype=np.float64)
        inner = self.feature.shape[1]
        trees = np.arange(len(self.feature))
        begin_of_row = np.arange(len(table))[:, None] * table.shape[1]
        node = np.zeros((len(table), len(trees)), dtype=np.int64)
        for _ in range(self.depth):
            at = node + trees * inner
            said = table.take(begin_of_row + self.feature.take(at))
            node = 2 * node + 1 + (said > self.threshold.take(at))
        total = self.base + self.value.take(node - inner + trees * (inner + 1)).sum(axis=1)
        return [float(chance) for chance in 1.0 / (1.0 + np.exp(-total))]


def parse_line_model(raw: dict[str, Any]) -> LineModel:
    """Return a model from its file.

    Raises:
        ValueError: the file is for other features, or its parts do not fit together.
    """
    if raw.keys() != _KEYS or tuple(raw["features"]) != FEATURE_NAMES:
        raise ValueError(f"{_FILE} is for other features than the code has; fit it anew")
    feature, threshold = np.array(raw["feature"]), np.array(raw["threshold"], dtype=np.float64)
    value = np.array(raw["value"], dtype=np.float64)
    nodes = 2 ** raw["depth"]
    is_whole = feature.shape == threshold.shape == (len(value), nodes - 1) and value.shape == (
        len(feature),
        nodes,
    )
    if not is_whole or feature.min() < 0 or feature.max() >= len(FEATURE_NAMES):
        raise ValueError(f"the trees of {_FILE} are not whole")
    return LineModel(
        raw["base"], raw["depth"], feature, threshold, value, raw["drop_below"], raw["add_above"]
    )


@cache
def load_line_model() -> LineModel:
    """Return the model that ships with the code."""
    return parse_line_model(json.loads(gzip.decompress(files(__package__).joinpath(_FILE).read_bytes())))
