"""The thresholds of the model, chosen on probabilities of articles that the weights did not see."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from training import REAL

Row = dict[str, Any]
Floats = np.ndarray[Any, Any]
MAX_ALARMS = 0.14
"""At most this share of the articles without a strike may give a report."""
POSSIBLE = 0.5
"""Names that the rules for place names leave out are mostly no places: they need an even chance."""
_GRID = np.round(np.arange(0.1, 0.9, 0.02), 2)


def article_of(row: Row) -> str:
    """Return the name of a row's article, which two folders cannot share."""
    return f"{row['folder']}/{row['article']}"


def decided(rows: Sequence[Row], found: Floats, thresholds: Mapping[str, float]) -> Floats:
    """Return which rows count as struck, as the run time decides it."""
    least = [thresholds["possible" if r["numbers"]["possible"] else "place"] for r in rows]
    fits = found >= np.array(least)
    reporting = {
        article_of(r) for r, f, p in zip(rows, fits, found, strict=True) if f and p >= thresholds["article"]
    }
    said: Floats = fits & np.array([article_of(r) in reporting for r in rows])
    return said


def f1(labels: Floats, said: Floats) -> float:
    """Return F1 of the candidates that count."""
    hits, wrong, missed = (
        int(x.sum()) for x in (said & (labels == 1), said & (labels == 0), ~said & (labels == 1))
    )
    return 2 * hits / max(1, 2 * hits + wrong + missed)


def alarms_of(rows: Sequence[Row], said: Floats) -> tuple[int, int]:
    """Return how many articles without a strike give a report, and how many there are."""
    alarm: dict[str, bool] = defaultdict(bool)
    for row, struck in zip(rows, said, strict=True):
        if row["strikes"] == 0:
            alarm[article_of(row)] |= bool(struck)
    return sum(alarm.values()), len(alarm)


def choose_thresholds(rows: Sequence[Row], found: Floats) -> dict[str, float]:
    """Return the thresholds: few false alarms first, then the highest F1 of places.

    They are chosen on the real articles where there are any, because written ones are easier.
    """
    judged = [n for n, r in enumerate(rows) if r["folder"] == REAL] or list(range(len(rows)))
    rows, found = [rows[n] for n in judged], found[judged]
    labels = np.array([r["label"] for r in rows])

    def thresholds(article: float, place: float) -> dict[str, float]:
        return {"article": float(article), "place": float(min(place, article)), "possible": POSSIBLE}

    def is_quiet(article: float) -> bool:
        alarms, quiet = alarms_of(rows, decided(rows, found, thresholds(article, _GRID[0])))
        return alarms <= MAX_ALARMS * quiet

    article = next((a for a in _GRID if is_quiet(a)), _GRID[-1])
    place = max(_GRID, key=lambda p: round(f1(labels, decided(rows, found, thresholds(article, p))), 4))
    return thresholds(article, place)
