"""H01 to H30: hostile answers, each beside a good one, through the fetcher and the steps that use it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gzip
import socket
import ssl
import struct
import zlib
from pathlib import Path
from typing import Any

import brotli
import pytest
import trustme
from hostile_support import QUICK, HostileServer, Reply, answer, in_turn, raw, resident, serving_hostile
from tests_support import an_entry

from schemas.records import Article, DeadLetter, Feed, FeedPoll, FeedState, FeedTask, FetchTask, PendingEntry
from transforms.fetch import fetch_articles
from transforms.poll import poll_feeds
from transforms.sandbox import Sandbox
from transforms.schedule import is_due, is_unconditional, next_state
from transforms.web.client import HttpFetcher
from transforms.web.faults import parse_retry_after
from transforms.web.guard import AddressGuard, Blocked
from transforms.web.messages import Answer, FetchFailed, FetchPolicy, Request
from transforms.web.resolver import passing
from transforms.web.robots import rules_of

MB = 1_000_000
STORY = "".join(f"<p>Sentence {n} of a story that tells what happened, at some length.</p>" for n in range(9))
PAGE = f"<html><body><article><h1>T</h1>{STORY}</article></body></html>".encode()
FEED = b"<rss version='2.0'><channel><title>T</title></channel></rss>"


def get(server: HostileServer, fetcher: HttpFetcher, reply: Reply, **request: Any) -> Answer | FetchFailed:
    """Get the bad answer and a good one, from another host, at once."""
    server.replies.update({"/bad": reply, "/good": answer(200, b"fine")})
    neighbour = server.base.replace("127.0.0.1", "localhost") + "/good"
    bad, good = fetcher.get_all([Request(f"{server.base}/bad", 8 * MB, **request), Request(neighbour, MB)])
    assert isinstance(good, Answer)
    assert good.body == b"fine"
    return bad


def reason_of(got: Answer | FetchFailed) -> str:
    return got.reason if isinstance(got, FetchFailed) else "answered"


def read_page(
    server: HostileServer, fetcher: HttpFetcher, sandbox: Sandbox, folder: Path, reply: Reply
) -> tuple[list[Article], list[DeadLetter]]:
    """Fetch the bad page and a good one, from another host, through the step."""
    server.replies.update({"/bad": reply, "/good": answer(200, PAGE)})
    urls = [f"{server.base}/bad", server.base.replace("127.0.0.1", "localhost") + "/good"]
    tasks = [
        FetchTask(PendingEntry(an_entry(n, article_url=u, link=u), "new"), None) for n, u in enumerate(urls)
    ]
    got = list(fetch_articles(tasks, fetcher, sandbox, str(folder)))
    articles = [g for g in got if isinstance(g, Article)]
    assert [a for a in articles if a.article_url == urls[1]]
    return [a for a in articles if a.article_url == urls[0]], [g for g in got if isinstance(g, DeadLetter)]


# -- the guard --------------------------------------------------------------------------------------

CLOSED = {
    "H01": ["127.0.0.1", "::1", "10.1.2.3", "100.64.0.1", "fd00:ec2::254", "169.254.169.254", "192.168.1.1", "0.0.0.0"],
    "H03": [
        "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "::a9fe:a9fe", "fec0::1", "192.0.0.192",
        "224.0.0.1", "ff02::1", "2001:0:1::1", "198.18.0.1", "240.0.0.1",
    ],
}  # fmt: skip


@pytest.mark.parametrize("address", [a for group in CLOSED.values() for a in group])
def test_h01_h03_closed_addresses_are_refused_by_the_guard(address: str) -> None:
    with pytest.raises(Blocked, match="ssrf_blocked"):
        AddressGuard().check("host.example", address, 80)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "１２７.0.0.1", "127.1"])
def test_h02_disguised_loopback_is_refused(host: str, canary: HostileServer) -> None:
    fetcher = HttpFetcher(FetchPolicy(host_delay_s=0, attempts=1, total_s=2))
    (got,) = fetcher.get_all([Request(f"http://{host}/", MB)])
    fetcher.close()
    assert reason_of(got) in ("ssrf_blocked", "bad_url", "port_blocked")


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """Let names resolve to these addresses, one list after another."""
    left = list(answers)

    async def resolve(self: object, host: str, port: int = 0, family: int = 0) -> list[dict[str, Any]]:
        if not left:
            raise OSError("no such name")
        found = left.pop(0) if len(left) > 1 else left[0]
        return [
            {"hostname": host, "host": a, "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}
            for a in found
        ]

    monkeypatch.setattr("aiohttp.resolver.ThreadedResolver.resolve", resolve)


def test_h04_a_name_that_turns_private_is_refused_at_the_socket(
    monkeypatch: pytest.MonkeyPatch, server: HostileServer, canary: HostileServer
) -> None:
    """The guard's resolver is made to believe its first answer; the socket judges again."""
    resolving(monkeypatch, ["127.0.0.2"])
    monkeypatch.setattr("transforms.web.resolver.passing", lambda guard, host, port, found: list(found))
    fetcher = HttpFetcher(QUICK)
    (got,) = fetcher.get_all([Request(f"http://rebind.example:{canary.port}/", MB)])
    fetcher.close()
    assert reason_of(got) == "ssrf_blocked"


