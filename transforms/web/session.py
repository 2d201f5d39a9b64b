"""Requests on one event loop: the guard, politeness to hosts, robots.txt, retries and redirects.

All coroutines of a ``PoliteSession`` run on the same event loop, so its state needs no locks.
"""

import asyncio
import dataclasses
import ipaddress
import random
from functools import partial
from urllib.parse import urlsplit

import aiohttp
import stamina
import stamina.instrumentation

from schemas.vocabulary import DEFERRED
from transforms.util.errors import FetchFailed
from transforms.web.answers import Redirect, forwarded_to, read_response
from transforms.web.budget import HostBudget, RunBudget
from transforms.web.failures import HOST_FAULTS, classify_error
from transforms.web.guard import AddressGuard, check_url, is_loopback
from transforms.web.guarded_connector import guarded_connector, refusal_of
from transforms.web.hosts import REST_SECONDS, Connections, Host, host_key
from transforms.web.messages import USER_AGENT, Answer, FetchPolicy, Request
from transforms.web.resolver import GuardedResolver
from transforms.web.robots import MAX_ROBOTS_BYTES, RobotsRules, read_rules, robots_url

FetchResult = Answer | FetchFailed

_DEFAULT_DELAY_SECONDS = 5.0
_MAX_REDIRECTS = 5
_ROBOTS_VALID_SECONDS = 3_600.0
_RETRIED_REASONS = frozenset({"http_error", "rate_limited", "conn_refused", "conn_reset", "partial_body"})


