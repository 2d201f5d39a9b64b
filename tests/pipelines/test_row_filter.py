"""The filters of ``show`` and ``export``, and the short forms of ids and warehouses."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from conftest import Ledger
from sample_records import a_report
from store_reports import store_as_run as store

from pipelines.cli import main
from pipelines.row_filter import FilterInvalid, RowFilter

ROWS: list[dict[str, Any]] = [
    {"n": 1, "country": "UA", "location": "Kharkiv", "weapon": "drone", "fatalities_low": 5, "status": "auto", "event_date": "2025-04-04", "geo_precision": 1},
    {"n": 2, "country": "UA", "location": "Kryvyi Rih", "weapon": "missile", "fatalities_low": None, "status": "rejected", "event_date": "2025-04-05", "geo_precision": 2},
    {"n": 3, "country": None, "location": "Khán Yúnis", "weapon": "drone", "fatalities_low": 0, "status": None, "event_date": "2025-04-06", "geo_precision": 1},
]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({}, [1, 2, 3]),
        ({"country": "ua"}, [1, 2]),
        ({"weapon": "drone"}, [1, 3]),
        ({"place": "kh"}, [1, 3]),
        ({"place": "Khan Yunis"}, [3]),
        ({"min_killed": 0}, [1, 2, 3]),
        ({"min_killed": 1}, [1]),
        ({"status": "auto"}, [1]),
        ({"since": dt.date(2025, 4, 5)}, [2, 3]),
        ({"until": dt.date(2025, 4, 5)}, [1, 2]),
        ({"since": dt.date(2025, 4, 5), "until": dt.date(2025, 4, 5)}, [2]),
        ({"weapon": "drone", "limit": 1}, [1]),
        ({"limit": 0}, []),
        ({"geo_precision": 1}, [1, 3]),
        ({"order": "latest"}, [3, 2, 1]),
        ({"order": "deadliest"}, [1, 3, 2]),
        ({"order": "deadliest", "limit": 1, "weapon": "drone"}, [1]),
    ],
)
def test_a_filter_keeps_the_wanted_rows_in_their_order(wanted: dict[str, Any], numbers: list[int]) -> None:
    row_filter = RowFilter(**wanted)
    row_filter.check("incidents", list(ROWS[0]))
    assert [row["n"] for row in row_filter.rows(ROWS)] == numbers


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({"weapon": "moon"}, "--weapon takes one of"),
        ({"status": "good"}, "--status takes one of"),
        ({"country": "uk"}, "--country: no country has the code 'UK' .* write GB"),
        ({"since": dt.date(2025, 4, 5), "until": dt.date(2025, 4, 4)}, "later than --until"),
        ({"min_killed": 1}, "--min-killed does not apply to runs"),
        ({"place": "x"}, "--place does not apply to runs"),
        ({"order": "deadliest"}, "--order does not apply to runs"),
        ({"geo_precision": 1}, "--geo-precision does not apply to runs"),
    ],
)
def test_a_filter_that_a_table_cannot_take_is_refused(wanted: dict[str, Any], says: str) -> None:
    with pytest.raises(FilterInvalid, match=says):
        RowFilter(**wanted).check("runs", ["run_id", "started_at"])
    with pytest.raises(FilterInvalid, match="--until does not apply"):
        RowFilter(until=dt.date(2025, 4, 5)).check("leases", ["name"])


def test_show_and_export_take_the_same_filters(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    far = a_report(
        2,
        location="Kharkiv",
        geonameid=706483,
        latitude=49.98,
        longitude=36.25,
        fatalities_low=1,
        fatalities_best=1,
        fatalities_high=1,
    )
    store(ledger, a_report(1), far)
    assert main(["show", "--min-killed", "2", "--warehouse", ledger.url]) == 0
    shown = capsys.readouterr().out
    assert "Kryvyi Rih" in shown and "Kharkiv" not in shown and f"i-{a_report(1).report_id}"[:12] in shown
    assert main(["export", "incidents", "--place", "kharkiv", "--warehouse", ledger.url]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["location"] == "Kharkiv"
    assert main(["show", "--place", "nowhere", "--warehouse", ledger.url]) == 0
    assert "none of 2 incidents fits" in capsys.readouterr().out
    assert main(["show", "runs", "--weapon", "drone", "--warehouse", ledger.url]) == 2
    assert "--weapon does not apply to runs" in capsys.readouterr().err
    assert main(["show", "--since", "soon", "--warehouse", ledger.url]) == 2


def test_a_warehouse_is_named_by_its_path_or_by_a_variable(
    ledger: Ledger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store(ledger, a_report(1))
    path = str(ledger.folder / "ledger.duckdb")
    assert main(["show", "--warehouse", path]) == 0
    monkeypatch.chdir(ledger.folder)
    assert main(["show", "--warehouse", "ledger.duckdb"]) == 0
    monkeypatch.setenv("STRIKELEDGER_WAREHOUSE", path)
    assert main(["show"]) == 0
    assert capsys.readouterr().out.count("Kryvyi Rih") == 3
    assert main(["show", "--warehouse", "ledger"]) == 2
    assert "not a warehouse URL" in capsys.readouterr().err
