"""BigQuery over HTTP: an emulator that runs as a process, and a proxy in front of it.

The proxy corrects answers of the emulator that differ from those of the real service. It also injects the
faults that a test asks for.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from aiohttp import web
from ports import free_port

_PYTHON = os.environ.get("STRIKELEDGER_EMULATOR", "")
EMULATOR_PYTHON = str(Path(_PYTHON).absolute()) if _PYTHON else ""
_MAIN = Path(__file__).parent.parent / "warehouse" / "emulator_main.py"
START_TIMEOUT_S = 60
REQUEST_TIMEOUT_S = 120
MAX_REQUEST_BYTES = 1 << 30
MATCHED_BODY_BYTES = 4000
"""How much of a body the patterns of faults are compared with."""


@contextmanager
def emulator(folder: Path) -> Iterator[str]:
    """Run the emulator as a process until the end of the block, and yield its address."""
    rest, grpc = free_port(), free_port()
    base = f"http://127.0.0.1:{rest}"
    # HOME is a folder of the emulator's environment, so that DuckDB's extension is installed there only once.
    # The proxy address, where nothing listens, keeps the emulator from reaching the network.
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
    deadline = time.monotonic() + START_TIMEOUT_S
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
    """A fault for the first ``times`` requests of a method whose address or body matches a pattern.

    With ``status``, the proxy answers with BigQuery's error of this status, ``reason`` and ``message``. With
    ``loses_answer``, the request reaches the emulator, but its answer is lost. ``hits`` counts the requests
    so far.
    """

    method: str
    pattern: str
    times: int = 1
    status: int = 0
    reason: str = ""
    message: str = "injected fault"
    loses_answer: bool = False
    hits: int = 0

    def matches(self, method: str, text: str) -> bool:
        is_left = self.hits < self.times
        return is_left and method == self.method and re.search(self.pattern, text) is not None


@dataclass
class WireProxy:
    """The state of the proxy.

    bqemulator 1.4.0 differs from BigQuery in two ways, and the proxy answers as BigQuery does:

    * ``jobs``: the emulator runs a job again if its id comes twice. BigQuery answers 409
      (https://cloud.google.com/bigquery/docs/running-jobs#generate-jobid).
    * ``uploaded``: the emulator forgets an upload that is complete. BigQuery repeats its answer
      (https://cloud.google.com/bigquery/docs/reference/api-uploads#resumable).

    ``seen`` lists the method and the text of each request.
    """

    target: str
    base: str = ""
    faults: list[Fault] = field(default_factory=list)
    seen: list[tuple[str, str]] = field(default_factory=list)
    jobs: set[str] = field(default_factory=set)
    uploaded: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)

    def requests(self, method: str, pattern: str) -> int:
        """Return how many requests of a method matched a pattern."""
        return sum(m == method and re.search(pattern, text) is not None for m, text in self.seen)


def _job_id(method: str, path: str, body: bytes) -> str | None:
    """Return the id of the job that a request starts, or None if it starts none or gives no id."""
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
    text = f"{request.rel_url} {body[:MATCHED_BODY_BYTES].decode(errors='replace')}"
    proxy.seen.append((request.method, text))
    fault = next((f for f in proxy.faults if f.matches(request.method, text)), None)
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
        if fault is not None and fault.loses_answer:
            assert request.transport is not None
            request.transport.abort()
        return web.Response(status=answer.status, body=content, headers=kept)


@contextmanager
def wire_proxy(target: str) -> Iterator[WireProxy]:
    """Serve the proxy of an emulator on a free port of loopback until the end of the block."""
    proxy = WireProxy(target)
    loop = asyncio.new_event_loop()
    is_ready, must_stop = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=REQUEST_TIMEOUT_S)) as session:
            app = web.Application(client_max_size=MAX_REQUEST_BYTES)
            app.router.add_route("*", "/{path:.*}", lambda request: _handle(proxy, session, request))
            runner = web.AppRunner(app)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            port = runner.addresses[0][1]
            proxy.base = f"http://127.0.0.1:{port}"
            is_ready.set()
            await must_stop.wait()
            await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    if not is_ready.wait(10):
        raise RuntimeError("the proxy did not start")
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(must_stop.set)
        thread.join(10)
