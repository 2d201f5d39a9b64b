"""Repeated runs, bad pages, dead letters and edited articles, through the whole pipeline."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import Ledger, feeds_of
from hostile_support import STORY, HostileServer, answer, serving_hostile
from newsroom import Newsroom, serving

from pipelines.cli import main


@pytest.mark.slow
def test_r1_ten_runs_on_the_same_feeds_give_the_tables_of_one(
    ledger: Ledger, room: Newsroom, feeds: list[str]
) -> None:
    ledger.run(feeds)
    before, letters = ledger.tables(), ledger.rows("SELECT COUNT(*) AS n FROM dead_letters")
    requests = room.requests.copy()
    for _ in range(9):
        assert ledger.run(feeds)["entries_in"] == 0
    assert ledger.tables() == before
    assert ledger.rows("SELECT COUNT(*) AS n FROM dead_letters") == letters
    again = room.requests - requests
    assert {key.split()[0] for key in again if "/feed.xml" in key} <= {"304", "200"}
    assert sum(n for key, n in again.items() if key.startswith("304")) >= 0.95 * sum(again.values())


def test_r11_an_unchanged_feed_without_validators_is_not_parsed_again(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving_hostile() as server:
        item = f"<item><title>T</title><link>{server.base}/p</link></item>"
        server.replies["/f"] = answer(
            200, f"<rss version='2.0'><channel><title>O</title>{item}</channel></rss>".encode()
        )
        server.replies["/p"] = answer(200, f"<html><body><article>{STORY}</article></body></html>".encode())
        ledger.run([f"{server.base}/f"])
        monkeypatch.setattr("transforms.feeds.poll.parse_feed", lambda *_: pytest.fail("parsed again"))
        assert ledger.run([f"{server.base}/f"])["entries_in"] == 0
        (state,) = ledger.rows("SELECT last_status, polls, known_share FROM feed_state")
        assert state == {"last_status": "unchanged", "polls": 2, "known_share": 1.0}


BAD_PAGES = {
    "not_html": answer(200, b"%PDF-1.7 x" + bytes(200)),
    "empty_body": answer(200, b""),
    "bot_wall": answer(403),
    "paywall": answer(200, b"<html><body><p>Subscribe to continue reading.</p></body></html>"),
    "extract_timeout": answer(200, f"<html><body><p {'a=1 ' * 20_000}>x</p></body></html>".encode()),
    "too_many_redirects": answer(302, Location="?again"),
    "ssrf_blocked": answer(302, Location="http://127.0.0.2:9/"),
    "extract_empty": answer(200, b"<html><body><div></div></body></html>"),
    "js_only": answer(200, b"<html><body>Please enable JavaScript.</body></html>"),
    "bad_body": answer(200, b"\x1f\x8bbroken", Content_Encoding="gzip"),
}


def serve_pages(server: HostileServer, good: int, bad: int) -> list[str]:
    """Serve a number of good and of bad pages, in two feeds; return the addresses of the feeds."""
    reasons = [list(BAD_PAGES)[n % len(BAD_PAGES)] for n in range(bad)]
    for n, reason in enumerate(reasons):
        server.replies[f"/bad{n}"] = BAD_PAGES[reason]
    for n in range(good):
        page = f"<html><body><article><h1>Story {n}</h1>{STORY}<p>This is number {n}.</p></article></body></html>"
        server.replies[f"/good{n}"] = answer(200, page.encode())
    paths = [f"good{n}" for n in range(good)] + [f"bad{n}" for n in range(bad)]
    for k in range(2):
        items = "".join(f"<item><title>{p}</title><link>{server.base}/{p}</link></item>" for p in paths[k::2])
        feed = f"<rss version='2.0'><channel><title>F{k}</title>{items}</channel></rss>"
        server.replies[f"/feed{k}"] = answer(200, feed.encode())
    return [f"{server.base}/feed{k}" for k in range(2)]


@pytest.mark.slow
def test_r4_bad_pages_are_dead_letters_and_all_others_are_written(ledger: Ledger) -> None:
    with serving_hostile() as server:
        run = ledger.run(serve_pages(server, 990, 10))
    assert (run["entries_in"], run["entries_written"], run["entries_dead_letter"]) == (1_000, 990, 10)
    letters = Counter(x["reason"] for x in ledger.rows("SELECT reason FROM dead_letters"))
    assert letters == Counter(BAD_PAGES.keys())
    assert ledger.rows("SELECT COUNT(*) AS n FROM articles WHERE title LIKE 'good%'") == [{"n": 990}]


@pytest.mark.slow
def test_r5_a_run_on_bad_pages_only_succeeds_without_articles(ledger: Ledger, tmp_path: Path) -> None:
    with serving_hostile() as server:
        feeds = tmp_path / "feeds.txt"
        feeds.write_text("\n".join([*serve_pages(server, 0, 20), f"{server.base}/none"]))
        arguments = ledger.run_arguments(str(feeds))
        assert main(arguments) == 0
    (run,) = ledger.rows("SELECT * FROM runs")
    assert (run["entries_in"], run["entries_written"], run["entries_dead_letter"]) == (20, 0, 20)
    for table in ("articles", "reports", "incidents"):
        assert ledger.rows(f"SELECT * FROM {table}") == []


@pytest.mark.slow
def test_r15_a_replay_after_a_fix_resolves_each_dead_letter_once(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The site no longer answers at the replay, so the stored pages are read.

    A small page is stored in its row, a large one in a file beside the warehouse.
    """
    filler = "".join(f"<i data-x='{n * n * 7919}'></i>" for n in range(9_000))
    with serving_hostile() as server:
        feeds = serve_pages(server, 3, 0)
        for n, more in ((0, ""), (1, filler)):
            page = f"<html><body><article><h1>Story {n}</h1>{STORY}{more}</article></body></html>"
            server.replies[f"/good{n}"] = answer(200, page.encode())

        with monkeypatch.context() as patch:
            patch.setattr("transforms.pages.fetch.clean_page", failing_clean)
            first = ledger.run(feeds)
        server.replies.clear()  # open connections stay open, but find no page any more
    assert (first["entries_written"], first["entries_dead_letter"]) == (0, 3)
    uris = [x["payload_uri"] for x in ledger.rows("SELECT payload_uri FROM dead_letters ORDER BY page_url")]
    assert [uri.startswith("data:") for uri in uris] == [True, False, True]
    assert Path(uris[1]).parent == ledger.folder / "ledger.duckdb.payloads"

    other = ledger.run([], replay="js_only")
    assert (other["entries_in"], other["dead_letters_resolved"]) == (0, 0)
    run = ledger.run([], replay="extract_empty")
    assert (run["entries_in"], run["entries_written"], run["dead_letters_resolved"]) == (3, 3, 3)
    assert ledger.rows("SELECT COUNT(*) AS n FROM articles") == [{"n": 3}]
    assert main(["replay", "--warehouse", ledger.url]) == 0
    assert "entries    0 in" in capsys.readouterr().out
    assert main(["replay", "--reason", "no_such", "--warehouse", ledger.url]) == 2


