"""Cursors: pages of any size give every row once, also where the ledger changes meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_snapshot import a_snapshot, an_incident

from transforms.serving.list_cursor import Order, RowKey, decode_cursor, encode_cursor
from transforms.serving.list_filter import BadParameter, ListFilter
from transforms.serving.selection import Selection

# each example makes a snapshot, which takes long where the machine is busy
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ROWS = st.lists(
    st.builds(
        an_incident,
        st.integers(0, 400),
        event_date=st.sampled_from(["2025-04-01", "2025-04-02", "2025-04-09"]),
        updated_at=st.sampled_from(["2025-05-01T00:00:00Z", "2025-05-01T00:00:01Z", "2025-06-01T00:00:00Z"]),
        status=st.sampled_from(["auto", "rejected"]),
        fatalities_low=st.sampled_from([None, 0, 3, 20]),
    ),
    max_size=40,
    unique_by=lambda row: row["incident_id"],
)
FILTERS = st.sampled_from(
    [ListFilter(), ListFilter(changed_since="2025-05-01T00:00:01Z"), ListFilter(order="deadliest")]
)


def falling_killed(row: Mapping[str, Any]) -> int:
    return 1 if row["fatalities_low"] is None else -row["fatalities_low"]


def date_number(row: Mapping[str, Any]) -> int:
    return int(row["event_date"].replace("-", ""))


def ids_by_pages(selection: Selection, size: int) -> list[str]:
    found: list[str] = []
    after = None
    while True:
        page = selection.page(after, size)
        found += [selection.columns.ids[n] for n in page.numbers]
        assert len(found) <= len(selection.numbers)
        if page.goes_on_after is None:
            return found
        after = decode_cursor(encode_cursor(page.goes_on_after), selection.order)
        assert page.numbers


@UNTIMED
@given(ROWS, FILTERS, st.integers(1, 45))
def test_pages_of_any_size_give_all_rows_once(
    rows: list[dict[str, Any]], wanted: ListFilter, size: int
) -> None:
    found = ids_by_pages(a_snapshot(rows).selector.select(wanted), size)
    if wanted.changed_since is None:
        expected = [r for r in rows if r["status"] != "rejected"]
        expected.sort(key=lambda r: r["incident_id"])
        expected.sort(key=falling_killed if wanted.order else lambda r: -date_number(r))
    else:
        expected = [r for r in rows if r["updated_at"] >= wanted.changed_since]
        expected.sort(key=lambda r: (r["updated_at"], r["incident_id"]))
    assert found == [r["incident_id"] for r in expected]


@UNTIMED
@given(ROWS, ROWS, FILTERS, st.integers(1, 9))
def test_a_list_goes_on_at_the_right_row_in_a_newer_snapshot(
    before: list[dict[str, Any]], after: list[dict[str, Any]], wanted: ListFilter, size: int
) -> None:
    first = a_snapshot(before).selector.select(wanted).page(None, size)
    if first.goes_on_after is None:
        return
    newer = a_snapshot(after).selector.select(wanted)
    rest = newer.page(first.goes_on_after, 1000)
    key = first.goes_on_after
    for n in range(len(newer.columns.ids)):
        columns = newer.columns
        rising = {
            "latest": -columns.days,
            "changed": columns.changed,
            "deadliest": -columns.tolls["fatalities_low"],
        }
        own = -key.rank if key.order == "latest" else key.rank
        is_behind = (int(rising[key.order][n]), columns.ids[n]) > (own, key.incident_id)
        assert (n in rest.numbers) == (is_behind and n in newer.numbers)


@given(
    st.sampled_from(["latest", "changed", "deadliest"]), st.integers(-(2**40), 2**40), st.integers(0, 2**60)
)
def test_a_cursor_means_the_row_that_it_was_made_of(order: Order, rank: int, n: int) -> None:
    key = RowKey(order, rank, f"i-{n:020x}")
    assert decode_cursor(encode_cursor(key), order) == key


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "",
        "é",
        "%",
        "W10",
        "bnVsbA",
        "WyJsYXRlc3QiLDEsMV0",
        "W1tbW1tbW1tb",
        "A" * 300,
        "WyJsYXRlc3QiLHRydWUsImktMSJd",
    ],
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadParameter, match="begin without it"):
        decode_cursor(cursor, "latest")


def test_a_cursor_of_another_order_is_refused() -> None:
    with pytest.raises(BadParameter, match="another order"):
        decode_cursor(encode_cursor(RowKey("changed", 1, "i-1")), "latest")


@given(st.text(max_size=80))
def test_no_text_raises_anything_else(cursor: str) -> None:
    with suppress(BadParameter):
        decode_cursor(cursor, "latest")
