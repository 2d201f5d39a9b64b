"""Worker processes that can be killed: where bytes from outside are parsed.

feedparser and trafilatura have no time limit and take quadratic time on some inputs. lxml can exhaust the
memory on a crafted page. Beam runs steps in threads, where an alarm signal does not work. So each input is
parsed in a process of a small pool, under limits of CPU time and memory that the operating system enforces.
An input that exceeds them costs its process and nothing else.
"""

import atexit
import contextlib
import multiprocessing
import os
import pickle
import resource
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import forkserver, resource_tracker
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

Result = TypeVar("Result")

TASKS_PER_PROCESS = 1_000
"""Parsers leak memory, and the memory limit counts from what a process already holds. So a process is
replaced after this many inputs."""


_QUIET_TRACKER = "ignore:resource_tracker:UserWarning"
"""Python's tracker removes what a process that was stopped left, and would warn of it."""


class LimitExceeded(Exception):
    """An input took more CPU time or memory than allowed, or ended its process."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may use.

    ``cpu_s``: seconds of CPU time. ``memory_bytes``: memory beyond what its process already holds.
    ``wall_s``: seconds from start to end; this ends a job that sleeps or gets no CPU.
    """

    cpu_s: int
    memory_bytes: int
    wall_s: float


PARSING_LIMITS = Limits(cpu_s=5, memory_bytes=300 * 1024 * 1024, wall_s=60.0)


class Sandbox:
    """A pool of worker processes. Its processes are forked from a server that all pools share.

    Args:
        processes: how many. Default: one for each core.
        limits: of each job.
        preload: modules that the server imports before it forks the first process. They only count for the
            pool that starts the server.
    """

    def __init__(
        self, processes: int | None = None, limits: Limits = PARSING_LIMITS, preload: Sequence[str] = ()
    ) -> None:
        self.processes = processes or max(1, os.cpu_count() or 1)
        self._limits = limits
        self._preload = preload
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None

    def submit(self, function: Callable[..., Result], *arguments: Any) -> "Future[Result]":
        """Start an importable function on one input, within the limits.

        The future raises what the function raised, or ``LimitExceeded``.
        """
        with self._lock:
            if self._pool is None or not self._pool.active:
                self._pool = self._start()
            inner = self._pool.schedule(
                _within_limits, (self._limits, function, arguments), timeout=self._limits.wall_s
            )
        outer: Future[Result] = Future()
        inner.add_done_callback(lambda done: _pass_result(done, outer, self._limits))
        return outer

    def run(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Run one input and wait for it.

        Raises:
            LimitExceeded: it took more CPU time, memory or wall time than allowed.
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
        # The server has the parsers loaded, so a killed process is replaced in milliseconds. No thread of
        # this process is copied.
        start_forkserver(self._preload)
        return ProcessPool(
            max_workers=self.processes,
            max_tasks=TASKS_PER_PROCESS,
            initializer=_prepare_process,
            context=multiprocessing.get_context("forkserver"),
        )


def start_forkserver(preload: Sequence[str]) -> None:
    """Start the server that worker processes are forked from, and return at once.

    A terminal sends Ctrl-C to all processes of a command. The server and its processes do not hear it, or
    each of them would print a traceback. The process that started them ends them.

    Args:
        preload: modules that the server imports, while this process goes on with its own work.
    """
    multiprocessing.get_context("forkserver").set_forkserver_preload(list(preload))
    if _QUIET_TRACKER not in sys.warnoptions:  # Python passes these options on to its resource tracker
        sys.warnoptions.append(_QUIET_TRACKER)
    resource_tracker.ensure_running()  # it lets signals through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def shared_sandbox(processes: int | None, limits: Limits, preload: Sequence[str]) -> Sandbox:
    """Return a sandbox that closes at the end of this process.

    Callers keep it: each call makes another pool.
    """
    sandbox = Sandbox(processes, limits, preload)
    atexit.register(sandbox.close)
    return sandbox


def _pass_result(done: "Future[bytes]", outer: "Future[Any]", limits: Limits) -> None:
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
    """Limit what the block uses. The limits end with it, so that the answer can be sent."""
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
