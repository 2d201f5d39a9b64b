"""The suite of the distributed engines: ``make test-flink``, ``make test-prism``."""

from __future__ import annotations

import pytest
from bigquery_wire import free_port
from engines import ARTICLES, Job, at_press, facts, new_ledger
from newsroom import Newsroom
from press import Press, varied

from schemas.rows import Row


@pytest.fixture(scope="session")
def port() -> int:
    """The port of the press: addresses are keys, so every comparison keeps to it."""
    return free_port()


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory, port: int) -> dict[str, list[Row]]:
    """Return what a local run makes of all articles."""
    ledger = new_ledger(tmp_path_factory.mktemp("local"), "ledger")
    with at_press(Press(varied(Newsroom().articles, ARTICLES)), port) as feeds:
        job = Job(ledger, feeds)
        assert job.wait() == 0, job.said()
    return facts(ledger)
