"""``serve --edit``: editors decide on the pages, and what is stored is what ``correct`` would have stored."""

from __future__ import annotations

import threading
import time

import pytest
from conftest import Ledger
from editor import KRYVYI, NEAR, OTHER, PAGE, TOKEN, Editor, Still, facts, id_of, said
from lxml import html
from sample_records import a_report
from served_ledger import Answer, Served, serving_ledger
from store_reports import RIGHT_TO_LEFT, store_as_run

from pipelines.cli import main
from pipelines.correct import correct
from pipelines.hold_lease import hold_lease
from schemas.rows import Row
from transforms.corrections.decision import Decision


def incident_of(ledger: Ledger, incident_id: str = id_of(KRYVYI)) -> Row:
    (row,) = ledger.rows("SELECT * FROM incidents WHERE incident_id = @i", i=incident_id)
    return row


# -- decisions -----------------------------------------------------------------------------------------


def test_a_field_that_an_editor_sets_is_stored_as_correct_stores_it(ledger: Ledger, editor: Editor) -> None:
    answer = editor.decide(PAGE, "set", ("field", "killed"), ("value", "22"), ("field", "weapon"), ("value", "drone"),
                           why="hospital list", source="https://x.example/list")  # fmt: skip
    assert (answer.status, answer.headers["location"]) == (303, PAGE)
    on_page = [{k: v for k, v in f.items() if k not in ("correction_id", "made_at")} for f in facts(ledger)]
    editor.decide(PAGE, "undo", correction=facts(ledger)[0]["correction_id"], why="again, by the command")
    words = ["--set", "killed=22", "--set", "weapon=drone", "--why", "hospital list", "--by", "anna",
             "--source", "https://x.example/list", "--warehouse", ledger.url]  # fmt: skip
    before = len(facts(ledger))
    assert main(["correct", id_of(KRYVYI), *words]) == 0
    by_command = [
        {k: v for k, v in f.items() if k not in ("correction_id", "made_at")} for f in facts(ledger)[before:]
    ]

    def without_effect(some: list[Row]) -> list[str]:
        return sorted(str({k: v for k, v in f.items() if not k.startswith("_")}) for f in some)

    assert without_effect(on_page) == without_effect(by_command)
    assert len(on_page) == 4


def test_the_page_shows_the_change_at_once(ledger: Ledger, editor: Editor, served: Served) -> None:
    editor.decide(PAGE, "set", ("field", "killed"), ("value", "22"), why="hospital list")
    page = editor.open(PAGE)
    assert '<dd class="big">22' in page.text
    assert "fatalities_low" in said(page) and "→ 22" in said(page)
    assert "hospital list" in served.ask(PAGE).text
    assert '<dd class="big">22' in served.ask(PAGE).text
    assert served.ask(f"/api{PAGE}").json["fatalities_low"] == 22


def test_what_was_set_together_is_one_decision_and_stays_on_the_page_after_it_was_taken_back(
    ledger: Ledger, editor: Editor, served: Served
) -> None:
    editor.decide(PAGE, "set", ("field", "killed"), ("value", "22"), why="hospital list")
    page = editor.open(PAGE).text
    assert page.count("<bdi>killed=22</bdi>") == 1 and page.count("What was set together") == 1
    feed = served.ask("/api/incidents.atom").text
    assert "Last change of the toll" in feed and " -&gt; 22" in feed and "killed=22" in feed
    editor.decide(
        PAGE, "undo", correction=facts(ledger)[0]["correction_id"], why="the list was of another town"
    )
    page = served.ask(PAGE).text
    assert page.count("<s><bdi>killed=22</bdi></s>") == 1 and "took back: killed=22" in page
    made = served.ask(f"/api{PAGE}").json["corrections"]
    assert {(c["kind"], c["effect"]) for c in made} == {("set", "undone"), ("undo", "applied")}
    assert {row["incident_id"] for row in ledger.rows("SELECT incident_id FROM corrections")} == {
        id_of(KRYVYI)
    }
    feed = served.ask("/api/incidents.atom").text
    assert "took back: killed=22; why: the list was of another town" in feed
    assert "Corrected by" not in feed
    editor.decide(PAGE, "undo", correction=facts(ledger)[-1]["correction_id"], why="it was this town")
    assert "brought back: killed=22" in served.ask(PAGE).text


