from __future__ import annotations

import datetime as dt

import pytest
from sample_records import a_report

from schemas.records import Evidence, Report
from schemas.rows import RowInvalid, json_to_record, record_to_json, record_to_row, row_to_record


def test_a_record_is_the_same_after_json() -> None:
    report = a_report(evidence=[Evidence("weapon", "a drone", 0, 7), Evidence("event_date", "p", None, None)])
    assert json_to_record(Report, record_to_json(report)) == report
    assert record_to_row(report)["event_date_start"] == "2025-04-04"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"is_main": "yes"}, "is_main"),
        ({"report_id": None}, "report_id"),
        ({"event_date_start": "2025-02-31"}, "event_date_start"),
        ({"targets": "school"}, "targets"),
        ({"fatalities_low": True}, "fatalities_low"),
        ({"evidence": [{"field": "x"}]}, "evidence"),
    ],
)
def test_a_row_that_does_not_fit_names_its_field(change: dict[str, object], message: str) -> None:
    with pytest.raises(RowInvalid, match=message):
        row_to_record(Report, {**record_to_row(a_report()), **change})


def test_not_json_is_refused() -> None:
    with pytest.raises(RowInvalid, match="not JSON"):
        json_to_record(Report, "{")
    with pytest.raises(RowInvalid, match="object"):
        json_to_record(Report, "[1]")


def test_dates_of_the_warehouse_are_accepted() -> None:
    row = {**record_to_row(a_report()), "event_date_end": dt.date(2025, 4, 5)}
    assert row_to_record(Report, row).event_date_end == dt.date(2025, 4, 5)
