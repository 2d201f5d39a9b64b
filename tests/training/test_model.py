"""The learned model computes what its weights say, and refuses weights that do not fit."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from transforms.nlp.learned.model import (
    STACKED,
    Features,
    Trees,
    WeightsInvalid,
    read_model,
    stacked,
)
from transforms.nlp.learned.weight_files import load_weights


def weights() -> dict[str, Any]:
    """One number, one word each; one tree asks for the words of a mention, one for the best mention."""
    words_of_mention, best_mention = 1, 1 + len(STACKED)
    return {
        "format": 2,
        "thresholds": {"article": 0.5, "place": 0.3, "possible": 0.6},
        "numbers": ["mentions"],
        "mean": [1.0],
        "scale": [2.0],
        "number_weights": [0.5],
        "mentions": {"intercept": -1.0, "weights": {"up1=on": 3.0}},
        "mention_numbers": ["prep_in"],
        "mention_trees": {
            "intercept": 0.25,
            "depth": 1,
            "nodes": [[[words_of_mention, 0.0, 1, 2, 0], [0, 0, 1, 1, -1.0], [0, 0, 2, 2, 1.0]]],
        },
        "linear": {"intercept": 0.25, "weights": {"-1=on": 1.0}},
        "trees": {
            "intercept": -0.5,
            "depth": 1,
            "nodes": [[[best_mention, 0.0, 1, 2, 0], [0, 0, 1, 1, -2.0], [0, 0, 2, 2, 2.0]]],
        },
    }


def features(*mentions: set[str], names: dict[str, float] | None = None, mentioned: float = 1.0) -> Features:
    """The features of a candidate with the words of its mentions."""
    return Features(
        names or {},
        {"mentions": mentioned},
        [frozenset(m) for m in mentions],
        [{"prep_in": 1.0}] * len(mentions),
    )


def test_the_probability_is_the_mean_of_three_parts_in_log_odds() -> None:
    (judged,) = read_model(weights()).judge([
        features({"up1=on"}, names={"-1=on": 0.5, "unknown": 1.0}, mentioned=3.0)
    ])  # fmt: skip
    linear = 0.25 + 0.5 * 1.0 + 0.5 * (3 - 1) / 2
    mention = 0.25 + 1.0  # its words score -1 + 3 > 0
    trees = -0.5 + 2.0  # the best mention scores more than 0
    assert judged.mention_scores == (mention,)
    assert judged.probability == pytest.approx(1 / (1 + math.exp(-(linear + trees + mention) / 3)))
    assert dict(judged.reasons) == {"-1=on": 0.5, "mentions": 0.5}


def test_another_mention_takes_the_other_branch() -> None:
    likely, unlikely = read_model(weights()).judge([features({"up1=on"}), features({"up1=of"})])
    assert unlikely.mention_scores == (-0.75,)
    assert likely.probability > 0.5 > unlikely.probability


def test_the_best_mention_of_a_candidate_counts() -> None:
    both, one = read_model(weights()).judge([features({"up1=of"}, {"up1=on"}), features({"up1=on"})])
    assert both.mention_scores == (-0.75, 1.25)
    assert both.probability == one.probability


def test_an_article_without_candidates_has_no_verdicts() -> None:
    assert read_model(weights()).judge([]) == []


def test_the_trees_follow_every_row_to_its_leaf() -> None:
    trees = Trees(
        feature=np.array([[0, 1, 0, 0, 0]]),
        threshold=np.array([[1.0, 5.0, 0, 0, 0]]),
        left=np.array([[1, 3, 2, 3, 4]]),
        right=np.array([[2, 4, 2, 3, 4]]),
        value=np.array([[0, 0, 1.0, 2.0, 3.0]]),
        intercept=0.5,
        depth=2,
    )
    assert trees.score(np.array([[2.0, 0.0], [1.0, 5.0], [0.0, 6.0]])).tolist() == [1.5, 2.5, 3.5]


def test_the_numbers_of_the_scores_compare_the_candidates_of_an_article() -> None:
    rows = stacked([[1.0, 3.0], [0.5]])
    assert rows.shape == (2, len(STACKED))
    first, second = (dict(zip(STACKED, row, strict=True)) for row in rows.tolist())
    assert (first["best"], first["mean"], first["second"], first["least"]) == (3.0, 2.0, 1.0, 1.0)
    assert (second["best_other"], second["others_better"], second["second"]) == (3.0, 1.0, -0.5)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", 1),
        ("mean", []),
        ("numbers", []),
        ("mention_numbers", []),
        ("trees", {"intercept": 0, "depth": 1, "nodes": [[[99, 0, 0, 0, 0]]]}),
    ],
)
def test_weights_that_do_not_fit_are_refused(tmp_path: Path, key: str, value: object) -> None:
    path = tmp_path / "weights.json"
    path.write_text(json.dumps({**weights(), key: value}))
    with pytest.raises(WeightsInvalid):
        load_weights(path, read_model)


def test_a_file_that_lacks_a_part_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    path.write_text(json.dumps({k: v for k, v in weights().items() if k != "linear"}))
    with pytest.raises(WeightsInvalid, match="linear"):
        load_weights(path, read_model)
