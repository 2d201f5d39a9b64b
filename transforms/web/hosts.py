"""Manners towards one host: how many at once, how far apart, and when to leave it alone.

A host is asked by one request until it has answered one: so a host that hangs holds one request, and a
host that answers 429 gets one for each time it says to wait.
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

_FAULTS_TO_LEAVE = 3
_LEFT_FOR_S = 60.0


@dataclass(slots=True)
class Host:
    """What is known of a host while a worker lives. All times are of the event loop's clock, seconds."""

    delay_s: float
    per_host: int
    wait_in_run_s: float
    refusal: FetchFailed | None = None
    robots: "asyncio.Task[RobotsRules] | None" = None
    robots_until: float = 0.0
    _slots: asyncio.Semaphore = field(init=False)
    _first: asyncio.Lock = field(default_factory=asyncio.Lock)
    _answers: bool = False
    _next_start: float = 0.0
    _closed_until: float = 0.0
    _waited_s: float = 0.0
    _faults: int = 0
    _left_until: float = 0.0
    _last_fault: FetchFailed | None = None

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.per_host)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for leave to send one request.

        Raises:
            FetchFailed: the host is left alone for now, as it failed again and again, or as it asked to
                be for longer than a run waits.
        """
        async with self._slots:
            if not self._answers:
                async with self._first:
                    if not self._answers:
                        await self._wait()
                        yield
                        return
            await self._wait()
            yield

    async def _wait(self) -> None:
        clock = asyncio.get_running_loop().time
        if self._last_fault is not None and clock() < self._left_until:
            raise FetchFailed(
                self._last_fault.reason,
                f"not tried: the host failed {self._faults} times in a row ({self._last_fault})",
                is_tried=False,
            )
        if (closed := self._closed_until - clock()) > 0:
            if self._waited_s + closed > self.wait_in_run_s:
                raise FetchFailed("rate_limited", "the host asked to wait", 429, closed)
            self._waited_s += closed
            await asyncio.sleep(closed)
        start = max(clock(), self._next_start)
        self._next_start = start + self.delay_s
        if (pause := start - clock()) > 0:
            await asyncio.sleep(pause)

    def answered(self) -> None:
        """Note a usable answer, or a failure of one page."""
        self._answers = True
        self._faults, self._waited_s, self._last_fault = 0, 0.0, None

    def failed(self, failure: FetchFailed) -> None:
        """Note a failure: of the host, or of this one request."""
        now = asyncio.get_running_loop().time()
        if failure.status in (429, 503) and failure.retry_after_s is not None:
            self._closed_until = max(self._closed_until, now + failure.retry_after_s)
            self._answers = False
        elif failure.reason in HOST_FAULTS:
            self._faults, self._last_fault = self._faults + 1, failure
            self._answers = False
            if self._faults >= _FAULTS_TO_LEAVE:
                self._left_until = now + _LEFT_FOR_S
        else:
            self.answered()


def host_of(url: str) -> str:
    """Return the host and port of a URL, by which requests are spaced; empty for what is no URL."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def host_group(url: str | None, groups: int) -> str:
    """Return the key of the group that a URL's host is fetched in: all of a host in one, as two workers
    would each keep their own distance to it."""
    return f"{int(digest('host', host_of(url or ''))[:8], 16) % groups:04d}"
