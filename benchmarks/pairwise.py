"""Pairwise precision and recall of found incidents against the true ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

Truth = dict[str, int]
"""The number of the true strike for each report id."""


def pairwise(found: Mapping[str, object], truth: Truth) -> tuple[float, float, float]:
    """Return precision, recall and F1 over the pairs of reports that are in one incident.

    A report in no incident counts as an incident of its own. So a method gains nothing if it leaves out the
    difficult reports.
    """

    def pairs(labels: Iterable[object]) -> int:
        return sum(n * (n - 1) // 2 for n in Counter(labels).values())

    incident_of = {i: found.get(i, i) for i in truth}
    correct = pairs((incident_of[i], truth[i]) for i in truth)
    precision, recall = correct / max(1, pairs(incident_of.values())), correct / max(1, pairs(truth.values()))
    return precision, recall, 2 * precision * recall / (precision + recall) if correct else 0.0


def in_words(figures: tuple[float, float, float]) -> str:
    """Return precision, recall and F1 as one line of text."""
    return "pairwise P {:.3f} R {:.3f} F1 {:.3f}".format(*figures)
