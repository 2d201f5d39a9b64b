"""The review desk in a browser without scripts: sign in, look, decide, by mouse and by keyboard, on a phone."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from conftest import Ledger
from editor import DOUBTFUL, KRYVYI, NEAR, OTHER, PAGE, TOKEN, facts
from sample_records import a_report
from served_ledger import Served, serving_ledger
from store_reports import store_as_run

from schemas.records import Evidence

SENTENCE = "It killed 40 people and wounded 90 more, the head of the region said."


@pytest.fixture
def served(ledger: Ledger) -> Iterator[Served]:
    evidence = [Evidence("fatalities_low", SENTENCE, 60, 60 + len(SENTENCE))]
    doubtful = a_report(
        **{name: getattr(DOUBTFUL, name) for name in ("location", "geonameid", "latitude", "longitude", "admin1")},
        n=4, confidence=0.2, fatalities_low=40, fatalities_best=40, fatalities_high=40, evidence=evidence,
        flags=["toll_beyond_headline"],
    )  # fmt: skip
    store_as_run(ledger, KRYVYI, OTHER, NEAR, doubtful,
                 a_report(7, location="Nikopol", geonameid=700051, latitude=47.57, longitude=34.39, confidence=0.3))  # fmt: skip
    with serving_ledger(ledger, token=TOKEN) as running:
        yield running


def sign_in(page: Any) -> None:
    page.fill("input[name=editor]", "Anna Ivanova")
    page.fill("input[name=token]", TOKEN)
    page.click("main button[type=submit]")


def picture(page: Any, name: str) -> None:
    """Take a picture of a page, where somebody wants to look at it."""
    if folder := os.environ.get("STRIKELEDGER_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_an_editor_signs_in_sets_a_toll_and_confirms_the_case(
    ledger: Ledger, open_page: Callable[..., Any]
) -> None:
    page = open_page("/review")
    picture(page, "sign-in")
    sign_in(page)
    assert page.url.endswith("/review")
    assert "Case 1 of 2" in page.inner_text("main")
    assert SENTENCE in page.locator("blockquote mark").all_inner_texts()
    picture(page, "review")
    page.click("summary >> text=Set fields")
    page.locator("#decide select[name=field]").first.select_option("killed")
    page.locator("#decide input[name=value]").first.fill("38-41")
    form = page.locator("#decide form", has=page.locator("input[value=set]"))
    form.locator("textarea").fill("list of the hospital")
    form.locator("input[name=source]").fill("https://hospital.example/list")
    picture(page, "review-set")
    form.locator("button").click()
    assert "fatalities_low 40 → 38" in " ".join(page.inner_text(".done").split())
    picture(page, "review-done")
    page.click("summary >> text=Confirm")
    page.locator("#decide form", has=page.locator("input[value=confirm]")).locator("button").click()
    assert [f["kind"] for f in facts(ledger)][-1] == "confirm"
    assert {f["made_by"] for f in facts(ledger)} == {"Anna Ivanova"}
    assert "Nikopol" in page.inner_text("article h2")
    assert page.faults == []


def test_a_decision_can_be_made_and_taken_back_by_keyboard(
    ledger: Ledger, open_page: Callable[..., Any]
) -> None:
    page = open_page(f"/sign-in?then={PAGE}")
    sign_in(page)
    page.locator("summary", has_text="Reject").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("a drill")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".done")
    assert "A person rejected this incident" in page.inner_text("main")
    picture(page, "incident-rejected")
    page.locator("li summary", has_text="Undo").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("it was none")
    page.locator("li form button").press("Enter")
    page.wait_for_selector("text=taken back")
    assert [f["kind"] for f in facts(ledger)] == ["reject", "undo"]
    assert page.faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_fits_a_phone(open_page: Callable[..., Any], scheme: str) -> None:
    page = open_page("/review", 390, color_scheme=scheme)
    sign_in(page)
    for path in ("/review", PAGE):
        page.goto(page.url.partition("/review")[0].partition("/incidents")[0] + path)
        for summary in page.locator("summary").all():
            summary.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        picture(page, f"phone-{scheme}-{path.split('/')[1]}")
    assert page.faults == []


def test_every_field_of_the_desk_has_a_label(open_page: Callable[..., Any]) -> None:
    page = open_page("/review")
    sign_in(page)
    for path in ("/sign-in", "/review", PAGE):
        page.goto(page.url.partition("/review")[0].partition("/sign-in")[0].partition("/incidents")[0] + path)
        assert page.locator("h1").count() == 1
        fields = "[...document.querySelectorAll('input:not([type=hidden]),select,textarea')]"
        assert page.evaluate(f"{fields}.filter(e => !e.labels.length).length") == 0
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids))
    picture(page, "incident")


CONTRASTS = """() => {
  const parsed = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const ground = (e) => { for (; e; e = e.parentElement) { const c = parsed(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255]; };
  const found = [];
  for (const e of document.querySelectorAll("main *, footer *, header *")) {
    if (e.closest("svg") || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility()) continue;
    const [a, b] = [light(parsed(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) found.push(e.tagName + ": " + e.textContent.slice(0, 40));
  }
  return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(open_page: Callable[..., Any], scheme: str) -> None:
    page = open_page("/review", color_scheme=scheme)
    assert page.evaluate(CONTRASTS) == []
    sign_in(page)
    base = page.url.partition("/review")[0]
    for path in ("/", "/review", PAGE, f"{PAGE}?embed=1", "/?embed=1", "/sources", "/nothing"):
        page.goto(base + path)
        for summary in page.locator("summary").all():
            summary.click()
        assert page.evaluate("document.documentElement.lang") == "en"
        assert page.evaluate(CONTRASTS) == [], path
    page.goto(base + PAGE)
    page.locator("summary", has_text="Confirm").click()
    page.locator("#decide form", has=page.locator("input[value=confirm]")).locator("button").click()
    page.wait_for_selector(".done")
    assert page.evaluate(CONTRASTS) == []


@pytest.fixture
def other_site() -> Iterator[Callable[[str], str]]:
    """Serve pages of another site, each with one frame; return the address of the page that frames one."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            framed = unquote(self.path.partition("?")[2])
            self.wfile.write(
                f'<!doctype html><link rel="icon" href="data:,"><iframe src="{framed}" width="640" height="700"></iframe>'.encode()
            )

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield lambda framed: f"http://127.0.0.1:{server.server_port}/?{quote(framed)}"
    server.shutdown()
    server.server_close()


def test_a_page_of_another_site_can_frame_the_embedded_page_alone(
    browser: Any, served: Served, other_site: Callable[[str], str]
) -> None:
    context = browser.new_context(viewport={"width": 700, "height": 800})
    page = context.new_page()
    for path, is_shown in (
        (f"{PAGE}?embed=1", True),
        ("/?embed=1", True),
        (PAGE, False),
        ("/sign-in", False),
    ):
        page.goto(other_site(f"{served.address}{path}"))
        page.wait_for_load_state("networkidle")
        (frame,) = page.main_frame.child_frames
        assert frame.url.startswith(served.address) == is_shown, path
        if is_shown:
            assert frame.locator("h1").count() == 1
            picture(page, f"embed-{'list' if path.startswith('/?') else 'incident'}")
    context.close()