def test_confirm_and_reject(ledger: Ledger, editor: Editor) -> None:
    editor.decide(PAGE, "confirm")
    assert incident_of(ledger)["status"] == "confirmed"
    editor.decide(PAGE, "reject", why="a drill")
    assert incident_of(ledger)["status"] == "rejected"
    assert "A person rejected this incident" in editor.open(PAGE).text


def test_merge_with_a_neighbour_or_a_typed_id_and_undo(ledger: Ledger, editor: Editor) -> None:
    answer = editor.decide(PAGE, "merge", other=id_of(NEAR)[:12], why="one strike")
    assert answer.status == 303
    assert len(ledger.rows("SELECT * FROM incidents")) == 2
    (fact,) = facts(ledger)
    page = editor.open(answer.headers["location"])
    assert editor.decide(page, "undo", why="two after all").status == 303
    assert len(ledger.rows("SELECT * FROM incidents")) == 3
    assert [f["kind"] for f in facts(ledger)] == ["merge", "undo"]
    assert fact["made_by"] == "anna"


def test_both_incidents_tell_of_a_merge_and_a_split_and_those_who_follow_changes_see_both_again(
    ledger: Ledger, editor: Editor, served: Served
) -> None:
    (began,) = ledger.rows("SELECT MAX(_ingested_at) AS last FROM incidents_v1")
    time.sleep(1.1)  # times are whole seconds, and two rows of one decision may be a second apart
    answer = editor.decide(PAGE, "merge", other=id_of(NEAR), why="one strike")
    editor.decide(editor.open(answer.headers["location"]), "undo", why="two after all")
    for report in (KRYVYI, NEAR):
        page = served.ask(f"/incidents/{id_of(report)}").text
        assert f"merge with {id_of(NEAR)[:12]}" in page and "two after all" in page
    listed = served.ask("/api/incidents").json["incidents"]
    changed = {row["incident_id"] for row in listed if row["updated_at"] > str(began["last"])}
    assert changed == {id_of(NEAR), id_of(KRYVYI)}
    since = served.ask(
        f"/api/incidents?changed_since={min(r['updated_at'] for r in listed if r['incident_id'] in changed)}"
    )
    assert changed == {row["incident_id"] for row in since.json["incidents"]}
    editor.decide(PAGE, "split", report=OTHER.report_id, why="another day")
    for report in (KRYVYI, OTHER):
        assert f"split off: report {OTHER.report_id[:12]}" in served.ask(f"/incidents/{id_of(report)}").text


def test_a_split_gives_reports_an_incident_of_their_own(ledger: Ledger, editor: Editor) -> None:
    assert editor.decide(PAGE, "split", report=OTHER.report_id, why="another day").status == 303
    assert incident_of(ledger, id_of(OTHER))["number_of_reports"] == 1
    assert editor.open(f"/incidents/{id_of(OTHER)}").status == 200


@pytest.mark.parametrize(
    ("kind", "fields", "says"),
    [
        ("reject", {}, "say why"),
        ("set", {"field": "weapon", "value": "catapult", "why": "x"}, "weapon takes one of"),
        ("set", {"field": "headline", "value": "x", "why": "x"}, "headline cannot be set"),
        ("set", {"field": "killed", "value": "", "why": "x"}, "type the value of killed"),
        ("set", {"field": "", "value": "7", "why": "x"}, "choose the field"),
        ("set", {"field": "weapon", "value": "ballistic_missile", "why": "x"}, "says so already"),
        ("set", {"field": "event_date", "value": "2999-01-01", "why": "x"}, "lies in the past"),
        ("set", {"field": "location", "value": RIGHT_TO_LEFT, "why": "x"}, "no place"),
        ("set", {"why": "x"}, "choose what is to change"),
        ("merge", {"why": "x"}, "choose what is to change"),
        ("merge", {"other": "i-0000", "why": "x"}, "no incident"),
        ("merge", {"other": id_of(KRYVYI), "why": "x"}, "is this incident itself"),
        ("split", {"why": "x"}, "choose what is to change"),
        ("split", {"report": "nothing", "why": "x"}, "no report"),
        ("confirm", {"source": "javascript:alert(1)"}, "a source is an http(s) address"),
        ("confirm", {"source": "https://x.example/\u202egnp"}, "a source is an http(s) address"),
        ("reject", {"why": "x", "source": "data:text/html,x"}, "a source is an http(s) address"),
        ("reject", {"why": "x" * 2001}, "at most 2,000 characters"),
    ],
)  # fmt: skip
def test_what_cannot_be_stored_comes_back_with_all_that_was_typed(
    still: Still, kind: str, fields: dict[str, str], says: str
) -> None:
    editor = still.editor
    answer = editor.decide(PAGE, kind, **fields)
    assert answer.status == 422
    assert says in said(answer)
    form = next(f for f in html.fromstring(answer.text).forms if f.fields.get("kind") == kind)
    assert form.getparent().get("open") is not None
    for name, value in fields.items():
        if name in ("value", "other", "source", "why") and value:
            assert value.replace("\u202e", "").replace("\u2066", "") in [
                f.value for f in form.xpath(f'.//*[@name="{name}"]')
            ]


