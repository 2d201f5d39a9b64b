"""Politeness to one host: parallel requests, the delay between them, and when to stop asking.

Until a host has answered once, it gets one request at a time. So a host that hangs holds only one request,
and a host that answers 429 gets one request for each wait that it asks for.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from schemas.identity import digest
from transforms.util.errors import FetchFailed
from transforms.web.failures import HOST_FAULTS
from transforms.web.robots import RobotsRules

_FAULTS_BEFORE_REST = 3
_REST_SECONDS = 60.0


@dataclass(slots=True)
class Host:
    """What a worker process knows about a host. Times are seconds on the clock of the event loop.

    ``delay_s``: least time between the starts of two requests. ``parallel``: most requests at the same time.
    ``max_wait_s``: most seconds to wait, in all, because the host asks for it. ``refusal``: why the guard
    refuses the host's address, where the URL names an address. ``robots``: the task that fetches its
    robots.txt, valid until ``robots_until``.
    """

    delay_s: float
    parallel: int
    max_wait_s: float
    refusal: FetchFailed | None = None
    robots: "asyncio.Task[RobotsRules] | None" = None
    robots_until: float = 0.0
    _slots: asyncio.Semaphore = field(init=False)
    _first_request: asyncio.Lock = field(default_factory=asyncio.Lock)
    _has_answered: bool = False
    _next_start: float = 0.0
    _closed_until: float = 0.0
    _waited_s: float = 0.0
    _faults_in_a_row: int = 0
    _rests_until: float = 0.0
    _last_fault: FetchFailed | None = None

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.parallel)

    @asynccontextmanager
    async def wait_turn(self) -> AsyncIterator[None]:
        """Wait until one request may start; the block sends it.

        Raises:
            FetchFailed: the host gets no request now, because it failed several times in a row or asked for a
                longer wait than a run accepts.
        """
        async with self._slots:
            if not self._has_answered:
                async with self._first_request:
                    if not self._has_answered:
                        await self._wait()
                        yield
                        return
            await self._wait()
            yield

    async def _wait(self) -> None:
        clock = asyncio.get_running_loop().time
        if self._last_fault is not None and clock() < self._rests_until:
            raise FetchFailed(
                self._last_fault.reason,
                f"not tried: the host failed {self._faults_in_a_row} times in a row ({self._last_fault})",
                is_tried=False,
            )
        if (closed_s := self._closed_until - clock()) > 0:
            if self._waited_s + closed_s > self.max_wait_s:
                raise FetchFailed("rate_limited", "the host asked to wait", 429, closed_s)
            self._waited_s += closed_s
            await asyncio.sleep(closed_s)
        start = max(clock(), self._next_start)
        self._next_start = start + self.delay_s
        if (pause_s := start - clock()) > 0:
            await asyncio.sleep(pause_s)

    def record_answer(self) -> None:
        """Record that the host answered: with something usable, or with a failure of one page."""
        self._has_answered = True
        self._faults_in_a_row, self._waited_s, self._last_fault = 0, 0.0, None

    def record_failure(self, failure: FetchFailed) -> None:
        """Record a failure: a wait that the host asks for, a fault of the host, or a fault of one page."""
        now = asyncio.get_running_loop().time()
        if failure.status in (429, 503) and failure.retry_after_s is not None:
            self._closed_until = max(self._closed_until, now + failure.retry_after_s)
            self._has_answered = False
        elif failure.reason in HOST_FAULTS:
            self._faults_in_a_row, self._last_fault = self._faults_in_a_row + 1, failure
            self._has_answered = False
            if self._faults_in_a_row >= _FAULTS_BEFORE_REST:
                self._rests_until = now + _REST_SECONDS
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
