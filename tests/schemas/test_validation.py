"""A row that a warehouse would refuse is refused before it is sent. The message names the column, never the value."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_records import a_report

from schemas.rows import record_to_row
from schemas.validation import MAX_ROW_BYTES, RowRefused, check_row

GOOD = record_to_row(a_report())


def test_a_good_report_is_accepted() -> None:
    check_row("reports_v1", GOOD)


BAD: list[tuple[str, Any, str]] = [
    ("report_id", None, "is missing"),
    ("report_id", 7, "is not a string"),
    ("headline", "half \ud83d", "lone surrogate"),
    ("headline", "a\x00b", "holds a NUL"),
    ("latitude", float("nan"), "is not finite"),
    ("longitude", float("inf"), "is not finite"),
    ("latitude", "50.4", "is not a number"),
    ("confidence", True, "is not a number"),
    ("fatalities_low", 2**63, "64 bits"),
    ("fatalities_low", 1.5, "is not an integer"),
    ("fatalities_low", True, "is not an integer"),
    ("is_main", 1, "is not a boolean"),
    ("event_date_start", "2025-02-30", "is not a date"),
    ("event_date_start", "10000-01-01", "is not a date"),
    ("published_at", "2025-04-04T10:00:00", "is not an instant"),
    ("published_at", "0001-01-01T00:00:00+14:00", "is not an instant"),
    ("targets", "school", "is not a list"),
    ("targets", ["school", None], "holds a null"),
    ("evidence", [7], "is not a record"),
    ("evidence", [{"field": "x", "text": None, "start": 0, "end": 1}], ".text is missing"),
    ("evidence", [{"field": "x", "text": "t", "start": "0", "end": 1}], ".start is not an integer"),
]


@pytest.mark.parametrize(("column", "value", "fault"), BAD)
def test_bad_values_are_refused(column: str, value: Any, fault: str) -> None:
    with pytest.raises(
        RowRefused, match=rf"reports_v1\.{column} .*{fault}|reports_v1\.{column} {fault}"
    ) as caught:
        check_row("reports_v1", {**GOOD, column: value})
    assert caught.value.reason == "row_invalid"


def test_a_row_that_is_too_large_is_refused() -> None:
    check_row("reports_v1", GOOD, MAX_ROW_BYTES)
    with pytest.raises(RowRefused, match="more than") as caught:
        check_row("reports_v1", GOOD, MAX_ROW_BYTES + 1)
    assert caught.value.reason == "row_too_large"


@given(st.text(max_size=40))
def test_the_value_is_never_in_the_message(text: str) -> None:
    secret = f"SECRET{text}\x00"
    with pytest.raises(RowRefused) as caught:
        check_row("reports_v1", {**GOOD, "headline": secret})
    assert "SECRET" not in str(caught.value)
