"""Fixtures of the hostile suite: everything runs through the real steps, over real HTTP on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from hostile_support import (
    CPU_S,
    GROWTH_BYTES,
    QUICK,
    HostileServer,
    Measured,
    measured,
    resident,
    serving_hostile,
    unexpected_files,
    watching,
)

from transforms.util.sandbox import Sandbox
from transforms.web.client import HttpFetcher


class MeasuringSandbox(Sandbox):
    """A sandbox that notes what each call took, and what it opened."""

    def __init__(self) -> None:
        super().__init__(2)
        self.calls: list[Measured] = []

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        outer: Future[Any] = Future()

        def unwrap(done: Future[Any]) -> None:
            if done.exception() is not None:
                outer.set_exception(done.exception())
                return
            call = done.result()
            self.calls.append(call)
            outer.set_exception(call.error) if call.error else outer.set_result(call.result)

        super().submit(measured, function, *arguments).add_done_callback(unwrap)
        return outer


@pytest.fixture(scope="session")
def workers() -> Iterator[MeasuringSandbox]:
    made = MeasuringSandbox()
    yield made
    made.close()


@pytest.fixture
def sandbox(workers: MeasuringSandbox, tmp_path: Path) -> Iterator[MeasuringSandbox]:
    """Return a sandbox; afterwards no call may have taken more than its share or opened what it should not."""
    workers.calls.clear()
    yield workers
    for call in workers.calls:
        assert call.cpu_s <= CPU_S
        assert call.growth_bytes <= GROWTH_BYTES
        assert unexpected_files(call.opened, tmp_path) == []
        assert call.connected == []


@pytest.fixture
def fetcher() -> Iterator[HttpFetcher]:
    made = HttpFetcher(QUICK)
    yield made
    made.close()


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with serving_hostile() as made:
        yield made


@pytest.fixture
def canary() -> Iterator[HostileServer]:
    """Stand for a cloud's metadata service, on an address that no policy here allows; nothing may reach it."""
    with serving_hostile("127.0.0.2") as made:
        yield made
        assert sum(made.seen.values()) == 0


@pytest.fixture(autouse=True)
def bounded(tmp_path: Path) -> Iterator[None]:
    """Hold every test to its files and sockets, and to a growth of this process."""
    before = resident()
    with watching() as (opened, connected):
        yield
        files, sockets = list(opened), list(connected)
    assert unexpected_files(files, tmp_path, Path("/tmp")) == []
    assert [
        s for s in sockets if "127.0.0.1" not in s and "::1" not in s and not s.startswith(("/", "b'", "'"))
    ] == []
    assert resident() - before <= GROWTH_BYTES
