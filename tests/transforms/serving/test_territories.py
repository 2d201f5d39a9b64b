"""Disputed territories: which places lie in one, and what the page of an incident says of it."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Ledger
from sample_records import a_report
from served_ledger import serving_ledger
from store_reports import store

from transforms.serving.territories import read_territories, territory_of

MAJDAL_SHAMS = {
    "country": "IL",
    "admin1": "Golan Heights",
    "latitude": 33.27,
    "longitude": 35.77,
    "geo_precision": 1,
}


def at(country: str | None, latitude: float, longitude: float, **more: Any) -> dict[str, Any]:
    return {
        "country": country,
        "admin1": None,
        "latitude": latitude,
        "longitude": longitude,
        "geo_precision": 1,
    } | more


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (MAJDAL_SHAMS, "Golan Heights"),
        (at("SY", 33.27, 35.7716), "Golan Heights"),
        (at("IL", 32.99, 35.69), "Golan Heights"),  # Katzrin
        (at("IL", 33.207, 35.57), None),  # Kiryat Shmona
        (at("IL", 33.28, 35.58), None),  # Metula
        (at("LB", 33.27, 35.77), None),
        (at("IL", 33.27, 35.77, geo_precision=3), None),
        (at("SY", 33.51, 36.29), None),  # Damascus
        (at("UA", 44.96, 34.11, admin1="Crimea"), "Crimea"),
        (at("UA", 46.64, 32.61, admin1="Kherson"), None),
        (at("IN", 34.09, 74.8, admin1="Kashmir"), "Jammu and Kashmir"),
        (at("PK", 34.37, 73.47, admin1="Azad Kashmir"), "Jammu and Kashmir"),
        (at("PK", 33.6, 73.04, admin1="Punjab"), None),
        (at("GE", 42.225, 43.97), "South Ossetia"),
        (at("GE", 41.98, 44.11), None),  # Gori
        (at("SD", 9.595, 28.435), "Abyei"),
        (at("EH", 27.14, -13.19), "Western Sahara"),
        ({"country": None, "admin1": None, "latitude": None, "longitude": None, "geo_precision": 3}, None),
    ],
)
def test_the_territory_of_a_place(place: dict[str, Any], name: str | None) -> None:
    found = territory_of(place)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    "entry", [{"name": "X"}, {"name": "X", "states": ["A", "B"]}, {"name": "X", "states": [], "region": []}]
)
def test_an_entry_that_says_nothing_or_something_unknown_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"territories\.yaml"):
        read_territories([entry])


def test_the_page_of_an_incident_names_the_territory(ledger: Ledger) -> None:
    there = a_report(1, location="Majdal Shams", geonameid=6693679, **MAJDAL_SHAMS)
    store(ledger, [there, a_report(2)])
    with serving_ledger(ledger) as served:
        ids = [row["incident_id"] for row in ledger.rows("SELECT incident_id FROM incidents")]
        pages = [served.ask(f"/incidents/{incident_id}").text for incident_id in ids]
        place, others, rows = (
            served.ask(path).text for path in ("/places/IL/Majdal%20Shams", "/places/UA/Kryvyi%20Rih", "/")
        )
    assert sorted("in the disputed territory Golan Heights" in page for page in pages) == [False, True]
    assert "In the disputed territory Golan Heights" in place and "disputed territory" not in others
    assert rows.count("Golan Heights, disputed") == 1
