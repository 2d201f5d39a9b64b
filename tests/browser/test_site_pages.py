"""The pages of a site in a browser, opened from disk: nothing is refused, and they fit a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Ledger
from sample_records import KHARKIV, a_report
from store_reports import a_hostile_report, store_as_run

from pipelines.cli import main


@pytest.fixture
def site(ledger: Ledger) -> Path:
    store_as_run(ledger, a_report(5), run="run-1")
    store_as_run(ledger, a_report(1), a_report(3, **KHARKIV, weapon="drone"), a_hostile_report(), run="run-2")
    folder = ledger.folder / "site"
    assert main(["dashboard", "--site", str(folder), "--warehouse", ledger.url]) == 0
    return folder


@pytest.fixture
def open_page(new_page: Callable[..., Any], site: Path) -> Callable[..., Any]:
    def opened(path: str, width: int = 1280, **options: Any) -> Any:
        page = new_page(site.as_uri(), width=width, **options)
        page.on("requestfailed", lambda r: page.faults.append(r.url))
        page.goto(f"{site.as_uri()}/{path}")
        return page

    return opened


def test_a_reader_gets_from_the_list_to_an_incident_and_back(open_page: Callable[..., Any]) -> None:
    page = open_page("index.html")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.querySelector('.map img').naturalWidth") > 0  # the land is there
    assert page.evaluate("getComputedStyle(document.querySelector('.map img')).position") == "absolute"
    page.click(".cards >> text=Kharkiv")
    assert page.inner_text("h1").startswith("Kharkiv")
    page.locator(".map a").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/**")
    page.click("header >> text=Places")
    page.click("main >> text=Kharkiv")
    page.click(".name")
    assert page.inner_text("h1") == "Strikes"
    assert page.faults == []


def test_a_retired_id_leads_on_by_itself(open_page: Callable[..., Any]) -> None:
    old = f"incidents/i-{a_report(5).report_id}/index.html"
    page = open_page(old)
    page.wait_for_url(lambda url: not url.endswith(old))
    assert page.locator(".fields").count() == 1
    assert page.faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit_a_phone(open_page: Callable[..., Any], site: Path, scheme: str) -> None:
    for file in site.rglob("index.html"):
        page = open_page(str(file.relative_to(site)), 390, color_scheme=scheme)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, file
        assert page.locator("main h1").count() == 1
        assert page.locator("script").count() == 0
        assert page.faults == [], file
