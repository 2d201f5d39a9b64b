"""Prism: the batch graph on Beam's own portable engine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from engines import ARTICLES, Job, at_press, facts, new_ledger
from newsroom import Newsroom
from press import Press, varied

from schemas.rows import Row

PRISM = os.environ.get("STRIKELEDGER_PRISM", "")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not PRISM, reason="make test-prism"),
]


def test_batch(tmp_path: Path, port: int, local: dict[str, list[Row]]) -> None:
    press, ledger = Press(varied(Newsroom().articles, ARTICLES)), new_ledger(tmp_path, "ledger")
    flags = ["--runner=PrismRunner", f"--prism_location={Path(PRISM).absolute()}"]
    with at_press(press, port) as feeds:
        job = Job(ledger, feeds, "--groups", "4", flags=flags)
        assert job.wait(900) == 0, job.said()
    found = facts(ledger)
    assert len(local["articles_v1"]) == ARTICLES
    for name, rows in local.items():
        assert found[name] == rows, name
