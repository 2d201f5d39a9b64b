"""Quality gate: extraction and resolution on annotated articles, against pinned floors.

    python tests/eval/gate.py [--update] [--errors FILE]

Two sets, reported apart and never mixed: the annotated sample of real strikes, and short articles
written for this project that stress other wording, regions and sources. ``--update`` writes the present
figures as floors; it refuses to lower one. ``--errors`` writes every miss with its sentence, by kind.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from itertools import combinations
from pathlib import Path

from scoring import Score, error_report, f1, read_own, read_sample, score

from transforms.resolution.resolve import resolve_incidents

HERE = Path(__file__).parent
SAMPLE, OWN, BASELINE = HERE / "gold.jsonl", HERE / "own", HERE / "baseline.json"
Floors = dict[str, dict[str, float]]


def dedup_pairwise_f1(found: Score) -> float:
    """Return F1 of the pairs of matched reports that resolution puts into one incident."""
    incident: dict[str, str] = {}
    for resolved in resolve_incidents(found.reports):
        incident.update((link.report_id, link.incident_id) for link in resolved.links)
    linked = sorted(r for r in found.events if r in incident)
    said = {p for p in combinations(linked, 2) if incident[p[0]] == incident[p[1]]}
    true = {p for p in combinations(linked, 2) if found.events[p[0]] == found.events[p[1]]}
    return f1(len(said & true), len(said), len(true))


def digest() -> str:
    """Return a hash of all annotations: floors hold for these articles only."""
    paths = [SAMPLE, *sorted(OWN.glob("*.yaml"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def main() -> int:
    """Measure, compare, and say so."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--update", action="store_true", help="write the present figures as floors")
    parser.add_argument("--errors", type=Path, help="write every miss with its sentence, by kind")
    options = parser.parse_args()
    scores = {"sample": score(list(read_sample(SAMPLE))), "own": score(list(read_own(OWN)))}
    scores["sample"].figures["dedup_pairwise_f1"] = dedup_pairwise_f1(scores["sample"])
    known = json.loads(BASELINE.read_text("utf-8"))
    is_known = known["gold"] == digest()
    floors: Floors = known["floors"] if is_known else {}
    fallen = 0
    for name, found in scores.items():
        print(f"{name}: {len(found.reports)} reports")
        for key, value in found.figures.items():
            floor = floors.get(name, {}).get(key)
            has_fallen = floor is not None and value < floor
            fallen += has_fallen
            print(f"  {key:32} {value:8.4f}  floor {floor}{'  FALLEN' if has_fallen else ''}")
    if options.errors:
        text = "\n\n".join(f"== {name}\n{error_report(found.misses)}" for name, found in scores.items())
        options.errors.write_text(text + "\n", "utf-8")
    if options.update and not fallen:
        figures = {name: found.figures for name, found in scores.items()}
        BASELINE.write_text(json.dumps({"gold": digest(), "floors": figures}, indent=1) + "\n", "utf-8")
        return 0
    if not is_known:
        print("the annotated articles have changed: pin new floors with --update")
        return 1
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
