"""Requests on one event loop: the guard, politeness to hosts, robots.txt, retries and redirects.

All coroutines of a ``PoliteSession`` run on the same event loop, so its state needs no locks.
"""

import asyncio
import dataclasses
import ipaddress
import random
from urllib.parse import urlsplit

import aiohttp
import stamina
import stamina.instrumentation

from transforms.util.errors import FetchFailed
from transforms.web.answers import Redirect, read_response
from transforms.web.connector import guarded_connector
from transforms.web.failures import check_url, classify_error
from transforms.web.guard import AddressGuard, Blocked, is_loopback
from transforms.web.hosts import Host, host_key
from transforms.web.messages import USER_AGENT, Answer, FetchPolicy, Request
from transforms.web.robots import MAX_ROBOTS_BYTES, RobotsRules, read_rules, robots_url

FetchResult = Answer | FetchFailed

_DEFAULT_DELAY_SECONDS = 5.0
_MAX_REDIRECTS = 5
_ROBOTS_VALID_SECONDS = 3_600.0
_MAX_CONNECTIONS = 64
_RETRIED_REASONS = frozenset(
    {"http_error", "rate_limited", "conn_refused", "conn_reset", "partial_body", "deadline"}
)


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

    async def open(self) -> None:
        """Open the session on the running event loop."""
        self._client = aiohttp.ClientSession(
            connector=guarded_connector(self._guard, _MAX_CONNECTIONS),
            trust_env=False,  # behind a proxy the guard would not see the address
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate"},
            timeout=self._timeout(self.policy.total_timeout_s),
        )

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()

    async def fetch(self, request: Request) -> FetchResult:
        """Return the answer to a request, or its failure. Passing faults are tried again."""
        try:
            return await self._follow_redirects(request)
        except FetchFailed as failure:
            # Most requests end before this line. They skip stamina, because its
            # set-up takes half as long as a request.
            if self.policy.attempts < 2 or not (pause_s := self._wait_before_retry(failure)):
                return failure
        await asyncio.sleep(pause_s)
        return await self._retry(request)

    async def _retry(self, request: Request) -> FetchResult:
        try:
            async for attempt in stamina.retry_context(
                on=self._wait_before_retry, attempts=self.policy.attempts - 1, timeout=None
            ):
                with attempt:
                    return await self._follow_redirects(request)
        except FetchFailed as failure:
            return failure
        raise AssertionError("retry_context either returns or raises")

    def _wait_before_retry(self, error: Exception) -> bool | float:
        """Return the seconds to wait before the next attempt, False where there is none.

        After a 429, ``Host`` waits as long as the host asks, or 60 s where it does not say. So the pause here
        is minimal.
        """
        if not isinstance(error, FetchFailed) or error.reason not in _RETRIED_REASONS or not error.is_tried:
            return False
        if error.reason == "rate_limited":
            return 0.01 if (error.retry_after_s or 0.0) <= self.policy.max_wait_s else False
        return random.uniform(0.2, 1.0)

    async def _follow_redirects(self, request: Request) -> Answer:
        url, remaining_s = request.url, self.policy.total_timeout_s
        flags: list[str] = []
        is_moved, is_permanent = False, True
        clock = asyncio.get_running_loop().time
        for _ in range(_MAX_REDIRECTS + 1):
            host = await self._admit(url, request)
            async with host.wait_turn():
                started = clock()
                result = await self._send_to(host, url, request, remaining_s)
                remaining_s -= clock() - started
            if isinstance(result, Answer):
                moved_to = url if is_moved and is_permanent else None
                return dataclasses.replace(result, moved_to=moved_to, flags=(*result.flags, *flags))
            is_moved, is_permanent = True, is_permanent and result.is_permanent
            if url.startswith("https:") and result.target.startswith("http:"):
                flags.append("https_to_http")
            url = result.target
        raise FetchFailed("too_many_redirects", f"more than {_MAX_REDIRECTS} redirects")

    async def _admit(self, url: str, request: Request) -> Host:
        """Return the host of a URL that may be requested.

        Raises:
            FetchFailed: the URL, the guard or the host's robots.txt forbids it.
        """
        check_url(url)
        host = self._host_of(url)
        if host.refusal is not None:
            raise FetchFailed(host.refusal.reason, str(host.refusal))
        if request.obeys_robots:
            (await self._robots_of(url)).check(url)
        return host

    async def _send_to(self, host: Host, url: str, request: Request, remaining_s: float) -> Answer | Redirect:
        """Send one request and record at its host how it ended."""
        self.requests_on_wire += 1
        try:
            result = await self._send(url, request, remaining_s)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, FetchFailed) as error:
            failure = error if isinstance(error, FetchFailed) else classify_error(error)
            host.record_failure(failure)
            raise failure from error
        finally:
            self.requests_on_wire -= 1
        host.record_answer()
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
                self._refusal_of(url),
            )
        return self._hosts[key]

    def _delay_of(self, url: str) -> float:
        if self.policy.host_delay_s is not None:
            return self.policy.host_delay_s
        name = urlsplit(url).hostname or ""
        return 0.0 if is_loopback(name) and self._guard.allows(name) else _DEFAULT_DELAY_SECONDS

    def _refusal_of(self, url: str) -> FetchFailed | None:
        """Return why the guard refuses an address that is written in the URL itself, else None.

        At the socket, an address counts as the name that resolved to it. Without this check, an allowed name
        would open its address to URLs that name the address directly.
        """
        parts = urlsplit(url)
        host = parts.hostname or ""
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return None
        try:
            self._guard.check(host, host, parts.port or (443 if parts.scheme == "https" else 80))
        except Blocked as error:
            return FetchFailed(error.reason, str(error))
        return None

    async def _robots_of(self, url: str) -> RobotsRules:
        """Return the rules of a URL's host. Its pages share one request for robots.txt in an hour."""
        host = self._host_of(url)
        now = asyncio.get_running_loop().time()
        if host.robots is None or now > host.robots_until:
            host.robots_until = now + _ROBOTS_VALID_SECONDS
            host.robots = asyncio.create_task(self._fetch_robots(url))
        # Shielded: cancelling one caller must not cancel the task, because others wait for it too.
        rules: RobotsRules = await asyncio.shield(host.robots)
        host.delay_s = max(host.delay_s, rules.crawl_delay_s)
        return rules

    async def _fetch_robots(self, url: str) -> RobotsRules:
        request = Request(
            robots_url(url), MAX_ROBOTS_BYTES, accept="text/plain, */*;q=0.5", accepts_part=True
        )
        rules = read_rules(await self.fetch(request))
        if rules.refusal is not None:
            self._host_of(url).robots_until = 0.0  # the next page asks again
        return rules
