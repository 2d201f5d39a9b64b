"""Fetching and parsing in step: while some wait for the network, others are parsed."""

from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

from transforms.util.counters import count
from transforms.util.errors import FetchFailed
from transforms.util.sandbox import Sandbox
from transforms.web.client import HttpFetcher
from transforms.web.messages import Answer, Request

Item = TypeVar("Item", bound=Hashable)
Job = tuple[Any, ...]
"""A function and its arguments, for the sandbox."""

THROTTLED_S = "cumulativeThrottlingSeconds"
"""The counter by whose name Dataflow knows that a worker waits, and that more of them would not help."""
_AHEAD = 4  # answers a process that wait to be parsed


def fetch_each(
    requests: Sequence[Request],
    fetcher: HttpFetcher,
    sandbox: Sandbox,
    job_of: Callable[[int, Answer], Job | None],
) -> Iterator[tuple[int, Answer | FetchFailed, "Future[Any] | None"]]:
    """Yield, for each request, its number, its answer or failure and what its job came to.

    Args:
        requests: what to get; all are asked for at once, and come as they come.
        fetcher: gets them.
        sandbox: runs the jobs.
        job_of: what to do with an answer, or None for nothing.
    """
    waiting: deque[tuple[int, Answer, Future[Any]]] = deque()
    for number, answer in fetcher.stream(requests):
        if throttled := fetcher.take_throttled_s():
            count("HttpFetcher", THROTTLED_S, throttled)
        job = job_of(number, answer) if isinstance(answer, Answer) else None
        if job is None or isinstance(answer, FetchFailed):
            yield number, answer, None
        else:
            waiting.append((number, answer, sandbox.submit(*job)))
        while waiting and (len(waiting) > _AHEAD * sandbox.processes or waiting[0][2].done()):
            yield waiting.popleft()
    yield from waiting
