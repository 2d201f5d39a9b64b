"""``serve --edit``: who may change something, and what a hostile page, cookie or form can do: nothing."""

from __future__ import annotations

import time

import pytest
from conftest import Ledger
from editor import FORM, KRYVYI, OTHER, PAGE, TOKEN, Editor, Still, facts, said
from lxml import html
from served_ledger import Served, serving_ledger
from store_reports import FORMULA, MARKUP, RIGHT_TO_LEFT, store_as_run

from pipelines.cli import main
from pipelines.server.editor_sessions import IDLE_SECONDS, MOST_SECONDS, EditorSessions

# -- who may -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/review", "/sign-in", "/sign-out", f"{PAGE}/decide"])
def test_without_edit_there_is_no_desk(ledger: Ledger, path: str) -> None:
    store_as_run(ledger, KRYVYI)
    with serving_ledger(ledger) as served:
        assert served.ask(path).status == 404
        answer = Editor(served, signs_in=False).post(path, [("kind", "reject"), ("why", "x")])
        assert answer.status == 404
        assert "Review" not in served.ask("/").text
        assert "<form" not in served.ask(PAGE).text


def test_who_has_not_signed_in_sees_no_form_and_changes_nothing(still: Still) -> None:
    served = still.served
    _, hidden = Editor(served).form(PAGE, "reject")
    stranger = Editor(served, signs_in=False)
    assert "<form" not in stranger.open(PAGE).text
    assert f"/sign-in?then={PAGE}" in stranger.open(PAGE).text
    answer = stranger.open("/review")
    assert (answer.status, answer.headers["location"]) == (303, "/sign-in?then=/review")
    answer = stranger.post(f"{PAGE}/decide", [*hidden, ("why", "a long reason")])
    assert answer.status == 403
    assert "nothing was stored" in said(answer) and "a long reason" in answer.text


def test_the_cookie_is_kept_from_scripts_and_other_sites(still: Still) -> None:
    served = still.served
    answer = Editor(served, signs_in=False).sign_in(TOKEN)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "path=/" in cookie
    assert "max-age=36" in cookie or "max-age=3599" in cookie
    assert "secure" not in cookie
    assert answer.headers["location"] == "/review"


def test_behind_a_proxy_with_tls_the_cookie_is_secure(ledger: Ledger) -> None:
    store_as_run(ledger, KRYVYI)
    with serving_ledger(ledger, token=TOKEN, is_behind_proxy=True) as served:
        editor = Editor(served, signs_in=False)
        fields = [("editor", "anna"), ("token", TOKEN)]
        tls = {"X_Forwarded_Proto": "https", "Origin": served.address.replace("http:", "https:")}
        assert "secure" in editor.post("/sign-in", fields, **tls).headers["set-cookie"].lower()
        assert editor.post("/sign-in", fields, **{**tls, "Origin": served.address}).status == 403


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", "/review?case=x&x=//", "javascript:alert(1)", "/\\evil.example"])  # fmt: skip
def test_signing_in_leads_to_our_own_pages_only(still: Still, there: str) -> None:
    served = still.served
    assert Editor(served, signs_in=False).sign_in(TOKEN, then=there).headers["location"] == "/review"
    assert Editor(served, signs_in=False).sign_in(TOKEN, then=PAGE).headers["location"] == PAGE


def test_a_wrong_token_opens_nothing_and_may_be_tried_a_few_times_only(still: Still) -> None:
    served = still.served
    stranger = Editor(served, signs_in=False)
    answers = [stranger.sign_in(f"{TOKEN}{n}") for n in range(8)]
    assert [a.status for a in answers] == [403] * 5 + [429] * 3
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert all("set-cookie" not in a.headers and TOKEN not in a.text for a in answers)
    assert stranger.sign_in(TOKEN).status == 429


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, RIGHT_TO_LEFT, "a\nb", "a\x1b[31m"])
def test_a_name_that_cannot_be_shown_is_no_name(still: Still, name: str) -> None:
    served = still.served
    answer = Editor(served, name, signs_in=False).sign_in(TOKEN)
    assert answer.status == 422
    assert "set-cookie" not in answer.headers
    assert not set("\u202e\x1b") & set(answer.text)


