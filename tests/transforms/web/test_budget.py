"""What one run spends on a host: pages beyond it are deferred, and no other host waits for them."""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from hostile_http import set_dns_answers
from hostile_support import QUICK, HostileServer, Reply, answer, in_turn, raw, serving_hostile

from transforms.util.errors import FetchFailed
from transforms.web import budget
from transforms.web.budget import HostBudget, RunBudget
from transforms.web.client import HttpFetcher
from transforms.web.messages import Answer, FetchPolicy, Request

ROBOTS = "User-agent: *\nCrawl-delay: {}\n"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HostileServer]:
    """Return a server that answers for every name."""
    set_dns_answers(monkeypatch, ["127.0.0.1"])
    with serving_hostile() as server:
        yield server


def fetch(requests: list[Request], hosts: list[str], **change: object) -> list[tuple[str, str]]:
    """Return the address and the end of each request, in the order in which they ended."""
    policy = dataclasses.replace(QUICK, **{"allow_hosts": tuple(hosts), **change})
    fetcher = HttpFetcher(policy)
    ends = [
        (requests[number].url, got.reason if isinstance(got, FetchFailed) else "answered")
        for number, got in fetcher.stream(requests)
    ]
    fetcher.close()
    return ends


def ends_at(ends: list[tuple[str, str]], host: str) -> Counter[str]:
    return Counter(end for url, end in ends if f"//{host}:" in url)


def page(server: HostileServer, host: str, path: str) -> Request:
    return Request(f"http://{host}:{server.port}{path}", 100_000, obeys_robots=True)


def by_host(replies: dict[str, Reply]) -> Reply:
    """Return a reply that depends on the name that was asked for."""

    def reply(connection: object, number: int, head: bytes) -> None:
        host = next(name for name in replies if b"Host: " + name.encode() in head)
        replies[host](connection, number, head)  # type: ignore[arg-type]

    return reply


# -- the budget itself ------------------------------------------------------------------------------

POLICY = FetchPolicy(host_budget_s=100, slow_host_s=15, host_requests=50, parallel_per_host=2)


@pytest.mark.parametrize(
    ("wait_s", "usual_delay_s", "answer_s", "allowed"),
    [
        pytest.param(0, 0, 0.1, 50, id="a fast host: as many requests as a run sends"),
        pytest.param(0, 0, 1.9, 50, id="ordinary answers of a busy machine cost nothing"),
        pytest.param(5, 5, 0.1, 20, id="the usual delay: as long as the whole budget lasts"),
        pytest.param(10, 0, 0.1, 1, id="a wish for 10 s where none is usual"),
        pytest.param(10, 5, 0.1, 3, id="a wish for 10 s where 5 s are usual"),
        pytest.param(120, 5, 0.1, 0, id="the longest wish"),
        pytest.param(0, 0, 19, 2, id="one byte at a time"),
        pytest.param(0.5, 5, 9, 20, id="slow answers within the usual delay"),
    ],
)
def test_a_host_gets_requests_until_its_budget_is_spent(
    wait_s: float, usual_delay_s: float, answer_s: float, allowed: int
) -> None:
    spent = HostBudget(POLICY)
    sent = 0
    with pytest.raises(FetchFailed) as failed:
        while True:
            spent.take(wait_s, usual_delay_s)
            sent += 1
            spent.record_answer(answer_s)
    assert sent == allowed
    assert (failed.value.reason, failed.value.is_tried) == ("deferred", False)


def test_a_host_at_its_usual_delay_makes_up_for_one_long_wait() -> None:
    spent = HostBudget(POLICY)
    for _ in range(5):
        spent.take(12, 5)
        spent.take(0, 5)
        spent.take(0, 5)
    assert spent.behind_s < POLICY.slow_host_s


def test_a_refused_request_spends_nothing() -> None:
    spent = HostBudget(POLICY)
    with pytest.raises(FetchFailed):
        spent.take(16, 0)
    assert (spent.requests, spent.spent_s, spent.behind_s) == (0, 0, 0)
    spent.take(15, 0)


def test_each_host_of_each_run_has_a_budget_of_its_own() -> None:
    run = RunBudget(POLICY)
    run.of("a").take(15, 0)
    run.of("b").take(15, 0)
    assert run.of("a") is run.of("a")
    assert RunBudget(POLICY).of("a").requests == 0


# -- over HTTP --------------------------------------------------------------------------------------