def test_what_was_read_in_each_sentence_stands_beside_the_forms(still: Still) -> None:
    editor = still.editor
    page = html.fromstring(editor.open("/review").text)
    assert page.xpath("//section[@class='report']")
    assert {form.fields.get("kind") for form in page.forms} >= {"confirm", "reject", "set", "merge"}
    assert not page.xpath("//script")


# -- the queue -----------------------------------------------------------------------------------------


def test_the_queue_is_in_the_order_of_the_view_and_goes_on_after_a_decision(ledger: Ledger) -> None:
    some = [
        a_report(n, location=f"Town {n}", geonameid=n + 1, latitude=40.0 + n, confidence=0.1 + n / 20,
                 fatalities_low=n, fatalities_best=n, fatalities_high=n)
        for n in range(5)
    ]  # fmt: skip
    store_as_run(ledger, *some)
    queue = [
        r["incident_id"] for r in ledger.rows("SELECT * FROM review_queue ORDER BY harm DESC, incident_id")
    ]
    assert len(queue) == 5
    with serving_ledger(ledger, token=TOKEN) as served:
        editor, seen, address = Editor(served), [], "/review"
        for _ in queue:
            page = editor.open(address)
            action, _ = editor.form(page, "reject")
            seen.append(action.split("/")[2])
            address = editor.decide(page, "reject", why="a drill").headers["location"]
        assert seen == queue
        assert "Nothing to review" in editor.open("/review").text
    assert {r["status"] for r in ledger.rows("SELECT status FROM incidents")} == {"rejected"}


def test_a_case_can_be_passed_over_and_is_shown_again_after_a_field_was_set(ledger: Ledger) -> None:
    some = [
        a_report(n, location=f"Town {n}", geonameid=n + 1, latitude=40.0 + n, confidence=0.2)
        for n in range(3)
    ]
    store_as_run(ledger, *some)
    queue = [
        r["incident_id"] for r in ledger.rows("SELECT * FROM review_queue ORDER BY harm DESC, incident_id")
    ]
    with serving_ledger(ledger, token=TOKEN) as served:
        editor = Editor(served)
        after = html.fromstring(editor.open("/review").text).xpath('//a[@rel="next"]/@href')[0]
        assert after == f"/review?case={queue[1]}"
        answer = editor.decide(after, "set", ("field", "killed"), ("value", "3"), why="list")
        page = editor.open(answer.headers["location"])
        assert editor.form(page, "set")[0] == f"/incidents/{queue[1]}/decide"
        assert html.fromstring(page.text).xpath('//a[@rel="next"]/@href') == [f"/review?case={queue[2]}"]


# -- several writers -----------------------------------------------------------------------------------


def test_an_editor_who_saw_an_older_incident_is_told_and_can_send_the_form_again(
    ledger: Ledger, served: Served
) -> None:
    anna, boris = Editor(served), Editor(served, "boris")
    seen_by_boris = boris.open(PAGE)
    anna.decide(PAGE, "set", ("field", "killed"), ("value", "22"), why="hospital list")
    answer = boris.decide(seen_by_boris, "set", ("field", "killed"), ("value", "19"), why="mayor")
    assert answer.status == 409
    assert "has changed since you opened it" in said(answer)
    assert [f["made_by"] for f in facts(ledger)] == ["anna"] * 3
    assert '<dd class="big">22' in answer.text
    again = boris.decide(answer, "set", ("field", "killed"), ("value", "19"), why="mayor")
    assert again.status == 303
    assert incident_of(ledger)["fatalities_low"] == 19


