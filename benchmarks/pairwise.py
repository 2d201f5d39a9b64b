"""Pairwise precision and recall of a clustering against the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

Truth = dict[str, int]


def pairwise(found: Mapping[str, object], truth: Truth) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the pairs of reports put into one incident. A report in none
    stands alone, so that leaving the hard ones out gains nothing."""

    def pairs(labels: Iterable[object]) -> int:
        return sum(n * (n - 1) // 2 for n in Counter(labels).values())

    said = {i: found.get(i, i) for i in truth}
    both = pairs((said[i], truth[i]) for i in truth)
    precision, recall = both / max(1, pairs(said.values())), both / max(1, pairs(truth.values()))
    return precision, recall, 2 * precision * recall / (precision + recall) if both else 0.0


def in_words(figures: tuple[float, float, float]) -> str:
    """Return precision, recall and F1 as a line prints them."""
    return "pairwise P {:.3f} R {:.3f} F1 {:.3f}".format(*figures)
