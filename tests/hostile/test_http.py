"""H01 to H17: addresses, redirects, bodies and connections. Each hostile answer comes with a good one."""

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
import zstandard
from hostile_http import MB, PAGE, get, read_page, reason_of, set_dns_answers
from hostile_support import QUICK, HostileServer, Reply, answer, in_turn, raw, resident_bytes, serving_hostile

from transforms.util.sandbox import Sandbox
from transforms.web.client import HttpFetcher
from transforms.web.guard import AddressGuard, Blocked
from transforms.web.messages import Answer, FetchPolicy, Request
from transforms.web.resolver import keep_allowed_addresses

# -- the guard --------------------------------------------------------------------------------------

PRIVATE = {
    "H01": ["127.0.0.1", "::1", "10.1.2.3", "100.64.0.1", "fd00:ec2::254", "169.254.169.254", "192.168.1.1", "0.0.0.0"],
    "H03": [
        "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "::a9fe:a9fe", "fec0::1", "192.0.0.192",
        "224.0.0.1", "ff02::1", "2001:0:1::1", "198.18.0.1", "240.0.0.1",
    ],
}  # fmt: skip


@pytest.mark.parametrize("address", [a for group in PRIVATE.values() for a in group])
def test_h01_h03_the_guard_refuses_addresses_that_are_not_public(address: str) -> None:
    with pytest.raises(Blocked, match="ssrf_blocked"):
        AddressGuard().check("host.example", address, 80)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "１２７.0.0.1", "127.1"])
def test_h02_other_spellings_of_loopback_are_refused(host: str, canary: HostileServer) -> None:
    fetcher = HttpFetcher(FetchPolicy(host_delay_s=0, attempts=1, total_timeout_s=2))
    (got,) = fetcher.get_all([Request(f"http://{host}/", MB)])
    fetcher.close()
    assert reason_of(got) in ("ssrf_blocked", "bad_url", "port_blocked")


def test_h04_a_name_that_resolves_to_a_private_address_is_refused_at_the_socket(
    monkeypatch: pytest.MonkeyPatch, server: HostileServer, canary: HostileServer
) -> None:
    """The check of the resolver is switched off here, so that only the check at the socket is left."""
    set_dns_answers(monkeypatch, ["127.0.0.2"])
    monkeypatch.setattr(
        "transforms.web.resolver.keep_allowed_addresses", lambda guard, host, port, found: list(found)
    )
    fetcher = HttpFetcher(QUICK)
    (got,) = fetcher.get_all([Request(f"http://rebind.example:{canary.port}/", MB)])
    fetcher.close()
    assert reason_of(got) == "ssrf_blocked"


def test_h05_private_addresses_of_a_name_are_removed() -> None:
    def resolved(*addresses: str) -> Any:
        return [{"host": a} for a in addresses]

    guard = AddressGuard()
    assert keep_allowed_addresses(guard, "n.example", 80, resolved("93.184.216.34", "10.0.0.1")) == resolved(
        "93.184.216.34"
    )
    with pytest.raises(Blocked, match="ssrf_blocked"):
        keep_allowed_addresses(guard, "n.example", 80, resolved("10.0.0.1", "169.254.169.254"))


def test_h06_redirects_to_private_addresses_and_files_are_refused(
    monkeypatch: pytest.MonkeyPatch, server: HostileServer, canary: HostileServer, fetcher: HttpFetcher
) -> None:
    to_canary = answer(302, Location=f"http://127.0.0.2:{canary.port}/computeMetadata/v1/")
    assert reason_of(get(server, fetcher, to_canary)) == "ssrf_blocked"
    assert reason_of(get(server, fetcher, answer(302, Location="file:///etc/passwd"))) == "bad_scheme"
    with pytest.raises(Blocked, match="ssrf_blocked"):
        keep_allowed_addresses(AddressGuard(), "metadata.google.internal.", 80, [{"host": "169.254.169.254"}])  # type: ignore[list-item]


def test_h06_an_allowed_name_does_not_allow_its_address(server: HostileServer) -> None:
    server.replies["/"] = answer(200, b"fine")
    fetcher = HttpFetcher(dataclasses.replace(QUICK, allow_hosts=("localhost",)))
    by_name = server.base.replace("127.0.0.1", "localhost")
    assert reason_of(fetcher.get_all([Request(by_name + "/", MB)])[0]) == "answered"
    for spelling in (
        "127.0.0.1",
        "①②⑦.0.0.1",
        "１２７.０.0.1",
        "127。0。0。1",
        "0x7f.1",
        "2130706433",
        "a@127.1",
        "[::ffff:127.0.0.1]",
    ):
        url = server.base.replace("127.0.0.1", spelling)
        assert reason_of(fetcher.get_all([Request(url + "/", MB)])[0]) == "ssrf_blocked", spelling
    fetcher.close()


