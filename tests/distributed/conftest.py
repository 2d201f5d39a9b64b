"""Fixtures of the tests on other engines: ``make test-flink`` and ``make test-prism``."""

from __future__ import annotations

import pytest
from engines import ARTICLES, Job, compared_tables, new_ledger, serving_press
from newsroom import Newsroom
from ports import free_port
from press import Press, varied

from schemas.rows import Row


@pytest.fixture(scope="session")
def port() -> int:
    """Return the port of the press. Addresses are keys of articles, so all compared runs must use the same port."""
    return free_port()


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory, port: int) -> dict[str, list[Row]]:
    """Return the tables that a local run over all articles writes."""
    ledger = new_ledger(tmp_path_factory.mktemp("local"), "ledger")
    with serving_press(Press(varied(Newsroom().articles, ARTICLES)), port) as feeds:
        job = Job(ledger, feeds)
        assert job.wait() == 0, job.last_output()
    return compared_tables(ledger)
