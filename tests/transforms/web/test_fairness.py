"""Hosts that hang, and names that do not resolve, take nothing from hosts that answer."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import socket
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hostile_http import set_dns_answers
from hostile_support import QUICK, answer, raw, serving_hostile

from transforms.util.errors import FetchFailed
from transforms.web.client import HttpFetcher
from transforms.web.messages import Answer, Request

IMPATIENT = dataclasses.replace(QUICK, total_timeout_s=1.0, connect_timeout_s=0.7, read_timeout_s=0.8)


@contextlib.contextmanager
def silent_server() -> Iterator[int]:
    """Accept connections and never answer; yield the port."""
    with socket.create_server(("127.0.0.1", 0), backlog=1_000) as silent:
        yield silent.getsockname()[1]


def ends(fetcher: HttpFetcher, requests: list[Request]) -> dict[str, str]:
    got = fetcher.get_all(requests)
    fetcher.close()
    return {
        r.url: "answered" if isinstance(g, Answer) else g.reason for r, g in zip(requests, got, strict=True)
    }


@pytest.mark.parametrize("asks_robots", [False, True])
def test_two_hundred_hosts_that_hang_starve_none_of_twenty_good_ones(
    monkeypatch: pytest.MonkeyPatch, asks_robots: bool
) -> None:
    set_dns_answers(monkeypatch, ["127.0.0.1"])
    hung, good = [f"hung{n}.example" for n in range(200)], [f"good{n}.example" for n in range(20)]
    with serving_hostile() as server, silent_server() as port:
        server.replies["/p"] = answer(200, b"page")
        fetcher = HttpFetcher(dataclasses.replace(IMPATIENT, allow_hosts=(*hung, *good)))
        requests = [Request(f"http://{host}:{port}/p", 1000, obeys_robots=asks_robots) for host in hung]
        requests += [
            Request(f"http://{host}:{server.port}/p", 1000, obeys_robots=asks_robots) for host in good
        ]
        found = ends(fetcher, requests)
    by_kind = Counter((url[7:11], end) for url, end in found.items())
    assert by_kind == {
        ("good", "answered"): 20,
        ("hung", "robots_unreachable" if asks_robots else "deadline"): 200,
    }


@pytest.mark.parametrize("slow_names", [100, 300], ids=["fewer than threads", "more than threads"])
def test_names_that_resolve_slowly_starve_no_other_name(
    monkeypatch: pytest.MonkeyPatch, slow_names: int
) -> None:
    """The look-ups take longer than a request may take, and the good names come last."""

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        if host.startswith("slow"):
            time.sleep(IMPATIENT.total_timeout_s * 1.5)
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    slow, good = [f"slow{n}.example" for n in range(slow_names)], [f"good{n}.example" for n in range(20)]
    with serving_hostile() as server:
        server.replies["/p"] = answer(200, b"page")
        fetcher = HttpFetcher(dataclasses.replace(IMPATIENT, allow_hosts=(*slow, *good)))
        found = ends(fetcher, [Request(f"http://{h}:{server.port}/p", 1000) for h in (*slow, *good)])
    assert Counter((url[7:11], end) for url, end in found.items()) == {
        ("good", "answered"): 20, ("slow", "dns_error"): slow_names,
    }  # fmt: skip


def test_requests_for_one_name_share_one_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        time.sleep(0.1)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with serving_hostile() as server, serving_hostile() as other:
        requests = []
        for site in (server, other):
            site.replies |= {f"/{n}": answer(200, b"page") for n in range(9)}
            requests += [Request(f"http://one.example:{site.port}/{n}", 1000) for n in range(9)]
        fetcher = HttpFetcher(dataclasses.replace(QUICK, allow_hosts=("one.example",)))
        assert set(ends(fetcher, requests).values()) == {"answered"}
    assert asked == ["one.example"]


def resetting(connection: socket.socket, number: int, head: bytes) -> None:
    connection.close()


resetting.closes = True  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "bad", [resetting, raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", *[b"."] * 9, pause_s=0.3)],
    ids=["reset", "one byte at a time"],
)  # fmt: skip
def test_one_bad_page_costs_its_host_no_other_page(bad: Any) -> None:
    """It is sent three times, and each time fails with a fault that could be the host's."""
    with serving_hostile() as server:
        server.replies |= {"/bad": bad, **{f"/{n}": answer(200, b"page") for n in range(9)}}
        fetcher = HttpFetcher(dataclasses.replace(IMPATIENT, attempts=3))
        (failed,) = fetcher.get_all([Request(f"{server.base}/bad", 1000)])
        assert isinstance(failed, FetchFailed)
        found = ends(fetcher, [Request(f"{server.base}/{n}", 1000) for n in range(9)])
    assert set(found.values()) == {"answered"}


