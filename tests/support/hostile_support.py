"""Helpers of the hostile suite: calls that are measured in a worker process, and a server that breaks the rules.

It is a module because worker processes import it.
"""

from __future__ import annotations

import resource
import socket
import socketserver
import ssl
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from transforms.web.messages import FetchPolicy

QUICK = FetchPolicy(
    allow_hosts=("127.0.0.1", "localhost"),
    host_delay_s=0,
    total_timeout_s=2.0,
    connect_timeout_s=1.0,
    read_timeout_s=1.5,
    attempts=2,
)
MAX_CPU_S = 5.0
MAX_GROWTH_BYTES = 300 * 1024 * 1024
REPOSITORY = Path(__file__).resolve().parents[2]

SLOW_CASES = frozenset({"F09", "P02", "P03a", "P05"})
STORY = "".join(f"<p>Sentence {n} of a story that tells what happened, at some length.</p>" for n in range(9))


Body = bytes | Callable[[], bytes]
"""The bytes of a case, or a function that makes them because they are large."""


def bytes_of(body: Body) -> bytes:
    """Return the bytes of a case."""
    return body if isinstance(body, bytes) else body()


def slow_marked(cases: Sequence[tuple[str, Any, Any]]) -> list[Any]:
    """Return the cases as parameters for pytest. Those that take seconds are marked as slow."""
    return [pytest.param(*c, marks=[pytest.mark.slow] if c[0] in SLOW_CASES else []) for c in cases]


# -- files and connections that a call opens --------------------------------------------------------

_opened: list[str] = []
_connected: list[str] = []
_is_watching = False


def _audit_hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _is_watching:
        return
    if event == "open" and not isinstance(arguments[0], int):
        _opened.append(str(arguments[0]))
    elif event == "socket.connect":
        _connected.append(str(arguments[1]))


_is_hooked = False


@contextmanager
def watching() -> Iterator[tuple[list[str], list[str]]]:
    """Yield two lists: the files that this process opens in the block, and the addresses that it connects to."""
    global _is_hooked, _is_watching
    if not _is_hooked:
        sys.addaudithook(_audit_hook)
        _is_hooked = True
    _opened.clear()
    _connected.clear()
    _is_watching = True
    try:
        yield _opened, _connected
    finally:
        _is_watching = False


def unexpected_files(opened: list[str], *allowed: Path) -> list[str]:
    """Return the files that neither the interpreter nor its packages nor the system libraries need."""
    roots = (
        sys.prefix,
        sys.base_prefix,
        str(REPOSITORY),
        "/usr/lib",
        "/usr/share",
        "/proc/",
        "/dev/null",
    )
    roots += (
        "/etc/ssl",
        "/etc/hosts",
        "/etc/resolv.conf",
        "/etc/localtime",
        "/usr/local",
        *map(str, allowed),
    )
    # A name without a folder comes from a walk over an allowed folder, which opens its entries by their
    # names.
    return [path for path in opened if "/" in path and not path.startswith(roots)]


@dataclass(frozen=True)
class MeasuredCall:
    """The result or the error of a call, its CPU time, the growth of memory, and what it opened."""

    result: Any
    error: Exception | None
    cpu_s: float
    growth_bytes: int
    opened: list[str]
    connected: list[str]


def measure_call(function: Callable[..., Any], *arguments: Any) -> MeasuredCall:
    """Call a function and measure the call. The sandbox runs this in its worker process."""
    result, error = None, None
    before, began = resident_bytes(), time.process_time()
    with watching() as (opened, connected):
        try:
            result = function(*arguments)
        except Exception as raised:  # noqa: BLE001  the caller raises it
            error = raised
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return MeasuredCall(
        result, error, time.process_time() - began, max(0, peak - before), list(opened), list(connected)
    )


def resident_bytes() -> int:
    """Return the resident memory of this process in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


# -- a server that breaks the rules -----------------------------------------------------------------

Reply = Callable[[socket.socket, int, bytes], None]
"""Writes an answer. It gets the connection, the number of the request at its path, and the head of the request."""


class HostileServer(socketserver.ThreadingTCPServer):
    """A server whose ``replies`` write any bytes, by path.

    ``seen`` counts the requests by path, ``times`` lists their paths and instants, and ``headers`` has the
    head of the last request of each path.
    """

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, host: str = "127.0.0.1", context: ssl.SSLContext | None = None) -> None:
        super().__init__((host, 0), _Handler)
        self.replies: dict[str, Reply] = {}
        self.seen: Counter[str] = Counter()
        self.times: list[tuple[str, float]] = []
        self.headers: dict[str, bytes] = {}
        self.context = context
        self.lock = threading.Lock()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def base(self) -> str:
        scheme = "https" if self.context else "http"
        return f"{scheme}://{self.server_address[0]}:{self.port}"  # type: ignore[str-bytes-safe]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing: many tests let clients close the connection."""


class _Handler(socketserver.BaseRequestHandler):
    server: HostileServer

    def handle(self) -> None:
        connection = self.request
        if self.server.context is not None:
            connection = self.server.context.wrap_socket(connection, server_side=True)
        with connection:
            data = b""
            while True:
                while b"\r\n\r\n" not in data:
                    more = connection.recv(65_536)
                    if not more:
                        return
                    data += more
                head, _, data = data.partition(b"\r\n\r\n")
                path = head.split(b" ", 2)[1].decode("latin-1").partition("?")[0]
                with self.server.lock:
                    self.server.seen[path] += 1
                    number = self.server.seen[path]
                    self.server.times.append((path, time.monotonic()))
                    self.server.headers[path] = head
                reply = self.server.replies.get(path) or answer(404, b"nothing here")
                reply(connection, number, head)
                if getattr(reply, "closes", False):
                    return


def answer(
    status: int = 200, body: bytes = b"", kind: str = "text/html; charset=utf-8", **headers: str
) -> Reply:
    """Return a reply that writes a well-formed answer."""

    def reply(connection: socket.socket, number: int, head: bytes) -> None:
        lines = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        connection.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    return reply


def raw(*parts: bytes, pause_s: float = 0.0) -> Reply:
    """Return a reply that writes exactly these bytes, with pauses after each part, and closes the connection."""

    def reply(connection: socket.socket, number: int, head: bytes) -> None:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause_s)

    reply.closes = True  # type: ignore[attr-defined]
    return reply


def in_turn(*replies: Reply) -> Reply:
    """Return a reply that uses the next of several at each request, and the last one from then on."""

    def reply(connection: socket.socket, number: int, head: bytes) -> None:
        replies[min(number, len(replies)) - 1](connection, number, head)

    return reply


@contextmanager
def serving_hostile(
    host: str = "127.0.0.1", context: ssl.SSLContext | None = None
) -> Iterator[HostileServer]:
    """Serve until the end of the block; yield the server."""
    with HostileServer(host, context) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
