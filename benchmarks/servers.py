"""HTTP servers on loopback that run in a separate process and cost little CPU time."""

import asyncio
import multiprocessing
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

START_TIMEOUT_S = 60


class HttpProtocol(asyncio.Protocol):
    """Splits what a client sends into GET requests. A client may send several requests on one connection."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self._received = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            self.request_received(head)

    def request_received(self, head: bytes) -> None:
        """Answer one request. ``head`` is its request line and its headers."""
        raise NotImplementedError


def http_answer(content_type: str, body: bytes, more_headers: str = "") -> bytes:
    """Return the bytes of an answer with status 200. ``more_headers`` are lines that end with CRLF."""
    headers = f"Content-Type: {content_type}\r\n{more_headers}Content-Length: {len(body)}\r\n"
    return f"HTTP/1.1 200 OK\r\n{headers}\r\n".encode() + body


def serve_protocol(new_protocol: Callable[[], HttpProtocol], port_queue: Any) -> None:
    """Serve on a free port of loopback until the process is terminated. The port is put into the queue."""

    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(new_protocol, "127.0.0.1", 0)
        port_queue.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def server_process(serve: Callable[..., None], *arguments: Any) -> Iterator[str]:
    """Run ``serve(*arguments, port_queue)`` in a process until the block ends; yield the base address."""
    context = multiprocessing.get_context("spawn")
    port_queue = context.Queue()
    process = context.Process(target=_serve, args=(serve, *arguments, port_queue), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{port_queue.get(timeout=START_TIMEOUT_S)}"
    finally:
        process.terminate()
        process.join()


def _serve(serve: Callable[..., None], *arguments: Any) -> None:
    # The server must outlive Ctrl-C until the benchmark ends it, or pages would be missing.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(*arguments)
