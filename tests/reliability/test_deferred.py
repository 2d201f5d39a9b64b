"""Pages that wait for the next run because their host is slow: counted, fetched later, never lost."""

from __future__ import annotations

import dataclasses
import socket
from pathlib import Path
from typing import Any

import pytest
from conftest import LOOPBACK, Ledger
from hostile_support import STORY, HostileServer, answer, serving_hostile

from pipelines.show import run_summary
from schemas.rows import Row


def is_conserved(run: Row) -> bool:
    parts = ("entries_written", "entries_duplicate", "entries_dropped", "entries_dead_letter")
    return bool(run["entries_in"] == sum(run[part] for part in parts))


def serve_pages(server: HostileServer, pages: int, crawl_delay_s: int | None) -> str:
    """Serve a feed of some pages, and a robots.txt; return the address of the feed."""
    for n in range(pages):
        story = f"{STORY}<p>This is number {n} of {server.base}.</p>"
        page = f"<html><body><article><h1>Story {n}</h1>{story}</article></body></html>"
        server.replies[f"/{n}"] = answer(200, page.encode())
    items = "".join(
        f"<item><title>Story {n} of {server.base}</title><link>{server.base}/{n}</link>"
        f"<pubDate>Fri, 04 Apr 2025 1{n % 10}:00:00 GMT</pubDate></item>"
        for n in range(pages)
    )
    server.replies["/feed"] = answer(
        200, f"<rss version='2.0'><channel><title>O</title>{items}</channel></rss>".encode()
    )
    if crawl_delay_s is not None:
        server.replies["/robots.txt"] = answer(200, f"User-agent: *\nCrawl-delay: {crawl_delay_s}\n".encode())
    return f"{server.base}/feed"


def slow_ledger(folder: Path, **change: Any) -> Ledger:
    ledger = Ledger(folder)
    ledger.policy = dataclasses.replace(LOOPBACK, **change)
    return ledger


def open_letters(ledger: Ledger) -> list[Row]:
    return ledger.rows(
        "SELECT page_url, stage, reason, retryable, attempts, next_attempt_at FROM dead_letters "
        "WHERE resolved_at IS NULL ORDER BY page_url"
    )


def test_pages_of_a_slow_host_are_deferred_and_later_runs_fetch_them_though_no_feed_lists_them(
    tmp_path: Path,
) -> None:
    ledger = slow_ledger(tmp_path, slow_host_s=0.5)
    with serving_hostile() as slow, serving_hostile() as fast:
        feeds = [serve_pages(slow, 4, crawl_delay_s=1), serve_pages(fast, 20, None)]
        first = ledger.run(feeds)
        assert (first["entries_in"], first["entries_written"], first["entries_deferred"]) == (24, 21, 3)
        assert first["entries_dead_letter"] == 3
        assert is_conserved(first)
        assert "3 dead letters (3 deferred to the next run)" in "\n".join(run_summary(first))
        letters = open_letters(ledger)
        assert {(x["stage"], x["reason"], x["retryable"], x["attempts"]) for x in letters} == {
            ("fetch", "deferred", True, 0)
        }
        written = ledger.rows(
            "SELECT article_url FROM articles WHERE article_url LIKE @slow", slow=f"{slow.base}/%"
        )
        assert written == [{"article_url": f"{slow.base}/0"}]  # the oldest comes first

        slow.replies["/feed"] = answer(200, b"<rss version='2.0'><channel><title>O</title></channel></rss>")
        runs = []
        while open_letters(ledger) and len(runs) < 5:
            runs.append(ledger.run(feeds))
        assert all(map(is_conserved, runs))
        assert sum(run["entries_written"] for run in runs) == 3
        assert slow.seen == {"/feed": len(runs) + 1, "/robots.txt": 1, "/0": 1, "/1": 1, "/2": 1, "/3": 1}
    assert len(ledger.rows("SELECT * FROM articles")) == 24
    assert {x["attempts"] for x in ledger.rows("SELECT attempts FROM dead_letters")} == {0}


@pytest.mark.slow
def test_runs_that_defer_give_the_tables_of_one_run_that_waits(tmp_path: Path) -> None:
    waiting, deferring = slow_ledger(tmp_path / "a"), slow_ledger(tmp_path / "b", host_requests=3)
    with serving_hostile() as server:
        feed = serve_pages(server, 7, None)
        waiting.run([feed])
        runs = [deferring.run([feed]) for _ in range(4)]
    assert [run["entries_deferred"] for run in runs] == [5, 2, 0, 0]  # robots.txt is a request of the first
    tables = ("articles", "reports", "incidents", "incident_reports", "incident_history")
    for name in tables:
        ignored = "EXCEPT (fetched_at)" if name == "articles" else ""
        sql = f"SELECT * {ignored} FROM {name} ORDER BY 1, 2"
        assert waiting.rows(sql) == deferring.rows(sql), name


