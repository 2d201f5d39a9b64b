"""``correct --set``: a place is set whole, and a toll takes a range."""

from __future__ import annotations

import pytest
from conftest import Ledger
from sample_records import a_report
from store_reports import store_as_run as store

from pipelines.cli import main
from schemas.rows import Row


def correct(ledger: Ledger, *settings: str) -> int:
    words = [word for setting in settings for word in ("--set", setting)]
    incident = f"i-{a_report(1).report_id}"
    return main(["correct", incident, *words, "--why", "a source", "--by", "anna", "--warehouse", ledger.url])


def shown(ledger: Ledger) -> Row:
    (row,) = ledger.rows("SELECT * FROM incidents")
    return row


def test_a_corrected_place_takes_all_its_fields_along(ledger: Ledger) -> None:
    store(ledger, a_report(1, sublocation="Market square", sublocation_kind="part"))
    before = shown(ledger)
    assert correct(ledger, "location=Sumy") == 0
    after = shown(ledger)
    assert (after["location"], after["geonameid"], after["admin1"], after["country"]) == (
        "Sumy",
        692194,
        "Sumy",
        "UA",
    )
    assert (round(after["latitude"]), round(after["longitude"]), after["geo_precision"]) == (51, 35, 1)
    assert (after["sublocation"], after["sublocation_kind"]) == (None, None)
    incident = after["incident_id"]
    undo = ["correct", incident, "--undo", "last", "--why", "no", "--warehouse", ledger.url]
    assert main(undo) == 0
    place = (
        "location",
        "geonameid",
        "admin1",
        "country",
        "latitude",
        "longitude",
        "sublocation",
        "sublocation_kind",
    )
    assert [shown(ledger)[name] for name in place] == [before[name] for name in place]


def test_an_unclear_place_is_one_line_and_changes_nothing(
    ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    store(ledger, a_report(1))
    before = shown(ledger)
    assert correct(ledger, "location=Kamianske") == 2
    error = capsys.readouterr().err
    assert "Dnipropetrovsk, UA, geonameid=709932" in error and "--set geonameid=…" in error
    assert error.count("\n") == 1
    assert shown(ledger) == before
    assert correct(ledger, "location=Kamianske", "geonameid=709932") == 0
    assert shown(ledger)["admin1"] == "Dnipropetrovsk"


@pytest.mark.parametrize(
    ("written", "toll"),
    [
        ("20-25", (20, None, 25)), ("2–3", (2, None, 3)), ("20+", (20, 20, None)), ("7-7", (7, 7, 7)), ("9", (9, 9, 9)),
        ("null", (None, None, None)),
    ],
)  # fmt: skip
def test_a_toll_takes_a_range(ledger: Ledger, written: str, toll: tuple[int | None, ...]) -> None:
    store(ledger, a_report(1))
    assert correct(ledger, f"killed={written}", f"injured={written}") == 0
    row = shown(ledger)
    for name in ("fatalities", "injured"):
        assert tuple(row[f"{name}_{end}"] for end in ("low", "best", "high")) == toll


@pytest.mark.parametrize("written", ["25-20", "-5", "some", "20-", "1.5"])
def test_what_is_no_toll_is_one_line(
    ledger: Ledger, capsys: pytest.CaptureFixture[str], written: str
) -> None:
    store(ledger, a_report(1))
    assert correct(ledger, f"killed={written}") == 2
    error = capsys.readouterr().err
    assert "killed takes a number up to 10,000,000, a range such as 20-25" in error and error.count("\n") == 1
