"""Incidents, watches and states of alerts for tests. A test replaces what it is about."""

from __future__ import annotations

import dataclasses
from typing import Any

from schemas.alert_records import CHANNEL_ROW, AlertDelivery, Telling
from transforms.alerts.due import Heard, channel_row
from transforms.alerts.telling import content_hash, encode_telling, telling_of
from transforms.alerts.watches import Conditions, Event, FileChannel, Watch

FACTS = {
    "incident_id": "i-1", "event_date_start": "2025-04-04", "event_date_end": "2025-04-04", "location": "Kharkiv",
    "geonameid": 706483, "admin1": "Kharkiv", "country": "UA", "latitude": 49.98, "longitude": 36.25, "geo_precision": 1,
    "weapon": "drone", "actor": "Russia", "fatalities_low": 5, "fatalities_best": 5, "fatalities_high": 5,
    "injured_low": 20, "injured_best": 20, "injured_high": None, "child_fatalities": None, "child_injured": None,
    "claim_status": "reported", "headline": "Drones hit Kharkiv", "number_of_sources": 2, "sublocation": None,
    "event_time": None, "source_urls": ["https://outlet.example/1"],
}  # fmt: skip


def a_telling(**change: Any) -> Telling:
    """Return what is told of a drone strike on Kharkiv with 5 killed."""
    return telling_of({**FACTS, **change})


def a_watch(**change: Any) -> Watch:
    """Return a watch on everything, with one file channel."""
    base = Watch("w", Conditions(), tuple(Event), (FileChannel("atom", "atom", "x.xml", "w"),))
    return dataclasses.replace(base, **change)


def begun(watch: Watch) -> Heard:
    """Return the row of a channel whose watch has begun."""
    return Heard(channel_row(watch, "atom", None), None)


def told(telling: Telling, current: str | None = "", **change: Any) -> Heard:
    """Return the row of an incident that was told. ``current``: where its id leads; empty: it is current."""
    content = encode_telling(telling)
    row = AlertDelivery(
        "w", "atom", telling.incident_id, "new", 1, False, 0, 0, telling.incident_id, content, content_hash(content),
        "2025-04-05T00:00:00Z", "2025-04-05T00:00:00Z", None, None,
    )  # fmt: skip
    assert row.incident_id != CHANNEL_ROW
    return Heard(dataclasses.replace(row, **change), telling.incident_id if current == "" else current)
