"""What scikit-learn fitted, as plain numbers for the file of weights."""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

_LEAST_WEIGHT = 0.005
"""A smaller weight moves no decision."""


def linear_weights(column: Mapping[str, int], model: Any) -> dict[str, Any]:
    """Return the weights of a linear model by the names of its first columns."""
    coefficients = model.coef_[0]
    weights = {
        n: round(float(coefficients[j]), 3)
        for n, j in column.items()
        if abs(coefficients[j]) >= _LEAST_WEIGHT
    }
    return {"intercept": round(float(model.intercept_[0]), 5), "weights": weights}


def tree_nodes(forests: Sequence[Any]) -> dict[str, Any]:
    """Return boosted trees as lists of nodes: (feature, threshold, left, right, value).

    A leaf leads to itself. Several forests become one: their values are divided by their number, and their
    starts averaged.
    """
    trees, depth = [], 0
    for forest in forests:
        for (predictor,) in forest._predictors:
            nodes = predictor.nodes
            depth = max(depth, int(nodes["depth"].max()))
            trees.append([_node(node, number, len(forests)) for number, node in enumerate(nodes)])
    start = float(np.mean([f._baseline_prediction.ravel()[0] for f in forests]))
    return {"intercept": round(start, 6), "depth": depth, "nodes": trees}


def _node(node: Any, number: int, share: int) -> list[float]:
    if node["is_leaf"]:
        return [0, 0, number, number, round(float(node["value"]) / share, 5)]
    threshold = float(f"{float(node['num_threshold']):.7g}")
    return [int(node["feature_idx"]), threshold, int(node["left"]), int(node["right"]), 0]


def write_weights(weights: dict[str, Any], path: Path) -> None:
    """Write a file of weights, compressed where its name ends in ``.gz``.

    The same weights give the same bytes.
    """
    text = json.dumps(weights, separators=(",", ":"), sort_keys=True, ensure_ascii=False) + "\n"
    content = text.encode()
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