def test_two_editors_at_once_change_an_incident_one_after_the_other(ledger: Ledger, served: Served) -> None:
    editors = [Editor(served, name) for name in ("anna", "boris", "chen")]
    pages = [editor.open(PAGE) for editor in editors]
    answers: list[int] = []

    def decide(editor: Editor, page: Answer, killed: str) -> None:
        fields = (("field", "killed"), ("value", killed))
        answers.append(editor.decide(page, "set", *fields, why="list").status)

    threads = [
        threading.Thread(target=decide, args=(e, p, str(30 + n)))
        for n, (e, p) in enumerate(zip(editors, pages, strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 409, 409]
    assert len({f["made_by"] for f in facts(ledger)}) == 1


def test_an_id_that_was_superseded_meanwhile_is_not_decided_about_unseen(ledger: Ledger) -> None:
    store_as_run(ledger, a_report(5), run="run-1")
    late = a_report(1)
    with serving_ledger(ledger, token=TOKEN) as served:
        editor = Editor(served)
        page = editor.open(f"/incidents/{id_of(a_report(5))}")
        store_as_run(ledger, late, run="run-2")
        answer = editor.decide(page, "reject", why="a drill")
        assert answer.status == 409
        assert facts(ledger) == []
        assert editor.form(answer, "reject")[0] == f"/incidents/{id_of(late)}/decide"
        assert "a drill" in answer.text


def test_while_a_run_writes_the_page_says_so_and_nothing_is_lost(
    ledger: Ledger, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.server.decision_writer.WAIT_SECONDS", 0.3)
    page = editor.open(PAGE)
    with hold_lease(ledger.url, "run-2"):
        answer = editor.decide(page, "set", ("field", "killed"), ("value", "22"), why="hospital list")
    assert answer.status == 503
    assert "another run is writing" in said(answer)
    assert 'value="22"' in answer.text and ">hospital list</textarea>" in answer.text
    assert facts(ledger) == []
    assert (
        editor.decide(answer, "set", ("field", "killed"), ("value", "22"), why="hospital list").status == 303
    )


def test_the_snapshots_and_the_decisions_never_open_the_file_at_once(ledger: Ledger, served: Served) -> None:
    is_over = threading.Event()

    def look() -> None:
        while not is_over.is_set():
            served.keeper.look()

    looking = threading.Thread(target=look)
    looking.start()
    try:
        editor = Editor(served)
        for killed in range(30, 34):
            answer = editor.decide(PAGE, "set", ("field", "killed"), ("value", str(killed)), why="list")
            assert answer.status == 303, said(answer)
    finally:
        is_over.set()
        looking.join()
    assert served.keeper.fault is None
    assert served.told == []
    assert len({f["made_at"] for f in facts(ledger)}) == 4


def test_the_command_and_the_desk_take_turns(ledger: Ledger, editor: Editor) -> None:
    correct(ledger.url, None, id_of(KRYVYI), Decision(confirm=True), "boris")
    assert editor.decide(PAGE, "reject", why="x").status == 409  # the page is older than the command
    assert [f["kind"] for f in facts(ledger)] == ["confirm"]


def test_where_the_pages_are_behind_they_say_so_and_the_next_case_can_be_decided(
    ledger: Ledger, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.server.decision_writer.SHOW_SECONDS", 0.1)
    editor = Editor(served)
    with served.keeper._looking:  # as while a large ledger is read
        assert editor.decide(PAGE, "reject", why="a drill").status == 303
        assert "still show the ledger as it was before" in said(editor.open(PAGE))
        assert editor.decide(f"/incidents/{id_of(NEAR)}", "reject", why="a drill").status == 303
    served.keeper.look()
    assert "before" not in said(editor.open(f"/incidents/{id_of(NEAR)}"))
    assert "A person rejected this incident" in editor.open(PAGE).text
    assert [f["kind"] for f in facts(ledger)] == ["reject", "reject"]
