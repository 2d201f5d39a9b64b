"""Resolution alone: the annotations are the reports, so that errors of extraction have no effect."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from sample_records import a_report

from schemas.records import Report
from transforms.resolution.resolve import resolve_incidents

GOLD = Path(__file__).with_name("gold.jsonl")


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def annotated() -> tuple[list[Report], dict[str, str], dict[str, list[dict[str, Any]]]]:
    """Return the reports, the event of each report, and the annotations of each event in order of publication."""
    rows = [json.loads(line) for line in GOLD.read_text("utf-8").split("\n") if line]
    reports, events = [], {}
    annotations: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: dt.datetime.fromisoformat(r["published_at"])):
        for n, g in enumerate(row["gold"]):
            the_id = f"{row['id']}-{n}"
            events[the_id] = g["event"]
            annotations[g["event"]].append(g)
            reports.append(
                a_report(
                    report_id=the_id, article_url=row["url"], source_name=row["source_name"],
                    headline=row["title"], published_at=row["published_at"], is_main=g["main"],
                    event_date_start=_day(g["date_start"]), event_date_end=_day(g["date_end"]),
                    location=g["place"], geonameid=None, country=g["country"],
                    latitude=g["lat"], longitude=g["lon"],
                    weapon=g["weapon"], actor=g["attacker"], targets=g["targets"],
                    fatalities_low=g["killed_min"], fatalities_best=None, fatalities_high=g["killed_max"],
                    injured_low=g["injured_min"], injured_best=None, injured_high=g["injured_max"],
                )
            )  # fmt: skip
    return reports, events, annotations


def _pairs(labels: Iterable[object]) -> int:
    """Return the number of pairs with one label."""
    return sum(n * (n - 1) // 2 for n in Counter(labels).values())


def test_incidents_and_tolls_of_the_annotated_sample() -> None:
    reports, events, annotations = annotated()
    resolved = resolve_incidents(reports)
    incident = {link.report_id: r.incident.incident_id for r in resolved for link in r.links}
    in_both = _pairs((incident[i], events[i]) for i in incident)
    assert in_both / _pairs(incident.values()) >= 0.985
    assert in_both / _pairs(events[i] for i in incident) >= 0.985
    assert len(resolved) == len(annotations), "as many incidents as events"

    low = {r.incident.incident_id: r.incident.fatalities_low for r in resolved}
    right = known = 0
    for event, golds in annotations.items():
        stated = [g for g in golds if g["killed_min"] is not None]
        if stated:
            last, most = stated[-1], max(g["killed_min"] for g in stated)
            is_exact = last["main"] and last["killed_min"] == last["killed_max"]
            allowed = {last["killed_min"]} if is_exact else {last["killed_min"], most}
            main = Counter(incident[i] for i in incident if events[i] == event).most_common(1)[0][0]
            known += 1
            right += low[main] in allowed
    assert right / known >= 0.97


@pytest.mark.parametrize("half", [0, 1])
def test_later_articles_keep_the_ids_of_incidents(half: int) -> None:
    """The other articles are later: they may add incidents, and rename none."""
    reports, _, _ = annotated()
    reports.sort(key=lambda r: dt.datetime.fromisoformat(str(r.published_at)))
    cut = len(reports) * (1 + half) // 3
    early = {r.incident.incident_id for r in resolve_incidents(reports[:cut])}
    assert early <= {r.incident.incident_id for r in resolve_incidents(reports)}
