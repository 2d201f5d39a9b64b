"""The fetcher and a server on loopback that makes many kinds of errors."""

from __future__ import annotations

import gzip
import threading
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import zstandard
from hostile_support import QUICK

from transforms.util.errors import FetchFailed
from transforms.web.client import HttpFetcher
from transforms.web.failures import parse_retry_after
from transforms.web.messages import Answer, FetchPolicy, Request


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen: Counter[str]

    def log_message(self, *_: object) -> None:
        pass

    def send(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", headers.pop("length", str(len(body))))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.seen[self.path] += 1
        first = self.seen[self.path] == 1
        match self.path:
            case "/ok":
                self.send(200, b"fine", ETag='W/"odd', Last_Modified="garbage")
            case "/conditional":
                known = self.headers.get("If-None-Match") == 'W/"odd'
                self.send(304) if known else self.send(200, b"full")
            case "/500-once":
                self.send(500) if first else self.send(200, b"recovered")
            case "/429-once":
                self.send(429, Retry_After="1") if first else self.send(200, b"recovered")
            case "/429-long":
                self.send(429, Retry_After="3600")
            case "/loop":
                self.send(302, Location="/loop")
            case "/canary":
                self.send(302, Location=f"http://127.0.0.2:{self.server.server_port}/meta")  # type: ignore[attr-defined]
            case "/file":
                self.send(302, Location="file:///etc/passwd")
            case "/nowhere":
                self.send(302)
            case "/hop":
                self.send(302, Location="ok")
            case "/bomb":
                self.send(200, gzip.compress(b"0" * 5_000_000), Content_Encoding="gzip")
            case "/bad-gzip":
                self.send(200, b"\x1f\x8b\x08broken", Content_Encoding="gzip")
            case "/plain-as-gzip":
                self.send(200, b"<html>fine</html>", Content_Encoding="gzip")
            case "/raw-deflate":
                compressor = zlib.compressobj(wbits=-15)
                self.send(200, compressor.compress(b"fine") + compressor.flush(), Content_Encoding="deflate")
            case "/zstd":
                self.send(200, zstandard.compress(b"fine"), Content_Encoding="zstd")
            case "/bad-zstd":
                self.send(200, b"\x28\xb5\x2f\xfd\x00\x01", Content_Encoding="zstd")
            case "/wrong-length":
                body = gzip.compress(b"<html>fine</html>")
                self.send_response(200)
                self.send_header("Content-Encoding", "gzip")
                self.send_header("Content-Length", str(len(body) + 10))
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = True
            case "/short":
                self.send_response(200)
                self.send_header("Content-Length", "100")
                self.end_headers()
                self.wfile.write(b"half")
                self.close_connection = True
            case "/drip":
                self.send_response(200)
                self.send_header("Content-Length", "100")
                self.end_headers()
                for _ in range(8):
                    self.wfile.write(b".")
                    self.wfile.flush()
                    time.sleep(0.4)
            case "/empty":
                self.send(200)
            case path:
                self.send(int(path[1:]))


@pytest.fixture
def base() -> Iterator[str]:
    handler = type("H", (Handler,), {"seen": Counter()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def fetcher() -> Iterator[HttpFetcher]:
    fetcher = HttpFetcher(QUICK)
    yield fetcher
    fetcher.close()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/404", "not_found"),
        ("/410", "gone"),
        ("/403", "bot_wall"),
        ("/402", "paywall"),
        ("/451", "legal"),
        ("/503", "http_error"),
        ("/429-long", "rate_limited"),
        ("/loop", "too_many_redirects"),
        ("/canary", "ssrf_blocked"),
        ("/file", "bad_scheme"),
        ("/nowhere", "bad_redirect"),
        ("/bomb", "body_too_large"),
        ("/bad-gzip", "bad_body"),
        ("/bad-zstd", "bad_body"),
        ("/short", "partial_body"),
        ("/drip", "deadline"),
        ("/empty", "empty_body"),
    ],
)
def test_every_fault_has_a_reason_and_does_not_affect_another_host(
    base: str, fetcher: HttpFetcher, path: str, reason: str
) -> None:
    other_host = base.replace("127.0.0.1", "localhost") + "/ok"
    bad, good = fetcher.get_all([Request(base + path, 1_000_000), Request(other_host, 1_000_000)])
    assert isinstance(bad, FetchFailed)
    assert bad.reason == reason
    assert isinstance(good, Answer)
    assert good.body == b"fine"


@pytest.mark.parametrize("path", ["/500-once", "/429-once", "/hop"])
def test_requests_succeed_after_passing_faults_and_redirects(
    base: str, fetcher: HttpFetcher, path: str
) -> None:
    (answer,) = fetcher.get_all([Request(base + path, 1000)])
    assert isinstance(answer, Answer)


@pytest.mark.parametrize(
    ("path", "body", "flags"),
    [
        ("/plain-as-gzip", b"<html>fine</html>", ()),
        ("/raw-deflate", b"fine", ()),
        ("/zstd", b"fine", ()),
        ("/wrong-length", b"<html>fine</html>", ("length_mismatch",)),
    ],
)
def test_a_body_with_a_wrong_header_is_read_where_its_bytes_leave_no_doubt(
    base: str, fetcher: HttpFetcher, path: str, body: bytes, flags: tuple[str, ...]
) -> None:
    (answer,) = fetcher.get_all([Request(base + path, 1000)])
    assert isinstance(answer, Answer)
    assert (answer.body, answer.flags) == (body, flags)


def test_a_long_retry_after_fails_at_once(base: str, fetcher: HttpFetcher) -> None:
    (failed,) = fetcher.get_all([Request(base + "/429-long", 1000)])
    assert isinstance(failed, FetchFailed)
    assert failed.retry_after_s == 3600


def test_validators_are_kept_unchanged_and_sent_again(base: str, fetcher: HttpFetcher) -> None:
    (answer,) = fetcher.get_all([Request(base + "/ok", 1000)])
    assert isinstance(answer, Answer)
    assert (answer.etag, answer.last_modified) == ('W/"odd', "garbage")
    (again,) = fetcher.get_all([Request(base + "/conditional", 1000, etag=answer.etag)])
    assert isinstance(again, Answer)
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "bad_scheme"),
        ("gopher://x/", "bad_scheme"),
        ("http://", "bad_url"),
        ("http://[::1]/", "ssrf_blocked"),
        ("http://127.0.0.2/", "ssrf_blocked"),
        ("http://[::ffff:127.0.0.2]/", "ssrf_blocked"),
        ("http://2130706433/", "bad_url"),
        ("http://x.example/" + "a" * 3000, "bad_url"),
    ],
)
def test_bad_urls_are_refused_before_any_connection(fetcher: HttpFetcher, url: str, reason: str) -> None:
    (failed,) = fetcher.get_all([Request(url, 1000)])
    assert isinstance(failed, FetchFailed)
    assert failed.reason == reason


def test_requests_to_one_host_keep_the_delay(base: str) -> None:
    spaced = HttpFetcher(FetchPolicy(allow_hosts=("127.0.0.1",), host_delay_s=0.2))
    started = time.monotonic()
    spaced.get_all([Request(base + "/ok", 1000)] * 4)
    spaced.close()
    assert time.monotonic() - started >= 0.6


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5),
        ("-1", None),
        ("999999999999", 86_400),
        ("9" * 400, 86_400),
        ("soon", None),
        (None, None),
        ("", None),
        ("²", None),
        ("٣", None),
        ("1e9", None),
        ("nan", None),
        ("inf", None),
        ("1.5", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 86_400),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Mon, 99 Foo 2030 99:99:99 GMT", None),
    ],
)
def test_retry_after_is_limited_to_a_day(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value) == seconds
