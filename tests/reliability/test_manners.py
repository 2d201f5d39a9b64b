"""Politeness and isolation, measured from the server's side."""

from __future__ import annotations

import itertools
import socket
import time

import pytest
from hostile_support import HostileServer, Reply, answer, serving_hostile

from transforms.util.errors import FetchFailed
from transforms.web.client import HttpFetcher
from transforms.web.messages import Answer, FetchPolicy, Request

# The server notes a request when its thread gets its turn: one that was noted late is followed by a shorter gap.
_LATE_S = 0.15


def policy(**change: object) -> FetchPolicy:
    values: dict[str, object] = {
        "allow_hosts": ("127.0.0.1",),
        "host_delay_s": 0,
        "total_timeout_s": 2,
        "attempts": 2,
    }
    return FetchPolicy(**{**values, **change})  # type: ignore[arg-type]


def starts(server: HostileServer) -> list[float]:
    return sorted(moment for _, moment in server.times)


def test_r9_the_gap_between_requests_to_a_host_is_never_shorter_and_others_do_not_wait() -> None:
    with serving_hostile() as busy, serving_hostile() as other:
        for server in (busy, other):
            server.replies.update({f"/{n}": answer(200, b"page") for n in range(20)})
        fetcher = HttpFetcher(policy(host_delay_s=0.4))
        requests = [Request(f"{busy.base}/{n}", 1000, obeys_robots=True) for n in range(8)]
        requests += [Request(f"{other.base}/{n}", 1000, obeys_robots=True) for n in range(3)]
        answers = fetcher.get_all(requests)
        fetcher.close()
        assert all(isinstance(a, Answer) for a in answers)
        gaps = [b - a for a, b in itertools.pairwise(starts(busy))]
        assert len(gaps) == 8  # robots.txt is a request like any
        assert min(gaps) >= 0.4 - _LATE_S
        assert starts(other)[-1] - starts(other)[0] < starts(busy)[-1] - starts(busy)[0] - 1


def test_r9_a_delay_in_robots_txt_lengthens_the_gap_and_never_shortens_it() -> None:
    with serving_hostile() as server:
        server.replies.update({f"/{n}": answer(200, b"page") for n in range(3)})
        server.replies["/robots.txt"] = answer(200, b"User-agent: *\nCrawl-delay: 1\n")
        fetcher = HttpFetcher(policy())
        fetcher.get_all([Request(f"{server.base}/{n}", 1000, obeys_robots=True) for n in range(3)])
        fetcher.close()
        assert min(b - a for a, b in itertools.pairwise(starts(server)[1:])) >= 1 - _LATE_S


def after(seconds: float, then: Reply) -> Reply:
    def reply(connection: socket.socket, number: int, head: bytes) -> None:
        time.sleep(seconds)
        then(connection, number, head)

    return reply


@pytest.mark.slow
def test_waiting_for_a_turn_is_told_from_waiting_for_an_answer() -> None:
    """Only the first is throttling: more workers would not end it sooner."""
    with serving_hostile() as server:
        server.replies.update({f"/{n}": answer(200, b"page") for n in range(2)})
        server.replies["/slow"] = after(2.5, answer(200, b"page"))
        polite = HttpFetcher(policy(host_delay_s=2.5))
        polite.get_all([Request(f"{server.base}/{n}", 1000) for n in range(2)])
        assert polite.take_throttled_s() >= 1
        assert polite.take_throttled_s() == 0
        polite.close()
        quick = HttpFetcher(policy(total_timeout_s=5))
        quick.get_all([Request(f"{server.base}/slow", 1000)])
        assert quick.take_throttled_s() == 0
        quick.close()


def closed_for(seconds: float, times: int) -> Reply:
    """Answer 429 with a wait to every request, until so many waits were kept."""

    def reply(connection: socket.socket, number: int, head: bytes) -> None:
        is_open = number > times
        (answer(200, b"page") if is_open else answer(429, Retry_After=f"{seconds:.0f}"))(
            connection, number, head
        )

    return reply


def test_r10_a_storm_of_429_gets_one_request_for_each_wait() -> None:
    with serving_hostile() as server:
        storm = closed_for(1, 99)
        server.replies.update({f"/{n}": storm for n in range(30)})
        fetcher = HttpFetcher(policy(attempts=3, max_wait_s=3))
        answers = fetcher.get_all([Request(f"{server.base}/{n}", 1000) for n in range(30)])
        fetcher.close()
        assert {a.reason for a in answers if isinstance(a, FetchFailed)} == {"rate_limited"}
        assert len(answers) == 30
        gaps = [b - a for a, b in itertools.pairwise(starts(server))]
        assert len(gaps) <= 3  # no longer than a run waits
        assert min(gaps) >= 1 - _LATE_S


def test_r10_a_short_storm_is_waited_out_and_nothing_lost() -> None:
    with serving_hostile() as server:
        turns = itertools.count(1)

        def reply(connection: socket.socket, number: int, head: bytes) -> None:
            closed_for(1, 2)(connection, next(turns), head)

        server.replies.update({f"/{n}": reply for n in range(10)})
        fetcher = HttpFetcher(policy(attempts=3))
        answers = fetcher.get_all([Request(f"{server.base}/{n}", 1000) for n in range(10)])
        fetcher.close()
        assert all(isinstance(a, Answer) for a in answers)
        assert sum(server.seen.values()) == 12


def test_r7_a_host_that_hangs_is_left_alone_and_the_others_are_served() -> None:
    with serving_hostile() as good, socket.create_server(("127.0.0.1", 0), backlog=50) as silent:
        good.replies.update({f"/{n}": answer(200, b"page") for n in range(50)})
        hung = f"http://127.0.0.1:{silent.getsockname()[1]}"
        requests = [Request(f"{hung}/{n}", 1000) for n in range(40)]
        requests += [Request(f"{good.base}/{n}", 1000) for n in range(50)]
        fetcher = HttpFetcher(policy(total_timeout_s=1))
        began, last_good = time.monotonic(), 0.0
        failed = []
        for _, got in fetcher.stream(requests):
            if isinstance(got, Answer):
                last_good = time.monotonic() - began
            else:
                failed.append(got)
        fetcher.close()
        assert last_good < 1
        assert time.monotonic() - began < 8  # three tries of a second, not forty
        assert {f.reason for f in failed} == {"deadline"}
        assert sum("not tried" in str(f) for f in failed) >= 37
