"""Worker processes that can be killed: where bytes from outside are parsed.

feedparser and trafilatura have no time limit and are quadratic in places, lxml can run into the ground
on a crafted page, and Beam runs steps in threads, where no alarm signal works. So each input is parsed in
a process of a small pool, under limits of CPU time and memory that the system itself enforces; one that
passes them costs its process and nothing else.
"""

import atexit
import contextlib
import multiprocessing
import os
import pickle
import resource
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from multiprocessing import forkserver
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

Result = TypeVar("Result")

CPU_S = 5
MEMORY_BYTES = 300 * 1024 * 1024
_TASKS_PER_PROCESS = 1_000  # parsers leak, and memory limits count from what a process holds already
_PRELOADED = ("transforms.pages.preload_parsers",)
_FOR_READING = ("transforms.nlp.preload_model",)


class LimitExceeded(Exception):
    """An input took more than its share of CPU time or memory, or brought its process down."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may take: CPU seconds, bytes of memory beyond what its process holds, and seconds in all
    (the system counts CPU time; this ends what sleeps or is starved)."""

    cpu_s: int
    memory_bytes: int
    wall_s: float


PARSING = Limits(CPU_S, MEMORY_BYTES, 60.0)
EXTRACTION = Limits(60, 3 * 1024**3, 600.0)
"""For a dozen articles, and for loading the model before the first."""


class Sandbox:
    """A pool of worker processes. Use ``shared_sandbox``: one serves a whole worker.

    Args:
        processes: how many; default: one a core.
        limits: of each job.
    """

    def __init__(
        self,
        processes: int | None = None,
        limits: Limits = PARSING,
    ) -> None:
        self.processes = processes or max(1, os.cpu_count() or 1)
        self._limits = limits
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None

    def submit(self, function: Callable[..., Result], *arguments: Any) -> "Future[Result]":
        """Run an importable function on one input, within the limits.

        The future raises what the function raised, or ``LimitExceeded``.
        """
        with self._lock:
            if self._pool is None or not self._pool.active:
                self._pool = self._start()
            inner = self._pool.schedule(
                _within_limits, (self._limits, function, arguments), timeout=self._limits.wall_s
            )
        outer: Future[Result] = Future()
        inner.add_done_callback(lambda done: _hand_on(done, outer, self._limits))
        return outer

    def run(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Run one input and wait for it.

        Raises:
            LimitExceeded: it took more than its share.
        """
        return self.submit(function, *arguments).result()

    def close(self) -> None:
        """End the processes; the next input starts new ones."""
        with self._lock:
            if self._pool is not None:
                self._pool.stop()  # type: ignore[no-untyped-call]
                self._pool.join()
                self._pool = None

    def _start(self) -> ProcessPool:
        # Forked from a server that has the parsers loaded: a killed process is replaced in
        # milliseconds, and no thread of this one is copied.
        return ProcessPool(
            max_workers=self.processes,
            max_tasks=_TASKS_PER_PROCESS,
            initializer=_prepare_process,
            context=_context(),
        )


def _context(preloaded: Sequence[str] = _PRELOADED) -> Any:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(preloaded))
    return context


def start_early() -> None:
    """Start the server that worker processes are forked from, and don't wait for it: it loads the parsers and
    the model while this process loads its own. Where no process of its own reads articles, as on an engine
    that spreads them, the first input starts it, with the parsers alone."""
    _context(_PRELOADED + _FOR_READING)
    forkserver.ensure_running()


_shared = Sandbox()


def shared_sandbox() -> Sandbox:
    """Return the sandbox of this process, for parsing."""
    return _shared


@cache
def extraction_sandbox(processes: int) -> Sandbox:
    """Return the sandbox of this process for extraction. Its processes keep each new word they read, so they
    do not live for ever."""
    sandbox = Sandbox(processes, EXTRACTION)
    atexit.register(sandbox.close)
    return sandbox


atexit.register(_shared.close)


def _hand_on(done: "Future[bytes]", outer: "Future[Any]", limits: Limits) -> None:
    error, result = done.exception(), None
    if error is None:
        result, error = pickle.loads(done.result())  # noqa: S301  our own
    if error is None:
        outer.set_result(result)
    elif isinstance(error, ProcessExpired | TimeoutError | MemoryError | RecursionError | BrokenProcessPool):
        outer.set_exception(
            LimitExceeded(f"over {limits.cpu_s} s of CPU time or {limits.memory_bytes >> 20} MB")
        )
    else:
        outer.set_exception(error)


def _prepare_process() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _within_limits(limits: Limits, function: Callable[..., Any], arguments: tuple[Any, ...]) -> bytes:
    """Return the pickled result or error. Pickled in here, as one that can't be breaks the pool."""
    result: tuple[Any, BaseException | None]
    try:
        with _bounded(limits):
            result = function(*arguments), None
    except Exception as error:  # noqa: BLE001  handed to the caller, whatever it is
        result = None, error
    try:
        sent = pickle.dumps(result)
        pickle.loads(sent)  # noqa: S301  our own
    except Exception:  # noqa: BLE001
        sent = pickle.dumps((None, RuntimeError(repr(result[1] or result[0])[:500])))
    return sent


@contextlib.contextmanager
def _bounded(limits: Limits) -> Iterator[None]:
    """Bound what is used from here on; lifted again, so that the answer gets through."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = int(used.ru_utime + used.ru_stime) + limits.cpu_s
    memory = _address_space() + limits.memory_bytes
    _set(resource.RLIMIT_CPU, cpu)
    _set(resource.RLIMIT_AS, memory)
    try:
        yield
    finally:
        _set(resource.RLIMIT_CPU, None)
        _set(resource.RLIMIT_AS, None)


def _set(kind: int, soft: int | None) -> None:
    hard = resource.getrlimit(kind)[1]
    if soft is None or (hard != resource.RLIM_INFINITY and soft > hard):
        soft = hard
    with contextlib.suppress(ValueError, OSError):  # macOS bounds no address space
        resource.setrlimit(kind, (soft, hard))


def _address_space() -> int:
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123  on each input: the plain call
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 1 << 40