@pytest.mark.slow
def test_a_deferral_is_no_attempt_and_lengthens_no_wait(tmp_path: Path) -> None:
    """A page that fails now and then, and is deferred in between, is not put off for a day."""
    ledger = slow_ledger(tmp_path, host_requests=2, attempts=1)
    with serving_hostile() as server:
        feed = serve_pages(server, 2, None)
        server.replies["/1"] = answer(500)
        ledger.run([feed])
        assert [(x["reason"], x["attempts"]) for x in open_letters(ledger)] == [("deferred", 0)]
        for attempts in (1, 2):
            ledger.run([feed])
            assert [(x["reason"], x["attempts"]) for x in open_letters(ledger)] == [("http_error", attempts)]
        ledger.policy = dataclasses.replace(ledger.policy, host_requests=0)
        for _ in range(2):
            assert ledger.run([feed])["entries_deferred"] == 1
        assert [(x["reason"], x["attempts"]) for x in open_letters(ledger)] == [("deferred", 2)]
        ledger.policy = dataclasses.replace(ledger.policy, host_requests=2)
        server.replies["/1"] = server.replies["/0"]
        assert ledger.run([feed])["entries_written"] == 1
    assert open_letters(ledger) == []


@pytest.mark.slow
def test_the_text_of_a_feed_does_not_replace_a_page_that_the_next_run_fetches(tmp_path: Path) -> None:
    ledger = slow_ledger(tmp_path, host_requests=2)
    whole = "A sentence of the whole article, as the feed itself carries it. " * 20
    with serving_hostile() as server:
        feed = serve_pages(server, 2, None)
        items = "".join(
            f"<item><title>{n}</title><link>{server.base}/{n}</link>"
            f"<content:encoded><![CDATA[<p>{whole}</p>]]></content:encoded></item>"
            for n in range(2)
        )
        space = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
        server.replies["/feed"] = answer(
            200, f"<rss version='2.0' {space}><channel><title>O</title>{items}</channel></rss>".encode()
        )
        first, second = ledger.run([feed]), ledger.run([feed])
    assert (first["entries_written"], first["entries_deferred"], second["entries_written"]) == (1, 1, 1)
    rows = ledger.rows("SELECT version, text_source FROM articles")
    assert [(x["version"], x["text_source"]) for x in rows] == [(1, "page")] * 2


@pytest.mark.slow
def test_feeds_beyond_the_budget_of_their_host_are_polled_by_the_next_run(tmp_path: Path) -> None:
    """They stay as they are: no failure, no dead letter, and the one that waited longest comes first."""
    ledger = slow_ledger(tmp_path, host_requests=2)
    with serving_hostile() as server:
        empty = answer(200, b"<rss version='2.0'><channel><title>O</title></channel></rss>")
        server.replies |= {f"/f{n}": empty for n in range(5)}
        feeds = [f"{server.base}/f{n}" for n in range(5)]
        runs = [ledger.run(feeds) for _ in range(3)]
        assert [(run["feeds_polled"], run["feeds_failed"]) for run in runs] == [(2, 0)] * 3
        assert set(server.seen) == {f"/f{n}" for n in range(5)}
    assert ledger.rows("SELECT * FROM dead_letters") == []
    assert len(ledger.rows("SELECT * FROM feed_state WHERE consecutive_failures = 0")) == 5


@pytest.mark.slow
def test_six_pages_at_a_crawl_delay_of_10_s_hold_no_run_of_a_hundred_others(tmp_path: Path) -> None:
    """With the limits that ship."""
    ledger = slow_ledger(tmp_path)
    with serving_hostile() as slow, serving_hostile() as fast:
        run = ledger.run([serve_pages(slow, 6, crawl_delay_s=10), serve_pages(fast, 100, None)])
        assert (run["entries_in"], run["entries_written"], run["entries_deferred"]) == (106, 102, 4)
        assert is_conserved(run)
        assert sum(slow.seen[f"/{n}"] for n in range(6)) == 2


@pytest.mark.slow
def test_a_host_that_hangs_and_a_slow_one_hold_back_no_page_of_a_good_one(tmp_path: Path) -> None:
    ledger = slow_ledger(tmp_path, attempts=3)
    with (
        serving_hostile() as slow,
        serving_hostile() as fast,
        socket.create_server(("127.0.0.1", 0), backlog=50) as silent,
    ):
        hung = f"http://127.0.0.1:{silent.getsockname()[1]}"
        feeds = [serve_pages(slow, 6, crawl_delay_s=60), serve_pages(fast, 30, None)]
        items = "".join(f"<item><title>H{n}</title><link>{hung}/{n}</link></item>" for n in range(9))
        fast.replies["/hung"] = answer(
            200, f"<rss version='2.0'><channel><title>H</title>{items}</channel></rss>".encode()
        )
        run = ledger.run([*feeds, f"{fast.base}/hung"])
    assert (run["entries_in"], run["entries_written"]) == (45, 31)
    assert (run["entries_dead_letter"], run["entries_deferred"]) == (14, 5)
    assert is_conserved(run)