def test_a_forged_cookie_is_no_session(ledger: Ledger, served: Served) -> None:
    editor = Editor(served)
    action, hidden = editor.form(PAGE, "reject")
    whole = editor.cookie
    with serving_ledger(ledger, token=TOKEN) as other:
        of_another_server = Editor(other).cookie
    name, _, value = whole.partition("=")
    body, _, signature = value.partition(".")
    forged = [f"{name}={body}.", f"{name}={body}", f"{name}=.{signature}", f"{name}={body[:-2]}AA.{signature}", f"{name}={value}x",
              f"{name}=", f"{name}=\xff.\xff", of_another_server]  # fmt: skip
    for cookie in forged:
        editor.cookie = cookie
        assert editor.post(action, [*hidden, ("why", "x")]).status == 403, cookie
        assert editor.open("/review").status == 303, cookie
    assert facts(ledger) == []
    editor.cookie = whole
    assert editor.post(action, [*hidden, ("why", "x")]).status == 303


def test_a_session_ends_by_itself_and_by_signing_out(ledger: Ledger) -> None:
    store_as_run(ledger, KRYVYI, OTHER)
    clock = [1_000.0]
    with serving_ledger(ledger, token=TOKEN, now=lambda: clock[0]) as served:
        editor = Editor(served)
        clock[0] += 3_000
        editor.decide(PAGE, "confirm")
        clock[0] += 3_000  # the decision has made the session longer
        action, hidden = editor.form(PAGE, "reject")
        clock[0] += 601
        answer = editor.post(action, [*hidden, ("why", "my reason")])
        assert answer.status == 403
        assert "my reason" in answer.text
        assert [f["kind"] for f in facts(ledger)] == ["confirm"]

        editor = Editor(served)
        copy = editor.cookie
        _, hidden = editor.form(PAGE, "confirm")
        assert editor.post("/sign-out", hidden).status == 303
        editor.cookie = copy
        assert editor.open("/review").status == 303


def test_a_session_ends_in_the_end_also_of_who_is_always_at_work() -> None:
    clock = [0.0]
    sessions = EditorSessions(lambda: clock[0])
    session, hours = sessions.start("anna"), 0
    while (found := sessions.read(sessions.cookie(session))) is not None:
        session, hours = sessions.renewed(found), hours + 1
        clock[0] += IDLE_SECONDS - 1
    assert hours == MOST_SECONDS // IDLE_SECONDS + 1


