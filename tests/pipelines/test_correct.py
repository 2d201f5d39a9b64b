"""An editor's decisions on a ledger: what is stored, what the views show, and that runs keep it."""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Sequence
from typing import Any

import pytest
from conftest import Ledger
from sample_records import KHARKIV, SUMY, a_report
from store_reports import store_as_run as store

from pipelines.cli import main
from pipelines.correct import correct
from pipelines.find_ids import NotFound
from schemas.identity import utc_iso
from schemas.records import Report
from schemas.rows import Row
from transforms.corrections.decision import CorrectionRefused, Decision
from transforms.warehouse import open_warehouse


def shown(ledger: Ledger, view: str = "incidents") -> dict[str, Row]:
    return {row["incident_id"]: row for row in ledger.rows(f"SELECT * FROM {view}")}


def decide(ledger: Ledger, incident: str, **decision: Any) -> None:
    correct(ledger.url, None, incident, Decision(why="a source", **decision), "anna")


def id_of(report: Report) -> str:
    return f"i-{report.report_id}"


# -- the commands --------------------------------------------------------------------------------------


def test_correct_sets_a_figure_and_says_what_changed(
    ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    store(ledger, a_report(1), a_report(2, **KHARKIV))
    words = [
        "--set",
        "fatalities_low=22",
        "--why",
        "hospital list",
        "--source",
        "https://outlet.example/x",
        "--by",
        "anna",
    ]
    assert main(["correct", id_of(a_report(1))[:9], *words, "--warehouse", ledger.url]) == 0
    said = capsys.readouterr().out
    assert "fatalities_low  14 → 22" in said and "fatalities_high  14 → 22" in said
    row = shown(ledger)[id_of(a_report(1))]
    assert (row["fatalities_low"], row["fatalities_high"], row["status"]) == (22, 22, "corrected")
    (fact,) = ledger.rows("SELECT * FROM corrections")
    assert (fact["made_by"], fact["kind"], fact["field"], fact["value"], fact["seen"], fact["why"], fact["effect"]) == (
        "anna", "set", "fatalities_low", "22", "14", "hospital list", "applied",
    )  # fmt: skip
    assert main(["explain", id_of(a_report(1)), "--warehouse", ledger.url]) == 0
    said = capsys.readouterr().out
    assert "set by anna: hospital list" in said and fact["correction_id"] in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "say what to correct"),
        (["--confirm", "--reject", "--why", "x"], "exclude each other"),
        (["--reject"], "--why is needed"),
        (["--confirm", "--set", "weapon=drone"], "--why is needed"),
        (["--confirm", "--source", "outlet.example"], "http(s)"),
        (["--confirm", "--source", "https://"], "http(s)"),
        (["--confirm", "--source", "https://x.example/\u202egnp"], "http(s)"),
        (["--confirm", "--by", "x" * 101], "--by takes a name"),
        (["--set", "weapon=catapult", "--why", "x"], "weapon takes one of"),
        (["--set", "weapon", "--why", "x"], "FIELD=VALUE"),
        (["--set", "headline=x", "--why", "x"], "headline cannot be set"),
        (["--set", "weapon=ballistic_missile", "--why", "x"], "says so already"),
        (["--set", "killed=5", "--set", "fatalities_low=6", "--why", "x"], "set twice"),
        (["--set", "fatalities_low=9", "--set", "fatalities_high=3", "--why", "x"], "contradicts"),
        (["--set", "event_date=2999-01-01", "--why", "x"], "lies in the past"),
        (["--set", "country=UK", "--why", "x"], "for United Kingdom write GB"),
        (["--set", "killed=99999999999999999999", "--why", "x"], "a number up to 10,000,000"),
        (["--set", "killed=2-99999999999999999999", "--why", "x"], "a number up to 10,000,000"),
        (["--set", f"killed={'9' * 5000}", "--why", "x"], "a number up to 10,000,000"),
        (["--set", f"injured_high={'9' * 5000}", "--why", "x"], "a number up to 10,000,000"),
        (["--set", f"geonameid={'9' * 5000}", "--why", "x"], "GeoNames id"),
        (["--set", "injured_low=10000001", "--why", "x"], "a number up to 10,000,000"),
        (["--set", "geonameid=99999999999999999999", "--why", "x"], "GeoNames id"),
        (
            ["--set", "child_fatalities=500", "--why", "x"],
            "child_fatalities=500 contradicts fatalities_high=14",
        ),
        (["--set", f"location={'x' * 501}", "--why", "x"], "no place"),
        (["--confirm", "--source", "https://www.news.example@other.example/"], "http(s) address"),
        (["--confirm", "--merge", "i-0000"], "--confirm goes with --set only"),
        (["--merge", "i-0000", "--why", "x"], "no incident"),
        (["--split", "nothing", "--why", "x"], "no report"),
        (["--unmerge", "--why", "x"], "no merge"),
        (["--undo", "last", "--why", "x"], "nothing to undo"),
        (["--undo", "c-123", "--why", "x"], "no correction"),
    ],
)
def test_a_decision_that_cannot_be_is_one_line_and_changes_nothing(
    ledger: Ledger, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    store(ledger, a_report(1))
    before = shown(ledger)
    assert main(["correct", id_of(a_report(1)), *words, "--warehouse", ledger.url]) == 2
    error = capsys.readouterr().err
    assert says in error and error.count("\n") == 1
    assert shown(ledger) == before
    assert ledger.rows("SELECT * FROM corrections") == []


def test_a_split_takes_no_beginning_that_several_reports_have(
    ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    store(ledger, *(a_report(n, report_id=f"abcd{n}") for n in (1, 2, 3)))
    split = ["correct", "i-abcd1", "--why", "x", "--warehouse", ledger.url, "--split"]
    for typed, says in (("abcd", "'abcd' begins several reports: abcd1, abcd2, abcd3"), ("", "no report ''")):
        assert main([*split, typed]) == 2
        assert says in capsys.readouterr().err
    assert main([*split, "abcd3"]) == 0
    assert ledger.rows("SELECT COUNT(*) AS n FROM incidents") == [{"n": 2}]


def test_ids_may_be_shortened_as_long_as_they_are_unique(ledger: Ledger) -> None:
    first, second = a_report(1, report_id="abcd1"), a_report(2, **{**KHARKIV, "report_id": "abcd2"})
    store(ledger, first, second)
    with pytest.raises(NotFound, match="begins several ids"):
        decide(ledger, "abcd", confirm=True)
    decide(ledger, "abcd1", confirm=True)
    assert shown(ledger)["i-abcd1"]["status"] == "confirmed"


def test_a_decision_of_three_figures_is_one_step_and_taken_back_whole(ledger: Ledger) -> None:
    store(ledger, a_report(1))
    its_id = id_of(a_report(1))
    decide(ledger, its_id, settings=["killed=22", "injured=30"])
    steps = ledger.rows("SELECT * FROM incident_history ORDER BY revision")
    assert [(s["fatalities_high"], s["injured_low"]) for s in steps][1:] == [(22, 30)]
    (one, *_) = ledger.rows("SELECT * FROM corrections WHERE field = 'fatalities_best'")
    decide(ledger, its_id, undo=one["correction_id"])
    after = shown(ledger)[its_id]
    assert (after["fatalities_low"], after["injured_low"]) == (
        a_report(1).fatalities_low, a_report(1).injured_low,
    )  # fmt: skip


def test_a_split_is_taken_back_from_either_part(ledger: Ledger) -> None:
    first, second = a_report(1), a_report(2)
    store(ledger, first, second)
    (whole,) = shown(ledger)
    other = second if whole == id_of(first) else first
    for part in (whole, id_of(other)):
        decide(ledger, whole, split=[other.report_id])
        assert set(shown(ledger)) == {whole, id_of(other)}
        decide(ledger, part, undo="last")
        assert set(shown(ledger)) == {whole}


def test_decisions_of_one_second_are_two_decisions(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script decides faster than once a second, and a clock may be set back by a minute."""
    store(ledger, a_report(1))
    its_id = id_of(a_report(1))
    for second, value in (("10", 5), ("10", 6), ("09", 7)):
        monkeypatch.setattr("pipelines.ingest.utc_now", lambda s=second: f"2026-01-01T00:00:{s}Z")
        decide(ledger, its_id, settings=[f"killed={value}"])
        assert shown(ledger)[its_id]["fatalities_best"] == value
    decide(ledger, its_id, undo="last")
    assert shown(ledger)[its_id]["fatalities_best"] == 6
    times = {utc_iso(str(row["made_at"])) for row in ledger.rows("SELECT made_at FROM corrections")}
    assert len(times) == 4


def test_a_mistyped_warehouse_makes_no_file(ledger: Ledger, tmp_path: Any) -> None:
    wrong = tmp_path / "leger.duckdb"
    assert main(["correct", "i-1", "--confirm", "--warehouse", str(wrong)]) == 1
    assert not wrong.exists()


def test_decisions_become_annotated_articles(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    two = [a_report(1), a_report(1, **KHARKIV)]  # one article, two strikes
    other, open_one = (
        a_report(2, **SUMY),
        a_report(3, location="Odesa", geonameid=698740, latitude=46.5, longitude=30.7),
    )
    store(ledger, *two, other, open_one)
    decide(ledger, id_of(two[0]), settings=["weapon=drone"])
    decide(ledger, id_of(other), reject=True)

    def exported() -> dict[str, dict[str, Any]]:
        assert main(["export", "training", "--warehouse", ledger.url]) == 0
        records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        return {record["url"]: record for record in records}

    assert {url: record["gold"] for url, record in exported().items()} == {other.article_url: []}
    decide(ledger, id_of(two[1]), confirm=True)
    found = exported()
    assert set(found) == {two[0].article_url, other.article_url}
    golds = {gold["place"]: gold for gold in found[two[0].article_url]["gold"]}
    assert (golds["Kryvyi Rih"]["weapon"], golds["Kryvyi Rih"]["set_by_person"]) == ("drone", ["weapon"])
    assert (golds["Kharkiv"]["weapon"], golds["Kharkiv"]["killed_min"], golds["Kharkiv"]["set_by_person"]) == (
        "ballistic_missile", 14, [],
    )  # fmt: skip
    assert main(["export", "training", "--format", "csv", "--warehouse", ledger.url]) == 2


# -- the views -----------------------------------------------------------------------------------------


def test_views_for_publishing_follow_the_status(ledger: Ledger) -> None:
    sure, doubtful, false = a_report(1), a_report(2, **KHARKIV, confidence=0.2), a_report(3, **SUMY)
    store(ledger, sure, doubtful, false)
    decide(ledger, id_of(false), reject=True)
    assert set(shown(ledger)) == {id_of(sure), id_of(doubtful), id_of(false)}
    assert set(shown(ledger, "incidents_publishable")) == {id_of(sure)}
    assert set(shown(ledger, "review_queue")) == {id_of(doubtful)}
    (day,) = ledger.rows("SELECT SUM(incidents) AS n FROM daily_tolls")
    assert day["n"] == 2, "a rejected incident counts in no sum"
    assert {r["event_id_cnty"] for r in ledger.rows("SELECT * FROM incidents_acled")} == {
        id_of(sure),
        id_of(doubtful),
    }


def test_an_id_that_was_shown_leads_to_the_incident_that_a_person_merged_it_into(ledger: Ledger) -> None:
    first, second = a_report(1), a_report(2, **KHARKIV)
    store(ledger, first, second)
    decide(ledger, id_of(second), merge=id_of(first))
    assert set(shown(ledger)) == {id_of(first)}
    every = {row["incident_id"]: row for row in ledger.rows("SELECT * FROM incidents_all")}
    assert (every[id_of(second)]["is_current"], every[id_of(second)]["superseded_by"]) == (
        False,
        id_of(first),
    )
    assert every[id_of(first)]["is_current"] and every[id_of(first)]["superseded_by"] is None
    decide(ledger, id_of(second), unmerge=True)
    assert set(shown(ledger)) == {id_of(first), id_of(second)}
    with pytest.raises(CorrectionRefused, match="itself"):
        decide(ledger, id_of(first), merge=id_of(first))


def test_a_run_after_a_correction_changes_no_row_and_keeps_the_decision(ledger: Ledger) -> None:
    first, far = a_report(1), a_report(2, **KHARKIV)
    store(ledger, first, far)
    decide(ledger, id_of(first), settings=["fatalities_low=22"])
    names = (
        "corrected_incidents_v1",
        "corrected_incident_reports_v1",
        "corrected_incident_history_v1",
        "correction_effects_v1",
    )
    before = {name: ledger.rows(f"SELECT * FROM {name}") for name in names}
    store(ledger, far, run="run-2")
    assert {name: ledger.rows(f"SELECT * FROM {name}") for name in names} == before
    later = a_report(5, fatalities_low=16, fatalities_best=16, fatalities_high=16)
    store(ledger, later, run="run-3")
    row = shown(ledger)[id_of(first)]
    assert (row["fatalities_low"], row["number_of_reports"], row["status"]) == (22, 2, "corrected")
    assert "newer_evidence" in row["flags"]
    assert set(shown(ledger, "review_queue")) == {id_of(first)}


def test_a_decision_follows_its_article_to_the_address_that_outranks_it(ledger: Ledger) -> None:
    mobile = a_report(1, article_url="https://m.outlet.example/1")
    better = a_report(1, article_url="https://outlet.example/1")
    store(ledger, mobile, a_report(2, **KHARKIV))
    decide(ledger, id_of(mobile), settings=["killed=22"], merge=id_of(a_report(2, **KHARKIV)))
    with open_warehouse(ledger.url) as warehouse:
        warehouse.execute(
            "INSERT INTO article_aliases_v1 (alias_url, article_url, alias_reason, first_seen_at) VALUES "
            "('https://m.outlet.example/1', 'https://outlet.example/1', 'same_text', TIMESTAMP '2025-04-10 00:00:00+00')"
        )
        warehouse.execute("DELETE FROM articles_v1 WHERE article_url = @u", {"u": mobile.article_url})
        warehouse.execute("DELETE FROM incident_reports_v1 WHERE report_id = @r", {"r": mobile.report_id})
        warehouse.execute("DELETE FROM incident_history_v1 WHERE incident_id = @i", {"i": id_of(mobile)})
        warehouse.execute("DELETE FROM incidents_v1 WHERE incident_id = @i", {"i": id_of(mobile)})
    store(ledger, better, run="run-2")
    (row,) = shown(ledger).values()
    assert (row["incident_id"], row["fatalities_low"], row["status"]) == (id_of(better), 22, "corrected")
    assert row["number_of_reports"] == 2
    assert {r["effect"] for r in ledger.rows("SELECT effect FROM corrections")} == {"applied"}


# -- a newsroom's day ----------------------------------------------------------------------------------

TOWNS = [
    {"location": f"Town {n}", "geonameid": 9_000_000 + n, "latitude": 40 + n / 2, "longitude": 30 + n / 2, "admin1": "A"}
    for n in range(20)
]  # fmt: skip


def toll(n: int) -> dict[str, int]:
    return {"fatalities_low": n, "fatalities_best": n, "fatalities_high": n}


def the_day() -> list[Report]:
    """Three articles on each of twenty strikes. In ten of them the text misled the extractor."""
    reports = [
        a_report(3 * n + nth, **town, **toll(n + 1)) for n, town in enumerate(TOWNS) for nth in range(3)
    ]
    wrong: dict[int, dict[str, Any]] = {
        0: toll(400), 1: toll(400), 2: toll(400),  # the total of a war
        5: {"location": "Elsewhere", "geonameid": 1, "latitude": 10.0, "longitude": 10.0},  # an official's seat
        9: {"weapon": "artillery"}, 10: {"weapon": "artillery"}, 11: {"weapon": "artillery"},
        14: {"actor": "Ukraine"},
        20: {"location": "Far away", "geonameid": 2, "latitude": -10.0, "longitude": 10.0},  # an earlier strike
    }  # fmt: skip
    return [dataclasses.replace(r, **wrong.get(n, {})) for n, r in enumerate(reports)]


def corrections_of_the_day(reports: Sequence[Report]) -> list[tuple[Report, dict[str, Any]]]:
    """What the editor decides: about the incident that holds a report."""
    return [
        (reports[0], {"settings": ["killed=1"]}),
        (reports[0], {"settings": ["weapon=drone", "actor=null"]}),
        (reports[5], {"merge": 3}),
        (reports[9], {"settings": ["weapon=ballistic_missile"], "confirm": True}),
        (reports[20], {"reject": True}),
        (reports[12], {"confirm": True}),
        (reports[24], {"split": [26]}),
        (reports[30], {"reject": True}),
        (reports[30], {"undo": "last"}),
        (reports[33], {"settings": ["injured=7"]}),
        (reports[36], {"confirm": True}),
        (reports[39], {"settings": ["targets=school,street"]}),
        (reports[42], {"settings": ["event_date=2025-04-03"]}),
        (reports[45], {"settings": ["sublocation=Market square"]}),
        (reports[48], {"settings": ["fatalities_high=40"]}),
    ]


def apply_to(ledger: Ledger, reports: Sequence[Report], report: Report, decision: dict[str, Any]) -> None:
    def holder(of: Report) -> str:
        (row,) = ledger.rows("SELECT incident_id FROM incident_reports WHERE report_id = @r", r=of.report_id)
        return str(row["incident_id"])

    more = dict(decision)
    if "merge" in more:
        more["merge"] = holder(reports[more["merge"]])
    if "split" in more:
        more["split"] = [reports[n].report_id for n in more["split"]]
    decide(ledger, holder(report), **more)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_newsroom_day_ends_in_the_published_view_that_its_editor_wants(ledger: Ledger, seed: int) -> None:
    rnd = random.Random(seed)
    reports = the_day()
    late = [
        dataclasses.replace(r, published_at="2025-04-09T08:00:00Z")
        for r in (a_report(70, **TOWNS[4], **toll(5)),)
    ]
    # Decisions on one incident keep their order; all else is shuffled, with runs between.
    by_report: dict[str, list[tuple[Report, dict[str, Any]]]] = {}
    for report, decision in corrections_of_the_day(reports):
        by_report.setdefault(report.report_id, []).append((report, decision))
    decisions = list(by_report.values())
    rnd.shuffle(decisions)
    store(ledger, *reports[:45], run="morning")
    store(ledger, *reports[45:], run="noon")
    for n, some in enumerate(decisions):
        for report, decision in some:
            apply_to(ledger, reports, report, decision)
        if n % 4 == 1:  # another version of the extractor reads the articles again
            again = [dataclasses.replace(r, extractor_version=f"v{n}") for r in rnd.sample(reports, 20)]
            store(ledger, *again, run=f"reextract-{n}")
        if n == 6:
            store(ledger, *late, run="late")
    rows = shown(ledger)
    held = {row["report_id"]: row["incident_id"] for row in ledger.rows("SELECT * FROM incident_reports")}

    def row_of(n: int) -> Row:
        return rows[held[reports[n].report_id]]

    assert len(held) == 61 and len(rows) == 22
    assert (
        row_of(0)["fatalities_low"],
        row_of(0)["fatalities_high"],
        row_of(0)["weapon"],
        row_of(0)["actor"],
    ) == (1, 1, "drone", None)
    assert held[reports[5].report_id] == held[reports[3].report_id] and row_of(5)["status"] == "corrected"
    assert (row_of(9)["weapon"], row_of(9)["status"]) == ("ballistic_missile", "confirmed")
    assert row_of(20)["status"] == "rejected" and row_of(18)["status"] != "rejected"
    assert row_of(12)["number_of_reports"] == 4 and row_of(12)["status"] == "confirmed", (
        "an agreeing report changes nothing"
    )
    assert held[reports[26].report_id] == id_of(reports[26]) != held[reports[24].report_id]
    assert row_of(30)["status"] in ("auto", "needs_review")
    assert row_of(33)["injured_low"] == 7
    assert row_of(39)["targets"] == ["school", "street"]
    assert row_of(42)["event_date_start"] == "2025-04-03"
    assert row_of(45)["sublocation"] == "Market square"
    assert (row_of(48)["fatalities_low"], row_of(48)["fatalities_high"]) == (17, 40)
    assert id_of(reports[20]) not in shown(ledger, "incidents_publishable")
    effects = {row["correction_id"]: row["effect"] for row in ledger.rows("SELECT * FROM corrections")}
    assert sorted(set(effects.values())) == ["applied", "undone"]
