"""Quality gate: extraction and resolution of annotated articles must not fall below the recorded floors.

    python tests/eval/gate.py [--update] [--errors FILE]

There are two sets, whose figures are never mixed: a sample of articles on real strikes, and short articles written for
this project with other wording, regions and sources. ``--update`` writes the current figures as floors; it refuses to
lower one. ``--errors`` writes every mistake with its sentence, by kind.

The figure of a field is a share of the strikes found. One more strike may lower it although no value is worse, so the
floor of a field also has the number of right values: a share is too low only if that number is too low, too.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

from scoring import Score, f1, mistake_report, read_own, read_sample, score

from transforms.resolution.resolve import resolve_incidents

HERE = Path(__file__).parent
SAMPLE, OWN, BASELINE = HERE / "gold.jsonl", HERE / "own", HERE / "baseline.json"
Floors = dict[str, dict[str, float]]


def dedup_pairwise_f1(result: Score) -> float:
    """Return F1 over the pairs of matched reports that resolution assigns to one incident."""
    incident: dict[str, str] = {}
    for resolved in resolve_incidents(result.reports):
        incident.update((link.report_id, link.incident_id) for link in resolved.links)
    linked = sorted(r for r in result.events if r in incident)
    found = {p for p in combinations(linked, 2) if incident[p[0]] == incident[p[1]]}
    true = {p for p in combinations(linked, 2) if result.events[p[0]] == result.events[p[1]]}
    return f1(len(found & true), len(found), len(true))


def is_below(figure: tuple[float, int | None], floor: tuple[float | None, int | None]) -> bool:
    """Return whether a figure is below its floor: the share, and the number of right values where both have one.

    >>> (
    ...     is_below((0.9143, 96), (0.9231, 96)),
    ...     is_below((0.9143, 95), (0.9231, 96)),
    ...     is_below((0.7, None), (0.8, None)),
    ... )
    (False, True, True)
    """
    (share, right), (least_share, least_right) = figure, floor
    if least_share is None or share >= least_share:
        return False
    return right is None or least_right is None or right < least_right


def highest(values: Mapping[str, float], before: Mapping[str, float]) -> dict[str, float]:
    """Return the higher of the value and the one before, for each name."""
    return {name: max(value, before.get(name, value)) for name, value in values.items()}


def digest() -> str:
    """Return a hash of all annotated articles, because floors are valid for these articles only."""
    paths = [SAMPLE, *sorted(OWN.glob("*.yaml"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def main() -> int:
    """Measure, print the figures and return 1 where one is below its floor."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--update", action="store_true", help="write the current figures as floors")
    parser.add_argument("--errors", type=Path, help="write every mistake with its sentence, by kind")
    options = parser.parse_args()
    scores = {"sample": score(list(read_sample(SAMPLE))), "own": score(list(read_own(OWN)))}
    scores["sample"].figures["dedup_pairwise_f1"] = dedup_pairwise_f1(scores["sample"])
    known = json.loads(BASELINE.read_text("utf-8"))
    is_known = known["gold"] == digest()
    floors: Floors = known["floors"] if is_known else {}
    least_right: dict[str, dict[str, int]] = known["right"] if is_known else {}
    below_floor = 0
    for name, result in scores.items():
        print(f"{name}: {len(result.reports)} reports")
        for key, value in result.figures.items():
            floor = floors.get(name, {}).get(key)
            right, least = result.right.get(key), least_right.get(name, {}).get(key)
            too_low = is_below((value, right), (floor, least))
            below_floor += too_low
            of_right = "" if right is None else f"  right {right}, at least {least}"
            print(f"  {key:32} {value:8.4f}  floor {floor}{of_right}{'  BELOW THE FLOOR' if too_low else ''}")
    if options.errors:
        text = "\n\n".join(f"== {name}\n{mistake_report(result.mistakes)}" for name, result in scores.items())
        options.errors.write_text(text + "\n", "utf-8")
    if options.update and not below_floor:
        figures = {name: highest(result.figures, floors.get(name, {})) for name, result in scores.items()}
        numbers = {name: highest(result.right, least_right.get(name, {})) for name, result in scores.items()}
        written = {"gold": digest(), "floors": figures, "right": numbers}
        BASELINE.write_text(json.dumps(written, indent=1) + "\n", "utf-8")
        return 0
    if not is_known:
        print("the annotated articles have changed: write new floors with --update")
        return 1
    return 1 if below_floor else 0


if __name__ == "__main__":
    sys.exit(main())
