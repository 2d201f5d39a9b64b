"""``dashboard --site``: the pages of the server as files that lie under any path, and whole or not at all."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import Ledger
from lxml import etree, html
from sample_records import KHARKIV, a_report
from served_ledger import serving_ledger
from site_links import faults_of, links_of
from store_reports import FORMULA, MARKUP, a_hostile_report, store_as_run

from pipelines.cli import main
from pipelines.dashboard import write_site as written
from schemas.records import Evidence, Report
from transforms.serving import html_pages, site_pages
from transforms.serving.read_snapshot import read_snapshot
from transforms.serving.report_store import ReportStore
from transforms.warehouse import open_warehouse

ADDRESS = re.compile(r"(?:https?:)?//[^\s\"'<>)]+")
NAMES_OF_FORMATS = {"http://www.w3.org/2000/svg", "http://www.w3.org/2005/Atom"}
ATOM = "{http://www.w3.org/2005/Atom}"


def id_of(report: Report) -> str:
    return f"i-{report.report_id}"


def on(day: dt.date, n: int, **change: Any) -> Report:
    return a_report(n, event_date_start=day, event_date_end=day, published_at=f"{day}T20:00:00Z", **change)


def a_ledger(ledger: Ledger) -> list[Report]:
    sentence = "It killed 20 people, officials said."
    reports = [
        a_report(1, fatalities_low=4, fatalities_best=4, fatalities_high=None),
        a_report(2, fatalities_low=20, fatalities_best=20, fatalities_high=20,
                 evidence=[Evidence("fatalities_low", sentence, 60, 60 + len(sentence))]),
        on(dt.date(2025, 4, 2), 3, weapon="drone"),
        a_report(4, **KHARKIV, weapon="drone", headline="Drone hits Kharkiv"),
    ]  # fmt: skip
    store_as_run(ledger, *reports)
    return reports


def write(ledger: Ledger, *options: str, name: str = "site") -> Path:
    site = ledger.folder / name
    assert main(["dashboard", "--site", str(site), *options, "--warehouse", ledger.url]) == 0
    return site


def files_of(site: Path) -> dict[str, bytes]:
    return {str(p.relative_to(site)): p.read_bytes() for p in site.rglob("*") if p.is_file()}


def texts_of(site: Path) -> dict[str, str]:
    return {name: content.decode() for name, content in files_of(site).items()}


def pages_of(site: Path, folder: str) -> set[str]:
    return {p.name for p in (site / folder).iterdir() if p.is_dir()}


# -- what is in it -------------------------------------------------------------------------------------


def test_every_page_of_the_server_is_a_file_and_every_link_leads_to_one(ledger: Ledger) -> None:
    a_ledger(ledger)
    site = write(ledger)
    ids = {row["incident_id"] for row in ledger.rows("SELECT incident_id FROM incidents")}
    assert pages_of(site, "incidents") == ids
    assert pages_of(site, "places/UA") == {"Kryvyi Rih", "Kharkiv"}
    for name in ("index.html", "places/index.html", "sources/index.html", "runs/index.html"):
        assert (site / name).is_file()
    assert faults_of(site) == []
    for incident in ids:
        assert f"incidents/{incident}/index.html" in dict(links_of(site / "index.html"))
        assert f"../incidents/{incident}/index.html" in dict(links_of(site / "api/incidents.atom"))


def test_the_checker_of_links_finds_each_kind_of_fault(ledger: Ledger) -> None:
    a_ledger(ledger)
    site = write(ledger)
    bad = (
        "https://x.example/",
        "/sources",
        "//x.example/y",
        "none.html",
        "../ledger.duckdb",
        "index.html#none",
    )
    for link in bad:
        (site / "page-9.html").write_text(f'<a href="{link}">x</a>')
        assert len(faults_of(site)) == 1, link


def test_pages_say_the_same_as_those_of_the_server(ledger: Ledger) -> None:
    reports = a_ledger(ledger)
    site = write(ledger)

    def said(page: bytes, part: str) -> list[str]:
        return [" ".join(e.text_content().split()) for e in html.fromstring(page).xpath(part)]

    pairs = [
        (f"incidents/{id_of(r)}", "//dl | //h1 | //section[@class='report'] | //td")
        for r in (reports[0], reports[2], reports[3])
    ]
    pairs += [("sources", "//main"), ("runs", "//main"), ("places/UA/Kharkiv", "//h1 | //strong | //td")]
    with serving_ledger(ledger) as served:
        for path, part in [("", "//h1 | //strong | //tbody | //svg//title"), *pairs]:
            page = (site / path / "index.html").read_bytes()
            assert said(page, part) == said(served.ask(f"/{path}").body, part) != [], path
        for name in ("api/incidents.csv", "api/incidents.geojson", "static/site.css"):
            assert (site / name).read_bytes() == served.ask(f"/{name}").body


def test_what_needs_a_server_is_left_out(ledger: Ledger) -> None:
    a_ledger(ledger)
    site = write(ledger)
    for name, text in texts_of(site).items():
        if name.endswith(".html"):
            assert not re.search(r"<(form|input|button|script|use|iframe)\b", text), name
            assert "cursor=" not in text and "openapi" not in text and ">JSON<" not in text, name
            assert not re.search(r'href="[^"]*\?', text), name


def test_every_page_has_its_own_rules_of_security(ledger: Ledger) -> None:
    a_ledger(ledger)
    site = write(ledger)
    for page in site.rglob("*.html"):
        head = page.read_text().partition("<title>")[0]
        assert "Content-Security-Policy\" content=\"default-src 'none'" in head, page
        assert "script-src" not in head and "unsafe" not in head
        assert '<meta name="referrer" content="no-referrer">' in head


def test_no_address_but_those_of_sources(ledger: Ledger) -> None:
    reports = a_ledger(ledger)
    articles = tuple(r.article_url for r in reports)
    for name, text in texts_of(write(ledger)).items():
        found = set(ADDRESS.findall(text)) - NAMES_OF_FORMATS
        if name.startswith(("incidents/", "api/")):
            found = {address for address in found if not address.startswith(articles)}
        assert found == set(), name


def test_a_retired_id_leads_to_its_successor(ledger: Ledger) -> None:
    later, earlier = a_report(5), a_report(1)
    store_as_run(ledger, later, run="run-1")
    store_as_run(ledger, earlier, run="run-2")
    site = write(ledger)
    page = site / "incidents" / id_of(later) / "index.html"
    assert (
        f'http-equiv="refresh" content="0; url=../../incidents/{id_of(earlier)}/index.html"'
        in page.read_text()
    )
    assert "now belong to" in page.read_text()
    assert faults_of(site) == []
    assert json.loads((site / "site.json").read_text())["incidents"] == 1
    write(ledger, "--since", "2026-01-01")
    assert not page.exists()


def test_a_rejected_incident_has_a_page_that_says_so_and_is_in_no_list(ledger: Ledger) -> None:
    _, _, _, other = a_ledger(ledger)
    why = ["--reject", "--why", "an exercise", "--source", "https://x.example/", "--by", "anna"]
    assert main(["correct", id_of(other), *why, "--warehouse", ledger.url]) == 0
    site = write(ledger)
    assert "A person rejected this incident" in (site / "incidents" / id_of(other) / "index.html").read_text()
    for name in ("index.html", "places/index.html", "api/incidents.csv", "api/incidents.geojson"):
        assert "Kharkiv" not in (site / name).read_text(), name
    feed = etree.parse(site / "api/incidents.atom")
    assert any(t.text.startswith("Rejected: ") for t in feed.iter(f"{ATOM}title"))
    assert faults_of(site) == []


def test_days_limit_all_of_it_and_neighbours_outside_are_named_without_a_link(ledger: Ledger) -> None:
    first, _, earlier, other = a_ledger(ledger)
    site = write(ledger, "--since", "2025-04-03", "--until", "2025-04-30")
    assert pages_of(site, "incidents") == {id_of(first), id_of(other)}
    assert "Only strikes from 2025-04-03 up to 2025-04-30." in (site / "index.html").read_text()
    assert "Only strikes from" in (site / "places/UA/Kharkiv/index.html").read_text()
    page = (site / "incidents" / id_of(first) / "index.html").read_text()
    assert "<td>2025-04-02</td>" in page and id_of(earlier) not in page
    with (site / "api/incidents.csv").open(newline="") as file:
        assert {row["incident_id"] for row in csv.DictReader(file)} == {id_of(first), id_of(other)}
    assert faults_of(site) == []
    assert pages_of(write(ledger, "--until", "2025-04-02"), "incidents") == {id_of(earlier)}


def test_an_empty_ledger_is_a_site_too(ledger: Ledger) -> None:
    with open_warehouse(ledger.url) as warehouse:
        warehouse.ensure()
    site = write(ledger)
    assert "No strike fits." in (site / "index.html").read_text()
    assert faults_of(site) == []


def test_a_long_list_is_written_in_pages_that_name_each_strike_once(ledger: Ledger) -> None:
    days = [dt.date(2025, 1, 1) + dt.timedelta(days=9 * n) for n in range(7)]
    store_as_run(ledger, *(on(day, n) for n, day in enumerate(days)))
    with open_warehouse(ledger.url, read_only=True) as opened:
        snapshot = read_snapshot(opened, "2026-01-01T00:00:00Z", "test", ReportStore())
    site = ledger.folder / "site"
    for file in site_pages.make_site(snapshot, page_rows=3).files:
        (site / file.path).parent.mkdir(parents=True, exist_ok=True)
        (site / file.path).write_bytes(b"".join(file.pieces))
    for folder in (site, site / "places/UA/Kryvyi Rih"):
        names = ["index.html", "page-2.html", "page-3.html"]
        assert sorted(p.name for p in folder.glob("*.html")) == names
        texts = [(folder / name).read_text() for name in names]
        listed = [re.findall(r'data-label="Date"><a [^>]+>([^<]+)', text) for text in texts]
        assert [d for some in listed for d in some] == [str(day) for day in reversed(days)]
        assert "Page 2 of 3: strikes 4 to 6 of 7, the latest first, 3 a page." in texts[1]
        assert ["<svg" in text for text in texts] == [True, False, False]
        assert [re.findall(r'rel="(next|prev)" href="([^"]+)"', text) for text in texts] == [
            [("next", "page-2.html")],
            [("prev", "index.html"), ("next", "page-3.html")],
            [("prev", "page-2.html")],
        ]
    (site / "static").mkdir()
    for name in ("site.css", "land.svg"):
        (site / "static" / name).touch()
    assert faults_of(site) == []


def test_hostile_texts_are_texts_and_no_paths(ledger: Ledger) -> None:
    names = [
        "../../../outside",
        "..",
        "/etc/passwd",
        "index.html",
        "CON",
        "a\u202eb",
        "KHARKIV",
        "x" * 300,
        " ",
    ]
    odd = [on(dt.date(2024, 2, 1) + dt.timedelta(days=9 * n), n + 10, **{**KHARKIV, "geonameid": None, "location": name})
           for n, name in enumerate(names)]  # fmt: skip
    store_as_run(ledger, a_hostile_report(), a_report(2, **KHARKIV, article_url="javascript:alert(1)"), *odd)
    before = {p.name for p in ledger.folder.iterdir()} | {"site"}
    site = write(ledger)
    assert {p.name for p in ledger.folder.iterdir()} == before
    assert faults_of(site) == []
    places = {p.parent.relative_to(site / "places") for p in (site / "places").rglob("index.html")}
    assert len(places) == len({str(p).casefold() for p in places}) == len(names) + 3  # and the list of places
    for path in site.rglob("*"):
        assert re.fullmatch(r"[A-Za-z0-9 .'-]+", path.name) and len(path.name) <= 80
    for name, text in texts_of(site).items():
        if not name.endswith((".csv", ".geojson", ".atom")):
            assert not re.search("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", text), name
            assert "<script" not in text and "<img src=x" not in text and "javascript:" not in text, name
    with (site / "api/incidents.csv").open(newline="") as file:
        assert {row["actor"] for row in csv.DictReader(file)} == {"Russia", f"'{FORMULA}"}
    features = json.loads((site / "api/incidents.geojson").read_text())["features"]
    assert MARKUP in {f["properties"]["location"] for f in features}
    assert len(etree.parse(site / "api/incidents.atom").findall(f"{ATOM}entry")) == len(features)


# -- where it is written -------------------------------------------------------------------------------


def test_a_second_site_replaces_the_first(ledger: Ledger) -> None:
    first, *_ = a_ledger(ledger)
    site = write(ledger)
    site.chmod(0o750)
    write(ledger, "--until", "2025-04-02")
    assert id_of(first) not in pages_of(site, "incidents")
    assert site.stat().st_mode & 0o777 == 0o750
    write(ledger)
    assert id_of(first) in pages_of(site, "incidents")
    assert [p.name for p in ledger.folder.iterdir() if p.name.startswith(".strikeledger")] == []


def test_the_same_ledger_gives_the_same_site_but_for_the_hour(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_ledger(ledger)
    monkeypatch.setattr("transforms.util.clock.utc_now", lambda: "2026-01-02T03:04:05Z")
    assert files_of(write(ledger)) == files_of(write(ledger, name="other"))


@pytest.mark.parametrize("has_old", [False, True])
def test_a_site_that_cannot_be_written_leaves_the_old_one(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], has_old: bool
) -> None:
    a_ledger(ledger)
    site = ledger.folder / "site"
    before = files_of(write(ledger)) if has_old else {}

    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    capsys.readouterr()
    monkeypatch.setattr(html_pages, "runs_page", full)
    assert main(["dashboard", "--site", str(site), "--warehouse", ledger.url]) == 1
    assert capsys.readouterr().err == f"strikeledger: can't write {site}: No space left on device\n"
    assert files_of(site) == before
    assert site.exists() == has_old
    assert [p.name for p in ledger.folder.iterdir() if p.name.startswith(".strikeledger")] == []


def test_a_folder_with_anything_else_is_refused(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    a_ledger(ledger)
    site = ledger.folder / "site"

    def refusal() -> str:
        capsys.readouterr()
        before = files_of(site)
        assert main(["dashboard", "--site", str(site), "--warehouse", ledger.url]) == 2
        assert files_of(site) == before
        said = capsys.readouterr().err
        assert said.count("\n") == 1 and str(site) in said
        return said

    site.mkdir()
    (site / "index.html").write_text("mine")
    assert "it has no site.json of an earlier site" in refusal()
    for text in ("{", "[]", "7", '{"x": 1}'):
        (site / "site.json").write_text(text)
        assert "it has no site.json of an earlier site" in refusal()
    for name in ("site.json", "index.html"):
        (site / name).unlink()
    write(ledger)  # an empty folder is taken
    (site / ".git").mkdir()
    assert "it holds '.git', which is no part of a site" in refusal()


def test_a_file_and_a_missing_folder_are_refused(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    (ledger.folder / "file").write_text("mine")
    for path, reason in (("file", "it is a file"), ("none/site", "no folder"), ("file/site", "no folder")):
        where = ["--site", str(ledger.folder / path), "--warehouse", f"duckdb:///{ledger.folder}/none.duckdb"]
        assert main(["dashboard", *where]) == 2
        said = capsys.readouterr().err
        assert reason in said and said.count("\n") == 1
    assert (ledger.folder / "file").read_text() == "mine"


def test_the_page_and_the_site_may_be_written_together(
    ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    a_ledger(ledger)
    page = ledger.folder / "page.html"
    site = write(ledger, "--out", str(page))
    assert page.is_file() and (site / "index.html").is_file()
    assert [line.partition(",")[0] for line in capsys.readouterr().out.splitlines()] == [
        f"{site}: 3 incidents",
        f"{page}: 3 incidents",
    ]
    inside = ["--site", str(site), "--out", str(site / "page.html"), "--warehouse", ledger.url]
    assert main(["dashboard", *inside]) == 2
    assert "which is replaced as a whole" in capsys.readouterr().err
    assert main(["dashboard", "--warehouse", ledger.url]) == 2
    assert "--out FILE.html, --site DIR, or both" in capsys.readouterr().err


def test_the_names_at_the_top_of_a_site_are_known(ledger: Ledger) -> None:
    a_ledger(ledger)
    assert written.why_no_site(write(ledger)) is None
