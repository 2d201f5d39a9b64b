"""Delays between requests, and hosts that do not affect each other, as the server sees them."""

from __future__ import annotations

import itertools
import socket
import time

import pytest
from hostile_support import HostileServer, Reply, answer, serving_hostile

from transforms.util.errors import FetchFailed
from transforms.web.client import HttpFetcher
from transforms.web.messages import Answer, FetchPolicy, Request

# The server records a request when its thread runs. After a request that was recorded late, the gap looks
# shorter.
RECORDING_DELAY_S = 0.15


def policy(**change: object) -> FetchPolicy:
    values: dict[str, object] = {
        "allow_hosts": ("127.0.0.1",),
        "host_delay_s": 0,
        "total_timeout_s": 2,
        "attempts": 2,
    }
    return FetchPolicy(**{**values, **change})  # type: ignore[arg-type]


def request_times(server: HostileServer) -> list[float]:
    return sorted(moment for _, moment in server.times)


def test_r9_the_delay_between_requests_is_kept_for_each_host_and_other_hosts_do_not_wait() -> None:
    with serving_hostile() as busy, serving_hostile() as other:
        for server in (busy, other):
            server.replies.update({f"/{n}": answer(200, b"page") for n in range(20)})
        fetcher = HttpFetcher(policy(host_delay_s=0.4))
        requests = [Request(f"{busy.base}/{n}", 1000, obeys_robots=True) for n in range(8)]
        requests += [Request(f"{other.base}/{n}", 1000, obeys_robots=True) for n in range(3)]
        answers = fetcher.get_all(requests)
        fetcher.close()
        assert all(isinstance(a, Answer) for a in answers)
        gaps = [b - a for a, b in itertools.pairwise(request_times(busy))]
        assert len(gaps) == 8  # robots.txt is also a request
        assert min(gaps) >= 0.4 - RECORDING_DELAY_S
        assert (
            request_times(other)[-1] - request_times(other)[0]
            < request_times(busy)[-1] - request_times(busy)[0] - 1
        )


def test_r9_a_crawl_delay_in_robots_txt_lengthens_the_delay() -> None:
    with serving_hostile() as server:
        server.replies.update({f"/{n}": answer(200, b"page") for n in range(3)})
        server.replies["/robots.txt"] = answer(200, b"User-agent: *\nCrawl-delay: 1\n")
        fetcher = HttpFetcher(policy())
        fetcher.get_all([Request(f"{server.base}/{n}", 1000, obeys_robots=True) for n in range(3)])
        fetcher.close()
        assert min(b - a for a, b in itertools.pairwise(request_times(server)[1:])) >= 1 - RECORDING_DELAY_S


def delayed(seconds: float, reply: Reply) -> Reply:
    def delayed_reply(connection: socket.socket, number: int, head: bytes) -> None:
        time.sleep(seconds)
        reply(connection, number, head)

    return delayed_reply


@pytest.mark.slow
def test_only_the_wait_between_requests_counts_as_throttling() -> None:
    """More workers would shorten the wait for an answer, but not the wait between requests."""
    with serving_hostile() as server:
        server.replies.update({f"/{n}": answer(200, b"page") for n in range(2)})
        server.replies["/slow"] = delayed(2.5, answer(200, b"page"))
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
    """Return a reply that answers 429 with a wait to the first ``times`` requests."""

    def reply(connection: socket.socket, number: int, head: bytes) -> None:
        is_open = number > times
        (answer(200, b"page") if is_open else answer(429, Retry_After=f"{seconds:.0f}"))(
            connection, number, head
        )

    return reply


def test_r10_a_host_that_answers_429_gets_one_request_per_wait() -> None:
    with serving_hostile() as server:
        overloaded = closed_for(1, 99)
        server.replies.update({f"/{n}": overloaded for n in range(30)})
        fetcher = HttpFetcher(policy(attempts=3, max_wait_s=3))
        answers = fetcher.get_all([Request(f"{server.base}/{n}", 1000) for n in range(30)])
        fetcher.close()
        assert {a.reason for a in answers if isinstance(a, FetchFailed)} == {"rate_limited"}
        assert len(answers) == 30
        gaps = [b - a for a, b in itertools.pairwise(request_times(server))]
        assert len(gaps) <= 3  # a run does not wait longer
        assert min(gaps) >= 1 - RECORDING_DELAY_S


def test_r10_a_few_answers_429_lose_no_page() -> None:
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


def test_r7_a_host_that_hangs_is_given_up_and_delays_no_other() -> None:
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
        assert time.monotonic() - began < 8  # three attempts of one second, not forty
        assert {f.reason for f in failed} == {"deadline"}
        assert sum("not tried" in str(f) for f in failed) >= 37
