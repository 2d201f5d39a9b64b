"""Filters by index find what a look at every row finds."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_snapshot import a_snapshot, an_incident

from schemas.identity import fold_name
from schemas.vocabulary import Weapon
from transforms.serving.list_filter import Box, ListFilter

# each example makes a snapshot, which takes long where the machine is busy
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAYS = [dt.date(2025, 4, 1), dt.date(2025, 4, 2), dt.date(2025, 4, 9)]
PLACES = [
    ("UA", "Kyiv", 50.4, 30.5),
    ("PS", "Gaza", 31.5, 34.5),
    (None, "Black Sea", None, None),
    ("FJ", "Labasa", -16.4, 179.4),
]
ROWS = st.lists(
    st.builds(
        lambda n, place, **change: an_incident(
            n, country=place[0], location=place[1], latitude=place[2], longitude=place[3], **change
        ),
        st.integers(0, 10_000),
        st.sampled_from(PLACES),
        event_date=st.sampled_from([str(day) for day in DAYS]),
        weapon=st.sampled_from(["drone", "missile"]),
        status=st.sampled_from(["auto", "needs_review", "rejected"]),
        fatalities_low=st.none() | st.integers(0, 5),
        geo_precision=st.integers(1, 3),
        headline=st.sampled_from(["Drone hits hospital", "Missiles on Kyiv", "Łódź hôpital"]),
        updated_at=st.sampled_from(["2025-05-01T00:00:00Z", "2025-06-01T00:00:00Z"]),
    ),
    max_size=30,
    unique_by=lambda row: row["incident_id"],
)
FILTERS = st.builds(
    ListFilter,
    country=st.none() | st.sampled_from(["UA", "PS", "ZZ"]),
    since=st.none() | st.sampled_from([*DAYS, dt.date(2025, 4, 5)]),
    until=st.none() | st.sampled_from([*DAYS, dt.date(2024, 4, 5)]),
    weapon=st.none() | st.just("drone"),
    status=st.none() | st.sampled_from(["auto", "rejected"]),
    min_killed=st.none() | st.integers(0, 5),
    place=st.none() | st.sampled_from(["ki", "GAZA", "a", "x"]),
    geo_precision=st.none() | st.integers(1, 3),
    bbox=st.none() | st.sampled_from([Box(22, 44, 40, 53), Box(170, -20, -170, 0)]),
    text=st.none() | st.sampled_from(["hospital", "missile kyiv", "HOPITAL", "…", "dr"]),
    changed_since=st.none() | st.just("2025-05-15T00:00:00Z"),
)


def is_wanted(row: dict[str, Any], wanted: ListFilter) -> bool:
    words = [fold_name(word) for word in f"{row['headline']} {row['location']} {row['actor']}".split()]
    asked = [fold_name(word) for word in (wanted.text or "").split()]
    box = wanted.bbox
    return all((
        wanted.country is None or row["country"] == wanted.country,
        wanted.since is None or row["event_date"] >= str(wanted.since),
        wanted.until is None or row["event_date"] <= str(wanted.until),
        wanted.weapon is None or row["weapon"] == wanted.weapon,
        row["status"] == wanted.status if wanted.status else row["status"] != "rejected" or wanted.changed_since is not None,
        wanted.min_killed is None or (row["fatalities_low"] is not None and row["fatalities_low"] >= wanted.min_killed),
        wanted.geo_precision is None or row["geo_precision"] == wanted.geo_precision,
        wanted.place is None or fold_name(wanted.place) in fold_name(row["location"]),
        wanted.text is None or (any(asked) and all(any(w.startswith(a) for w in words) for a in asked if a)),
        wanted.changed_since is None or row["updated_at"] >= wanted.changed_since,
        box is None or (
            row["latitude"] is not None and box.south <= row["latitude"] <= box.north
            and (box.west <= row["longitude"] <= box.east if box.west <= box.east
                 else row["longitude"] >= box.west or row["longitude"] <= box.east)
        ),
    ))  # fmt: skip


@UNTIMED
@given(ROWS, FILTERS)
def test_a_filter_finds_what_a_look_at_every_row_finds(
    rows: list[dict[str, Any]], wanted: ListFilter
) -> None:
    snapshot = a_snapshot(rows)
    selection = snapshot.selector.select(wanted)
    found = [snapshot.columns.ids[int(n)] for n in selection.numbers]
    assert sorted(found) == sorted(r["incident_id"] for r in rows if is_wanted(r, wanted))
    assert list(selection.numbers) == sorted(selection.numbers)
    assert sorted(selection.page(None, 1000).numbers) == sorted(selection.numbers)
    assert selection is snapshot.selector.select(wanted)


@UNTIMED
@given(ROWS)
def test_a_map_has_every_incident_with_coordinates_in_one_mark(rows: list[dict[str, Any]]) -> None:
    snapshot = a_snapshot(rows)
    selection = snapshot.selector.select(ListFilter())
    listed = [r for r in rows if r["status"] != "rejected" and r["latitude"] is not None]
    assert sum(mark.incidents for mark in selection.marks) == len(listed)
    for mark in selection.marks:
        in_box = snapshot.selector.select(ListFilter(bbox=Box(*mark.box)))
        assert len(in_box.numbers) >= mark.incidents


@UNTIMED
@given(ROWS)
def test_a_mark_says_what_its_incidents_say(rows: list[dict[str, Any]]) -> None:
    columns = (snapshot := a_snapshot(rows)).columns
    # The four places are so far apart that each is a cell of its own.
    for mark in snapshot.selector.select(ListFilter()).marks:
        shown = columns.places[int(columns.place[mark.number_shown])]
        here = [r for r in rows if (r["country"], r["location"]) == shown and r["status"] != "rejected"]
        assert (mark.latitude, mark.longitude) == (here[0]["latitude"], here[0]["longitude"])
        assert mark.incidents == len(here)
        assert mark.killed == sum(r["fatalities_low"] or 0 for r in here if r["status"] == "auto")
        weapons = {r["weapon"] for r in here}
        assert mark.group == (Weapon(weapons.pop()).traits.map_group if len(weapons) == 1 else "mixed")
        deadliest = max(-1 if r["fatalities_low"] is None else r["fatalities_low"] for r in here)
        assert int(columns.tolls["fatalities_low"][mark.number_shown]) == deadliest


@UNTIMED
@given(ROWS, FILTERS)
def test_what_changed_comes_in_the_order_of_change(rows: list[dict[str, Any]], wanted: ListFilter) -> None:
    selection = a_snapshot(rows).selector.select(replace(wanted, changed_since="2025-05-01T00:00:00Z"))
    instants = {row["incident_id"]: row["updated_at"] for row in rows}
    ids = [selection.columns.ids[n] for n in selection.page(None, 1000).numbers]
    assert ids == sorted(ids, key=lambda i: (instants[i], i))


def test_a_mark_of_one_point_lies_on_it() -> None:
    rows = [an_incident(n, latitude=46.03685, longitude=47.72515) for n in range(3)]
    (mark,) = a_snapshot(rows).selector.select(ListFilter()).marks
    assert (mark.latitude, mark.longitude) == (round(46.03685, 4), round(47.72515, 4))


def test_incidents_of_several_places_come_in_the_order_of_the_snapshot() -> None:
    towns = ["Gaza", "Kyiv", "Labasa", "Gaza", "Labasa", "Kyiv"]
    snapshot = a_snapshot([an_incident(n, location=town) for n, town in enumerate(towns)])
    assert snapshot.selector.select(ListFilter(place="a")).numbers.tolist() == [0, 2, 3, 4]


def test_the_page_of_a_place_has_no_other_place_of_that_name() -> None:
    snapshot = a_snapshot([an_incident(1), an_incident(2, country="RU"), an_incident(3, location="Kryvyi")])
    found = snapshot.selector.select(ListFilter(exact_place=("UA", "Kryvyi Rih")))
    assert [snapshot.columns.ids[int(n)] for n in found.numbers] == [an_incident(1)["incident_id"]]
