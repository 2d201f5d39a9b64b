"""Prism, Beam's own portable engine: batch and stream give the tables of a local run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from engines import ARTICLES, Job, assert_equal_tables, await_rows, compared_tables, new_ledger, serving_press
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


def test_a_batch_writes_the_tables_of_a_local_run(
    tmp_path: Path, port: int, local: dict[str, list[Row]]
) -> None:
    press, ledger = Press(varied(Newsroom().articles, ARTICLES)), new_ledger(tmp_path, "ledger")
    with serving_press(press, port) as feeds:
        job = Job(ledger, feeds, "--groups", "4", flags=FLAGS)
        assert job.wait(900) == 0, job.last_output()
    assert len(local["articles_v1"]) == ARTICLES
    assert_equal_tables(compared_tables(ledger), local)


def test_a_killed_stream_that_is_started_again_writes_the_tables_of_a_local_run(
    tmp_path: Path, port: int, local: dict[str, list[Row]]
) -> None:
    press, ledger = Press(varied(Newsroom().articles, ARTICLES)), new_ledger(tmp_path, "ledger")
    press.release_share(0.4)
    with serving_press(press, port) as feeds:
        for number in (round(0.4 * ARTICLES), ARTICLES):
            job = Job(ledger, feeds, "--every", "5s", flags=["--streaming", *FLAGS])
            try:
                await_rows(ledger, "articles_v1", number, job)
            finally:
                job.end()
            press.until = None
    assert_equal_tables(compared_tables(ledger), local)