@pytest.mark.parametrize("crawl_delay", ["30", "120", "1e9", "999999999999"])
def test_pages_of_a_host_with_a_long_crawl_delay_are_deferred_and_others_are_fetched(
    server: HostileServer, crawl_delay: str
) -> None:
    fast = [f"fast{n}.example" for n in range(10)]
    server.replies["/robots.txt"] = by_host(
        {
            "slow.example": answer(200, ROBOTS.format(crawl_delay).encode()),
            **dict.fromkeys(fast, answer(404)),
        }
    )
    server.replies |= {f"/{n}": answer(200, b"page") for n in range(10)}
    requests = [page(server, "slow.example", f"/{n}") for n in range(6)]
    requests += [page(server, host, f"/{n}") for n in range(10) for host in fast]
    ends = fetch(requests, ["slow.example", *fast])
    assert ends_at(ends, "slow.example") == {"answered": 1, "deferred": 5}
    assert Counter(end for url, end in ends if "//fast" in url) == {"answered": 100}


@pytest.mark.slow
def test_pages_of_fast_hosts_arrive_before_those_that_wait(server: HostileServer) -> None:
    server.replies["/robots.txt"] = by_host(
        {"slow.example": answer(200, ROBOTS.format(3).encode()), "fast.example": answer(404)}
    )
    server.replies |= {f"/{n}": answer(200, b"page") for n in range(20)}
    requests = [page(server, "slow.example", f"/{n}") for n in range(9)]
    requests += [page(server, "fast.example", f"/{n}") for n in range(20)]
    ends = fetch(requests, ["slow.example", "fast.example"], slow_host_s=4)
    hosts = ["slow" if "//slow" in url else "fast" for url, _ in ends]
    assert Counter(hosts[:21]) == {"fast": 20, "slow": 1}  # the first page needs no wait
    assert ends_at(ends, "slow.example") == {"answered": 2, "deferred": 7}


@pytest.mark.parametrize("crawl_delay", ["-5", "soon", "nan", "inf", "-inf", "1e400", "0", "10 s", ""])
def test_a_crawl_delay_that_is_no_usable_number_is_ignored(server: HostileServer, crawl_delay: str) -> None:
    server.replies["/robots.txt"] = answer(200, ROBOTS.format(crawl_delay).encode())
    server.replies |= {f"/{n}": answer(200, b"page") for n in range(6)}
    ends = fetch([page(server, "odd.example", f"/{n}") for n in range(6)], ["odd.example"])
    assert ends_at(ends, "odd.example") == {"answered": 6}


def test_a_host_gets_so_many_requests_a_run_as_the_policy_says(server: HostileServer) -> None:
    server.replies |= {f"/{n}": answer(200, b"page") for n in range(12)}
    requests = [
        dataclasses.replace(page(server, "many.example", f"/{n}"), obeys_robots=False) for n in range(12)
    ]
    ends = fetch(requests, ["many.example"], host_requests=5)
    assert ends_at(ends, "many.example") == {"answered": 5, "deferred": 7}
    assert sum(server.seen.values()) == 5


def test_ten_thousand_entries_of_one_host_end_once_each_and_hold_no_other_host(server: HostileServer) -> None:
    server.replies["/robots.txt"] = by_host(
        {"many.example": answer(200, ROBOTS.format(60).encode()), "small.example": answer(404)}
    )
    server.replies |= {f"/{n}": answer(200, b"page") for n in range(10_000)}
    requests = [page(server, "many.example", f"/{n}") for n in range(10_000)]
    requests += [page(server, "small.example", f"/{n}") for n in range(10)]
    ends = fetch(requests, ["many.example", "small.example"])
    assert ends_at(ends, "many.example") == {"answered": 1, "deferred": 9_999}
    assert ends_at(ends, "small.example") == {"answered": 10}
    assert len({url for url, _ in ends}) == 10_010


def test_redirects_to_a_slow_host_spend_its_budget_and_not_that_of_the_host_they_come_from(
    server: HostileServer,
) -> None:
    server.replies["/robots.txt"] = by_host(
        {"slow.example": answer(200, ROBOTS.format(60).encode()), "fast.example": answer(404)}
    )
    for n in range(5):
        server.replies[f"/moved{n}"] = answer(302, Location=f"http://slow.example:{server.port}/{n}")
    server.replies |= {f"/{n}": answer(200, b"page") for n in range(20)}
    requests = [page(server, "fast.example", f"/moved{n}") for n in range(5)]
    requests += [page(server, "fast.example", f"/{n}") for n in range(20)]
    ends = fetch(requests, ["slow.example", "fast.example"])
    moved = Counter(end for url, end in ends if "/moved" in url)
    assert moved == {"answered": 1, "deferred": 4}
    assert ends_at(ends, "fast.example") == {"answered": 21, "deferred": 4}


