"""Figures of the model on rows that it did not see: ``python -m training.evaluate ROWS``.

Out of fold by event, with one folder (a manner) left out, with one region left out, and by the number of
articles.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from training import REAL
from training.fit import fit_weights, probabilities, read_rows
from training.thresholds import Floats, Row, alarms_of, article_of, choose_thresholds, decided, f1

REGIONS = {
    "Ukraine, Russia": "UA RU",
    "Syria, Iraq": "SY IQ",
    "Palestine, Israel, Lebanon": "PS IL LB",
    "Africa": "SD SO NG ML BF ET CD SS LY TD NE CM MZ KE EG",
    "Asia": "MM AF PK PH TH IN NP LK KH BD",
}


def out_of_fold(rows: Sequence[Row]) -> Floats:
    """Return the probability of each row by weights that were fitted without its fold."""
    return _left_out(rows, lambda r: str(r["fold"]))


def _left_out(rows: Sequence[Row], part: Callable[[Row], str]) -> Floats:
    found = np.zeros(len(rows))
    for name in sorted({part(r) for r in rows}):
        unseen = [n for n, r in enumerate(rows) if part(r) == name]
        weights = fit_weights([r for r in rows if part(r) != name])
        found[unseen] = probabilities(weights, [rows[n] for n in unseen])
    return found


def figures(name: str, rows: Sequence[Row], found: Floats, thresholds: Mapping[str, float]) -> str:
    """Return one line of figures."""
    y, said = np.array([r["label"] for r in rows]), decided(rows, found, thresholds)
    known = y >= 0
    auc = roc_auc_score(y[known], found[known]) if len(set(y[known])) > 1 else float("nan")
    alarms, quiet = alarms_of(rows, said)
    return f"{name:34} {len(rows):5} F1 {f1(y, said):.3f} AUC {auc:.3f} alarms {alarms} of {quiet}"


def main(arguments: list[str]) -> None:
    """Print the figures of all tests."""
    rows = read_rows(Path(arguments[0]))
    found = out_of_fold(rows)
    thresholds = choose_thresholds(rows, found)
    print(thresholds)

    def show(name: str, numbers: Sequence[int], found: Floats) -> None:
        print(figures(name, [rows[n] for n in numbers], found[list(numbers)], thresholds), flush=True)

    show("out of fold", range(len(rows)), found)
    show("out of fold, real", [n for n, r in enumerate(rows) if r["folder"] == REAL], found)
    by_folder = _left_out(rows, lambda r: str(r["folder"]))
    for folder in sorted({r["folder"] for r in rows}):
        show(f"without {folder}", [n for n, r in enumerate(rows) if r["folder"] == folder], by_folder)
    for region, codes in REGIONS.items():
        articles = {article_of(r) for r in rows if r["country"] in codes.split() and r["label"] == 1}
        own = [n for n, r in enumerate(rows) if article_of(r) in articles]
        found[own] = probabilities(
            fit_weights([r for r in rows if article_of(r) not in articles]), [rows[n] for n in own]
        )
        show(f"without {region}", own, found)


if __name__ == "__main__":
    main(sys.argv[1:])
