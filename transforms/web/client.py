"""The one place that talks to the network: a polite, bounded, guarded HTTP client on aiohttp.

``HttpFetcher`` runs one event loop on one thread and one session for a worker process; callers hand it
requests and get one ``Answer`` or ``FetchFailed`` for each, as they come.
"""

import asyncio
import atexit
import contextlib
import dataclasses
import ipaddress
import queue
import random
import socket
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
import stamina
import stamina.instrumentation

from transforms.util.errors import FetchFailed
from transforms.web.failures import check_url, failure_of, failure_of_status
from transforms.web.guard import AddressGuard, Blocked, is_loopback
from transforms.web.hosts import Host, host_of
from transforms.web.messages import USER_AGENT, Answer, FetchPolicy, Request
from transforms.web.resolver import GuardedResolver
from transforms.web.robots import MAX_ROBOTS_BYTES, RobotsRules, robots_url, rules_of

_POLITE_DELAY_S = 5.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_MAX_REDIRECTS = 5
_MAX_VALIDATOR = 1024
_MAX_CHUNKS = 200_000  # a body in chunks of a byte costs CPU time, not bytes
_ROBOTS_S = 3_600.0
_CONNECTIONS = 64
_UNREAD_ANSWERS = 32
_RETRIED = frozenset({"http_error", "rate_limited", "conn_refused", "conn_reset", "partial_body", "deadline"})
_ENDS = (b"</html>", b"</rss>", b"</feed>", b"</rdf:rdf>")

Fetched = Answer | FetchFailed