# -- redirects --------------------------------------------------------------------------------------


def test_h07_redirects_in_loops_and_long_chains_are_refused(
    server: HostileServer, fetcher: HttpFetcher
) -> None:
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
def test_h08_redirects_without_a_usable_target_are_refused(
    server: HostileServer, fetcher: HttpFetcher, reply: Reply
) -> None:
    assert reason_of(get(server, fetcher, reply)) in ("bad_redirect", "bad_headers", "bad_url")


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Return a certificate authority that the client trusts."""
    authority = trustme.CA()
    context = ssl.create_default_context()
    authority.configure_trust(context)
    monkeypatch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", context)
    return authority


def serving_tls(certificate: trustme.LeafCert) -> Any:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return serving_hostile("127.0.0.1", context)


def test_h09_a_redirect_from_https_to_http_is_followed_and_flagged(
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
        ("zstd", zstandard.compress(b"0" * 190 * MB), {"body_too_large"}),
        ("zstd", b"\x28\xb5\x2f\xfd" * 250, {"bad_body"}),
        ("gzip", gzip.compress(ZEROS), {"answered"}),
    ],
    ids=["gzip", "deflate", "br", "zstd", "broken zstd", "gzip in gzip"],
)
def test_h10_a_decompression_bomb_takes_little_memory(
    server: HostileServer, fetcher: HttpFetcher, encoding: str, body: bytes, reasons: set[str]
) -> None:
    before = resident_bytes()
    assert reason_of(get(server, fetcher, answer(200, body, Content_Encoding=encoding))) in reasons
    assert resident_bytes() - before < 40 * MB


def test_h11_the_body_of_a_redirect_is_not_read(server: HostileServer, fetcher: HttpFetcher) -> None:
    before = resident_bytes()
    got = get(server, fetcher, answer(302, ZEROS, Content_Encoding="gzip", Location="/good"))
    assert isinstance(got, Answer)
    assert resident_bytes() - before < 40 * MB


@pytest.mark.slow
def test_h12_a_slow_body_ends_at_the_deadline(server: HostileServer, fetcher: HttpFetcher) -> None:
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
def test_h13_bad_headers_are_refused(server: HostileServer, fetcher: HttpFetcher, reply: Reply) -> None:
    assert reason_of(get(server, fetcher, reply)) in ("bad_headers", "deadline")


def test_h13_a_thousand_headers_are_accepted_or_refused(server: HostileServer, fetcher: HttpFetcher) -> None:
    many = b"".join(b"X-%d: 1\r\n" % n for n in range(1_000))
    got = get(server, fetcher, raw(b"HTTP/1.1 200 OK\r\n" + many + b"Content-Length: 2\r\n\r\nok"))
    assert reason_of(got) in ("bad_headers", "answered")


def test_h14_a_wrong_content_length_is_flagged_or_refused(
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
def test_h15_bad_chunks_end_with_a_reason(
    server: HostileServer, fetcher: HttpFetcher, chunks: bytes, reasons: set[str]
) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert reason_of(get(server, fetcher, raw(head + chunks))) in reasons


@pytest.mark.slow
def test_h16_a_cut_body_is_requested_again_and_then_fails(
    server: HostileServer, fetcher: HttpFetcher
) -> None:
    cut = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
    assert reason_of(get(server, fetcher, cut)) == "partial_body"
    assert server.seen["/bad"] == QUICK.attempts
    assert reason_of(get(server, fetcher, in_turn(cut, cut, cut, answer(200, b"whole")))) == "answered"


# -- connections ------------------------------------------------------------------------------------


def test_h17_each_broken_connection_has_its_reason(
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
    set_dns_answers(monkeypatch)
    (unknown,) = fetcher.get_all([Request("http://no-such-name.example/", MB)])
    assert reason_of(unknown) == "dns_error"


@pytest.mark.parametrize("kind", ["tls_expired", "tls_wrong_host", "tls_untrusted"])
def test_h17_each_bad_certificate_has_its_reason(kind: str, authority: trustme.CA) -> None:
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
