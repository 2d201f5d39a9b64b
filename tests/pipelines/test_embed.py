"""``?embed=1``: slim pages that other sites may put in a frame, and no other page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import Ledger
from editor import PAGE, TOKEN, Editor, a_desk
from lxml import html
from sample_records import a_report
from served_ledger import Served, serving_ledger
from store_reports import a_hostile_report, store_as_run

FRAMED = ("/", "/?country=UA&weapon=drone", PAGE, "/places/UA/Kharkiv", "/places/UA/kharkiv")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with a_desk(Ledger(tmp_path_factory.mktemp("embed"))) as running:
        yield running


def with_embed(path: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}embed=1"


@pytest.mark.parametrize("path", FRAMED)
def test_a_page_for_a_frame_has_one_link_and_no_form(served: Served, path: str) -> None:
    answer = served.ask(with_embed(path))
    assert answer.status == 200
    page = html.fromstring(answer.text)
    (link,) = page.xpath("//a")
    assert link.get("target") == "_top"
    assert served.ask(link.get("href")).status == 200
    assert "embed" not in link.get("href")
    assert not page.xpath("//form|//nav|//script|//header|//iframe")
    assert len(page.xpath("//h1")) == 1
    assert len(answer.body) < len(served.ask(path).body)


@pytest.mark.parametrize("path", FRAMED)
def test_a_page_for_a_frame_says_that_it_may_be_framed(served: Served, path: str) -> None:
    answer = served.ask(with_embed(path))
    policy = answer.headers["content-security-policy"]
    assert policy.endswith("frame-ancestors *")
    assert "default-src 'none'" in policy and "form-action 'none'" in policy
    assert "x-frame-options" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = served.ask(with_embed(path), If_None_Match=answer.headers["etag"])
    assert again.status == 304
    assert again.headers["content-security-policy"] == policy
    assert "x-frame-options" not in again.headers


@pytest.mark.parametrize("path", [*FRAMED, "/sources", "/runs", "/health", "/api/incidents", "/sign-in", "/review",
                                  "/sign-in?embed=1", "/review?embed=1", "/sources?embed=1", "/?embed=2", "/?embed=1&embed=1", "/nothing?embed=1",
                                  "/incidents/i-ffffffff?embed=1", "/api/incidents?embed=1"])  # fmt: skip
def test_no_other_page_may_be_framed(served: Served, path: str) -> None:
    editor = Editor(served, signs_in=False)
    for answer in (served.ask(path), editor.open(path)):
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-frame-options"] == "DENY"


def test_an_editor_gets_no_form_in_a_frame(served: Served) -> None:
    editor = Editor(served)
    assert "<form" in editor.open(PAGE).text
    for path in (with_embed(PAGE), with_embed("/")):
        answer = editor.open(path)
        assert "<form" not in answer.text and "anna" not in answer.text
        assert answer.body == served.ask(path).body
    for path in (PAGE, "/review"):
        answer = editor.open(path)
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("query", ["embed=", "embed=0", "embed=true", "embed=1&embed=1"])
def test_embed_takes_1_alone(served: Served, query: str) -> None:
    for path in ("/", PAGE, "/places/UA/Kharkiv"):
        assert served.ask(f"{path}?{query}").status == 400


def test_a_list_in_a_frame_has_the_strikes_of_its_filters(ledger: Ledger) -> None:
    some = [a_report(n, location=f"Town {n}", geonameid=n + 1, latitude=40.0 + n) for n in range(14)]
    store_as_run(ledger, *some)
    with serving_ledger(ledger) as served:
        page = html.fromstring(served.ask("/?embed=1").text)
        assert len(page.xpath("//tbody/tr")) == 10
        assert "The latest 10" in page.text_content()
        assert "14 strikes listed" in " ".join(page.text_content().split())
        assert len(html.fromstring(served.ask("/?embed=1&limit=3").text).xpath("//tbody/tr")) == 3
        page = html.fromstring(served.ask("/?embed=1&place=Town+1&country=UA").text)
        assert page.xpath("//a/@href") == ["/?country=UA&place=Town+1"]
        assert page.xpath("string(//h1)") == "Strikes, Ukraine, Town 1"
        page = html.fromstring(served.ask("/?embed=1&weapon=drone&min_killed=2&since=2025-04-01").text)
        assert page.xpath("string(//h1)") == "Strikes, drone, at least 2 killed, from 2025-04-01"


def test_a_retired_id_leads_to_its_successor_in_the_frame(ledger: Ledger) -> None:
    later, earlier = a_report(5), a_report(1)
    store_as_run(ledger, later, run="run-1")
    store_as_run(ledger, earlier, run="run-2")
    with serving_ledger(ledger, token=TOKEN) as served:
        answer = served.ask(f"/incidents/i-{later.report_id}?embed=1")
        assert answer.headers["location"] == f"/incidents/i-{earlier.report_id}?embed=1"


def test_hostile_texts_are_texts_in_a_frame_too(ledger: Ledger) -> None:
    report = a_hostile_report()
    store_as_run(ledger, report)
    with serving_ledger(ledger) as served:
        for path in ("/?embed=1", f"/incidents/i-{report.report_id}?embed=1"):
            answer = served.ask(path)
            assert answer.status == 200
            assert "<script" not in answer.text and "<img" not in answer.text
            assert not set("\u202e\u2066\x1b") & set(answer.text)
