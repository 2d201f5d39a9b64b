"""H18 to H30: statuses, validators, content of pages, and robots.txt. Each hostile answer comes with a good one."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from hostile_http import FEED, MB, PAGE, get, read_page, reason_of
from hostile_support import QUICK, HostileServer, Reply, answer, in_turn, raw

from schemas.records import DeadLetter, Feed, FeedState
from schemas.step_records import FeedPoll, FeedTask
from transforms.feeds.poll import poll_feeds
from transforms.feeds.schedule import is_due, is_unconditional, next_state
from transforms.util.errors import FetchFailed
from transforms.util.sandbox import Sandbox
from transforms.web.client import HttpFetcher
from transforms.web.failures import parse_retry_after
from transforms.web.messages import Answer, Request
from transforms.web.robots import read_rules

# -- conditional requests, status codes -------------------------------------------------------------


def poll(
    server: HostileServer,
    fetcher: HttpFetcher,
    sandbox: Sandbox,
    reply: Reply,
    state: FeedState | None = None,
) -> tuple[FeedPoll, list[DeadLetter]]:
    """Poll a feed with a reply, together with a good feed; return its poll and the dead letters."""
    server.replies.update({"/feed": reply, "/good": answer(200, FEED)})
    tasks = [FeedTask(Feed(f"{server.base}/feed"), state)]
    tasks.append(FeedTask(Feed(server.base.replace("127.0.0.1", "localhost") + "/good"), None))
    got = list(poll_feeds(tasks, fetcher, sandbox, ""))
    polls = {g.feed.feed_url: g for g in got if isinstance(g, FeedPoll)}
    assert polls[tasks[1].feed.feed_url].status == "ok"
    return polls[tasks[0].feed.feed_url], [g for g in got if isinstance(g, DeadLetter)]


def test_h18_a_304_without_validators_is_requested_once_more(
    server: HostileServer, fetcher: HttpFetcher, sandbox: Sandbox
) -> None:
    result, letters = poll(server, fetcher, sandbox, answer(304))
    assert (result.status, server.seen["/feed"]) == ("unexpected_304", 2)
    assert [x.reason for x in letters] == ["unexpected_304"]
    assert b"no-cache" in server.headers["/feed"]
    result, letters = poll(
        server, fetcher, sandbox, in_turn(answer(304), answer(304), answer(304), answer(200, FEED))
    )
    assert (result.status, letters) == ("ok", [])


def test_h19_one_poll_in_a_hundred_sends_no_validators(
    server: HostileServer, fetcher: HttpFetcher, sandbox: Sandbox
) -> None:
    feed = Feed(f"{server.base}/feed")
    first, _ = poll(server, fetcher, sandbox, answer(200, FEED, ETag='"1"'))
    state = next_state(first, 0.0)
    numbers = []
    for n in range(1, 201):
        state = FeedState(**{**{f: getattr(state, f) for f in state.__slots__}, "polls": n})
        numbers += [n + 1] if is_unconditional(state) else []
    assert len(numbers) == 2
    assert numbers[1] - numbers[0] == 100
    stuck = FeedState(**{**{f: getattr(state, f) for f in state.__slots__}, "polls": numbers[0] - 1})
    changed = FEED.replace(b"</channel>", b"<item><title>N</title></item></channel>")

    def wrong(connection: socket.socket, number: int, head: bytes) -> None:
        (answer(304) if b"If-None-Match" in head else answer(200, changed))(connection, number, head)

    result, _ = poll(server, fetcher, sandbox, wrong, stuck)
    assert (result.feed, result.status, result.entries) == (feed, "ok", 1)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [('W/"weak"', 'W/"weak"'), ("unquoted", "unquoted"), ("x" * 2_000, None), ('"a', '"a')],
)
def test_h20_h21_validators_are_kept_unchanged_or_not_at_all(
    server: HostileServer, fetcher: HttpFetcher, sent: str, kept: str | None
) -> None:
    got = get(server, fetcher, answer(200, b"x", ETag=sent, Last_Modified="Thu, 99 Nope 2099"))
    assert isinstance(got, Answer)
    assert (got.etag, got.last_modified) == (kept, "Thu, 99 Nope 2099")
    get(server, fetcher, answer(200, b"x"), etag=kept, last_modified=got.last_modified)
    assert b"If-Modified-Since: Thu, 99 Nope 2099" in server.headers["/bad"]
    if kept:
        assert f"If-None-Match: {kept}".encode() in server.headers["/bad"]


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [("5", 5, 5), ("-1", None, None), ("1000000000000", 86_400, 86_400), ("soon", None, None), ("0", 0, 0),
     ("Fri, 04 Apr 2025 19:40:00 GMT", 0, 0), ("Fri, 04 Apr 2125 19:40:00 GMT", 86_400, 86_400)],
)  # fmt: skip
def test_h22_the_wait_of_retry_after_has_limits(
    server: HostileServer, fetcher: HttpFetcher, value: str, low: float | None, high: float | None
) -> None:
    seconds = parse_retry_after(value)
    assert (seconds is None) == (low is None)
    if seconds is not None and low is not None and high is not None:
        assert low <= seconds <= high
    if seconds is None or seconds > QUICK.max_wait_s:
        got = get(server, fetcher, answer(429, Retry_After=value))
        assert isinstance(got, FetchFailed)
        assert got.reason == "rate_limited"
        assert got.retry_after_s is not None
        assert 50 <= got.retry_after_s <= 86_400
        assert server.seen["/bad"] == 1


@pytest.mark.parametrize(
    ("reply", "reason"),
    [(answer(403, Cf_Mitigated="challenge"), "bot_wall"), (answer(451), "legal"), (answer(402), "paywall")],
)
def test_h23_a_wall_is_not_requested_again_for_a_day(
    server: HostileServer, fetcher: HttpFetcher, sandbox: Sandbox, tmp_path: Path, reply: Reply, reason: str
) -> None:
    _, (letter,) = read_page(server, fetcher, sandbox, tmp_path, reply)
    assert letter.reason == reason
    assert letter.retry_after_s is not None
    assert letter.retry_after_s >= 86_400
    assert server.seen["/bad"] == 1


def test_h24_gone_stops_a_feed_and_not_found_does_not(
    server: HostileServer, fetcher: HttpFetcher, sandbox: Sandbox
) -> None:
    gone = next_state(poll(server, fetcher, sandbox, answer(410))[0], 0.0)
    missing = next_state(poll(server, fetcher, sandbox, answer(404))[0], 0.0)
    assert (gone.stopped_reason, gone.next_poll_at) == ("gone", None)
    assert not is_due(gone, "2999-01-01T00:00:00Z")
    assert missing.stopped_reason is None
    assert is_due(missing, "2999-01-01T00:00:00Z")


def test_h25_the_new_address_of_a_feed_is_adopted_after_six_days(
    server: HostileServer, fetcher: HttpFetcher, sandbox: Sandbox
) -> None:
    server.replies["/parked"] = answer(200, FEED)
    state = None
    for day in range(9):
        result, _ = poll(server, fetcher, sandbox, answer(301, Location="/parked"), state)
        assert result.moved_to == (
            f"{server.base}/parked" if day < 7 else None
        )  # from then on it is polled at the new address
        moment = f"2026-01-{10 + day:02d}T00:00:00Z"
        state = next_state(
            FeedPoll(**{**{f: getattr(result, f) for f in result.__slots__}, "at": moment}), 1.0
        )
        assert (state.polled_url is not None) == (day >= 6)
    back, _ = poll(server, fetcher, sandbox, answer(200, FEED), state)
    assert back.moved_to is None


def test_h26_h27_h28_the_content_of_a_page_decides_and_not_its_declared_type(
    server: HostileServer, fetcher: HttpFetcher, sandbox: Sandbox, tmp_path: Path
) -> None:
    def reason(reply: Reply) -> str:
        articles, letters = read_page(server, fetcher, sandbox, tmp_path, reply)
        return "article" if articles and not letters else letters[0].reason

    missing = b"<html><title>Page not found</title><body><h1>Oops</h1><p>The page you requested is gone.</p></body></html>"
    assert reason(answer(200, missing)) == "soft_404"
    for body in (b"%PDF-1.7 x", b"PK\x03\x04zip", b"\x89PNG\r\n", b"MZ\x90\x00exe"):
        assert reason(answer(200, body, "text/html")) == "not_html"
    assert reason(answer(200, PAGE, "application/pdf")) == "article"
    latin = PAGE.replace(b"at some length", "à côté".encode("latin-1"))
    declared = latin.replace(b"<body>", b"<head><meta charset='utf-8'></head><body>")
    (article,), _ = read_page(
        server, fetcher, sandbox, tmp_path, answer(200, declared, "text/html; charset=iso-8859-1")
    )
    assert "à côté" in article.text


# -- robots.txt -------------------------------------------------------------------------------------

DENY = b"User-agent: *\nDisallow: /bad\n"


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (answer(404), "answered"),
        (answer(403), "answered"),
        (answer(500), "robots_unreachable"),
        pytest.param(
            raw(b"HTTP/1.1 200 OK\r\n", *[b"X: 1\r\n"] * 40, pause_s=0.1),
            "robots_unreachable",
            marks=pytest.mark.slow,
        ),
        (answer(200, DENY), "robots_denied"),
        (answer(200, b"\xef\xbb\xbf" + DENY), "robots_denied"),
        (answer(200, DENY.replace(b"\n", b"\r\n")), "robots_denied"),
        (answer(200, DENY + b"# filler\n" * 250_000), "robots_denied"),
        (answer(200, b"# filler\n" * 250_000 + DENY), "answered"),
        (answer(200, b"User-agent: strikeledger\nAllow: /\n\n" + DENY), "answered"),
    ],
    ids=["404", "403", "500", "timeout", "denied", "BOM", "CRLF", "2 MB", "behind 500 KiB", "our own rules"],
)
def test_h29_robots_txt_is_obeyed(
    server: HostileServer, fetcher: HttpFetcher, reply: Reply, reason: str
) -> None:
    server.replies["/robots.txt"] = reply
    assert reason_of(get(server, fetcher, answer(200, b"page"), obeys_robots=True)) == reason
    assert server.seen["/bad"] == (reason == "answered")


@pytest.mark.parametrize(("crawl_delay", "expected_s"), [("0.001", 1.0), ("99999", 120.0), ("7", 7.0)])
def test_h29_the_crawl_delay_has_limits(server: HostileServer, crawl_delay: str, expected_s: float) -> None:
    fetcher = HttpFetcher(QUICK)
    server.replies["/robots.txt"] = answer(200, f"User-agent: *\nCrawl-delay: {crawl_delay}\n".encode())
    server.replies["/bad"] = answer(200, b"page")
    rules = read_rules(fetcher.get_all([Request(f"{server.base}/robots.txt", MB)])[0])
    fetcher.close()
    assert rules.crawl_delay_s == expected_s


def test_h30_a_cookie_wall_that_redirects_without_end_fails(
    server: HostileServer, fetcher: HttpFetcher
) -> None:
    wall = answer(302, Location="/bad?again", Set_Cookie="a=b")
    assert reason_of(get(server, fetcher, wall)) == "too_many_redirects"
    assert b"Cookie:" not in server.headers["/bad"]
