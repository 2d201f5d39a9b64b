"""The pages of the server in a browser: no fault, nothing from elsewhere, usable by keyboard and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conftest import Ledger
from playwright.sync_api import expect
from sample_records import KHARKIV, a_report
from served_ledger import Served, serving_ledger
from store_reports import a_hostile_report, store

from schemas.records import Evidence


@pytest.fixture
def served(ledger: Ledger) -> Iterator[Served]:
    sentence = "It killed 20 people."
    store(ledger, [
        a_report(1, fatalities_low=4, fatalities_best=4, fatalities_high=None),
        a_report(2, fatalities_low=20, fatalities_best=20, fatalities_high=20,
                 evidence=[Evidence("fatalities_low", sentence, 60, 60 + len(sentence))]),
        a_report(3, **KHARKIV, weapon="drone"), a_hostile_report(),
    ])  # fmt: skip
    with serving_ledger(ledger) as running:
        yield running


def test_a_reader_gets_from_the_list_to_an_incident_and_back(open_page: Callable[..., Any]) -> None:
    page = open_page("/")
    page.select_option("select[name=weapon]", "ballistic_missile")
    page.fill("input[name=text]", "kryvyi")
    page.fill("input[name=min_killed]", "15")
    page.click("button[type=submit]")
    page.wait_for_url("**min_killed=15**")
    expect(page.locator(".cards tbody tr")).to_have_count(1)
    page.click(".cards tbody tr td a")
    expect(page.locator(".step.killed")).to_have_count(1)
    assert "It killed 20 people." in page.locator("mark").all_inner_texts()
    page.click(".minor a >> text=Kryvyi Rih")
    assert page.inner_text("h1").startswith("Kryvyi Rih")
    assert page.faults == []


def test_the_map_shows_land_and_its_marks_are_links(open_page: Callable[..., Any]) -> None:
    page = open_page("/")
    page.wait_for_load_state("networkidle")
    box = page.locator(".map use").bounding_box()
    assert box["width"] > 500
    assert page.locator(".map a circle").count() >= 2
    page.locator(".map a").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/**")
    assert page.faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit_a_phone(open_page: Callable[..., Any], scheme: str) -> None:
    for path in ("/", "/sources", "/runs", "/places/UA/Kryvyi%20Rih"):
        page = open_page(path, 390, color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert page.faults == []
    page = open_page("/?min_killed=20", 390, color_scheme=scheme)
    page.click(".cards tbody tr td a")
    page.wait_for_url("**/incidents/**")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.faults == []


def test_hostile_texts_are_texts(open_page: Callable[..., Any]) -> None:
    page = open_page("/?bbox=33,47,34,48&text=pwned")
    page.click(".cards tbody tr td a")
    page.wait_for_url("**/incidents/**")
    page.wait_for_load_state("networkidle")
    assert "pwned" not in page.title().replace("document.title", "").split("·")[-1]
    assert page.locator("main img, script").count() == 0
    assert "\u202e" not in page.content()
    assert page.faults == []


def test_every_field_has_a_label_and_every_page_one_heading(open_page: Callable[..., Any]) -> None:
    for path in ("/", "/sources", "/runs", "/nothing", "/places/UA/Kharkiv"):
        page = open_page(path)
        assert page.locator("h1").count() == 1, path
        unlabelled = page.evaluate(
            "[...document.querySelectorAll('input,select')].filter(e => !e.labels.length).length"
        )
        assert unlabelled == 0
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
