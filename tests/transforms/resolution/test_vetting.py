"""Bad reports: each has a documented outcome, and none changes what becomes of a good one."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from sample_records import a_report

from pipelines.cli import main
from schemas.records import Report
from schemas.rows import record_to_json, record_to_row
from transforms.resolution.resolve import resolve_incidents, resolve_with_faults
from transforms.resolution.vetting import OUTCOMES, Fault, outcome_lines, vet_report

DAY = dt.date(2025, 4, 4)
BAD: list[tuple[dict[str, Any], Fault]] = [
    ({"location": " ", "geonameid": None, "latitude": None, "longitude": None}, Fault.NO_PLACE),
    ({"event_date_start": DAY, "event_date_end": DAY - dt.timedelta(days=3)}, Fault.DATES_OUT_OF_ORDER),
    ({"event_date_start": dt.date(2025, 5, 1), "event_date_end": None}, Fault.DATE_AFTER_PUBLICATION),
    ({"event_date_start": dt.date(1, 1, 1), "event_date_end": dt.date(1, 1, 1)}, Fault.DATE_IMPOSSIBLE),
    ({"event_date_start": dt.date.max, "event_date_end": dt.date.max, "published_at": None}, Fault.DATE_IMPOSSIBLE),
    ({"fatalities_low": 20, "fatalities_high": 10}, Fault.TOLL_OUT_OF_ORDER),
    ({"injured_low": 5, "injured_best": 3, "injured_high": 9}, Fault.TOLL_OUT_OF_ORDER),
    ({"fatalities_low": -1, "fatalities_best": -1, "fatalities_high": -1}, Fault.TOLL_OUT_OF_ORDER),
    ({"child_fatalities": -2}, Fault.TOLL_OUT_OF_ORDER),
    ({"latitude": 91.0}, Fault.COORDINATES_OFF_GLOBE),
    ({"longitude": float("nan")}, Fault.COORDINATES_OFF_GLOBE),
    ({"latitude": float("inf"), "longitude": 181.0}, Fault.COORDINATES_OFF_GLOBE),
    ({"published_at": "yesterday"}, Fault.PUBLISHED_UNREADABLE),
    ({"weapon": "trebuchet"}, Fault.UNKNOWN_VALUE),
    ({"geo_precision": 0}, Fault.UNKNOWN_VALUE),
    ({"claim_status": "rumoured"}, Fault.UNKNOWN_VALUE),
    ({"event_time": "teatime"}, Fault.TIME_UNREADABLE),
    ({"location": "Kharkiv Oblast", "geonameid": 706482, "admin1": "Kharkiv", "geo_precision": 2}, Fault.UNPLACED),
    ({"event_date_start": None, "event_date_end": None, "location": "Lviv", "geonameid": 702550}, Fault.UNDATED),
]  # fmt: skip


@pytest.mark.parametrize(("change", "fault"), BAD, ids=[f"{f.value}-{n}" for n, (_, f) in enumerate(BAD)])
def test_a_bad_report_has_a_documented_outcome_and_changes_no_other(
    change: dict[str, Any], fault: Fault
) -> None:
    good = [a_report(0), a_report(1)]
    bad = a_report(9, **change)
    resolved, faults = resolve_with_faults([*good, bad])
    assert fault in faults[bad.report_id]
    assert not {r.report_id for r in good} & set(faults)
    (of_good,) = [r for r in resolved if good[0].report_id in {link.report_id for link in r.links}]
    assert {r.report_id for r in good} <= {link.report_id for link in of_good.links}
    assert (of_good.incident.fatalities_low, of_good.incident.latitude) == (14, 47.9)
    assert of_good.incident.event_date_start == DAY
    json.loads(record_to_json(of_good))
    assert outcome_lines(faults)


def test_every_fault_has_an_outcome() -> None:
    assert set(OUTCOMES) == set(Fault)


def test_a_report_with_a_bad_field_keeps_the_good_ones() -> None:
    bad = a_report(1, fatalities_low=20, fatalities_high=10, latitude=200.0)
    (resolved,) = resolve_incidents([a_report(0), bad])
    assert resolved.incident.number_of_reports == 2
    assert resolved.incident.fatalities_low == 14


def test_a_good_report_is_not_changed() -> None:
    report = a_report(0)
    assert vet_report(report) == (report, [])


def test_of_reports_with_one_id_the_newest_version_counts_in_any_order() -> None:
    old = a_report(0, fatalities_low=1, fatalities_best=1, fatalities_high=1)
    new = a_report(0, article_version=2)
    for reports in ([old, new], [new, old], [old, new, old]):
        resolved, faults = resolve_with_faults(reports)
        (only,) = resolved
        assert (only.incident.fatalities_low, only.incident.number_of_reports) == (14, 1)
        assert faults[new.report_id] == [Fault.DUPLICATE_ID]
    assert resolve_with_faults([new, new])[1] == {}, "two equal reports are no fault"


def test_the_command_prints_each_outcome_and_writes_what_the_function_returns(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    reports: list[Report] = [a_report(n) for n in range(3)]
    reports += [a_report(20 + n, **change) for n, (change, _) in enumerate(BAD)]
    reports.append(a_report(0, country="RU", article_version=2))  # the same id, in another country
    reports.append(a_report(1))  # two equal lines are no fault
    lines = [json.dumps(record_to_row(r)) for r in reports]
    lines += ["{broken", "[]", json.dumps({**record_to_row(a_report(70)), "location": None})]
    path = tmp_path / "reports.jsonl"
    path.write_text("\n".join(lines) + "\n")
    assert main(["resolve", "--reports", str(path), "--out", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().err
    for fault in Fault:
        assert f"x {fault.value}: " in printed, fault
    assert "1 x duplicate_id" in printed
    for number in range(len(reports) + 1, len(lines) + 1):
        assert f"line {number}: " in printed
    written = (tmp_path / "out" / "incidents.jsonl").read_text().splitlines()
    expected, _ = resolve_with_faults(reports)
    assert sorted(written) == sorted(record_to_json(r.incident) for r in expected)


def test_ten_thousand_reports_of_one_strike_make_one_incident() -> None:
    reports = [
        a_report(
            n, published_at=f"2025-04-{5 + n // 1440 % 24:02d}T{n // 60 % 24:02d}:{n % 60:02d}:00Z",
            fatalities_low=n // 500, fatalities_best=n // 500, fatalities_high=n // 500,
            text_signature=f"{n:0256x}",
        )
        for n in range(10_000)
    ]  # fmt: skip
    (resolved,) = resolve_incidents(reports)
    assert resolved.incident.number_of_reports == 10_000
    assert resolved.incident.fatalities_low == 19
    assert resolved.incident.revision == 20