class HttpFetcher:
    """Gets resources under a policy. ``shared_fetcher`` gives a worker process its one."""

    def __init__(self, policy: FetchPolicy) -> None:
        stamina.instrumentation.set_on_retry_hooks([])  # a retry is no news worth a log line
        self.policy = policy
        self._guard = AddressGuard.of(policy.allow_hosts)
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._session: aiohttp.ClientSession | None = None
        self._hosts: dict[str, Host] = {}
        self._on_the_wire = 0
        self._throttled_s = 0

    # -- for callers, on their own threads ----------------------------------------------------------

    def get_all(self, requests: Sequence[Request]) -> list[Fetched]:
        """Return an answer or a failure for each request, in order."""
        answers: dict[int, Fetched] = dict(self.stream(requests))
        return [answers[n] for n in range(len(requests))]

    def stream(self, requests: Sequence[Request]) -> Iterator[tuple[int, Fetched]]:
        """Yield the number of each request and its answer or failure, as they come.

        All hosts are asked at once, each at its own pace, so one that is slow or hangs holds no other.
        Few answers wait to be taken: who takes them slowly slows the fetching down, not the memory.
        """
        if not requests:
            return
        loop = self._started()
        arrived: queue.SimpleQueue[tuple[int, Fetched]] = queue.SimpleQueue()
        unread = asyncio.Semaphore(_UNREAD_ANSWERS)
        work = asyncio.run_coroutine_threadsafe(self._get_each(requests, arrived, unread), loop)
        try:
            for _ in requests:
                yield self._take(arrived, work)
                loop.call_soon_threadsafe(unread.release)
        finally:
            work.cancel()

    def _take(self, arrived: "queue.SimpleQueue[tuple[int, Fetched]]", work: Any) -> tuple[int, Fetched]:
        while True:
            with contextlib.suppress(queue.Empty):
                return arrived.get(timeout=1.0)
            if self._on_the_wire == 0:  # every request waits for its host's turn
                self._throttled_s += 1
            if work.done() and arrived.empty():
                work.result()
                raise RuntimeError("the fetcher ended before its requests")

    def take_throttled_s(self) -> int:
        """Return the seconds since the last call in which nothing was on the wire, as every host wanted its
        distance: more workers would not fetch more."""
        seconds, self._throttled_s = self._throttled_s, 0
        return seconds

    def close(self) -> None:
        """Close connections and stop the thread; the next request starts anew."""
        with self._lock:
            if self._loop is None or self._thread is None:
                return
            asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self._loop = self._thread = self._session = None
            self._hosts.clear()

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                # Names are resolved on threads, and a name server that hangs must not hold them all.
                self._loop.set_default_executor(ThreadPoolExecutor(32, "dns"))
                self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="http")
                self._thread.start()
                asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()
            return self._loop

    # -- on the loop's thread -----------------------------------------------------------------------

    async def _open(self) -> None:
        guard, resolver = self._guard, GuardedResolver(self._guard)

        def open_socket(info: tuple[Any, ...]) -> socket.socket:
            family, kind, proto, _, where = info
            # Again at the socket: literal addresses never reach the resolver, and no time passes
            # between this check and the connection.
            guard.check(resolver.name_of(where[0]), where[0], where[1])
            return socket.socket(family, kind, proto)

        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=_CONNECTIONS, resolver=resolver, socket_factory=open_socket, ttl_dns_cache=60
            ),
            trust_env=False,  # a proxy would hide the address from the guard
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate"},
            timeout=self._timeout(self.policy.total_s),
        )

    def _timeout(self, total_s: float) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(
            total=total_s, sock_connect=self.policy.connect_s, sock_read=self.policy.between_reads_s
        )

    async def _close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _get_each(
        self,
        requests: Sequence[Request],
        arrived: "queue.SimpleQueue[tuple[int, Fetched]]",
        unread: asyncio.Semaphore,
    ) -> None:
        """Ask for all: by host, so that a host's waiting requests cost nothing but their place in line."""
        lines: dict[str, list[int]] = {}
        for number, request in enumerate(requests):
            lines.setdefault(host_of(request.url), []).append(number)

        async def serve(line: Iterator[int]) -> None:
            for number in line:
                answer = await self._get(requests[number])
                await unread.acquire()
                arrived.put((number, answer))

        await asyncio.gather(
            *(
                serve(line)
                for line in map(iter, lines.values())
                for _ in range(self.policy.per_host)
            )
        )  # fmt: skip

    def _state_of(self, url: str) -> Host:
        key = host_of(url)
        if key not in self._hosts:
            delay = self.policy.host_delay_s
            if delay is None:
                name = urlsplit(url).hostname or ""
                is_own = is_loopback(name) and self._guard.allows(name)
                delay = 0.0 if is_own else _POLITE_DELAY_S
            self._hosts[key] = Host(
                delay, self.policy.per_host, self.policy.wait_in_run_s, self._refusal_of(url)
            )
        return self._hosts[key]

    async def _get(self, request: Request) -> Fetched:
        try:
            return await self._follow(request)
        except FetchFailed as failure:
            # Most requests never come here: setting up a retry costs as much as half a request.
            if self.policy.attempts < 2 or not (pause := self._wait_before_retry(failure)):
                return failure
        await asyncio.sleep(pause)
        return await self._retried(request)

    async def _retried(self, request: Request) -> Fetched:
        try:
            async for attempt in stamina.retry_context(
                on=self._wait_before_retry, attempts=self.policy.attempts - 1, timeout=None
            ):
                with attempt:
                    return await self._follow(request)
        except FetchFailed as failure:
            return failure
        raise AssertionError("retry_context either returns or raises")

    def _wait_before_retry(self, error: Exception) -> bool | float:
        """Return how long to wait before the next try of a passing fault, False for the others. How long
        a host asks to wait is the business of ``Host``."""
        if not isinstance(error, FetchFailed) or error.reason not in _RETRIED or not error.is_tried:
            return False
        if error.reason == "rate_limited":
            return 0.01 if (error.retry_after_s or 0.0) <= self.policy.wait_in_run_s else False
        return random.uniform(0.2, 1.0)

    async def _follow(self, request: Request) -> Answer:
        url, flags, is_permanent, left_s = request.url, list[str](), True, self.policy.total_s
        for hop in range(_MAX_REDIRECTS + 1):
            check_url(url)
            host = self._state_of(url)
            if host.refusal is not None:
                raise FetchFailed(host.refusal.reason, str(host.refusal))
            if request.obeys_robots:
                (await self._robots_of(url)).check(url)
            clock = asyncio.get_running_loop().time
            async with host.turn():
                began = clock()
                self._on_the_wire += 1
                try:
                    result = await self._once(url, request, left_s)
                except (aiohttp.ClientError, TimeoutError, OSError, ValueError, FetchFailed) as error:
                    failure = error if isinstance(error, FetchFailed) else failure_of(error)
                    host.failed(failure)
                    raise failure from error
                finally:
                    self._on_the_wire -= 1
                left_s -= clock() - began
                host.answered()
            if isinstance(result, Answer):
                moved = url if hop and is_permanent else None
                return _with(result, moved, flags)
            status, target = result
            is_permanent &= status in _PERMANENT
            if url.startswith("https:") and target.startswith("http:"):
                flags.append("https_to_http")
            url = target
        raise FetchFailed("too_many_redirects", f"more than {_MAX_REDIRECTS} redirects")

    def _refusal_of(self, url: str) -> FetchFailed | None:
        """Judge an address that stands in the URL itself: an allowed *name* that happens to resolve
        to it does not open it."""
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
        host = self._state_of(url)
        now = asyncio.get_running_loop().time()
        if host.robots is None or now > host.robots_until:
            host.robots_until = now + _ROBOTS_S
            host.robots = asyncio.create_task(self._fetch_robots(url))
        rules: RobotsRules = await asyncio.shield(host.robots)
        host.delay_s = max(host.delay_s, rules.crawl_delay_s)
        return rules

    async def _fetch_robots(self, url: str) -> RobotsRules:
        request = Request(robots_url(url), MAX_ROBOTS_BYTES, accept="text/plain, */*;q=0.5", is_cut=True)
        rules = rules_of(await self._get(request))
        if rules.refusal is not None:
            self._state_of(url).robots_until = 0.0  # asked again by the next page
        return rules

    async def _once(self, url: str, request: Request, left_s: float) -> Answer | tuple[int, str]:
        headers = {"Accept": request.accept}
        if request.is_fresh:
            headers["Cache-Control"] = "no-cache"
        if request.etag:
            headers["If-None-Match"] = request.etag
        if request.last_modified:
            headers["If-Modified-Since"] = request.last_modified
        assert self._session is not None
        is_first = left_s >= self.policy.total_s
        timeout = self._session.timeout if is_first else self._timeout(max(left_s, 0.1))
        async with self._session.get(
            url, headers=headers, allow_redirects=False, timeout=timeout
        ) as response:
            if response.status in _REDIRECTS:
                return response.status, _redirect_target(url, response.headers.get("Location"))
            failure = failure_of_status(response.status, response.headers)
            if failure is not None:
                raise failure
            body, flags = b"", list[str]()
            if response.status != 304:
                body = await _read(response, request, flags)
            keeps = response.headers.get("Expires", "").strip() != "0"
            return Answer(
                status=response.status,
                url=url,
                body=body,
                charset=response.charset,
                etag=_validator(response.headers.get("ETag")) if keeps else None,
                last_modified=_validator(response.headers.get("Last-Modified")) if keeps else None,
                flags=tuple(flags),
            )


