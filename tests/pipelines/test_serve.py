"""``serve``: pages, API, downloads and the feed of a ledger over HTTP."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Ledger
from lxml import etree
from sample_records import a_report
from served_ledger import Served, serving_ledger
from signals import with_own_signals
from store_reports import FORMULA, MARKUP, RIGHT_TO_LEFT, a_hostile_report, store, store_as_run

from pipelines.cli import main
from pipelines.server.http_replies import SECURITY_HEADERS
from pipelines.server.web_app import AppSettings
from schemas.records import Evidence, Report
from transforms.warehouse import open_warehouse

KHARKIV = {
    "location": "Kharkiv",
    "geonameid": 706483,
    "latitude": 49.98,
    "longitude": 36.25,
    "admin1": "Kharkiv",
}
ATOM = "{http://www.w3.org/2005/Atom}"


def id_of(report: Report) -> str:
    return f"i-{report.report_id}"


def a_ledger(ledger: Ledger) -> list[Report]:
    """Store a strike whose toll rises, one near it on another day, and one elsewhere."""
    sentence = "It killed 20 people, officials said."
    reports = [
        a_report(1, fatalities_low=4, fatalities_best=4, fatalities_high=None),
        a_report(2, fatalities_low=20, fatalities_best=20, fatalities_high=20, source_name="Second",
                 evidence=[Evidence("fatalities_low", sentence, 60, 60 + len(sentence))]),
        a_report(3, event_date_start=dt.date(2025, 4, 2), event_date_end=dt.date(2025, 4, 2), weapon="drone",
                 published_at="2025-04-02T20:00:00Z", fatalities_low=1, fatalities_best=1, fatalities_high=1),
        a_report(4, **KHARKIV, weapon="drone", headline="Drone hits Kharkiv"),
    ]  # fmt: skip
    store_as_run(ledger, *reports)
    return reports


@pytest.fixture
def served(ledger: Ledger) -> Iterator[Served]:
    a_ledger(ledger)
    with serving_ledger(ledger) as running:
        yield running


def incidents(served: Served, query: str = "") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = served.ask(f"/api/incidents?{query}").json["incidents"]
    return rows


# -- pages ---------------------------------------------------------------------------------------------


def test_the_list_shows_every_strike_with_totals_and_a_map(served: Served) -> None:
    answer = served.ask("/")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert sorted(re.findall(r'<td data-label="Killed" class="n">(\S+)</td>', answer.text)) == [
        "1",
        "14",
        "20",
    ]
    assert "<strong>3</strong> strikes listed" in answer.text
    assert answer.text.count('<circle class="mark') >= 2
    assert "/places/UA/Kryvyi%20Rih" in answer.text


def test_filters_in_the_address_choose_rows_and_stay_in_the_form(served: Served) -> None:
    text = served.ask("/?weapon=drone&text=kharkiv&since=2025-04-01").text
    assert "<strong>1</strong> strike listed" in text
    assert '<option value="drone" selected>' in text
    assert 'value="2025-04-01"' in text
    assert "No strike fits" in served.ask("/?country=FR").text


def test_a_list_of_several_pages_leads_from_one_to_the_next(served: Served) -> None:
    seen, address = [], "/?limit=1"
    while address:
        text = served.ask(address).text
        seen += re.findall(r'data-label="Date"><a href="/incidents/([^"]+)"', text)
        following = re.search(r'rel="next" href="([^"]+)"', text)
        address = following[1].replace("&amp;", "&") if following else ""
        if address and "limit" not in address:
            address += "&limit=1"
    assert sorted(seen) == sorted(row["incident_id"] for row in incidents(served))


def test_an_incident_has_its_steps_sentences_and_neighbours(served: Served, ledger: Ledger) -> None:
    (row,) = ledger.rows("SELECT * FROM incidents WHERE fatalities_low = 20")
    text = served.ask(f"/incidents/{row['incident_id']}").text
    assert 'class="step killed"' in text
    assert "<mark>It killed 20 people, officials said.</mark>" in text
    assert "other days" in text
    assert 'href="https://outlet-2.example/2"' in text
    assert text.count('id="step-') == row["revision"] == 2


def test_the_page_of_an_incident_says_what_people_decided(ledger: Ledger) -> None:
    reports = a_ledger(ledger)
    words = [
        "--set",
        "fatalities_low=22",
        "--why",
        "<b>hospital list</b>",
        "--source",
        "https://x.example/list",
    ]
    assert main(["correct", id_of(reports[0]), *words, "--by", "anna", "--warehouse", ledger.url]) == 0
    with serving_ledger(ledger) as served:
        text = served.ask(f"/incidents/{id_of(reports[0])}").text
    assert "&lt;b&gt;hospital list&lt;/b&gt;" in text
    assert 'href="https://x.example/list"' in text
    assert '<dd class="big">22' in text


def test_a_place_lists_its_strikes_only(served: Served) -> None:
    text = served.ask("/places/UA/Kryvyi%20Rih").text
    assert "<strong>2</strong> strikes listed" in text
    assert "/places/UA/Kharkiv" not in text
    assert served.ask("/places/ua/kryvyi-rih").status == 200
    assert served.ask("/places/PS/Kharkiv").status == 404
    assert served.ask("/places/UA/Kharkiv?weapon=drone").status == 400


def test_sources_runs_and_health(served: Served) -> None:
    assert "Second" in served.ask("/sources").text
    assert "Adds up" in served.ask("/runs").text
    state = served.ask("/health").json
    assert (state["status"], state["incidents"], state["fault"]) == ("ok", 3, None)


def test_an_empty_ledger_is_served_too(ledger: Ledger) -> None:
    with open_warehouse(ledger.url) as warehouse:
        warehouse.ensure()
    with serving_ledger(ledger) as served:
        for path in (
            "/",
            "/sources",
            "/runs",
            "/health",
            "/api/incidents",
            "/api/incidents.csv",
            "/api/incidents.atom",
        ):
            assert served.ask(path).status == 200, path
        assert json.loads(served.ask("/api/incidents.geojson").body)["features"] == []


# -- ids -----------------------------------------------------------------------------------------------


def test_a_retired_id_leads_to_its_successor(ledger: Ledger) -> None:
    later, earlier = a_report(5), a_report(1)
    store_as_run(ledger, later, run="run-1")
    store_as_run(ledger, earlier, run="run-2")
    with serving_ledger(ledger) as served:
        for folder in ("/incidents/", "/api/incidents/"):
            answer = served.ask(f"{folder}{id_of(later)}")
            assert (answer.status, answer.headers["location"]) == (302, f"{folder}{id_of(earlier)}")
        assert served.ask(f"/incidents/{id_of(earlier)}").status == 200


def test_the_beginning_of_one_id_leads_to_it(served: Served) -> None:
    whole = incidents(served)[0]["incident_id"]
    for beginning in (whole[:12], whole[2:12]):
        assert served.ask(f"/incidents/{beginning}").headers["location"] == f"/incidents/{whole}"
    assert served.ask("/incidents/i-").status == 404
    assert served.ask("/incidents/i-zzzzzz").status == 404


# -- documents -----------------------------------------------------------------------------------------


def test_the_api_gives_rows_as_the_ledger_has_them(served: Served, ledger: Ledger) -> None:
    stored = {row["incident_id"]: row for row in ledger.rows("SELECT * FROM incidents")}
    for row in incidents(served):
        assert row.pop("updated_at").endswith("Z")
        assert row == stored.pop(row["incident_id"])
    assert stored == {}


def test_an_incident_of_the_api_is_whole(served: Served, ledger: Ledger) -> None:
    for row in incidents(served):
        whole = served.ask(f"/api/incidents/{row['incident_id']}").json
        assert whole | row == whole
        assert len(whole["reports"]) == row["number_of_reports"]
        assert [s["revision"] for s in whole["toll_history"]] == list(range(1, row["revision"] + 1))
        for report in whole["reports"]:
            (stored,) = ledger.rows("SELECT * FROM reports WHERE report_id = @r", r=report["report_id"])
            assert {k: v for k, v in report.items() if not k.startswith("match_")} == {
                k: v for k, v in stored.items() if k != "text_signature"
            }


def test_api_pages_of_any_size_give_every_row_once(served: Served) -> None:
    for first in ("", "changed_since=2020-01-01", "order=deadliest"):
        seen, query = [], f"{first}&limit=2"
        while query:
            answer = served.ask(f"/api/incidents?{query}")
            seen += [row["incident_id"] for row in answer.json["incidents"]]
            cursor = answer.json["next_cursor"]
            query = f"{first}&limit=2&cursor={cursor}" if cursor else ""
            link = re.fullmatch(r'<(/api/incidents\?[^>]+)>; rel="next"', answer.headers.get("link", ""))
            assert (link is not None) == bool(cursor)
        assert sorted(seen) == sorted(row["incident_id"] for row in incidents(served))


def test_the_deadliest_come_first_where_that_is_asked_for(served: Served) -> None:
    killed = [row["fatalities_low"] for row in incidents(served, "order=deadliest")]
    known = [k for k in killed if k is not None]
    assert known == sorted(known, reverse=True)
    assert killed[len(known) :] == [None] * (len(killed) - len(known))
    assert incidents(served, "order=latest") == incidents(served)
    names = [row["incident_id"] for row in incidents(served, "order=deadliest")]
    csv_ids = [
        line.partition(",")[0]
        for line in served.ask("/api/incidents.csv?order=deadliest").text.splitlines()[1:]
    ]
    assert csv_ids == names


def test_changes_are_those_that_the_ledger_wrote_since(served: Served) -> None:
    written = [row["updated_at"] for row in incidents(served)]
    assert len(incidents(served, f"changed_since={max(written)}")) == written.count(max(written))
    assert incidents(served, "changed_since=2999-01-01") == []


def test_csv_has_the_cells_of_export(
    served: Served, ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ledger.folder / "out.csv"
    assert main(["export", "incidents", "--format", "csv", "--out", str(out), "--warehouse", ledger.url]) == 0
    exported = {row["incident_id"]: row for row in csv.DictReader(io.StringIO(out.read_text("utf-8")))}
    answer = served.ask("/api/incidents.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="incidents.csv"'
    got = list(csv.DictReader(io.StringIO(answer.text)))
    assert {r["incident_id"]: {k: v for k, v in r.items() if k != "updated_at"} for r in got} == exported


def test_geojson_has_a_point_for_each_incident(served: Served) -> None:
    answer = served.ask("/api/incidents.geojson?bbox=36,49,37,50")
    (feature,) = answer.json["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [36.25, 49.98]}
    assert feature["properties"]["location"] == "Kharkiv"


def test_the_feed_names_who_corrected_a_strike_why_and_from_which_source(ledger: Ledger) -> None:
    first, *_ = a_ledger(ledger)
    why = ["--why", "hospital list", "--source", "https://hospital.example/list", "--by", "anna"]
    words = ["correct", id_of(first), "--set", "killed=21", *why, "--warehouse", ledger.url]
    assert main(words) == 0
    with serving_ledger(ledger) as running:
        feed = etree.fromstring(running.ask("/api/incidents.atom").body)
    (entry,) = [e for e in feed.findall(f"{ATOM}entry") if e.find(f"{ATOM}contributor") is not None]
    assert entry.findtext(f"{ATOM}contributor/{ATOM}name") == "anna"
    text = entry.findtext(f"{ATOM}content", "")
    assert "Corrected by anna on " in text
    assert "; killed=21; why: hospital list; source: https://hospital.example/list" in text
    assert "https://hospital.example/list" in [link.get("href") for link in entry.findall(f"{ATOM}link")]


def test_the_feed_has_an_entry_for_each_incident_that_leads_to_its_page(served: Served) -> None:
    answer = served.ask("/api/incidents.atom")
    assert answer.headers["content-type"] == "application/atom+xml"
    entries = etree.fromstring(answer.body).findall(f"{ATOM}entry")
    links = {e.find(f"{ATOM}link").get("href") for e in entries}
    assert links == {f"{served.address}/incidents/{row['incident_id']}" for row in incidents(served)}
    assert served.ask("/api/incidents.atom?cursor=x").status == 400


def test_the_description_names_what_there_is(served: Served) -> None:
    document = served.ask("/api/openapi.json").json
    listed = document["components"]["schemas"]["Incident"]["properties"]
    assert set(listed) == set(incidents(served)[0])
    for path, methods in document["paths"].items():
        whole = path.replace("{incident_id}", incidents(served)[0]["incident_id"])
        assert served.ask(whole).status == 200, path
        (media_type,) = methods["get"]["responses"]["200"]["content"]
        assert served.ask(whole).headers["content-type"].partition(";")[0] == media_type
        names = [p["name"] for p in methods["get"]["parameters"] if p["in"] == "query"]
        assert served.ask(f"{whole}?" + "&".join(f"{name}=" for name in names)).status in (200, 400), path
    refs = set(re.findall(r'"#/components/([^"]+)"', json.dumps(document)))
    for ref in refs:
        kind, name = ref.split("/")
        assert name in document["components"][kind]


# -- HTTP ----------------------------------------------------------------------------------------------

PATHS = ("/", "/sources", "/runs", "/health", "/api/incidents", "/api/incidents.csv", "/api/openapi.json",
         "/static/site.css", "/static/world.svg", "/nothing", "/?x=1", "/api/incidents?x=1", "/incidents/i-1")  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_headers_that_keep_a_page_from_harm(served: Served, path: str) -> None:
    answer = served.ask(path)
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers[name.lower()] == value
    assert "server" not in answer.headers
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|https?://(?!127\.0\.0\.1|www\.w3\.org)", answer.text) or path in (
        "/api/incidents", "/api/incidents.csv",
    )  # fmt: skip


@pytest.mark.parametrize(
    "path", ["/", "/sources", "/api/incidents", "/api/incidents.csv", "/static/site.css"]
)
def test_what_a_client_has_is_not_sent_again(served: Served, path: str) -> None:
    first = served.ask(path)
    again = served.ask(path, If_None_Match=f'"other", {first.headers["etag"]}')
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert served.ask(path, If_None_Match='"other"').body == first.body


def test_a_body_is_compressed_where_the_client_takes_it(served: Served) -> None:
    packed = served.ask("/", Accept_Encoding="gzip, br")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == served.ask("/").body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_written(served: Served, method: str) -> None:
    for path in ("/", "/api/incidents"):
        answer = served.ask(path, method)
        assert answer.status == 405
        assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_head_is_get_without_a_body(served: Served) -> None:
    head, get = served.ask("/", "HEAD"), served.ask("/")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["etag"] == get.headers["etag"]


@pytest.mark.parametrize(
    "query", ["country=UKR", "limit=x", "nmae=1", "cursor=zzz", "bbox=1", "weapon=<script>"]
)
def test_a_parameter_that_cannot_be_used_is_one_clear_line(served: Served, query: str) -> None:
    for path in ("/api/incidents", "/api/incidents.csv"):
        answer = served.ask(f"{path}?{query}")
        assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
        assert query.partition("=")[0] in answer.json["detail"]
    page = served.ask(f"/?{query}")
    assert page.status == 400
    assert "<script" not in page.text
    assert "Traceback" not in page.text


def test_a_client_that_asks_too_often_is_told_to_wait(ledger: Ledger) -> None:
    a_ledger(ledger)
    with serving_ledger(ledger, AppSettings(rate=0.5)) as served:
        answers = [served.ask("/api/incidents") for _ in range(4)]
        assert [a.status for a in answers] == [200, 200, 200, 429]
        assert int(answers[-1].headers["retry-after"]) >= 1
        assert answers[-1].json["status"] == 429
        assert served.ask("/static/site.css").status == 200


def test_a_page_of_the_web_cannot_read_the_ledger_through_a_name_of_its_own(ledger: Ledger) -> None:
    a_ledger(ledger)
    with serving_ledger(ledger) as served:
        for host in ("evil.example", "127.0.0.1.evil.example", "127.0.0.1\u00e9", "[::1].x", ""):
            assert served.ask("/", Host=host.encode("latin-1").decode("latin-1")).status == 400, host
        for host in ("localhost", "127.0.0.1:80", "[::1]:8000"):
            assert served.ask("/", Host=host).status == 200, host
    with serving_ledger(ledger, AppSettings(only_loopback_hosts=False)) as served:
        assert served.ask("/", Host="ledger.example").status == 200


# -- hostile texts ---------------------------------------------------------------------------------------


def test_markup_formulas_and_direction_marks_are_harmless_everywhere(ledger: Ledger) -> None:
    report = a_hostile_report()
    bad = a_report(2, **KHARKIV, headline=f"\x1b[31m{MARKUP}", source_name=RIGHT_TO_LEFT)
    store(ledger, [report, bad])
    with serving_ledger(ledger) as served:
        pages = [
            served.ask("/"),
            served.ask("/sources"),
            served.ask(f"/incidents/{id_of(report)}"),
            served.ask(f"/incidents/{id_of(bad)}"),
        ]
        place = re.search(r'href="(/places/[^"]+%3Cimg[^"]+)"', pages[0].text)
        assert place is not None
        pages.append(served.ask(place[1]))
        for page in pages:
            assert page.status == 200
            assert "<script" not in page.text
            assert "<img" not in page.text
            assert not set("\u202e\u2066\x1b") & set(page.text)
        assert "&lt;script&gt;" in pages[2].text
        (row,) = csv.DictReader(
            io.StringIO(served.ask("/api/incidents.csv?text=pwned&bbox=33,47,34,48").text)
        )
        assert row["actor"] == "'" + FORMULA
        document = served.ask("/api/incidents")
        assert not set("\u202e\u2066\x1b") & set(document.text)
        assert {r["admin1"] for r in document.json["incidents"]} == {RIGHT_TO_LEFT, "Kharkiv"}
        etree.fromstring(served.ask("/api/incidents.atom").body)


def test_an_address_that_is_no_address_of_the_web_is_no_link(ledger: Ledger) -> None:
    report = a_report(1, article_url="javascript:alert(1)")
    store(ledger, [report])
    with serving_ledger(ledger) as served:
        assert "javascript:" not in served.ask(f"/incidents/{id_of(report)}").text
        assert b"javascript:" not in etree.tostring(
            etree.fromstring(served.ask("/api/incidents.atom").body).find(f"{ATOM}entry/{ATOM}link")
        )


# -- the command -----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_a_signal_ends_it(
    ledger: Ledger, number: signal.Signals, tmp_path: Path
) -> None:
    a_ledger(ledger)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "serve", "--port", "0", "--warehouse", ledger.url],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={"PATH": "/usr/bin:/bin", "TMPDIR": str(scratch)},
        preexec_fn=with_own_signals(),
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert re.fullmatch(
            r"3 incidents at http://127\.0\.0\.1:\d+/ \(Ctrl-C ends it\)\n", process.stdout.readline()
        )
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 128 + number
    assert said.count("\n") == 2  # that it reads the ledger, and that it stopped
    assert list(scratch.iterdir()) == []


def test_what_cannot_be_served_is_one_line(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "0", "--warehouse", ledger.url]) == 1
    assert "no warehouse at" in capsys.readouterr().err
    a_ledger(ledger)
    with serving_ledger(ledger) as served:
        assert main(["serve", "--port", str(served.port), "--warehouse", ledger.url]) == 2
    assert f"can't serve at 127.0.0.1:{served.port}: Address already in use" in capsys.readouterr().err
    assert main(["serve", "--host", "no.such.host.invalid", "--warehouse", ledger.url]) == 2
