"""Fetching and parsing at the same time: while requests wait for the network, other answers are parsed."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import Any

from transforms.util.counters import count
from transforms.util.errors import FetchFailed
from transforms.util.sandbox import Sandbox
from transforms.web.client import HttpFetcher
from transforms.web.messages import Answer, Request

Job = tuple[Any, ...]
"""A function and its arguments, for the sandbox."""

THROTTLING_COUNTER = "cumulativeThrottlingSeconds"
"""Dataflow knows this name: the counter says that a worker waits, and that more workers would not help."""
_WAITING_ANSWERS_PER_PROCESS = 4


def fetch_each(
    requests: Sequence[Request],
    fetcher: HttpFetcher,
    sandbox: Sandbox,
    job_of: Callable[[int, Answer], Job | None],
) -> Iterator[tuple[int, Answer | FetchFailed, "Future[Any] | None"]]:
    """Yield, for each request, its position, its answer or failure, and the future of its job.

    The future is None for a failure and for an answer without a job.

    Args:
        requests: what to fetch. All are asked for at once; results come in the order of arrival.
        fetcher: sends the requests.
        sandbox: runs the jobs.
        job_of: returns the job for the answer to the request at a position, or None.
    """
    waiting: deque[tuple[int, Answer, Future[Any]]] = deque()
    max_waiting = _WAITING_ANSWERS_PER_PROCESS * sandbox.processes
    for number, answer in fetcher.stream(requests):
        if throttled_s := fetcher.take_throttled_s():
            count(HttpFetcher, THROTTLING_COUNTER, throttled_s)
        job = job_of(number, answer) if isinstance(answer, Answer) else None
        if job is None or isinstance(answer, FetchFailed):
            yield number, answer, None
        else:
            waiting.append((number, answer, sandbox.submit(*job)))
        while waiting and (len(waiting) > max_waiting or waiting[0][2].done()):
            yield waiting.popleft()
    yield from waiting