def failing_clean(*_: object, **__: object) -> None:
    """Fail like an error in the cleaning. Worker processes import this by its name."""
    from transforms.pages.markup import ArticleUnreadable

    raise ArticleUnreadable("extract_empty", "a fault of ours")


def test_a_replay_reads_the_entries_of_a_feed_that_could_not_be_parsed(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving_hostile() as server:
        feeds = serve_pages(server, 4, 0)
        with monkeypatch.context() as patch:
            patch.setattr("transforms.feeds.poll.parse_feed", failing_parse)
            assert ledger.run(feeds)["feeds_failed"] == 2
        for feed in ("/feed0", "/feed1"):
            server.replies[feed] = answer(500)
        run = ledger.run([], replay="parse_error")
    assert (run["feeds_failed"], run["entries_written"], run["dead_letters_resolved"]) == (0, 4, 2)


def failing_parse(*_: object) -> None:
    """Fail like an error in the parser."""
    from transforms.feeds.sanitise import FeedUnreadable

    raise FeedUnreadable("parse_error", "a fault of ours")


@pytest.mark.slow
def test_a_feed_that_is_gone_is_not_polled_until_it_is_replayed(ledger: Ledger) -> None:
    with serving_hostile() as server:
        feeds = serve_pages(server, 2, 0)
        feed = server.replies.pop("/feed0")
        server.replies["/feed0"] = answer(410)
        ledger.run(feeds)
        second = ledger.run(feeds)
        assert (second["feeds_polled"], server.seen["/feed0"]) == (1, 1)
        server.replies["/feed0"] = feed
        assert ledger.run([], replay="gone")["entries_written"] == 1
        assert ledger.run(feeds)["feeds_polled"] == 2


@pytest.mark.slow
def test_with_due_only_feeds_whose_poll_is_due_are_polled(ledger: Ledger, tmp_path: Path) -> None:
    with serving_hostile() as server:
        feeds = tmp_path / "feeds.txt"
        feeds.write_text("\n".join(serve_pages(server, 2, 0)))
        arguments = ledger.run_arguments(str(feeds))
        assert main([*arguments, "--due"]) == 0
        assert main([*arguments, "--due"]) == 0
        assert server.seen["/feed0"] == 1
        assert main(arguments) == 0
        assert server.seen["/feed0"] == 2
        assert ledger.rows("SELECT COUNT(*) AS n FROM feed_state WHERE next_poll_at > last_polled_at") == [
            {"n": 2}
        ]


@pytest.mark.slow
def test_an_article_edited_at_the_same_address_corrects_the_ledger(tmp_path: Path) -> None:
    """Each article is short at first and whole three hours later.

    Runs at every hour give the tables of one run over the last versions.
    """
    room = Newsroom()
    articles = [
        a for a in room.articles if a["id"] in ("dev-001", "dev-002", "dev-005", "dev-010", "dev-012")
    ]
    hours = sorted(
        {moment for a in articles for moment in (published(a), published(a) + dt.timedelta(hours=3))}
    )
    growing, whole = Ledger(tmp_path / "growing"), Ledger(tmp_path / "whole")
    room = Newsroom([])
    with serving(room) as base:
        feeds = [f"{base}/{host}/feed.xml" for host in Newsroom(articles).outlets]
        for hour in hours:
            room.articles = [version(a, hour) for a in articles if published(a) <= hour]
            growing.run(feeds)
        whole.run(feeds_of(room, base))
    for name in ("reports", "incidents", "incident_reports", "incident_history"):
        ignored = "EXCEPT (article_version)" if name == "reports" else ""
        sql = f"SELECT * {ignored} FROM {name} ORDER BY 1, 2"
        assert growing.rows(sql) == whole.rows(sql), name
    versions = growing.rows("SELECT COUNT(*) AS n, COUNT(DISTINCT article_url) AS urls FROM articles")
    longer = sum(len(a["paragraphs"]) > 2 for a in articles)
    assert versions == [{"n": len(articles) + longer, "urls": len(articles)}]


def published(article: dict[str, str]) -> dt.datetime:
    return dt.datetime.fromisoformat(article["published"])


def version(article: dict[str, object], now: dt.datetime) -> dict[str, object]:
    """Return the article as it is published at an instant."""
    if now - published(article) >= dt.timedelta(hours=3):  # type: ignore[arg-type]
        return article
    short = list(article["paragraphs"])[:2]  # type: ignore[call-overload]
    return {**article, "summary": f"Developing: {article['summary']}", "paragraphs": short}


def test_the_text_of_a_feed_is_used_without_a_page_and_never_replaces_a_page(ledger: Ledger) -> None:
    whole = "<p>" + "A sentence of the whole article, as the feed itself carries it. " * 20 + "</p>"
    with serving_hostile() as server:
        server.replies["/page"] = answer(
            200, f"<html><body><article>{STORY}</article></body></html>".encode()
        )
        server.replies["/walled"] = answer(402)
        server.replies["/short"] = answer(402)
        server.replies["/gone"] = answer(410)

        def feed(summary: str) -> bytes:
            items = "".join(
                f"<item><title>{p}</title><link>{server.base}/{p}</link><description>{summary}</description>"
                + (f"<content:encoded><![CDATA[{whole}]]></content:encoded>" if p == "walled" else "")
                + "</item>"
                for p in ("page", "walled", "short", "gone")
            )
            space = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
            return f"<rss version='2.0' {space}><channel><title>O</title>{items}</channel></rss>".encode()

        server.replies["/f"] = answer(200, feed("First."))
        run = ledger.run([f"{server.base}/f"])
        assert (run["entries_written"], run["entries_dead_letter"]) == (3, 1)
        server.replies["/f"], server.replies["/page"] = answer(200, feed("Second.")), answer(410)
        ledger.run([f"{server.base}/f"])
    rows = ledger.rows("SELECT title, version, text_source, text FROM articles ORDER BY title, version")
    assert [(r["title"], r["version"], r["text_source"]) for r in rows] == [
        ("gone", 1, "feed"), ("gone", 2, "feed"), ("page", 1, "page"), ("walled", 1, "full_content_feed"),
    ]  # fmt: skip
    assert rows[1]["text"] == "Second."
    stages = ledger.rows("SELECT DISTINCT stage FROM dead_letters")
    assert stages == [{"stage": "fetch"}]


@pytest.mark.slow
def test_after_a_clock_that_was_a_day_ahead_everything_is_tried_again(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The feed is polled and the failed page fetched in the next run, not a day later."""

    class Tomorrow(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Tomorrow:
            return super().now(tz) + dt.timedelta(days=1)

    with serving_hostile() as server:
        feeds = tmp_path / "feeds.txt"
        feeds.write_text("\n".join(serve_pages(server, 2, 0)))
        page = server.replies["/good0"]
        server.replies["/good0"] = answer(500)
        arguments = [*ledger.run_arguments(str(feeds)), "--due"]
        with monkeypatch.context() as patch:
            patch.setattr("transforms.util.clock.dt", SimpleNamespace(datetime=Tomorrow, UTC=dt.UTC))
            assert main(arguments) == 0
        server.replies["/good0"] = page
        polls = server.seen["/feed0"]
        assert main(arguments) == 0
        assert server.seen["/feed0"] == polls + 1
    assert ledger.rows("SELECT COUNT(*) AS n FROM articles") == [{"n": 2}]
    assert ledger.rows("SELECT COUNT(*) AS n FROM dead_letters WHERE resolved_at IS NULL") == [{"n": 0}]
