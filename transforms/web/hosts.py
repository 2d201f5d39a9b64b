"""Politeness to one host: parallel requests, the delay between them, and when to stop asking.

Until a host has answered once, it gets one request at a time. So a host that hangs holds only one request,
and a host that answers 429 gets one request for each wait that it asks for.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from schemas.identity import digest
from transforms.util.errors import FetchFailed
from transforms.web.budget import HostBudget
from transforms.web.failures import HOST_FAULTS
from transforms.web.robots import RobotsRules

REST_SECONDS = 60.0
_FAULTS_BEFORE_REST = 3
_CONNECTIONS = 64
_SILENT_CONNECTIONS = 128


@dataclass(slots=True)
class Connections:
    """The connections of a session.

    ``answering``: for hosts that have answered. ``silent``: for hosts that have not answered yet. They have a
    pool of their own, because with a common one, 64 hosts that hang would keep all others waiting.
    """

    answering: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_CONNECTIONS))
    silent: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_SILENT_CONNECTIONS))


@dataclass(slots=True)
class Host:
    """What a worker process knows about a host. Times are seconds on the clock of the event loop.

    ``usual_delay_s``: least time between the starts of two requests. ``delay_s``: the same between two pages,
    for which the host's robots.txt may ask for more time. ``parallel``: most requests at the same time.
    ``max_wait_s``: most seconds to wait, in all, because the host asks for it. ``refusal``: why the guard
    refuses the host's address, where the URL names an address. ``robots``: the task that fetches its
    robots.txt, valid until ``robots_until``.
    """

    usual_delay_s: float
    parallel: int
    max_wait_s: float
    refusal: FetchFailed | None = None
    robots: "asyncio.Task[RobotsRules] | None" = None
    robots_until: float = 0.0
    delay_s: float = field(init=False)
    _slots: asyncio.Semaphore = field(init=False)
    _first_request: asyncio.Lock = field(default_factory=asyncio.Lock)
    _gate: asyncio.Lock = field(default_factory=asyncio.Lock)
    _has_answered: bool = False
    _has_ever_answered: bool = False
    _next_start: float = 0.0
    _next_page: float = 0.0
    _closed_until: float = 0.0
    _waited_s: float = 0.0
    _failing_urls: set[str] = field(default_factory=set)
    _rests_until: float = 0.0
    _last_fault: FetchFailed | None = None

    def __post_init__(self) -> None:
        self.delay_s = self.usual_delay_s
        self._slots = asyncio.Semaphore(self.parallel)

    @asynccontextmanager
    async def turn(
        self,
        connections: Connections,
        budget: HostBudget,
        look_up: Callable[[], Awaitable[None]],
        *,
        is_page: bool,
    ) -> AsyncIterator[None]:
        """Wait until one request may start; the block sends it, and its deadline begins with the block.

        Args:
            connections: what all hosts share.
            budget: what the run may still spend on this host.
            look_up: resolves the host's name, without a connection.
            is_page: the host's own wish for a delay counts, as it does for pages and not for feeds. If feeds
                took turns of pages, a host with a long delay would never give a page in a process that polls
                its feed again and again.

        Raises:
            FetchFailed: the host gets no request now, because it failed several times in a row, asked for a
                longer wait than a run accepts, has spent its budget, or has no address.
        """
        async with self._slots, AsyncExitStack() as alone:
            if not self._has_answered:
                await alone.enter_async_context(self._first_request)
                if self._has_answered:  # while this request waited
                    await alone.aclose()
            # Within the gate the next start is fixed only when this request has its connection. Otherwise
            # two requests that both waited for connections would start at the same moment.
            async with self._gate:
                await self._wait(budget, is_page=is_page)
                await look_up()
                pool = connections.answering if self._has_answered else connections.silent
                await pool.acquire()
                now = asyncio.get_running_loop().time()
                self._next_start = now + self.usual_delay_s
                if is_page:
                    self._next_page = now + self.delay_s
            try:
                yield
            finally:
                pool.release()

    async def _wait(self, budget: HostBudget, *, is_page: bool) -> None:
        now = asyncio.get_running_loop().time()
        if self._last_fault is not None and now < self._rests_until:
            raise FetchFailed(
                self._last_fault.reason,
                f"not tried: the host failed at {len(self._failing_urls)} addresses in a row"
                f" ({self._last_fault})",
                is_tried=False,
            )
        closed_s = max(0.0, self._closed_until - now)
        if self._waited_s + closed_s > self.max_wait_s and closed_s:
            raise FetchFailed("rate_limited", "the host asked to wait", 429, closed_s)
        next_start = max(self._next_start, self._next_page) if is_page else self._next_start
        wait_s = max(closed_s, next_start - now, 0.0)
        budget.take(wait_s, self.usual_delay_s)
        self._waited_s += closed_s
        if wait_s:
            await asyncio.sleep(wait_s)

    def is_worth_another_try(self) -> bool:
        """Return whether a request that got no answer in time may be sent again at once.

        Not where the host has never answered or fails at other addresses too: then the host hangs, and each
        further try would hold a connection until its deadline.
        """
        return self._has_ever_answered and len(self._failing_urls) < 2

    def record_answer(self) -> None:
        """Record that the host answered: with something usable, or with a failure of one page."""
        self._has_answered = self._has_ever_answered = True
        self._waited_s, self._last_fault = 0.0, None
        self._failing_urls.clear()

    def record_failure(self, failure: FetchFailed, url: str) -> None:
        """Record a failure: a wait that the host asks for, a fault of the host, or a fault of one page.

        A host rests after faults at three addresses in a row. Repeated faults at one address count once,
        because one bad page must not cost the host's other pages.
        """
        now = asyncio.get_running_loop().time()
        if failure.status in (429, 503) and failure.retry_after_s is not None:
            self._closed_until = max(self._closed_until, now + failure.retry_after_s)
            self._has_answered = False
        elif failure.reason in HOST_FAULTS:
            self._last_fault = failure
            self._has_answered = False
            if len(self._failing_urls) < _FAULTS_BEFORE_REST:
                self._failing_urls.add(url)
            if len(self._failing_urls) == _FAULTS_BEFORE_REST:
                self._rests_until = now + REST_SECONDS
        else:
            self.record_answer()


def host_key(url: str) -> str:
    """Return the host and port of a URL, by which requests are spaced; empty where it is not a URL."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def host_group(url: str | None, groups: int) -> str:
    """Return the group of a URL's host as four digits, from 0000 to ``groups`` - 1.

    One worker takes all requests to a host: two workers could not keep a common distance between requests.
    """
    return f"{int(digest('host', host_key(url or ''))[:8], 16) % groups:04d}"