def test_h05_of_public_and_private_addresses_only_the_public_are_left() -> None:
    def found(*addresses: str) -> Any:
        return [{"host": a} for a in addresses]

    guard = AddressGuard()
    assert passing(guard, "n.example", 80, found("93.184.216.34", "10.0.0.1")) == found("93.184.216.34")
    with pytest.raises(Blocked, match="ssrf_blocked"):
        passing(guard, "n.example", 80, found("10.0.0.1", "169.254.169.254"))


def test_h06_redirects_to_closed_places(
    monkeypatch: pytest.MonkeyPatch, server: HostileServer, canary: HostileServer, fetcher: HttpFetcher
) -> None:
    to_canary = answer(302, Location=f"http://127.0.0.2:{canary.port}/computeMetadata/v1/")
    assert reason_of(get(server, fetcher, to_canary)) == "ssrf_blocked"
    assert reason_of(get(server, fetcher, answer(302, Location="file:///etc/passwd"))) == "bad_scheme"
    with pytest.raises(Blocked, match="ssrf_blocked"):
        passing(AddressGuard(), "metadata.google.internal.", 80, [{"host": "169.254.169.254"}])  # type: ignore[list-item]


def test_h06_a_name_that_is_allowed_does_not_open_its_address(server: HostileServer) -> None:
    server.replies["/"] = answer(200, b"fine")
    fetcher = HttpFetcher(dataclasses.replace(QUICK, allow_hosts=("localhost",)))
    by_name = server.base.replace("127.0.0.1", "localhost")
    assert reason_of(fetcher.get_all([Request(by_name + "/", MB)])[0]) == "answered"
    assert reason_of(fetcher.get_all([Request(server.base + "/", MB)])[0]) == "ssrf_blocked"
    fetcher.close()


# -- redirects --------------------------------------------------------------------------------------


def test_h07_loops_and_long_chains(server: HostileServer, fetcher: HttpFetcher) -> None:
    assert reason_of(get(server, fetcher, answer(302, Location="/bad"))) == "too_many_redirects"
    for n in range(7):
        server.replies[f"/hop{n}"] = answer(302, Location=f"/hop{n + 1}")
    server.replies["/hop6"] = answer(200, b"end")
    assert reason_of(get(server, fetcher, answer(302, Location="/hop0"))) == "too_many_redirects"
    assert reason_of(get(server, fetcher, answer(302, Location="/hop2"))) == "answered"


