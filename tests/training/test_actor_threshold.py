"""The threshold of named attackers is chosen on real articles where there are any."""

from __future__ import annotations

from training.thresholds import real_or_all


def test_real_articles_decide_where_there_are_any() -> None:
    found = {("real-train/a", 0): 1, ("train-wire/a", 0): 2, ("real-train/b", 1): 3}
    assert real_or_all(found) == [1, 3]
    assert real_or_all({key: value for key, value in found.items() if value == 2}) == [2]