class PoliteSession:
    """One aiohttp session under a policy, and what it knows about hosts.

    ``requests_on_wire``: requests that were sent and have no answer yet.
    """

    def __init__(self, policy: FetchPolicy) -> None:
        stamina.instrumentation.set_on_retry_hooks([])  # without this, stamina logs a line for each retry
        self.policy = policy
        self.requests_on_wire = 0
        self._guard = AddressGuard.of(policy.allow_hosts)
        self._client: aiohttp.ClientSession | None = None
        self._hosts: dict[str, Host] = {}
        self._connections = Connections()
        self._resolver = GuardedResolver(self._guard, policy.total_timeout_s)

    async def open(self) -> None:
        """Open the session on the running event loop."""
        self._client = aiohttp.ClientSession(
            # a request that waits in the connector would lose its time; ``Connections`` has the limits
            connector=guarded_connector(self._guard, self._resolver, connections=0),
            auto_decompress=False,  # aiohttp believes the header; ``codings`` looks at the bytes
            trust_env=False,  # behind a proxy the guard would not see the address
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate"},
            timeout=self._timeout(self.policy.total_timeout_s),
        )

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()
        await self._resolver.close()

    async def fetch(self, request: Request, budget: RunBudget) -> FetchResult:
        """Return the answer to a request, or its failure. Passing faults are tried again.

        Args:
            request: what to fetch.
            budget: what the run may still spend on each host.
        """
        try:
            return await self._follow_redirects(request, budget)
        except FetchFailed as failure:
            # Most requests end before this line. They skip stamina, because its
            # set-up takes half as long as a request.
            if self.policy.attempts < 2 or not self._is_worth_retry(request, failure):
                return failure
            pause_s = self._wait_before_retry(failure)
        await asyncio.sleep(pause_s)
        return await self._retry(request, budget)

    def _is_worth_retry(self, request: Request, failure: FetchFailed) -> bool:
        """Return whether a request that failed for the first time is sent again."""
        if failure.reason == "deadline":
            return failure.is_tried and self._host_of(request.url).is_worth_another_try()
        return bool(self._wait_before_retry(failure))

    async def _retry(self, request: Request, budget: RunBudget) -> FetchResult:
        try:
            async for attempt in stamina.retry_context(
                on=self._wait_before_retry, attempts=self.policy.attempts - 1, timeout=None
            ):
                with attempt:
                    return await self._follow_redirects(request, budget)
        except FetchFailed as failure:
            return failure
        raise AssertionError("retry_context either returns or raises")

    def _wait_before_retry(self, error: Exception) -> bool | float:
        """Return the seconds to wait before the next attempt, False where there is none.

        After a 429, ``Host`` waits as long as the host asks, or 60 s where it does not say. So the pause here
        is minimal. A request gets no third try after a second deadline, because each costs up to 20 s.
        """
        if not isinstance(error, FetchFailed) or error.reason not in _RETRIED_REASONS or not error.is_tried:
            return False
        if error.reason == "rate_limited":
            return 0.01 if (error.retry_after_s or 0.0) <= self.policy.max_wait_s else False
        return random.uniform(0.2, 1.0)

    async def _follow_redirects(self, request: Request, budget: RunBudget) -> Answer:
        url, remaining_s = request.url, self.policy.total_timeout_s
        flags: list[str] = []
        is_moved, is_permanent = False, True
        clock = asyncio.get_running_loop().time
        for _ in range(_MAX_REDIRECTS + 1):
            host = await self._admit(url, request, budget)
            spent = budget.of(host_key(url))
            look_up = partial(self._look_up, host, url)
            async with host.turn(self._connections, spent, look_up, is_page=request.obeys_robots):
                started = clock()
                result = await self._send_to(host, url, request, remaining_s, spent)
                remaining_s -= clock() - started
            if isinstance(result, Answer) and request.follows_pages:
                result = forwarded_to(result) or result
            if isinstance(result, Answer):
                moved_to = url if is_moved and is_permanent else None
                return dataclasses.replace(result, moved_to=moved_to, flags=(*result.flags, *flags))
            is_moved, is_permanent = True, is_permanent and result.is_permanent
            if url.startswith("https:") and result.target.startswith("http:"):
                flags.append("https_to_http")
            url = result.target
        raise FetchFailed("too_many_redirects", f"more than {_MAX_REDIRECTS} redirects")

    async def _admit(self, url: str, request: Request, budget: RunBudget) -> Host:
        """Return the host of a URL that may be requested.

        Raises:
            FetchFailed: the URL, the guard or the host's robots.txt forbids it, or robots.txt itself is left
                for the next run.
        """
        check_url(url)
        host = self._host_of(url)
        if host.refusal is not None:
            raise FetchFailed(host.refusal.reason, str(host.refusal))
        if request.obeys_robots:
            (await self._robots_of(url, budget)).check(url)
        return host

    async def _look_up(self, host: Host, url: str) -> None:
        """Resolve the name in a URL before its deadline begins, and record at its host where that fails."""
        name = urlsplit(url).hostname or ""
        if _is_address(name) or not name.isascii():
            return  # the client encodes other names before it resolves them
        try:
            await self._resolver.look_up(name)
        except FetchFailed as failure:
            host.record_failure(failure, url)
            raise

    async def _send_to(
        self, host: Host, url: str, request: Request, remaining_s: float, spent: HostBudget
    ) -> Answer | Redirect:
        """Send one request and record at its host how it ended."""
        clock = asyncio.get_running_loop().time
        started = clock()
        self.requests_on_wire += 1
        try:
            result = await self._send(url, request, remaining_s)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, FetchFailed) as error:
            failure = error if isinstance(error, FetchFailed) else classify_error(error)
            host.record_failure(failure, url)
            if failure.reason not in HOST_FAULTS:
                spent.record_answer(clock() - started)
            raise failure from error
        finally:
            self.requests_on_wire -= 1
        host.record_answer()
        spent.record_answer(clock() - started)
        return result

    async def _send(self, url: str, request: Request, remaining_s: float) -> Answer | Redirect:
        headers = {"Accept": request.accept}
        if request.bypasses_caches:
            headers["Cache-Control"] = "no-cache"
        if request.etag:
            headers["If-None-Match"] = request.etag
        if request.last_modified:
            headers["If-Modified-Since"] = request.last_modified
        assert self._client is not None
        is_first_hop = remaining_s >= self.policy.total_timeout_s
        timeout = self._client.timeout if is_first_hop else self._timeout(max(remaining_s, 0.1))
        async with self._client.get(url, headers=headers, allow_redirects=False, timeout=timeout) as response:
            return await read_response(response, url, request)

    def _timeout(self, total_s: float) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(
            total=total_s,
            sock_connect=self.policy.connect_timeout_s,
            sock_read=self.policy.read_timeout_s,
        )

    def _host_of(self, url: str) -> Host:
        key = host_key(url)
        if key not in self._hosts:
            self._hosts[key] = Host(
                self._delay_of(url),
                self.policy.parallel_per_host,
                self.policy.max_wait_s,
                refusal_of(self._guard, url),
            )
        return self._hosts[key]

    def _delay_of(self, url: str) -> float:
        if self.policy.host_delay_s is not None:
            return self.policy.host_delay_s
        name = urlsplit(url).hostname or ""
        return 0.0 if is_loopback(name) and self._guard.allows(name) else _DEFAULT_DELAY_SECONDS

    async def _robots_of(self, url: str, budget: RunBudget) -> RobotsRules:
        """Return the rules of a URL's host. Its pages share one request for robots.txt in an hour.

        Raises:
            FetchFailed: ``deferred``; the run may spend no more on the host.
        """
        host = self._host_of(url)
        now = asyncio.get_running_loop().time()
        if host.robots is None or now > host.robots_until:
            host.robots_until = now + _ROBOTS_VALID_SECONDS
            host.robots = asyncio.create_task(self._fetch_robots(url, budget))
        # Shielded: cancelling one caller must not cancel the task, because others wait for it too.
        rules: RobotsRules = await asyncio.shield(host.robots)
        host.delay_s = max(host.usual_delay_s, rules.crawl_delay_s)
        return rules

    async def _fetch_robots(self, url: str, budget: RunBudget) -> RobotsRules:
        request = Request(
            robots_url(url), MAX_ROBOTS_BYTES, accept="text/plain, */*;q=0.5", accepts_part=True
        )
        host = self._host_of(url)
        answer = await self.fetch(request, budget)
        if isinstance(answer, FetchFailed) and answer.reason == DEFERRED:
            host.robots_until = 0.0
            raise answer
        rules = read_rules(answer)
        if rules.refusal is not None:
            # Not asked again for each of the host's pages, but soon.
            host.robots_until = asyncio.get_running_loop().time() + REST_SECONDS
        return rules


def _is_address(host: str) -> bool:
    """Return whether a host is written as an IP address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
