"""BigQuery over the wire: an emulator as a process, and a proxy before it that answers as the real service
does where the emulator does not, and that breaks what a test tells it to break."""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from aiohttp import web

_PYTHON = os.environ.get("STRIKELEDGER_EMULATOR", "")
EMULATOR_PYTHON = str(Path(_PYTHON).absolute()) if _PYTHON else ""
_MAIN = Path(__file__).parent.parent / "warehouse" / "emulator_main.py"
_START_S = 60


def free_port() -> int:
    """Return a port of loopback that nothing uses and the system gives to nobody by itself: one from the range
    that it gives (port 0) can be taken by another process before ours listens on it. (Seen: a task manager
    that had got the port chosen for the job manager's REST interface.)"""
    given = Path("/proc/sys/net/ipv4/ip_local_port_range")
    first = int(given.read_text().split()[0]) if given.exists() else 32_768
    for port in random.sample(range(first // 2, first), 100):
        with socket.socket() as sock, suppress(OSError):
            sock.bind(("127.0.0.1", port))
            return port
    raise OSError("no free port")


@contextmanager
def emulator(folder: Path) -> Iterator[str]:
    """Start the emulator as a process and end it by its own id; yield its address."""
    rest, grpc = free_port(), free_port()
    base = f"http://127.0.0.1:{rest}"
    # Its home is in its own environment, so that its extension is installed there once; a proxy that
    # nobody serves keeps it from the network.
    home = Path(EMULATOR_PYTHON).absolute().parent.parent / "home"
    home.mkdir(exist_ok=True)
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(home), "HTTP_PROXY": "http://127.0.0.1:9",
    }  # fmt: skip
    with (folder / "emulator.log").open("wb") as log:
        process = subprocess.Popen(
            [EMULATOR_PYTHON, str(_MAIN), "start", "--rest-port", str(rest), "--grpc-port", str(grpc),
             "--log-level", "error"],
            env=environment, cwd=folder, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _wait_for(base + "/healthz", process, folder / "emulator.log")
            yield base
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with suppress(OSError), urllib.request.urlopen(url, timeout=1) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the emulator did not start:\n{log.read_text(errors='replace')[-2000:]}")


@dataclass
class Fault:
    """One thing that goes wrong ``times`` times: for requests of a method whose address or body matches.

    ``status`` with ``reason``: BigQuery's error answer. ``drop``: the request arrives, its answer is lost.
    """

    method: str
    where: str
    times: int = 1
    status: int = 0
    reason: str = ""
    message: str = "told to fail"
    drop: bool = False
    hits: int = 0

    def meets(self, method: str, text: str) -> bool:
        return self.hits < self.times and method == self.method and re.search(self.where, text) is not None


@dataclass
class WireProxy:
    """The way to the emulator.

    Where bqemulator 1.4.0 differs from BigQuery, it answers as BigQuery does:

    * ``JOB_IDS``: a job whose id comes twice is run again; BigQuery answers 409
      (https://cloud.google.com/bigquery/docs/running-jobs#generate-jobid).
    * ``UPLOADED``: an upload that is over is not known any more; BigQuery repeats its answer
      (https://cloud.google.com/bigquery/docs/reference/api-uploads#resumable).
    """

    target: str
    base: str = ""
    faults: list[Fault] = field(default_factory=list)
    seen: list[tuple[str, str]] = field(default_factory=list)
    on_request: Callable[[str, str], None] | None = None
    jobs: set[str] = field(default_factory=set)
    uploaded: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)

    def requests(self, method: str, where: str) -> int:
        """Return how many requests matched."""
        return sum(m == method and re.search(where, text) is not None for m, text in self.seen)


def _job_id(method: str, path: str, body: bytes) -> str | None:
    """Return the id of the job that a request starts, if it starts one under an id."""
    if method != "POST" or not path.endswith("/jobs"):
        return None
    with suppress(ValueError, KeyError, TypeError):
        return str(json.loads(body)["jobReference"]["jobId"])
    return None


def _error(status: int, reason: str, message: str) -> web.Response:
    error = {"reason": reason, "message": message, "location": "", "domain": "global"}
    return web.json_response(
        {"error": {"code": status, "message": message, "errors": [error], "status": reason}}, status=status
    )


async def _handle(
    proxy: WireProxy, session: aiohttp.ClientSession, request: web.Request
) -> web.StreamResponse:
    body = await request.read()
    text = f"{request.rel_url} {body[:4000].decode(errors='replace')}"
    proxy.seen.append((request.method, text))
    if proxy.on_request is not None:
        proxy.on_request(request.method, text)
    fault = next((f for f in proxy.faults if f.meets(request.method, text)), None)
    if fault is not None:
        fault.hits += 1
        if fault.status:
            return _error(fault.status, fault.reason, fault.message)
    job = _job_id(request.method, request.path, body)
    if job is not None and job in proxy.jobs:
        return _error(409, "duplicate", f"Already Exists: Job {job}")
    upload = request.query.get("upload_id", "")
    if upload in proxy.uploaded:
        status, content, kept = proxy.uploaded[upload]
        return web.Response(status=status, body=content, headers=kept)
    headers = {
        k: v
        for k, v in request.headers.items()
        if k.lower() not in ("host", "content-length", "accept-encoding")
    }
    async with session.request(
        request.method, proxy.target + str(request.rel_url), data=body, headers=headers, allow_redirects=False
    ) as answer:
        content = await answer.read()
        if job is not None and answer.status < 300:
            proxy.jobs.add(job)
        kept = {
            k: v.replace(proxy.target, proxy.base)
            for k, v in answer.headers.items()
            if k.lower() in ("content-type", "location", "range", "x-goog-upload-status")
        }
        if upload and answer.status < 300:
            proxy.uploaded[upload] = answer.status, content, kept
        if fault is not None and fault.drop:
            assert request.transport is not None
            request.transport.abort()
        return web.Response(status=answer.status, body=content, headers=kept)


@contextmanager
def wire_proxy(target: str) -> Iterator[WireProxy]:
    """Serve the way to the emulator on a free port of loopback."""
    proxy = WireProxy(target)
    loop = asyncio.new_event_loop()
    ready, over = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=120)) as session:
            app = web.Application(client_max_size=1 << 30)
            app.router.add_route("*", "/{path:.*}", lambda request: _handle(proxy, session, request))
            runner = web.AppRunner(app)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            port = runner.addresses[0][1]
            proxy.base = f"http://127.0.0.1:{port}"
            ready.set()
            await over.wait()
            await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    if not ready.wait(10):
        raise RuntimeError("the proxy did not start")
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)


def kill(pid: int) -> None:
    """Kill one process of ours, as a machine that goes away does."""
    os.kill(pid, signal.SIGKILL)
