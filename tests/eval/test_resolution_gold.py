"""Resolution alone: the annotations as reports, so that no fault of extraction plays a part."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from tests_support import a_report

from schemas.records import Report
from transforms.resolution.resolve import resolve_incidents

GOLD = Path(__file__).with_name("gold.jsonl")


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def annotated() -> tuple[list[Report], dict[str, str], dict[str, list[dict[str, Any]]]]:
    """Return the reports, the event of each, and each event's annotations in order of publication."""
    rows = [json.loads(line) for line in GOLD.read_text("utf-8").split("\n") if line]
    reports, events = [], {}
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: dt.datetime.fromisoformat(r["published_at"])):
        for n, g in enumerate(row["gold"]):
            the_id = f"{row['id']}-{n}"
            events[the_id] = g["event"]
            told[g["event"]].append(g)
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
    return reports, events, told


def _pairs(labels: Iterable[object]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(labels).values())


def test_the_annotated_sample_is_resolved() -> None:
    reports, events, told = annotated()
    resolved = resolve_incidents(reports)
    incident = {link.report_id: r.incident.incident_id for r in resolved for link in r.links}
    both = _pairs((incident[i], events[i]) for i in incident)
    assert both / _pairs(incident.values()) >= 0.985
    assert both / _pairs(events[i] for i in incident) >= 0.985
    assert len(resolved) == len(told), "no incident beyond the events"

    low = {r.incident.incident_id: r.incident.fatalities_low for r in resolved}
    right = known = 0
    for event, golds in told.items():
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
def test_half_of_the_sample_gives_no_other_ids_for_what_it_knows(half: int) -> None:
    """Articles of the second half are later: they add, and rename nothing."""
    reports, _, _ = annotated()
    reports.sort(key=lambda r: dt.datetime.fromisoformat(str(r.published_at)))
    cut = len(reports) * (1 + half) // 3
    early = {r.incident.incident_id for r in resolve_incidents(reports[:cut])}
    assert early <= {r.incident.incident_id for r in resolve_incidents(reports)}