@cache
def shared_fetcher(policy: FetchPolicy) -> HttpFetcher:
    """Return this process's fetcher under a policy: one session, one event loop, one memory of hosts."""
    fetcher = HttpFetcher(policy)
    atexit.register(fetcher.close)
    return fetcher


def _with(answer: Answer, moved_to: str | None, flags: list[str]) -> Answer:
    if moved_to is None and not flags:
        return answer
    return dataclasses.replace(answer, moved_to=moved_to, flags=(*answer.flags, *flags))


def _redirect_target(url: str, location: str | None) -> str:
    if not location or any(ord(c) < 32 for c in location):
        raise FetchFailed("bad_redirect", "a redirect without a usable Location")
    try:
        return urljoin(url, location)
    except ValueError:
        raise FetchFailed("bad_redirect", "a redirect to no URL") from None


async def _read(response: aiohttp.ClientResponse, request: Request, flags: list[str]) -> bytes:
    """Read the body up to a limit counted after decompression: a bomb stops here."""
    chunks, size, limit = list[bytes](), 0, request.max_bytes
    try:
        async for chunk in response.content.iter_any():
            size += len(chunk)
            if size > limit:
                if request.is_cut:
                    break
                raise FetchFailed("body_too_large", f"more than {limit} bytes", response.status)
            chunks.append(chunk)
            if len(chunks) > _MAX_CHUNKS:
                raise FetchFailed("bad_body", "a body in crumbs", response.status)
    except aiohttp.ClientPayloadError:
        # A wrong Content-Length, where the document is all there, costs nothing.
        if not b"".join(chunks[-2:]).rstrip().lower().endswith(_ENDS):
            raise
        flags.append("length_mismatch")
    if not size:
        raise FetchFailed("empty_body", "the answer has no body", response.status)
    return b"".join(chunks)


def _validator(value: str | None) -> str | None:
    """Keep a validator byte for byte, garbage included; drop one that can't be sent back."""
    if not value or len(value) > _MAX_VALIDATOR or any(c in value for c in "\r\n\x00"):
        return None
    return value
