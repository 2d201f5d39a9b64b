"""The dashboard in a browser: opened from disk, without a network, on a wide screen and on a phone."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Ledger
from sample_records import KHARKIV, SUMY, a_report
from store_reports import FORMULA, MARKUP, a_hostile_report, store, store_as_run

from pipelines.cli import main
from pipelines.dashboard.page import write_dashboard
from schemas.records import Evidence
from transforms.warehouse import open_warehouse

PLACES = [
    ("Kharkiv", 706483, "UA", 49.98, 36.25), ("Sumy", 692194, "UA", 50.91, 34.8), ("Gaza", 281133, "PS", 31.5, 34.47),
]  # fmt: skip


def store_incidents(ledger: Ledger) -> None:
    reports = []
    for n in range(30):
        name, geonameid, country, latitude, longitude = PLACES[n % 3]
        day = f"2025-{4 + n // 15:02d}-{1 + (n * 2) % 28:02d}"
        reports.append(
            a_report(
                n, report_id=f"{n:020x}", article_url=f"https://o{n}.example/a", source_name=f"Outlet {n % 4}",
                location=name, geonameid=geonameid, country=country, latitude=latitude, longitude=longitude,
                admin1=name, event_date_start=dt.date.fromisoformat(day), event_date_end=None,
                published_at=f"{day}T20:00:00Z", weapon="drone" if n % 2 else "missile", headline=f"Strike {n}",
                fatalities_low=n, fatalities_best=n, fatalities_high=None if n % 5 == 0 else n,
                evidence=[Evidence("fatalities_low", f"It killed {n} people.", 0, 20)],
            )
        )  # fmt: skip
    store(ledger, reports)


@pytest.fixture
def open_page(new_page: Callable[..., Any], ledger: Ledger) -> Callable[..., Any]:
    def opened(width: int = 1280, height: int = 900, **options: Any) -> Any:
        out = ledger.folder / "dashboard.html"
        with open_warehouse(ledger.url, read_only=True) as warehouse:
            write_dashboard(warehouse, out, "2025-06-01T00:00:00Z", **options)
        page = new_page("file:", "blob:", width=width, height=height, offline=True, accept_downloads=True)
        page.goto(out.as_uri())
        page.wait_for_selector("body[data-ready=yes]")
        return page

    return opened


def found(page: Any) -> int:
    return int(page.evaluate("document.body.dataset.found"))


def choose(page: Any, **filters: str) -> int:
    """Set the filters and return how many incidents match."""
    page.click("#clear")
    for name, value in filters.items():
        if name in ("country", "weapon"):
            page.select_option(
                f"#{name}",
                label=next(
                    o for o in page.locator(f"#{name} option").all_inner_texts() if o.startswith(value)
                ),
            )
        else:
            page.fill(f"#{name}", value)
    page.wait_for_timeout(500)
    return found(page)


def test_the_page_opens_without_a_network_and_shows_the_ledger(
    ledger: Ledger, open_page: Callable[..., Any]
) -> None:
    store_incidents(ledger)
    (stored,) = ledger.rows("SELECT COUNT(*) AS n, SUM(fatalities_best) AS killed FROM incidents")
    page = open_page()
    assert page.faults == []
    assert found(page) == stored["n"] == 30
    assert page.inner_text("#summary").startswith(f"30 incidents, {stored['killed']}+ killed")
    page.locator(".tabulator-row").first.click()
    page.wait_for_selector("#detail blockquote")
    detail = page.inner_text("#detail")
    (newest,) = ledger.rows("SELECT * FROM incidents ORDER BY event_date DESC, incident_id LIMIT 1")
    assert newest["location"] in detail
    assert newest["incident_id"] in detail
    assert f"It killed {newest['fatalities_low']} people." in detail
    assert "TOLL HISTORY" in detail.upper()
    assert page.locator("#detail a").first.get_attribute("href").startswith("https://o")
    assert page.locator("#map canvas").count() >= 1
    assert page.locator("#timeline canvas").count() == 1
    assert page.faults == []


def test_filters_find_every_incident(ledger: Ledger, open_page: Callable[..., Any]) -> None:
    store_incidents(ledger)
    page = open_page()
    rows = ledger.rows("SELECT incident_id, event_date, country, weapon, location FROM incidents")
    assert choose(page, country="Ukraine") == sum(r["country"] == "UA" for r in rows)
    assert choose(page, weapon="drone") == sum(r["weapon"] == "drone" for r in rows)
    assert choose(page, place="sum") == sum(r["location"] == "Sumy" for r in rows)
    assert choose(page, **{"from": "2025-05-01"}) == sum(r["event_date"] >= "2025-05-01" for r in rows)
    assert choose(page, country="Ukraine", weapon="missile", to="2025-04-30") == sum(
        r["country"] == "UA" and r["weapon"] == "missile" and r["event_date"] <= "2025-04-30" for r in rows
    )
    seen = set()
    for day in sorted({r["event_date"] for r in rows}):
        choose(page, **{"from": day, "to": day})
        for n in range(page.locator(".tabulator-row").count()):
            page.locator(".tabulator-row").nth(n).click()
            page.wait_for_timeout(60)
            seen.add(page.locator("#detail .minor").last.inner_text())
    assert seen == {r["incident_id"] for r in rows}


def test_markup_formulas_and_direction_marks_are_shown_as_text(
    ledger: Ledger, open_page: Callable[..., Any]
) -> None:
    store(ledger, [a_hostile_report()])
    page = open_page()
    page.locator(".tabulator-row").first.click()
    page.wait_for_selector("#detail article")
    assert page.title() == "strikeledger"
    assert page.locator("#detail img, #detail script, #table img").count() == 0
    assert page.inner_text("#detail").count("<img src=x") >= 3
    assert "\u202e" not in page.content()
    assert "Kyivgnp.exe" in page.inner_text("#detail")
    with page.expect_download() as download:
        page.click("#csv")
    text = Path(download.value.path()).read_text("utf-8-sig")
    (row,) = list(csv.DictReader(io.StringIO(text)))
    assert row["actor"] == "'" + FORMULA
    assert row["location"] == MARKUP
    assert page.faults == []


def test_the_shown_incidents_can_be_downloaded_and_sorted(
    ledger: Ledger, open_page: Callable[..., Any]
) -> None:
    store_incidents(ledger)
    page = open_page()
    choose(page, country="Palestin")
    with page.expect_download() as download:
        page.click("#json")
    rows = json.loads(Path(download.value.path()).read_text())
    want = ledger.rows("SELECT incident_id FROM incidents WHERE country = 'PS'")
    assert {r["incident_id"] for r in rows} == {r["incident_id"] for r in want}
    page.click(".tabulator-col[tabulator-field=killed]")
    page.wait_for_timeout(300)
    cells = page.locator(".tabulator-row .tabulator-cell[tabulator-field=killed]").all_inner_texts()
    figures = [int(c.rstrip("+")) for c in cells]
    assert figures in (sorted(figures), sorted(figures, reverse=True))


def test_totals_leave_out_what_nobody_checked_and_what_is_history(
    ledger: Ledger, open_page: Callable[..., Any]
) -> None:
    toll = {"fatalities_low": 4, "fatalities_best": 4, "fatalities_high": 6, "injured_low": None, "injured_best": None,
            "injured_high": None}  # fmt: skip
    store(
        ledger, [
            a_report(1, **toll), a_report(2, **SUMY, **toll, confidence=0.1),
            a_report(3, **KHARKIV, **toll, event_date_start=dt.date(2020, 1, 1), event_date_end=None),
        ],
    )  # fmt: skip
    assert (
        open_page()
        .inner_text("#summary")
        .startswith("3 incidents, 4–6 killed, 0 injured in the 1 that count")
    )


def test_a_download_has_the_columns_and_cells_of_export(
    ledger: Ledger, open_page: Callable[..., Any]
) -> None:
    store_incidents(ledger)
    odd = a_report(
        40, **{**SUMY, "longitude": 34.123456}, sublocation='the "Sun", a camp', event_time="03:40", actor=FORMULA,
        targets=["school", "street"], fatalities_low=None, fatalities_best=None, fatalities_high=None,
        confidence=0.3, event_date_start=dt.date(2025, 4, 4), event_date_end=dt.date(2025, 4, 5),
    )  # fmt: skip
    store_as_run(ledger, odd)
    out = ledger.folder / "export"
    exported: dict[str, Any] = {}
    for form in ("csv", "jsonl"):
        path = out.with_suffix(f".{form}")
        words = ["export", "incidents", "--format", form, "--out", str(path), "--warehouse", ledger.url]
        assert main(words) == 0
        exported[form] = path.read_bytes().decode()
    page = open_page()
    downloaded = {}
    for form in ("csv", "json"):
        with page.expect_download() as download:
            page.click(f"#{form}")
        downloaded[form] = Path(download.value.path()).read_bytes().decode()
    want = {r["incident_id"]: r for r in map(json.loads, exported["jsonl"].splitlines())}
    got = {r["incident_id"]: r for r in json.loads(downloaded["json"])}
    assert len(got) == 31
    for incident_id, row in want.items():
        assert list(got[incident_id].items()) == list(row.items())
    cells = {r["incident_id"]: r for r in csv.DictReader(io.StringIO(exported["csv"], newline=""))}
    for row in csv.DictReader(io.StringIO(downloaded["csv"], newline="")):
        its = cells[row["incident_id"]]
        assert list(row) == list(its)
        for name, value in row.items():  # 1.0 is 1 in a browser
            is_degrees = name in ("latitude", "longitude", "confidence")
            assert (float(value) == float(its[name])) if is_degrees else value == its[name]
    assert downloaded["csv"].count("\r\n") == exported["csv"].count("\r\n") == 32
    assert page.faults == []


def test_a_download_leaves_out_what_the_page_does_not_hold(
    ledger: Ledger, open_page: Callable[..., Any]
) -> None:
    store_incidents(ledger)
    page = open_page(max_bytes=1)
    with page.expect_download() as download:
        page.click("#json")
    rows = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert len(rows) == 30
    for name in ("headline", "source_urls", "first_reported_at", "last_reported_at"):
        assert {row[name] for row in rows} == {None}
    assert {row["location"] for row in rows} == {"Kharkiv", "Sumy", "Gaza"}
    assert page.faults == []


def test_the_page_fits_a_phone(ledger: Ledger, open_page: Callable[..., Any]) -> None:
    store_incidents(ledger)
    page = open_page(390, 844)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    page.locator(".tabulator-row").first.click()
    page.wait_for_selector("#detail blockquote")
    assert page.locator("#detail").bounding_box()["width"] > 340
    assert page.faults == []


def test_the_page_says_that_details_are_left_out(ledger: Ledger, open_page: Callable[..., Any]) -> None:
    store_incidents(ledger)
    page = open_page(max_bytes=1)
    assert found(page) == 30
    page.locator(".tabulator-row").first.click()
    page.wait_for_selector("#detail .hint")
    assert "not in this page" in page.inner_text("#detail")
    assert page.faults == []


def test_the_page_of_an_empty_ledger_opens(ledger: Ledger, open_page: Callable[..., Any]) -> None:
    with open_warehouse(ledger.url) as warehouse:
        warehouse.ensure()
    page = open_page()
    assert page.inner_text("#summary").startswith("0 incidents")
    assert page.faults == []
