"""``review``: what a person types, what is stored, and what is refused."""

from __future__ import annotations

import pytest
from conftest import Ledger
from sample_records import KHARKIV, SUMY, a_report
from store_reports import store_as_run as store

from pipelines.cli import main
from schemas.records import Report
from schemas.rows import Row


def shown(ledger: Ledger) -> dict[str, Row]:
    return {row["incident_id"]: row for row in ledger.rows("SELECT * FROM incidents")}


def id_of(report: Report) -> str:
    return f"i-{report.report_id}"


def test_review_shows_the_most_harmful_first_and_stores_each_decision(
    ledger: Ledger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    doubtful = {"confidence": 0.3, "evidence": []}
    small = a_report(1, fatalities_low=1, fatalities_best=1, fatalities_high=1, **doubtful)
    large = a_report(2, **KHARKIV, **doubtful)
    sure = a_report(3, **SUMY)
    store(ledger, small, large, sure)
    typed = iter(["x", "s", "s killed=5", "hospital list", "", "n", "c"])
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: next(typed))
    assert main(["review", "--by", "bob", "--warehouse", ledger.url]) == 0
    said = capsys.readouterr().out
    assert said.index(id_of(large)) < said.index(id_of(small))
    assert "no such key" in said and "takes FIELD=VALUE" in said and "2 decided, 0 left" in said
    rows = shown(ledger)
    assert (rows[id_of(large)]["fatalities_low"], rows[id_of(large)]["status"]) == (5, "corrected")
    assert rows[id_of(small)]["status"] == "confirmed"
    assert rows[id_of(sure)]["status"] == "auto"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["r", ""], "nothing was stored"),
        (["s killed=5", "list", "outlet.example"], "http(s) address"),
        (["s killed"], "takes FIELD=VALUE"),
        (["s killed=many", "list", ""], "takes a number"),
        (["c now"], "takes nothing behind it"),
        (["m i-0000", "same", ""], "no incident"),
        (["u", "wrong", ""], "nothing to undo"),
        (["cr"], "no such key"),
    ],
)
def test_review_stores_nothing_from_a_line_that_says_nothing(
    ledger: Ledger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, lines: list[str],
    says: str,
) -> None:  # fmt: skip
    store(ledger, a_report(1, confidence=0.3))
    before = shown(ledger)
    typed = iter([*lines, "n"])
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: next(typed))
    assert main(["review", "--warehouse", ledger.url]) == 0
    said = capsys.readouterr().out
    assert says in said and "0 decided, 1 left for later" in said
    assert shown(ledger) == before and ledger.rows("SELECT * FROM corrections") == []


def test_review_stays_with_an_incident_until_it_is_right(
    ledger: Ledger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = a_report(1, confidence=0.3), a_report(2, confidence=0.3)
    store(ledger, first, second)
    (row,) = shown(ledger).values()
    other = second.report_id if row["incident_id"] == id_of(first) else first.report_id
    typed = iter(
        [
            "s killed=5",
            "list",
            "https://a.example/x",
            "u",
            "wrong list",
            "",
            f"p {other[:10]}",
            "two",
            "",
            "q",
        ]
    )
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: next(typed))
    assert main(["review", "--warehouse", ledger.url]) == 0
    said = capsys.readouterr().out
    assert "3 decided" in said and other[:10] in said.split("toll")[0]
    rows = shown(ledger)
    assert set(rows) == {row["incident_id"], f"i-{other}"}
    assert rows[row["incident_id"]]["fatalities_low"] == row["fatalities_low"], "the undo took all three back"
    assert [
        c["source_url"] for c in ledger.rows("SELECT * FROM corrections WHERE field = 'fatalities_low'")
    ] == ["https://a.example/x"]
