"""The HTTP client of a worker process: callers on any thread, one event loop on its own thread."""

import asyncio
import atexit
import contextlib
import queue
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from transforms.util.once import once
from transforms.web.budget import RunBudget
from transforms.web.hosts import host_key
from transforms.web.messages import FetchPolicy, Request
from transforms.web.resolver import LOOK_UP_THREADS
from transforms.web.session import FetchResult, PoliteSession

_BUFFERED_ANSWERS = 32
_POLL_SECONDS = 1.0

_SHARED: "list[HttpFetcher]" = []

_Arrived = queue.SimpleQueue[tuple[int, FetchResult]]


class HttpFetcher:
    """Fetches resources under a policy.

    Each worker process needs only one: ``shared_fetcher`` returns it.

    Raises:
        ValueError: the policy allows a host that is not a host.
    """

    def __init__(self, policy: FetchPolicy) -> None:
        self.policy = policy
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._session = PoliteSession(policy)
        self._throttled_s = 0

    def get_all(self, requests: Sequence[Request]) -> list[FetchResult]:
        """Return an answer or a failure for each request, in the order of the requests."""
        results = dict(self.stream(requests))
        return [results[n] for n in range(len(requests))]

    def stream(self, requests: Sequence[Request]) -> Iterator[tuple[int, FetchResult]]:
        """Yield the position of each request and its answer or failure, in the order of arrival.

        Hosts are asked in parallel, each with its own delay, so a host that is slow or hangs does not hold up
        another. Backpressure: at most 32 answers are buffered, so a slow caller slows the fetching down and
        does not fill the memory.

        All requests of one call share one budget: a run makes one call for its feeds and one for its pages, a
        worker one for each group of hosts. Requests that are beyond the budget of their host fail at once
        with ``deferred``.
        """
        if not requests:
            return
        loop = self._start_loop()
        arrived: _Arrived = queue.SimpleQueue()
        buffer_slots = asyncio.Semaphore(_BUFFERED_ANSWERS)
        work = asyncio.run_coroutine_threadsafe(self._fetch_each(requests, arrived, buffer_slots), loop)
        try:
            for _ in requests:
                yield self._take_result(arrived, work)
                loop.call_soon_threadsafe(buffer_slots.release)
        finally:
            work.cancel()

    def _take_result(self, arrived: _Arrived, work: "Future[None]") -> tuple[int, FetchResult]:
        while True:
            with contextlib.suppress(queue.Empty):
                return arrived.get(timeout=_POLL_SECONDS)
            if self._session.requests_on_wire == 0:  # every request waits for the delay of its host
                self._throttled_s += 1
            if work.done() and arrived.empty():
                work.result()
                raise RuntimeError("the fetcher stopped before it had answered every request")

    def take_throttled_s(self) -> int:
        """Return for how many seconds, since the previous call, every request waited for its host's delay.

        Nothing was on the wire then, so more workers would not fetch faster.
        """
        seconds, self._throttled_s = self._throttled_s, 0
        return seconds

    def close(self) -> None:
        """Close the connections and stop the thread. The next request starts both again."""
        with self._lock:
            if self._loop is None or self._thread is None:
                return
            asyncio.run_coroutine_threadsafe(self._session.close(), self._loop).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self._loop = self._thread = None
            self._session = PoliteSession(self.policy)

    def _start_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._loop.set_default_executor(ThreadPoolExecutor(LOOK_UP_THREADS, "dns"))
                self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="http")
                self._thread.start()
                asyncio.run_coroutine_threadsafe(self._session.open(), self._loop).result()
            return self._loop

    async def _fetch_each(
        self, requests: Sequence[Request], arrived: _Arrived, buffer_slots: asyncio.Semaphore
    ) -> None:
        """Fetch all requests, host by host: a request that waits for its host is only a number in a list."""
        numbers_by_host: dict[str, list[int]] = {}
        budget = RunBudget(self.policy)
        for number, request in enumerate(requests):
            numbers_by_host.setdefault(host_key(request.url), []).append(number)

        async def fetch_in_turn(numbers: Iterator[int]) -> None:
            for number in numbers:
                result = await self._session.fetch(requests[number], budget)
                await buffer_slots.acquire()
                arrived.put((number, result))

        # The tasks of a host share one iterator, so each takes the next request as soon as it is free.
        queues = [iter(numbers) for numbers in numbers_by_host.values()]
        tasks = [fetch_in_turn(numbers) for numbers in queues for _ in range(self.policy.parallel_per_host)]
        await asyncio.gather(*tasks)


@once
def shared_fetcher(policy: FetchPolicy) -> HttpFetcher:
    """Return this process's fetcher under a policy: one session, one event loop, one memory of hosts."""
    fetcher = HttpFetcher(policy)
    _SHARED.append(fetcher)
    return fetcher


@atexit.register
def close_shared_fetchers() -> None:
    """Close the connections of all shared fetchers, and forget what they knew about hosts."""
    for fetcher in _SHARED:
        fetcher.close()