@pytest.mark.parametrize(
    "reply",
    [
        answer(302),
        raw(b"HTTP/1.1 302 X\r\nLocation: http://a\x01b/\r\nContent-Length: 0\r\n\r\n"),
        answer(302, Location="http://["),
    ],
)
def test_h08_redirects_to_nowhere(server: HostileServer, fetcher: HttpFetcher, reply: Reply) -> None:
    assert reason_of(get(server, fetcher, reply)) in ("bad_redirect", "bad_headers", "bad_url")


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Return a certificate authority that the client trusts."""
    made = trustme.CA()
    context = ssl.create_default_context()
    made.configure_trust(context)
    monkeypatch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", context)
    return made


def serving_tls(certificate: trustme.LeafCert) -> Any:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return serving_hostile("127.0.0.1", context)


def test_h09_https_to_http_is_followed_and_flagged(
    server: HostileServer, authority: trustme.CA, fetcher: HttpFetcher
) -> None:
    server.replies["/plain"] = answer(200, b"plain")
    with serving_tls(authority.issue_cert("127.0.0.1")) as secure:
        secure.replies["/"] = answer(301, Location=f"{server.base}/plain")
        (got,) = fetcher.get_all([Request(f"{secure.base}/", MB)])
    assert isinstance(got, Answer)
    assert got.flags == ("https_to_http",)


# -- bodies -----------------------------------------------------------------------------------------

ZEROS = gzip.compress(b"0" * 190 * MB, 9)


@pytest.mark.parametrize(
    ("encoding", "body", "reasons"),
    [
        ("gzip", ZEROS, {"body_too_large"}),
        ("deflate", zlib.compress(b"0" * 190 * MB, 9), {"body_too_large"}),
        ("br", brotli.compress(b"0" * 190 * MB), {"body_too_large"}),
        ("zstd", b"\x28\xb5\x2f\xfd" * 250, {"bad_body"}),
        ("gzip", gzip.compress(ZEROS), {"answered"}),
    ],
    ids=["gzip", "deflate", "br", "zstd", "gzip in gzip"],
)
def test_h10_bombs(
    server: HostileServer, fetcher: HttpFetcher, encoding: str, body: bytes, reasons: set[str]
) -> None:
    before = resident()
    assert reason_of(get(server, fetcher, answer(200, body, Content_Encoding=encoding))) in reasons
    assert resident() - before < 40 * MB


def test_h11_the_body_of_a_redirect_is_not_read(server: HostileServer, fetcher: HttpFetcher) -> None:
    before = resident()
    got = get(server, fetcher, answer(302, ZEROS, Content_Encoding="gzip", Location="/good"))
    assert isinstance(got, Answer)
    assert resident() - before < 40 * MB


@pytest.mark.slow
def test_h12_a_drip_ends_at_the_deadline(server: HostileServer, fetcher: HttpFetcher) -> None:
    drip = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", *[b"."] * 40, pause_s=0.25)
    assert reason_of(get(server, fetcher, drip)) == "deadline"


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(
            raw(b"HTTP/1.1 200 OK\r\n", *[b"X-Endless: 1\r\n"] * 40, pause_s=0.1), marks=pytest.mark.slow
        ),
        raw(b"HTTP/1.1 200 OK\r\nX: " + b"a" * MB + b"\r\nContent-Length: 0\r\n\r\n"),
        raw(b"nonsense\r\n\r\n"),
    ],
    ids=["endless", "a megabyte", "nonsense"],
)
def test_h13_bad_headers(server: HostileServer, fetcher: HttpFetcher, reply: Reply) -> None:
    assert reason_of(get(server, fetcher, reply)) in ("bad_headers", "deadline")


def test_h13_a_thousand_headers_are_borne_or_refused(server: HostileServer, fetcher: HttpFetcher) -> None:
    many = b"".join(b"X-%d: 1\r\n" % n for n in range(1_000))
    got = get(server, fetcher, raw(b"HTTP/1.1 200 OK\r\n" + many + b"Content-Length: 2\r\n\r\nok"))
    assert reason_of(got) in ("bad_headers", "answered")


def test_h14_wrong_lengths(
    server: HostileServer, fetcher: HttpFetcher, sandbox: Sandbox, tmp_path: Path
) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: "
    too_long = raw(head + b"%d\r\n\r\n" % (len(PAGE) * 2) + PAGE)
    ((article,), letters) = read_page(server, fetcher, sandbox, tmp_path, too_long)
    assert "length_mismatch" in article.flags
    assert letters == []
    too_short = raw(head + b"%d\r\n\r\n" % (len(PAGE) - 40) + PAGE[:-40], PAGE[-40:], pause_s=0.1)
    assert read_page(server, fetcher, sandbox, tmp_path, too_short)[0]
    assert reason_of(get(server, fetcher, raw(head + b"-5\r\n\r\n" + PAGE))) == "bad_headers"


@pytest.mark.parametrize(
    ("chunks", "reasons"),
    [
        (b"zz\r\nabc\r\n0\r\n\r\n", {"bad_body", "partial_body", "bad_headers"}),
        (b"-5\r\nabc\r\n0\r\n\r\n", {"bad_body", "partial_body", "bad_headers"}),
        (b"ffffffffffffffff\r\nabc\r\n", {"bad_body", "partial_body", "bad_headers", "deadline"}),
        (b"1\r\na\r\n" * MB + b"0\r\n\r\n", {"bad_body", "deadline", "answered"}),
    ],
    ids=["no number", "negative", "huge", "a million"],
)
def test_h15_bad_chunks(
    server: HostileServer, fetcher: HttpFetcher, chunks: bytes, reasons: set[str]
) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert reason_of(get(server, fetcher, raw(head + chunks))) in reasons


@pytest.mark.slow
def test_h16_a_body_that_ends_in_the_middle_is_tried_again_and_kept_as_a_letter(
    server: HostileServer, fetcher: HttpFetcher
) -> None:
    cut = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
    assert reason_of(get(server, fetcher, cut)) == "partial_body"
    assert server.seen["/bad"] == QUICK.attempts
    assert reason_of(get(server, fetcher, in_turn(cut, cut, cut, answer(200, b"whole")))) == "answered"


# -- connections ------------------------------------------------------------------------------------


def test_h17_connections_that_break(
    server: HostileServer, fetcher: HttpFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reset(connection: socket.socket, number: int, head: bytes) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    reset.closes = True  # type: ignore[attr-defined]
    assert reason_of(get(server, fetcher, reset)) == "conn_reset"
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        (refused,) = fetcher.get_all([Request(f"http://127.0.0.1:{unused.getsockname()[1]}/", MB)])
    assert reason_of(refused) == "conn_refused"
    resolving(monkeypatch)
    (unknown,) = fetcher.get_all([Request("http://no-such-name.example/", MB)])
    assert reason_of(unknown) == "dns_error"


@pytest.mark.parametrize("kind", ["tls_expired", "tls_wrong_host", "tls_untrusted"])
def test_h17_certificates(kind: str, authority: trustme.CA) -> None:
    past = dt.datetime.now(dt.UTC) - dt.timedelta(days=2)
    match kind:
        case "tls_expired":
            certificate = authority.issue_cert(
                "127.0.0.1", not_before=past - dt.timedelta(days=9), not_after=past
            )
        case "tls_wrong_host":
            certificate = authority.issue_cert("other.example")
        case _:
            certificate = trustme.CA().issue_cert("127.0.0.1")
    fetcher = HttpFetcher(QUICK)
    with serving_tls(certificate) as secure:
        secure.replies["/"] = answer(200, b"secret")
        (got,) = fetcher.get_all([Request(f"{secure.base}/", MB)])
    fetcher.close()
    assert reason_of(got) == kind


# -- conditional requests, status codes -------------------------------------------------------------


def poll(
    server: HostileServer,
    fetcher: HttpFetcher,
    sandbox: Sandbox,
    reply: Reply,
    state: FeedState | None = None,
) -> tuple[FeedPoll, list[DeadLetter]]:
    server.replies.update({"/feed": reply, "/good": answer(200, FEED)})
    tasks = [FeedTask(Feed(f"{server.base}/feed"), state)]
    tasks.append(FeedTask(Feed(server.base.replace("127.0.0.1", "localhost") + "/good"), None))
    got = list(poll_feeds(tasks, fetcher, sandbox, ""))
    polls = {g.feed.feed_url: g for g in got if isinstance(g, FeedPoll)}
    assert polls[tasks[1].feed.feed_url].status == "ok"
    return polls[tasks[0].feed.feed_url], [g for g in got if isinstance(g, DeadLetter)]


def test_h18_an_unasked_304_is_asked_once_more(
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


def test_h19_one_poll_in_a_hundred_goes_out_without_validators(
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
def test_h20_h21_validators_are_kept_as_they_are_or_not_at_all(
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
def test_h22_retry_after_is_bounded(
    server: HostileServer, fetcher: HttpFetcher, value: str, low: float | None, high: float | None
) -> None:
    seconds = parse_retry_after(value)
    assert (seconds is None) == (low is None)
    if seconds is not None and low is not None and high is not None:
        assert low <= seconds <= high
    if seconds is None or seconds > QUICK.wait_in_run_s:
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
def test_h23_walls_are_not_asked_again_that_day(
    server: HostileServer, fetcher: HttpFetcher, sandbox: Sandbox, tmp_path: Path, reply: Reply, reason: str
) -> None:
    _, (letter,) = read_page(server, fetcher, sandbox, tmp_path, reply)
    assert letter.reason == reason
    assert letter.retry_after_s is not None
    assert letter.retry_after_s >= 86_400
    assert server.seen["/bad"] == 1


def test_h24_gone_stops_and_not_found_does_not(
    server: HostileServer, fetcher: HttpFetcher, sandbox: Sandbox
) -> None:
    gone = next_state(poll(server, fetcher, sandbox, answer(410))[0], 0.0)
    missing = next_state(poll(server, fetcher, sandbox, answer(404))[0], 0.0)
    assert (gone.stopped_reason, gone.next_poll_at) == ("gone", None)
    assert not is_due(gone, "2999-01-01T00:00:00Z")
    assert missing.stopped_reason is None
    assert is_due(missing, "2999-01-01T00:00:00Z")


def test_h25_a_move_is_adopted_after_six_days(
    server: HostileServer, fetcher: HttpFetcher, sandbox: Sandbox
) -> None:
    server.replies["/parked"] = answer(200, FEED)
    state = None
    for day in range(9):
        result, _ = poll(server, fetcher, sandbox, answer(301, Location="/parked"), state)
        assert result.moved_to == (f"{server.base}/parked" if day < 7 else None)  # then asked there
        moment = f"2026-01-{10 + day:02d}T00:00:00Z"
        state = next_state(
            FeedPoll(**{**{f: getattr(result, f) for f in result.__slots__}, "at": moment}), 1.0
        )
        assert (state.polled_url is not None) == (day >= 6)
    back, _ = poll(server, fetcher, sandbox, answer(200, FEED), state)
    assert back.moved_to is None


def test_h26_h27_h28_pages_that_are_not_what_they_say(
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
def test_h29_robots(server: HostileServer, fetcher: HttpFetcher, reply: Reply, reason: str) -> None:
    server.replies["/robots.txt"] = reply
    assert reason_of(get(server, fetcher, answer(200, b"page"), obeys_robots=True)) == reason
    assert server.seen["/bad"] == (reason == "answered")


@pytest.mark.parametrize(("said", "kept"), [("0.001", 1.0), ("99999", 120.0), ("7", 7.0)])
def test_h29_delays_lengthen_within_bounds(server: HostileServer, said: str, kept: float) -> None:
    fetcher = HttpFetcher(QUICK)
    server.replies["/robots.txt"] = answer(200, f"User-agent: *\nCrawl-delay: {said}\n".encode())
    server.replies["/bad"] = answer(200, b"page")
    rules = rules_of(fetcher.get_all([Request(f"{server.base}/robots.txt", MB)])[0])
    fetcher.close()
    assert rules.crawl_delay_s == kept


def test_h30_a_wall_of_cookies_that_redirects_for_ever(server: HostileServer, fetcher: HttpFetcher) -> None:
    wall = answer(302, Location="/bad?again", Set_Cookie="a=b")
    assert reason_of(get(server, fetcher, wall)) == "too_many_redirects"
    assert b"Cookie:" not in server.headers["/bad"]
