"""The threshold of named attackers: chosen on real articles where there are any."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from training.learn import _actor_thresholds
from training.pair_rows import PairRow


def _rows(folder: str, labels: dict[float, int]) -> tuple[list[tuple[int, str, PairRow]], list[float]]:
    """Return strikes with one party each: its log-odds, and whether it struck."""
    rows = [
        (n, "x", PairRow(f"{folder}/a", 0, label, 1.0, {}, {})) for n, label in enumerate(labels.values())
    ]
    return rows, list(labels)


def _threshold(*parts: tuple[list[tuple[int, str, PairRow]], list[float]]) -> float:
    rows: Any = SimpleNamespace(actors=[row for part, _ in parts for row in part])
    return _actor_thresholds(rows, [odds for _, part in parts for odds in part])["named"]


def test_attackers_of_real_articles_decide() -> None:
    real = _rows("real-train", {1.1: 1, 2.0: 1, 0.9: 0})
    written = _rows("train-wire", {2.4: 0, 2.6: 0, 2.9: 1})
    assert _threshold(real) == 1.0
    assert _threshold(real, written) == 1.0
    assert _threshold(written) == 2.625