def test_a_redirect_is_a_request_to_the_host_that_it_leads_to(server: HostileServer) -> None:
    for n in range(5):
        server.replies[f"/moved{n}"] = answer(302, Location=f"http://two.example:{server.port}/{n}")
    server.replies |= {f"/{n}": answer(200, b"page") for n in range(5)}
    requests = [
        dataclasses.replace(page(server, "one.example", f"/moved{n}"), obeys_robots=False) for n in range(5)
    ]
    ends = fetch(requests, ["one.example", "two.example"], host_requests=5)
    assert ends_at(ends, "one.example") == {"answered": 5}


def test_redirects_from_a_slow_host_to_a_fast_one_wait_for_the_slow_one_only(server: HostileServer) -> None:
    server.replies["/robots.txt"] = by_host(
        {"slow.example": answer(200, ROBOTS.format(60).encode()), "fast.example": answer(404)}
    )
    for n in range(5):
        server.replies[f"/moved{n}"] = answer(302, Location=f"http://fast.example:{server.port}/{n}")
    server.replies |= {f"/{n}": answer(200, b"page") for n in range(20)}
    requests = [page(server, "slow.example", f"/moved{n}") for n in range(5)]
    requests += [page(server, "fast.example", f"/{n}") for n in range(20)]
    ends = fetch(requests, ["slow.example", "fast.example"])
    assert ends_at(ends, "slow.example") == {"answered": 1, "deferred": 4}
    assert ends_at(ends, "fast.example") == {"answered": 20}


@pytest.mark.slow
def test_a_host_that_asks_for_a_wait_before_each_page_is_left_for_the_next_run(server: HostileServer) -> None:
    """Each wait is short enough to be waited for, and an answer follows it. Only their sum holds a run."""
    pages = {f"/{n}": in_turn(answer(429, Retry_After="1"), answer(200, b"page")) for n in range(30)}
    server.replies |= pages
    requests = [dataclasses.replace(page(server, "coy.example", path), obeys_robots=False) for path in pages]
    ends = fetch(requests, ["coy.example"], slow_host_s=3, max_wait_s=10, attempts=3)
    found = ends_at(ends, "coy.example")
    assert found["deferred"] >= 20
    assert found["answered"] >= 2
    assert set(found) == {"answered", "deferred"}


def test_a_host_that_sends_one_byte_at_a_time_is_left_for_the_next_run(
    server: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "_SLOW_ANSWER_SECONDS", 0.2)
    drip = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", *[b"."] * 5, pause_s=0.06)
    server.replies |= {f"/{n}": drip for n in range(30)}
    requests = [
        dataclasses.replace(page(server, "drip.example", f"/{n}"), obeys_robots=False) for n in range(30)
    ]
    ends = fetch(requests, ["drip.example"], slow_host_s=0.5)
    found = ends_at(ends, "drip.example")
    assert set(found) == {"answered", "deferred"}
    assert found["deferred"] > 20


def test_the_next_run_fetches_what_was_deferred(server: HostileServer) -> None:
    server.replies |= {f"/{n}": answer(200, b"page") for n in range(9)}
    policy = dataclasses.replace(QUICK, allow_hosts=("many.example",), host_requests=4)
    fetcher = HttpFetcher(policy)
    left = [f"/{n}" for n in range(9)]
    rounds = 0
    while left:
        requests = [dataclasses.replace(page(server, "many.example", p), obeys_robots=False) for p in left]
        got = fetcher.get_all(requests)
        left = [path for path, g in zip(left, got, strict=True) if not isinstance(g, Answer)]
        rounds += 1
    fetcher.close()
    assert rounds == 3
    assert set(server.seen.values()) == {1}


def test_polls_of_a_feed_take_no_turn_of_its_host_s_pages(server: HostileServer) -> None:
    """Otherwise a process that polls the feed before each page would never get a page."""
    server.replies["/robots.txt"] = answer(200, ROBOTS.format(1).encode())
    server.replies |= {path: answer(200, b"page") for path in ("/feed", "/0", "/1")}
    fetcher = HttpFetcher(dataclasses.replace(QUICK, allow_hosts=("slow.example",), slow_host_s=0.5))
    feed = dataclasses.replace(page(server, "slow.example", "/feed"), obeys_robots=False)
    got = [*fetcher.get_all([page(server, "slow.example", "/0")])]
    got += fetcher.get_all([feed])  # nor does it wait for them
    time.sleep(1.0)
    got += [*fetcher.get_all([feed]), *fetcher.get_all([page(server, "slow.example", "/1")])]
    fetcher.close()
    assert all(isinstance(g, Answer) for g in got)
