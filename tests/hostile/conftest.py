"""Fixtures of the hostile suite. Its tests call the functions of the steps, over HTTP on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from hostile_support import (
    MAX_CPU_S,
    MAX_GROWTH_BYTES,
    QUICK,
    HostileServer,
    MeasuredCall,
    measure_call,
    resident_bytes,
    serving_hostile,
    unexpected_files,
    watching,
)

from transforms.nlp.learned.encoder import packaged_encoder
from transforms.util.sandbox import Sandbox
from transforms.web.client import HttpFetcher


class MeasuringSandbox(Sandbox):
    """A sandbox that records the cost of each call and what it opened."""

    def __init__(self) -> None:
        super().__init__(2)
        self.calls: list[MeasuredCall] = []

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        outer: Future[Any] = Future()

        def unwrap(done: Future[Any]) -> None:
            if done.exception() is not None:
                outer.set_exception(done.exception())
                return
            call = done.result()
            self.calls.append(call)
            outer.set_exception(call.error) if call.error else outer.set_result(call.result)

        super().submit(measure_call, function, *arguments).add_done_callback(unwrap)
        return outer


@pytest.fixture(scope="session", autouse=True)
def opened_encoder() -> None:
    """Open the encoder before anything is watched: its library reads once on which system it runs."""
    packaged_encoder().read("Kyiv", 0, [(0, 4)])


@pytest.fixture(scope="session")
def workers() -> Iterator[MeasuringSandbox]:
    sandbox = MeasuringSandbox()
    yield sandbox
    sandbox.close()


@pytest.fixture
def sandbox(workers: MeasuringSandbox, tmp_path: Path) -> Iterator[MeasuringSandbox]:
    """Return a sandbox. Afterwards, check that every call kept the limits and opened no other files or addresses."""
    workers.calls.clear()
    yield workers
    for call in workers.calls:
        assert call.cpu_s <= MAX_CPU_S
        assert call.growth_bytes <= MAX_GROWTH_BYTES
        assert unexpected_files(call.opened, tmp_path) == []
        assert call.connected == []


@pytest.fixture
def fetcher() -> Iterator[HttpFetcher]:
    fetcher = HttpFetcher(QUICK)
    yield fetcher
    fetcher.close()


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with serving_hostile() as server:
        yield server


@pytest.fixture
def canary() -> Iterator[HostileServer]:
    """Return a server that stands for a cloud's metadata service. Afterwards, check that nothing reached it.

    No policy of the suite allows its address.
    """
    with serving_hostile("127.0.0.2") as server:
        yield server
        assert sum(server.seen.values()) == 0


@pytest.fixture(autouse=True)
def bounded(tmp_path: Path) -> Iterator[None]:
    """Check that every test opens only its own files, connects only to loopback, and keeps its memory bounded."""
    before = resident_bytes()
    with watching() as (opened, connected):
        yield
        files, sockets = list(opened), list(connected)
    assert unexpected_files(files, tmp_path, Path("/tmp")) == []
    assert [
        s for s in sockets if "127.0.0.1" not in s and "::1" not in s and not s.startswith(("/", "b'", "'"))
    ] == []
    assert resident_bytes() - before <= MAX_GROWTH_BYTES
