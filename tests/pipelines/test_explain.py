"""``explain``: an article with its findings, a report and an incident field by field."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from conftest import Ledger, feeds_of
from newsroom import Newsroom, serving
from sample_records import KHARKIV, a_report
from store_reports import store_as_run

from pipelines.cli import main
from pipelines.explain_article import GATE, REASONS
from transforms.nlp.components import NO_PLACE_STRUCK
from transforms.nlp.scope import INTERCEPTED, NO_SENTENCE, SCOPES

Captured = pytest.CaptureFixture[str]
OUTLET = "continental-brief.example"  # it published the article that this project started from


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    ledger = Ledger(tmp_path_factory.mktemp("explain"))
    room = Newsroom()
    with serving(room) as base:
        ledger.run([feed for feed in feeds_of(room, base) if OUTLET in feed or "steppe-morning" in feed])
    return ledger


def explain(stored: Ledger, capsys: Captured, what: str) -> str:
    assert main(["explain", what, "--warehouse", stored.url]) == 0
    return capsys.readouterr().out


def test_an_article_is_printed_with_its_findings(stored: Ledger, capsys: Captured) -> None:
    (row,) = stored.rows(
        f"SELECT * FROM articles WHERE article_url LIKE '%{OUTLET}%' AND title LIKE 'At Least 14%'"
    )
    out = explain(stored, capsys, row["article_url"])
    assert out.startswith("At Least 14 Casualties")
    assert "[Kryvyi Rih: place Kryvyi Rih, UA]" in out
    assert "killed 14+]" in " ".join(out.split()), "the article is wrapped where the terminal ends"
    assert out.count("\nreport ") == 2
    assert "children killed" in out
    assert "was it struck?" in out
    assert re.search(r"Kryvyi Rih, UA +[01]\.\d\d +struck +\S+ [+-]\d", out)
    assert "what belongs to it?" in out
    assert re.search(r"\n *killed +14\+ +[01]\.\d\d +\S+ [+-]\d", out)
    assert re.search(r"\n *weapon +\w[\w ]+[01]\.\d\d", out)


def test_a_report_names_its_incident_and_the_incident_says_why(stored: Ledger, capsys: Captured) -> None:
    (link, *_) = stored.rows("SELECT * FROM incident_reports ORDER BY report_id")
    out = explain(stored, capsys, link["report_id"])
    assert f"report {link['report_id']}" in out
    assert f"in incident {link['incident_id']}" in out
    out = explain(stored, capsys, link["incident_id"])
    assert "why it belongs here" in out
    assert link["match_reason"].split(",")[0] in out


def test_an_article_without_reports_shows_what_was_left_out(stored: Ledger, capsys: Captured) -> None:
    rows = stored.rows(
        "SELECT article_url FROM articles WHERE article_url NOT IN (SELECT article_url FROM reports)"
    )
    assert rows
    for row in rows:
        out = explain(stored, capsys, row["article_url"])
        assert "left out" in out
        assert "no report: nothing in this article" in out


def test_every_reason_is_explained_in_words() -> None:
    reasons = {*SCOPES, INTERCEPTED, NO_SENTENCE, NO_PLACE_STRUCK, GATE}
    assert set(REASONS) == reasons


@pytest.mark.parametrize("what", ["0000", "i-0000", "https://nobody.example/1", "ftp://nobody.example/1"])
def test_what_is_not_stored_is_a_user_error(stored: Ledger, capsys: Captured, what: str) -> None:
    assert main(["explain", what, "--warehouse", stored.url]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1


def test_an_incident_with_its_sentences_its_toll_and_the_reasons_of_its_neighbours(
    stored: Ledger, capsys: Captured
) -> None:
    rows = stored.rows(
        "SELECT * FROM incidents WHERE location = 'Kharkiv' ORDER BY number_of_reports DESC, event_date"
    )
    out = explain(stored, capsys, rows[0]["incident_id"])
    assert "founder" in out
    assert "\ntoll" in out
    assert "\nneighbours" in out
    near = [
        row["incident_id"] for row in rows[1:]
        if abs((dt.date.fromisoformat(row["event_date"]) - dt.date.fromisoformat(rows[0]["event_date"])).days) <= 3
    ]  # fmt: skip
    assert near
    assert all(the_id in out for the_id in near)
    assert "one article reports both" in out or "other days" in out


def test_incidents_are_shown_with_the_toll_as_reported(
    stored: Ledger, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["show", "incidents", "--warehouse", stored.url]) == 0
    out = capsys.readouterr().out
    grown = stored.rows("SELECT incident_id FROM incident_history WHERE revision = 2")
    assert grown
    assert "as reported" in out
    assert any(line.count(",") for line in out.splitlines()[1:])


def test_the_beginning_of_the_id_of_a_report_is_enough(ledger: Ledger, capsys: Captured) -> None:
    store_as_run(ledger, a_report(1, report_id="abcd1"), a_report(2, **{**KHARKIV, "report_id": "abcd2"}))
    assert "report abcd2" in explain(ledger, capsys, "abcd2")
    for typed, says in (
        ("abcd", "'abcd' begins several ids: abcd1, abcd2"),
        ("abc", "type at least 4 characters"),
        ("beef", "no report 'beef'; show reports lists them"),
    ):
        assert main(["explain", typed, "--warehouse", ledger.url]) == 2
        error = capsys.readouterr().err
        assert says in error and error.count("\n") == 1
    report_id = "0123456789abcdef0123"
    store_as_run(ledger, a_report(3, report_id=report_id), run="run-2")
    assert main(["show", "reports", "--columns", "id", "--warehouse", ledger.url]) == 0
    assert report_id[:12] in capsys.readouterr().out.split()
    assert f"report {report_id}" in explain(ledger, capsys, report_id[:12])