def test_a_host_that_fails_at_three_addresses_rests() -> None:
    with serving_hostile() as server:
        server.replies |= {f"/{n}": resetting for n in range(9)}
        fetcher = HttpFetcher(dataclasses.replace(IMPATIENT, attempts=1, parallel_per_host=1))
        got = fetcher.get_all([Request(f"{server.base}/{n}", 1000) for n in range(9)])
        fetcher.close()
        assert {g.reason for g in got if isinstance(g, FetchFailed)} == {"conn_reset"}
        assert len(server.seen) == 3
        assert ["not tried" in str(g) for g in got] == [False] * 3 + [True] * 6


def test_an_answer_ends_a_row_of_failures() -> None:
    with serving_hostile() as server:
        server.replies |= {f"/{n}": answer(200, b"page") if n % 3 == 2 else resetting for n in range(12)}
        fetcher = HttpFetcher(dataclasses.replace(IMPATIENT, attempts=1, parallel_per_host=1))
        found = ends(fetcher, [Request(f"{server.base}/{n}", 1000) for n in range(12)])
        assert Counter(found.values()) == {"answered": 4, "conn_reset": 8}


def test_a_host_that_never_answered_is_asked_once_for_each_page_and_not_three_times() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        fetcher = HttpFetcher(dataclasses.replace(IMPATIENT, attempts=3))
        found = ends(fetcher, [Request(f"http://127.0.0.1:{silent.getsockname()[1]}/p", 1000)])
        silent.setblocking(False)
        connections = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                silent.accept()[0].close()
                connections += 1
    assert set(found.values()) == {"deadline"}
    assert connections == 1


def test_a_robots_txt_that_fails_is_asked_for_once_and_not_for_each_page() -> None:
    with serving_hostile() as server:
        server.replies["/robots.txt"] = answer(500)
        server.replies |= {f"/{n}": answer(200, b"page") for n in range(20)}
        fetcher = HttpFetcher(dataclasses.replace(QUICK, attempts=1))
        found = ends(fetcher, [Request(f"{server.base}/{n}", 1000, obeys_robots=True) for n in range(20)])
        assert set(found.values()) == {"robots_unreachable"}
        assert server.seen["/robots.txt"] == 1


def test_requests_that_waited_for_a_connection_still_keep_their_distance(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All connections are taken for longer than the delay. Then two requests must not start at once."""
    set_dns_answers(monkeypatch, ["127.0.0.1"])
    monkeypatch.setattr("transforms.web.hosts._CONNECTIONS", 1)

    def slow(connection: socket.socket, number: int, head: bytes) -> None:
        time.sleep(0.8)
        answer(200, b"page")(connection, number, head)

    with serving_hostile() as busy, serving_hostile() as spaced:
        busy.replies |= {"/first": answer(200, b"page"), "/slow": slow}
        spaced.replies |= {f"/{n}": answer(200, b"page") for n in range(4)}
        hosts = ("busy.example", "spaced.example")
        fetcher = HttpFetcher(dataclasses.replace(QUICK, allow_hosts=hosts, host_delay_s=0.3))
        requests = [
            *(Request(f"http://busy.example:{busy.port}/{p}", 1000) for p in ("first", "slow")),
            *(Request(f"http://spaced.example:{spaced.port}/{n}", 1000) for n in range(4)),
        ]
        assert set(ends(fetcher, requests).values()) == {"answered"}
        moments = sorted(moment for _, moment in spaced.times)
    assert all(later - earlier > 0.15 for earlier, later in itertools.pairwise(moments))
