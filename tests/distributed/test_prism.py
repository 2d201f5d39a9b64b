"""Prism: batch and stream on Beam's own portable engine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from engines import ARTICLES, Job, at_press, await_rows, facts, new_ledger, same
from newsroom import Newsroom
from press import Press, varied

from schemas.rows import Row

PRISM = os.environ.get("STRIKELEDGER_PRISM", "")
FLAGS = ["--runner=PrismRunner", f"--prism_location={Path(PRISM).absolute()}"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not PRISM, reason="make test-prism"),
]


def test_batch(tmp_path: Path, port: int, local: dict[str, list[Row]]) -> None:
    press, ledger = Press(varied(Newsroom().articles, ARTICLES)), new_ledger(tmp_path, "ledger")
    with at_press(press, port) as feeds:
        job = Job(ledger, feeds, "--groups", "4", flags=FLAGS)
        assert job.wait(900) == 0, job.said()
    assert len(local["articles_v1"]) == ARTICLES
    same(facts(ledger), local)


def test_a_stream_dies_and_is_started_again(tmp_path: Path, port: int, local: dict[str, list[Row]]) -> None:
    press, ledger = Press(varied(Newsroom().articles, ARTICLES)), new_ledger(tmp_path, "ledger")
    press.release_share(0.4)
    with at_press(press, port) as feeds:
        for number in (round(0.4 * ARTICLES), ARTICLES):
            job = Job(ledger, feeds, "--every", "5s", flags=["--streaming", *FLAGS])
            try:
                await_rows(ledger, "articles_v1", number, job)
            finally:
                job.end()
            press.until = None
    same(facts(ledger), local)
