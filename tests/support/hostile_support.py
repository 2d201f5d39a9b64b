"""What the hostile suite stands on: measured calls in a worker process, and a server that breaks every rule.

Importable, as worker processes import it.
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
CPU_S = 5.0
GROWTH_BYTES = 300 * 1024 * 1024
REPOSITORY = Path(__file__).resolve().parents[2]

SLOW = frozenset({"F09", "P02", "P03a", "P05"})


def slow_marked(cases: Sequence[tuple[str, Any, Any]]) -> list[Any]:
    """Return cases for pytest, those that take seconds marked slow."""
    return [pytest.param(*c, marks=[pytest.mark.slow] if c[0] in SLOW else []) for c in cases]


# -- what a call may open ---------------------------------------------------------------------------

_opened: list[str] = []
_connected: list[str] = []
_is_watching = False


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _is_watching:
        return
    if event == "open" and not isinstance(arguments[0], int):
        _opened.append(str(arguments[0]))
    elif event == "socket.connect":
        _connected.append(str(arguments[1]))


_is_hooked = False


@contextmanager
def watching() -> Iterator[tuple[list[str], list[str]]]:
    """Yield the files opened and the addresses connected to in this process while inside."""
    global _is_hooked, _is_watching
    if not _is_hooked:
        sys.addaudithook(_hook)
        _is_hooked = True
    _opened.clear()
    _connected.clear()
    _is_watching = True
    try:
        yield _opened, _connected
    finally:
        _is_watching = False


def unexpected_files(opened: list[str], *allowed: Path) -> list[str]:
    """Return the files that neither the interpreter nor its packages explain."""
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
    # A name without a folder is one that a walk over a folder of ours opens in it.
    return [path for path in opened if "/" in path and not path.startswith(roots)]


@dataclass(frozen=True)
class Measured:
    """What a call came to, and what it took."""

    result: Any
    error: Exception | None
    cpu_s: float
    growth_bytes: int
    opened: list[str]
    connected: list[str]


def measured(function: Callable[..., Any], *arguments: Any) -> Measured:
    """Call a function and measure it; run this in the sandbox."""
    result, error = None, None
    before, began = resident(), time.process_time()
    with watching() as (opened, connected):
        try:
            result = function(*arguments)
        except Exception as raised:  # noqa: BLE001  told to the caller
            error = raised
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Measured(
        result, error, time.process_time() - began, max(0, peak - before), list(opened), list(connected)
    )


def resident() -> int:
    """Return the bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


# -- a server that breaks every rule ----------------------------------------------------------------

Reply = Callable[[socket.socket, int, bytes], None]


class HostileServer(socketserver.ThreadingTCPServer):
    """Answers each path with whatever bytes its reply writes; ``seen`` counts requests by path."""

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
        """Say nothing: clients that go away are the point."""


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
    """Return a well-formed reply."""

    def reply(connection: socket.socket, number: int, head: bytes) -> None:
        lines = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        connection.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    return reply


def raw(*parts: bytes, pause_s: float = 0.0) -> Reply:
    """Return a reply of these very bytes, after which the connection is closed."""

    def reply(connection: socket.socket, number: int, head: bytes) -> None:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause_s)

    reply.closes = True  # type: ignore[attr-defined]
    return reply


def in_turn(*replies: Reply) -> Reply:
    """Return a reply that differs with each request; the last one stays."""

    def reply(connection: socket.socket, number: int, head: bytes) -> None:
        replies[min(number, len(replies)) - 1](connection, number, head)

    return reply


@contextmanager
def serving_hostile(
    host: str = "127.0.0.1", context: ssl.SSLContext | None = None
) -> Iterator[HostileServer]:
    """Serve until the end of the block."""
    with HostileServer(host, context) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
