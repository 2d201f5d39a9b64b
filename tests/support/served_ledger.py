"""A server of a ledger on loopback, and what asks it."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from conftest import Ledger

from pipelines.server.make_desk import make_desk
from pipelines.server.run_server import bind, make_server
from pipelines.server.snapshot_keeper import SnapshotKeeper
from pipelines.server.web_app import AppSettings, make_app

NOW = "2026-01-02T03:04:05Z"


@dataclass(frozen=True)
class Answer:
    """What the server answered. Names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Served:
    """A running server."""

    def __init__(self, keeper: SnapshotKeeper, address: str) -> None:
        self.keeper, self.address = keeper, address.rstrip("/")
        self.port = int(self.address.rpartition(":")[2])
        self.told: list[str] = []

    def ask(self, path: str, method: str = "GET", body: Any = None, **headers: str) -> Answer:
        """Send one request; underscores in names of headers stand for hyphens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=180)
        try:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, headers=names)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read())
        finally:
            connection.close()


@contextmanager
def serving_ledger(
    ledger: Ledger, settings: AppSettings | None = None, token: str | None = None,
    now: Callable[[], float] = time.monotonic, is_behind_proxy: bool = False,
) -> Iterator[Served]:  # fmt: skip
    """Serve a ledger as it is now. It is looked at again only where a test says so.

    ``token``: opens the desk of editors, None for no desk. ``now``: the clock of their sessions.
    """
    told: list[str] = []
    keeper = SnapshotKeeper(ledger.url, 3_600, lambda: NOW, told.append)
    bound = bind("127.0.0.1", 0)
    desk = None if token is None else make_desk(keeper, ledger.url, ledger.storage, token, told.append, now)
    app = make_app(keeper, settings or AppSettings(rate=0), desk)
    server = make_server(app, is_behind_proxy=is_behind_proxy)
    thread = threading.Thread(target=server.run, args=([bound.socket],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    served = Served(keeper, bound.address)
    served.told = told
    try:
        yield served
    finally:
        server.should_exit = True
        thread.join(10)
        keeper.close()
