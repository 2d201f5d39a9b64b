"""Fit the weights of resolution: ``python -m training.fit_matches [OUT]``.

A conditional logit: a report chooses between the strikes near it and a new one. The weights of the cases of
all aspects are those under which the true choices are likeliest, less a penalty on large ones. The threshold
is the one with the highest F1 over pairs of reports, on days whose weights did not see them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array

from benchmarks.synthetic import real_towns, synthetic_ledger
from schemas.records import Report
from training.corpus import read_all
from training.dense_days import without
from training.match_rows import (
    Decision,
    annotated_reports,
    as_extracted,
    decisions,
    generated_days,
)
from transforms.resolution.match_model import MatchModel

PENALTY = 1.0
NO_EVENTS = frozenset({"own", "train-muc4"})
"""Folders whose events are numbered by article or by town and day: they do not say which reports mean one
strike."""
FEWEST = 5
"""A case that stands in fewer options has no weight."""
ANNOTATED_WEIGHT, SPARSE_WEIGHT, DENSE_WEIGHT, SINGLE_WEIGHT = 20.0, 1.0, 1.0, 0.5
NOISY_COPIES, NOISY_WEIGHT = 6, 10.0
SPARSE_REPORTS, DENSE_DAYS, STRIKES, SINGLE_DAYS = 20_000, 500, (1, 25), 1500
JOIN, SURELY_OLD, SURE, DOUBT = 0.5, 0.8, 0.75, 0.15
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Set:
    """Reports whose true strikes are known."""

    name: str
    reports: Sequence[Report]
    events: dict[str, Hashable]
    weight: float


def sets(seed: int = 11) -> list[Set]:
    """Return what the weights are fitted on: annotated articles by folder, sparse ledgers, and dense days."""
    found = []
    articles = list(read_all())
    for folder in sorted({a.folder for a in articles} - NO_EVENTS):
        reports, events = annotated_reports(a for a in articles if a.folder == folder)
        found.append(Set(folder, reports, events, ANNOTATED_WEIGHT))
        for n in range(NOISY_COPIES):
            found.append(Set(f"{folder}-{n}", as_extracted(reports, seed + n), events, NOISY_WEIGHT))
    for n, lacking in enumerate(((), ("text_signature", "actor"))):
        ledger = synthetic_ledger(SPARSE_REPORTS, real_towns(), seed=seed + n)
        pairs = [(without(r, lacking), e) for r, e in islice(ledger, SPARSE_REPORTS)]
        events = {r.report_id: (n, e) for r, e in pairs}
        found.append(Set(f"sparse-{n}", [r for r, _ in pairs], events, SPARSE_WEIGHT))
    for name, days, strikes, weight in (
        ("dense", DENSE_DAYS, STRIKES, DENSE_WEIGHT),
        ("single", SINGLE_DAYS, (1, 2), SINGLE_WEIGHT),
    ):
        for n, (reports, events) in enumerate(generated_days(seed, days, strikes)):
            found.append(Set(f"{name}-{n}", reports, events, weight))
    return found


def rows_of(found: Sequence[Set], model: MatchModel | None = None) -> list[Decision]:
    """Return the decisions of some sets, where each earlier one was right, or as a model decided it."""
    return [d for s in found for d in decisions(s.reports, s.events, s.weight, s.name, model)]


def fit_twice(found: Sequence[Set]) -> tuple[list[Decision], dict[str, Any]]:
    """Return the decisions and the weights: fitted on right earlier decisions, then also on those of these
    weights."""
    rows = rows_of(found)
    return rows, fit([*rows, *rows_of(found, model_of(fit(rows)))])


def fit(rows: Sequence[Decision]) -> dict[str, Any]:
    """Return the content of the file of weights."""
    counts: dict[str, int] = {}
    for row in rows:
        for option in row.options:
            for aspect, case in option:
                counts[f"{aspect}={case}"] = counts.get(f"{aspect}={case}", 0) + 1
    names = sorted(name for name, count in counts.items() if count >= FEWEST)
    number = {name: n for n, name in enumerate(names)}
    places: list[int] = []
    columns: list[int] = []
    of_row: list[int] = []
    right: list[bool] = []
    weights: list[float] = []
    for n, row in enumerate(rows):
        weights.append(row.weight)
        for k, option in enumerate(row.options):
            right.append(row.right == k)
            for aspect, case in option:
                if (column := number.get(f"{aspect}={case}")) is not None:
                    places.append(len(of_row))
                    columns.append(column)
            of_row.append(n)
    shape = (len(of_row), len(names))
    table = csr_array((np.ones(len(places)), (places, columns)), shape=shape)
    loss = _loss(table, np.array(of_row), np.array(right, dtype=float), np.array(weights))
    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    kept = {name: round(float(w), 3) for name, w in zip(names, found[:-1], strict=True)}
    numbers = {"join": JOIN, "surely_old": SURELY_OLD, "sure": SURE, "doubt": DOUBT}
    return {"weights": kept, "intercept": round(float(found[-1]), 3), **numbers}


def _loss(
    table: Any, of_row: NDArray[np.int64], right: Floats, weights: Floats
) -> Callable[[Floats], tuple[float, Floats]]:
    """Return the function of the weights that is to be least, with its gradient."""
    rows = len(weights)
    has_right = np.bincount(of_row, right, rows)

    def loss(x: Floats) -> tuple[float, Floats]:
        odds = table @ x[:-1] + x[-1]
        top = np.maximum(0.0, np.maximum.reduceat(odds, np.searchsorted(of_row, np.arange(rows))))
        exp = np.exp(odds - top[of_row])
        total = np.bincount(of_row, exp, rows) + np.exp(-top)
        chosen = np.bincount(of_row, right * odds, rows) * (has_right > 0)
        value = float((weights * (top + np.log(total) - chosen)).sum() + PENALTY * (x[:-1] ** 2).sum() / 2)
        slope = weights[of_row] * (exp / total[of_row] - right)
        return value, np.append(table.T @ slope + PENALTY * x[:-1], slope.sum())

    return loss


def model_of(raw: dict[str, Any], **change: float) -> MatchModel:
    """Return the model of fitted weights."""
    return MatchModel(**{**raw, **change})


def main() -> None:
    """Fit the weights on everything, and write their file."""
    default = files("transforms.resolution") / "match_weights.json"
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(str(default))
    rows, raw = fit_twice(sets())
    out.write_text(json.dumps(raw, indent=1, sort_keys=True) + "\n", "utf-8")
    print(f"{len(rows)} decisions, {len(raw['weights'])} weights, intercept {raw['intercept']}")


if __name__ == "__main__":
    main()
