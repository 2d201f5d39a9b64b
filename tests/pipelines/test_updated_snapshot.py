"""A snapshot that took over what people changed is the one that a reading of all gives."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import suppress

import pytest
from conftest import Ledger
from editor import TOKEN, Editor, id_of
from sample_records import KHARKIV, SUMY, a_report
from served_ledger import serving_ledger
from snapshot_content import content_of
from store_reports import store_as_run

from pipelines import pipeline_version
from pipelines.correct import correct
from pipelines.server.snapshot_keeper import SnapshotKeeper
from schemas.records import Report
from transforms.corrections.decision import CorrectionRefused, Decision
from transforms.serving import update_snapshot
from transforms.serving.read_snapshot import read_snapshot
from transforms.serving.report_store import ReportStore
from transforms.serving.snapshot import Snapshot
from transforms.warehouse import open_warehouse

NOW = "2026-01-02T03:04:05Z"
PLACES = (
    KHARKIV,
    SUMY,
    {"location": "Gaza", "geonameid": 281133, "country": "PS", "latitude": 31.5, "longitude": 34.46, "admin1": None},
    {"location": "Nowhere", "geonameid": None, "country": None, "latitude": None, "longitude": None, "admin1": None},
)  # fmt: skip
SETTINGS = (
    "killed=0", "killed=22", "killed=20+", "killed=null", "injured=3-9", "event_date=2025-04-01", "weapon=drone",
    "event_date=2025-04-06", "location=Sumy", "location=Odesa", "country=RU", "actor=null", "claim_status=disputed",
    "latitude=null", "sublocation=Old Town",
)  # fmt: skip
STEPS = 24


def reports() -> list[Report]:
    """Return reports of strikes at five places, some of which several outlets report."""
    found = []
    for n in range(14):
        kind = n % 5
        change = dict(PLACES[kind]) if kind < len(PLACES) else {}
        day = dt.date(2025, 4, 1 + n % 3)
        toll = {"fatalities_low": n, "fatalities_best": n, "fatalities_high": n}
        days = {"event_date_start": day, "event_date_end": day}
        trust = {"confidence": (n % 4 + 1) / 4, "source_name": f"Outlet {n % 4}"}
        found.append(a_report(n, **change, **toll, **days, **trust))
    return found


def whole_reading(ledger: Ledger) -> Snapshot:
    with open_warehouse(ledger.url, read_only=True) as warehouse:
        return read_snapshot(warehouse, NOW, pipeline_version(), ReportStore())


@pytest.fixture
def keeper(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Iterator[SnapshotKeeper]:
    """Return a keeper that has read the ledger once, and must not read all of it again."""
    store_as_run(ledger, *reports(), a_report(20, headline="Missile hits Town"), run="run-1")
    made = SnapshotKeeper(ledger.url, 3_600, lambda: NOW, print)
    monkeypatch.setattr(made, "_read", lambda: pytest.fail("all incidents were read anew"))
    yield made
    made.close()


def any_decision(rnd: random.Random, snapshot: Snapshot) -> tuple[str, Decision]:
    ids = snapshot.columns.ids
    incident_id = rnd.choice(ids)
    held = [r["report_id"] for r in snapshot.store.details(snapshot.columns.number_of[incident_id]).reports]
    kind = rnd.choice(("confirm", "reject", "set", "set", "merge", "merge", "split", "undo", "undo"))
    if kind == "undo" and snapshot.decisions:
        return rnd.choice(list(snapshot.decisions)), Decision(undo="last", why="again")
    if kind == "merge" and len(ids) > 1:
        other = rnd.choice([i for i in ids if i != incident_id])
        return incident_id, Decision(merge=other, why="one strike")
    if kind == "split" and len(held) > 1:
        return incident_id, Decision(split=[rnd.choice(held)], why="another day")
    if kind == "set":
        return incident_id, Decision(settings=rnd.sample(SETTINGS, rnd.randint(1, 2)), why="a list")
    return incident_id, Decision(reject=True, why="a drill") if kind == "reject" else Decision(confirm=True)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_any_decisions_it_is_the_whole_reading(
    ledger: Ledger, keeper: SnapshotKeeper, seed: int
) -> None:
    rnd, once, stored = random.Random(seed), set(keeper.snapshot.columns.ids), 0
    kept = keeper.snapshot
    before = content_of(kept, sorted(once))
    for _ in range(STEPS):
        with suppress(CorrectionRefused):
            correct(ledger.url, None, *any_decision(rnd, keeper.snapshot), "anna")
            stored += 1
        if rnd.random() < 0.3:
            continue  # two decisions between two looks
        keeper.refresh()
        once |= set(keeper.snapshot.columns.ids)
        ids = sorted(once)
        assert content_of(keeper.snapshot, ids) == content_of(whole_reading(ledger), ids)
    assert stored > STEPS / 2
    assert content_of(kept, sorted(before["ids"])) == before  # whoever reads an earlier one reads on


def test_a_decision_and_a_run_give_the_whole_reading(ledger: Ledger) -> None:
    store_as_run(ledger, *reports(), run="run-1")
    keeper = SnapshotKeeper(ledger.url, 3_600, lambda: NOW, print)
    try:
        correct(
            ledger.url, None, keeper.snapshot.columns.ids[0], Decision(reject=True, why="a drill"), "anna"
        )
        store_as_run(ledger, a_report(30, **SUMY), run="run-2")
        assert keeper.refresh() is True
        ids = list(keeper.snapshot.columns.ids)
        assert content_of(keeper.snapshot, ids) == content_of(whole_reading(ledger), ids)
    finally:
        keeper.close()


def test_what_changes_very_many_incidents_is_read_as_a_whole(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_as_run(ledger, *reports(), run="run-1")
    snapshot = whole_reading(ledger)
    correct(ledger.url, None, snapshot.columns.ids[0], Decision(confirm=True), "anna")
    with open_warehouse(ledger.url, read_only=True) as warehouse:
        assert update_snapshot.read_changes(snapshot, warehouse) is not None
        monkeypatch.setattr(update_snapshot, "_MOST_CHANGED", 0)
        assert update_snapshot.read_changes(snapshot, warehouse) is None


def test_an_editor_sees_a_decision_without_a_whole_reading(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = a_report(1), a_report(2, **KHARKIV)
    store_as_run(ledger, first, second, run="run-1")
    with serving_ledger(ledger, token=TOKEN) as served:
        monkeypatch.setattr(served.keeper, "_read", lambda: pytest.fail("all incidents were read anew"))
        editor = Editor(served)
        answer = editor.decide(f"/incidents/{id_of(first)}", "merge", other=id_of(second), why="one strike")
        assert "Outlet 2" in editor.open(answer.headers["location"]).text
        assert len(served.ask("/api/incidents").json["incidents"]) == 1
        assert served.ask(f"/incidents/{id_of(second)}").headers["location"] == f"/incidents/{id_of(first)}"
    assert served.told == []
