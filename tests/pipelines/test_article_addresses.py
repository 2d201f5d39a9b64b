"""One article, whatever its address, through whole runs: aliases, versions, laws 1 to 3."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Ledger
from hostile_support import HostileServer, answer, serving_hostile

from pipelines.cli import main
from pipelines.correct import correct
from schemas.rows import Row
from transforms.corrections.decision import Decision
from transforms.warehouse import open_warehouse

HERE = Path(__file__).parent
STRIKE = (
    "A Russian ballistic missile hit an apartment building in Kharkiv on Tuesday evening, killing {killed} people and "
    "injuring 31 others, Kharkiv mayor Ihor Terekhov said. Rescuers worked through the night. The missile destroyed the "
    "entrance of the five-storey building, officials said."
)
TITLE = "Missile kills people in Kharkiv"
PUBLISHED = "Wed, 25 Nov 2026 {hour}:00:00 GMT"
FRONT_PAGE = b"<html><body><h1>Outlet</h1><p>Sumy: a missile killed 9 people on Monday.</p></body></html>"


def current(ledger: Ledger) -> dict[str, list[Row]]:
    names = ("incidents", "incident_reports", "incident_history")
    return {name: sorted(ledger.rows(f"SELECT * FROM {name}"), key=repr) for name in names}


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with serving_hostile() as server:
        yield server


def page(killed: int, title: str = TITLE) -> bytes:
    text = STRIKE.format(killed=killed)
    return f"<html><body><article><h1>{title}</h1><p>{text}</p></article></body></html>".encode()


def serve(
    server: HostileServer, feed: str, path: str, body: bytes, hour: int, title: str = TITLE, note: str = ""
) -> str:
    """Serve a feed of one entry and its page; return the address of the feed."""
    item = (
        f"<item><title>{title}</title><link>{server.base}{path}</link><guid>{path}</guid>"
        f"<pubDate>{PUBLISHED.format(hour=f'{hour:02d}')}</pubDate></item>"
    )
    text = f"<rss version='2.0'><channel><title>{feed}</title>{item}</channel>{note}</rss>"
    server.replies |= {f"/{feed}": answer(200, text.encode()), path: answer(200, body)}
    return f"{server.base}/{feed}"


def leads_to(ledger: Ledger) -> set[str]:
    """Return what the incidents that are no longer current lead to."""
    rows = ledger.rows("SELECT superseded_by FROM incidents_all WHERE NOT is_current")
    return {row["superseded_by"] for row in rows}


def serve_copies(server: HostileServer, note: str = "") -> list[str]:
    """Serve one text at three addresses of an outlet and at one of another; return the feeds."""
    return [
        serve(server, "world", "/www.outlet.example/2026/story", page(14), 10, note=note),
        serve(server, "mobile", "/m.outlet.example/2026/story", page(14), 10, note=note),
        serve(server, "top", "/www.outlet.example/top/another-slug", page(14), 12, note=note),
        serve(server, "wire", "/www.other.example/2026/story", page(14), 11, note=note),
    ]


@pytest.mark.slow
def test_copies_of_one_article_give_the_same_ledger_in_any_order_of_runs(
    tmp_path: Path, server: HostileServer
) -> None:
    feeds = serve_copies(server)
    ledgers = {}
    for name, runs in {
        "whole": [feeds], "forward": [feeds[:2], feeds[2:]], "backward": [feeds[2:3], feeds[1::2], feeds[:1]]
    }.items():  # fmt: skip
        ledgers[name] = Ledger(tmp_path / name)
        for some in runs:
            ledgers[name].run(some)
    first = ledgers["whole"]
    (incident,) = first.rows("SELECT * FROM incidents")
    assert incident["number_of_reports"] == 2, (
        "one of the outlet, one of the other that has the same wire text"
    )
    stored = "SELECT article_url, version, is_latest FROM articles ORDER BY article_url"
    assert [r["article_url"] for r in first.rows(stored)] == [
        f"{server.base}/www.other.example/2026/story", f"{server.base}/www.outlet.example/2026/story",
    ]  # fmt: skip
    aliases = "SELECT alias_url, article_url, outlet, alias_reason FROM article_aliases ORDER BY alias_url"
    for name, ledger in ledgers.items():
        assert current(ledger) == current(first), name
        assert ledger.rows(stored) == first.rows(stored), name
        assert ledger.rows(aliases) == first.rows(aliases), name
        assert leads_to(ledger) <= {incident["incident_id"]}, name
    assert leads_to(ledgers["backward"]) == {incident["incident_id"]}, "an id that was shown leads on"
    outcomes = first.rows("SELECT outcome, reason FROM entries ORDER BY outcome, article_url")
    assert [(o["outcome"], o["reason"]) for o in outcomes] == [
        ("duplicate", "alias"), ("duplicate", "alias"), ("written", None), ("written", None),
    ]  # fmt: skip
    before = ledgers["backward"].tables()
    serve_copies(server, note="<!-- another document with the same entries -->")
    assert ledgers["backward"].run(feeds)["entries_duplicate"] == 4
    assert ledgers["backward"].tables() == before, "a rerun changes nothing"


@pytest.mark.slow
@pytest.mark.parametrize("order", list(itertools.permutations(("world", "mobile", "top"))), ids=" ".join)
def test_a_decision_and_an_id_survive_better_addresses_in_any_order(
    ledger: Ledger, server: HostileServer, order: tuple[str, ...]
) -> None:
    feeds = dict(zip(("world", "mobile", "top", "wire"), serve_copies(server), strict=True))
    seen = set[str]()
    for number, name in enumerate(order):
        ledger.run([feeds[name]])
        (incident,) = ledger.rows("SELECT incident_id FROM incidents")
        seen.add(incident["incident_id"])
        if number == 0:
            figure = Decision(settings=["killed=15"], why="a source")
            correct(ledger.url, None, incident["incident_id"], figure, "anna")
    ledger.run([feeds["wire"]])
    (row,) = ledger.rows(
        "SELECT incident_id, fatalities_low, status, number_of_reports, first_reported_at FROM incidents"
    )
    best = f"{server.base}/www.outlet.example/2026/story"
    (report,) = ledger.rows("SELECT report_id FROM reports WHERE article_url = @u", u=best)
    assert (row["incident_id"], row["fatalities_low"]) == (f"i-{report['report_id']}", 15)
    assert (row["status"], row["number_of_reports"]) == ("corrected", 2)
    assert {r["effect"] for r in ledger.rows("SELECT effect FROM corrections")} == {"applied"}
    retired = ledger.rows("SELECT incident_id, superseded_by FROM incidents_all WHERE NOT is_current")
    assert {r["superseded_by"] for r in retired} <= {row["incident_id"]}
    assert seen <= {r["incident_id"] for r in retired} | {row["incident_id"]}, "an id that was shown leads on"
    # One more run changes nothing.
    before = ledger.tables()
    ledger.run(list(feeds.values()))
    assert ledger.tables() == before


@pytest.mark.parametrize("order", [("world", "mobile"), ("mobile", "world")], ids=" ".join)
def test_the_address_that_a_page_names_is_the_articles_whichever_copy_comes_first(
    ledger: Ledger, server: HostileServer, order: tuple[str, str]
) -> None:
    best, mobile = "/www.outlet.example/2026/story-of-kharkiv", "/m.outlet.example/2026/story-of-kharkiv"
    link = f"<head><link rel='canonical' href='{server.base}{best}'></head><body>".encode()
    short = page(14).replace(b"<body>", link)
    whole = short.replace(
        b"</article>", b"<p>The mayor said that the works went on until the morning.</p></article>"
    )
    feeds = {
        "world": serve(server, "world", best, whole, 10),
        "mobile": serve(server, "mobile", mobile, short, 10),
    }
    for name in order:
        ledger.run([feeds[name]])
    assert {r["article_url"] for r in ledger.rows("SELECT article_url FROM articles")} == {server.base + best}
    assert ledger.rows("SELECT alias_url, article_url, alias_reason FROM article_aliases") == [
        {"alias_url": server.base + mobile, "article_url": server.base + best, "alias_reason": "page_says"}
    ]
    assert ledger.rows("SELECT number_of_reports FROM incidents") == [{"number_of_reports": 1}]


def test_a_slug_that_follows_the_headline_is_one_article_of_two_versions(
    ledger: Ledger, server: HostileServer
) -> None:
    for poll, (slug, killed) in enumerate([("two-killed", 2), ("three-killed", 3)], 1):
        feed = (HERE / f"slug_poll_{poll}.xml").read_text().replace("https://outlet.example", server.base)
        server.replies |= {
            "/feed": answer(200, feed.encode()),
            f"/12345-{slug}.html": answer(200, page(killed)),
        }
        ledger.run([f"{server.base}/feed"])
    versions = ledger.rows("SELECT article_url, version, is_latest, title FROM articles ORDER BY version")
    address = f"{server.base}/12345-two-killed.html"
    assert [tuple(v.values()) for v in versions] == [
        (address, 1, False, "Two killed in Nikopol"), (address, 2, True, "Three killed in Nikopol"),
    ]  # fmt: skip
    (incident,) = ledger.rows("SELECT number_of_reports, fatalities_best FROM incidents")
    assert incident == {"number_of_reports": 1, "fatalities_best": 3}


def test_the_stored_version_stays_where_the_address_leads_to_the_front_page(
    ledger: Ledger, server: HostileServer
) -> None:
    path = "/2026/11/missile-kills-people"
    ledger.run([serve(server, "feed", path, page(14), 10)])
    before = current(ledger)
    feed = serve(server, "feed", path, b"", 10, title=f"{TITLE} (updated)")
    server.replies |= {path: answer(302, Location="/"), "/": answer(200, FRONT_PAGE)}
    run = ledger.run([feed])
    assert (run["entries_in"], run["entries_dead_letter"]) == (1, 1)
    assert [r["reason"] for r in ledger.rows("SELECT reason FROM dead_letters")] == ["moved_to_front_page"]
    assert ledger.rows("SELECT COUNT(*) AS n FROM articles") == [{"n": 1}]
    assert current(ledger) == before


def test_another_address_of_an_article_is_explained_as_the_article(
    ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    at = "TIMESTAMP '2026-11-25 10:00:00+00'"
    with open_warehouse(ledger.url) as warehouse:
        warehouse.ensure()
        warehouse.execute(
            "INSERT INTO articles_v1 (article_url, version, is_latest, title, fetched_at, language, text, text_source, "
            f"text_sha256) VALUES ('https://outlet.example/a', 1, TRUE, 'A story', {at}, 'xx', 't', 'page', 'x')"
        )
        warehouse.execute(
            "INSERT INTO article_aliases_v1 (alias_url, article_url, first_seen_at) "
            f"VALUES ('https://m.outlet.example/a', 'https://outlet.example/a', {at})"
        )
    assert main(["explain", "https://m.outlet.example/a", "--warehouse", ledger.url]) == 0
    assert "A story" in capsys.readouterr().out
    assert main(["explain", "https://m.outlet.example/b", "--warehouse", ledger.url]) == 2
