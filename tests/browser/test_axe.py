"""Every page passes axe-core: on a wide screen and a phone, in light and in dark colours.

axe-core finds what a screen reader or a keyboard cannot use, and colours that are too much alike
(https://www.deque.com/axe/core-documentation/).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Ledger
from editor import TOKEN
from sample_records import KHARKIV, SUMY, a_report
from served_ledger import Served, serving_ledger
from store_reports import a_hostile_report, store_as_run

from pipelines.cli import main
from pipelines.correct import correct
from pipelines.dashboard.page import write_dashboard
from schemas.records import Evidence
from transforms.corrections.decision import Decision
from transforms.warehouse import open_warehouse

REJECTED = f"i-{a_report(6, **SUMY).report_id}"
PATHS = (
    "/",
    "/?embed=1",
    "/?weapon=drone&min_killed=1",
    "/?limit=1",
    "/?text=nothing+of+this",
    "/places",
    "/places/UA/Kryvyi%20Rih",
    "/places/UA/Kryvyi%20Rih?embed=1",
    f"/incidents/{REJECTED}",
    "/sources",
    "/runs",
    "/nothing",
)
WIDTHS, SCHEMES = (1280, 390), ("light", "dark")
SENTENCE = "It killed 20 people."


def fill(ledger: Ledger) -> None:
    store_as_run(ledger, a_report(5), run="run-1")
    evidence = [Evidence("fatalities_low", SENTENCE, 60, 60 + len(SENTENCE))]
    store_as_run(
        ledger, a_report(1), a_report(2, fatalities_low=20, fatalities_best=20, fatalities_high=20, evidence=evidence),
        a_report(3, **KHARKIV, weapon="drone", confidence=0.2, flags=["toll_beyond_headline"]), a_hostile_report(),
        a_report(6, **SUMY),
        run="run-2",
    )  # fmt: skip
    correct(ledger.url, None, REJECTED, Decision(reject=True, why="a drill"), "anna")


def largest_of(ledger: Ledger) -> str:
    """Return the incident of most reports."""
    rows = ledger.rows(
        "SELECT incident_id FROM incidents ORDER BY number_of_reports DESC, incident_id LIMIT 1"
    )
    return str(rows[0]["incident_id"])


def faults_of(page: Any) -> list[str]:
    """Return what axe-core finds on a page, with the elements it finds it at."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {node['html'][:80]} {node['failureSummary']}" for v in found for node in v["nodes"]]


@pytest.fixture
def served(ledger: Ledger) -> Iterator[Served]:
    fill(ledger)
    with serving_ledger(ledger, token=TOKEN) as running:
        yield running


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_served_pages_pass(
    ledger: Ledger, open_page: Callable[..., Any], width: int, scheme: str
) -> None:
    incident, faults = f"/incidents/{largest_of(ledger)}", {}
    for path in (*PATHS, incident, f"{incident}?embed=1"):
        faults[path] = faults_of(open_page(path, width, color_scheme=scheme))
    page = open_page("/", width, color_scheme=scheme)
    assert page.locator(".map a circle").count() and page.locator(".cards tbody tr").count()
    page.click(".cards tbody tr td a")
    page.wait_for_url("**/incidents/**")
    faults["incident"] = faults_of(page)
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_review_desk_passes(
    open_page: Callable[..., Any], served: Served, width: int, scheme: str
) -> None:
    page = open_page("/review", width, color_scheme=scheme)
    faults = {"sign in": faults_of(page)}
    page.fill("input[name=editor]", "Anna Ivanova")
    page.fill("input[name=token]", TOKEN)
    page.click("main button[type=submit]")
    faults["case"] = faults_of(page)
    for summary in page.locator("#decide summary").all():
        summary.click()
    faults["decisions"] = faults_of(page)
    reject = page.locator("form:has(input[name=kind][value=reject])")
    reject.locator("[name=why]").evaluate("field => field.required = false")
    reject.locator("button").click()
    page.wait_for_selector("[role=alert]")
    faults["not stored"] = faults_of(page)
    page.locator("#decide summary", has_text="Confirm").click()
    page.locator("form:has(input[name=kind][value=confirm]) button").click()
    page.wait_for_selector("[role=status]")
    faults["stored"] = faults_of(page)
    page.goto(served.address + f"/incidents/{REJECTED}")
    faults["incident"] = faults_of(page)
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_dashboard_of_one_file_passes(
    ledger: Ledger, new_page: Callable[..., Any], width: int, scheme: str
) -> None:
    fill(ledger)
    out = ledger.folder / "dashboard.html"
    with open_warehouse(ledger.url, read_only=True) as warehouse:
        write_dashboard(warehouse, out, "2025-06-01T00:00:00Z")
    page = new_page("file:", "blob:", width=width, color_scheme=scheme)
    page.goto(out.as_uri())
    page.wait_for_selector("body[data-ready=yes]")
    faults = {"list": faults_of(page)}
    page.locator(".tabulator-row").first.click()
    page.wait_for_selector("#detail h2")
    faults["incident"] = faults_of(page)
    assert {path: found for path, found in faults.items() if found} == {}


def test_a_page_with_a_fault_does_not_pass(new_page: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / "bad.html"
    out.write_text("<!doctype html><html lang=en><title>t</title><main><h1>t</h1><input></main>", "utf-8")
    page = new_page("file:")
    page.goto(out.as_uri())
    assert any(fault.startswith("label") for fault in faults_of(page))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_a_site_pass(
    ledger: Ledger, new_page: Callable[..., Any], width: int, scheme: str
) -> None:
    fill(ledger)
    folder = ledger.folder / "site"
    assert main(["dashboard", "--site", str(folder), "--warehouse", ledger.url]) == 0
    page, faults = new_page(folder.as_uri(), width=width, color_scheme=scheme), {}
    for path in ("", f"incidents/{largest_of(ledger)}/", "places/", "sources/", "runs/"):
        page.goto(f"{folder.as_uri()}/{path}index.html")
        faults[path] = faults_of(page)
    assert {path: found for path, found in faults.items() if found} == {}
