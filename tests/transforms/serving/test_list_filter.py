"""Filters of an address: what is read, and the one line for what cannot be."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.serving.list_filter import (
    FILTER_NAMES,
    BadParameter,
    Box,
    ListFilter,
    ListRequest,
    read_list_request,
)


def read(query: str) -> ListRequest:
    return read_list_request(parse_qsl(query, keep_blank_values=True), 1000)


def test_every_filter_is_read() -> None:
    asked = read(
        "country=ua&since=2025-04-01&until=2025-04-30&weapon=drone&status=confirmed&min_killed=3&place=Kyiv"
        "&bbox=22,44.5,40,52&geo_precision=1&text=hospital&changed_since=2025-05-01T12:00:00%2B02:00&limit=7&cursor=x"
    )
    assert asked == ListRequest(
        ListFilter(
            "UA", dt.date(2025, 4, 1), dt.date(2025, 4, 30), "drone", "confirmed", 3, "Kyiv",
            Box(22, 44.5, 40, 52), 1, "hospital", "2025-05-01T10:00:00Z",
        ),
        "x", 7,
    )  # fmt: skip


def test_an_empty_form_asks_for_everything() -> None:
    assert read("&".join(f"{name}=" for name in FILTER_NAMES)).wanted == ListFilter()


def test_a_plus_that_nobody_escaped_is_still_an_offset() -> None:
    assert read("changed_since=2025-05-01T12:00:00+02:00").wanted.changed_since == "2025-05-01T10:00:00Z"


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("nmae=1", "no parameter 'nmae'"), ("country=UA&country=PS", "country stands twice"),
        ("country=UKR", "country"), ("country=uk", "for United Kingdom write GB"), ("since=1.4.2025", "since"), ("since=2025-02-30", "since"),
        ("since=20250401", "since"), ("weapon=bomb", "weapon"), ("status=ok", "status"), ("min_killed=-1", "min_killed"),
        ("min_killed=1e3", "min_killed"), ("geo_precision=4", "geo_precision"), ("min_killed=٣", "min_killed"), ("bbox=1,2,3", "bbox"), ("bbox=1,2,3,nan", "bbox"),
        ("bbox=0,50,10,40", "bbox"), ("bbox=-181,0,0,1", "bbox"), ("changed_since=yesterday", "changed_since"),
        ("changed_since=0001-01-01T00:00:00%2B14:00", "changed_since"), ("limit=0", "limit"), ("limit=1001", "limit"),
        ("order=best", "order"), ("order=deadliest&changed_since=2025-05-01", "order of its own"),
        ("since=2025-05-01&until=2025-04-01", "later"), (f"text={'x' * 201}", "text"), ("place=%00", "place"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named_in_one_line(query: str, named: str) -> None:
    with pytest.raises(BadParameter) as refused:
        read(query)
    assert named in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400


@given(
    st.lists(
        st.tuples(st.sampled_from([*FILTER_NAMES, "cursor", "limit", "x"]), st.text(max_size=300)), max_size=6
    )
)
def test_nothing_else_is_ever_raised(parameters: list[tuple[str, str]]) -> None:
    try:
        read_list_request(parameters, 1000)
    except BadParameter as refused:
        assert str(refused).isprintable()


@given(
    st.builds(
        ListFilter,
        country=st.none() | st.sampled_from(["UA", "PS"]),
        since=st.none() | st.dates(),
        min_killed=st.none() | st.integers(0, 9999),
        place=st.none() | st.text("abc &=?#/+", min_size=1, max_size=9).map(str.strip).filter(bool),
        bbox=st.none()
        | st.builds(Box, *(st.integers(-89, 0).map(float),) * 2, *(st.integers(0, 89).map(float),) * 2),
    )
)
def test_an_address_means_the_filter_that_wrote_it(wanted: ListFilter) -> None:
    assert read(wanted.address()).wanted == wanted