def test_a_form_of_another_session_or_none_changes_nothing(still: Still) -> None:
    served = still.served
    anna, boris = Editor(served), Editor(served, "boris")
    action, of_boris = boris.form(PAGE, "reject")
    for fields in (of_boris, [f for f in of_boris if f[0] != "token"], [("token", "x" * 43), *of_boris[1:]]):
        assert anna.post(action, [*fields, ("why", "x")]).status == 403
    assert anna.post("/sign-out", of_boris).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://["},
        {"Origin": "", "Referer": "https://evil.example/incidents"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_a_form_of_another_site_changes_nothing(still: Still, headers: dict[str, str]) -> None:
    editor = still.editor
    action, hidden = editor.form(PAGE, "reject")
    fields = [*hidden, ("why", "x")]
    assert editor.post(action, fields, **headers).status == 403
    assert editor.post("/sign-in", [("editor", "a"), ("token", TOKEN)], **headers).status == 403


def test_a_browser_that_names_the_page_but_no_origin_is_believed(ledger: Ledger, editor: Editor) -> None:
    action, hidden = editor.form(PAGE, "reject")
    fields = [*hidden, ("why", "x")]
    assert editor.post(action, fields, Origin="", Referer=f"{editor.served.address}{PAGE}").status == 303
    assert [f["kind"] for f in facts(ledger)] == ["reject"]


def test_what_is_no_form_is_refused(still: Still) -> None:
    editor = still.editor
    action, hidden = editor.form(PAGE, "reject")
    fields = [*hidden, ("why", "x")]
    for kind in ("application/json", "multipart/form-data; boundary=x", "text/plain", ""):
        assert editor.post(action, fields, Content_Type=kind).status == 415
    assert editor.post(action, [*fields, ("more", "x" * 70_000)]).status == 413
    headers = {"Content_Type": FORM, "Origin": editor.served.address, "Cookie": editor.cookie}
    in_pieces = iter([b"why=" + b"x" * 8_000] * 10)  # without a length that could be looked at first
    assert editor.served.ask(action, "POST", in_pieces, **headers).status == 413
    assert editor.post(action, b"why=%ff%fe").status == 400
    assert editor.post(action, "why=\u202e".encode()).status == 400
    assert editor.post(action, b"&".join([b"a=1"] * 500)).status == 400


def test_reading_changes_nothing(still: Still) -> None:
    editor = still.editor
    action, hidden = editor.form(PAGE, "reject")
    query = "&".join(f"{name}={value}" for name, value in [*hidden, ("why", "x")])
    for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH"):
        answer = editor.served.ask(
            f"{action}?{query}", method, Cookie=editor.cookie, Origin=editor.served.address
        )
        assert answer.status == 405
    for path in (PAGE, "/review", f"/review?{query}", "/sign-in", f"{PAGE}?{query}"):
        assert editor.open(path).status in (200, 303)
    assert editor.open("/sign-out").status == 405
    assert editor.open("/review").status == 200


# -- pages with forms ------------------------------------------------------------------------------------


def test_pages_with_forms_are_never_framed_kept_or_scripted(still: Still) -> None:
    editor = still.editor
    for path in (PAGE, "/review", "/sign-in"):
        answer = editor.open(path)
        assert answer.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "etag" not in answer.headers
        assert "<script" not in answer.text


def test_a_page_that_the_browser_has_from_before_signing_in_is_not_used_again(still: Still) -> None:
    served = still.served
    before = served.ask(PAGE)
    editor = Editor(served)
    answer = served.ask(PAGE, Cookie=editor.cookie, If_None_Match=before.headers["etag"])
    assert answer.status == 200
    assert "<form" in answer.text
    assert "<form" not in served.ask(PAGE).text
    assert "cookie" in before.headers["vary"].lower()


def test_hostile_words_of_an_editor_are_harmless(ledger: Ledger, served: Served) -> None:
    editor = Editor(served, MARKUP)
    why = f"{FORMULA} {MARKUP} {RIGHT_TO_LEFT} \x1b[31m"
    source = 'https://x.example/"onmouseover="alert(1)'
    for field, value in (("actor", MARKUP), ("sublocation", FORMULA)):
        assert (
            editor.decide(PAGE, "set", ("field", field), ("value", value), why=why, source=source).status
            == 303
        )
    for page in (editor.open(PAGE), editor.open("/review"), served.ask(PAGE)):
        assert "<script" not in page.text and "<img" not in page.text
        assert not set("\u202e\u2066\x1b") & set(page.text)
        tree = html.fromstring(page.text)
        assert not [a for e in tree.iter() for a in e.attrib if a.startswith("on")]
        assert not [a for a in tree.xpath("//a/@href") if a.startswith("javascript:")]
    out = ledger.folder / "corrections.csv"
    assert (
        main(["export", "corrections", "--format", "csv", "--out", str(out), "--warehouse", ledger.url]) == 0
    )
    assert "\"'=HYPERLINK" in out.read_text() and not set("\u202e\x1b") & set(out.read_text())


# -- the command -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", [None, "", "short", "x" * 15, "   " + "x" * 15])
def test_without_a_good_token_the_command_ends_at_once(
    ledger: Ledger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, token: str | None
) -> None:
    monkeypatch.delenv("STRIKELEDGER_EDIT_TOKEN", raising=False)
    if token is not None:
        monkeypatch.setenv("STRIKELEDGER_EDIT_TOKEN", token)
    began = time.monotonic()
    assert main(["serve", "--edit", "--port", "0", "--warehouse", ledger.url]) == 2
    assert time.monotonic() - began < 0.5
    error = capsys.readouterr().err
    assert "STRIKELEDGER_EDIT_TOKEN" in error and "16 characters" in error and error.count("\n") == 1
    assert not token or token.strip() not in error.replace("too short", "")
