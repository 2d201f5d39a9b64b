"""Flink: the same graph, in batch and as a stream, on a real cluster that loses a machine in the middle."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path

import pytest
from conftest import Ledger
from engines import ARTICLES, Job, at_press, facts, new_ledger
from flink_cluster import FlinkCluster
from newsroom import Newsroom
from press import Press, varied

from schemas.rows import Row

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.skipif("STRIKELEDGER_FLINK" not in os.environ, reason="make test-flink"),
]
Tables = dict[str, list[Row]]


def pages_served(press: Press) -> int:
    with press.lock:
        return sum(n for path, n in press.requests.items() if path.startswith("200 ") and "/20" in path)


def same(found: Tables, expected: Tables) -> None:
    for name, rows in expected.items():
        assert len(found[name]) == len(rows), f"{name}: {len(found[name])} rows, not {len(rows)}"
        assert found[name] == rows, name


def test_batch_loses_a_task_manager(tmp_path: Path, port: int, local: Tables) -> None:
    press, ledger = Press(varied(Newsroom().articles, ARTICLES)), new_ledger(tmp_path, "ledger")
    with FlinkCluster(tmp_path / "flink") as flink, at_press(press, port) as feeds:
        job = Job(ledger, feeds, "--groups", "4", flags=flink.flags("--parallelism=2"))
        while pages_served(press) < 0.4 * ARTICLES:
            assert job.is_running, job.said()
            time.sleep(0.05)
        through = pages_served(press) / ARTICLES
        flink.kill("taskmanager-1")
        assert job.wait() == 0, job.said()
        assert flink.restarts() >= 1
    assert 0.3 <= through <= 0.7
    assert len(local["articles_v1"]) == ARTICLES
    same(facts(ledger), local)


def release(press: Press, steps: int, pause_s: float, job: Job) -> None:
    """Let the articles out in order of publication."""
    dates = sorted(dt.datetime.fromisoformat(a["published"]) for a in press.articles)
    for step in range(1, steps + 1):
        press.until = dates[len(dates) * step // steps - 1]
        assert job.is_running, job.said()
        time.sleep(pause_s)


def await_articles(ledger: Ledger, number: int, job: Job, timeout_s: float = 300) -> None:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        assert job.is_running, job.said()
        if Path(ledger.folder / "ledger.duckdb").exists():
            (row,) = ledger.rows("SELECT COUNT(*) AS n FROM articles_v1")
            if row["n"] >= number:
                return
        time.sleep(3)
    raise AssertionError(f"{row['n']} of {number} articles after {timeout_s} s")


def test_a_stream_loses_a_task_manager_and_is_drained(tmp_path: Path, port: int, local: Tables) -> None:
    press, ledger = Press(varied(Newsroom().articles, ARTICLES)), new_ledger(tmp_path, "ledger")
    press.until = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    with FlinkCluster(tmp_path / "flink") as flink, at_press(press, port) as feeds:
        flags = flink.flags("--streaming", "--parallelism=2", "--checkpointing_interval=3000")
        job = Job(ledger, feeds, "--every", "5s", "--groups", "2", flags=flags)
        try:
            release(press, 4, 8, job)
            flink.kill("taskmanager-1")
            press.until = None
            await_articles(ledger, ARTICLES, job)
            assert flink.restarts() >= 1
            (running,) = (name for name, state in flink.jobs().items() if state == "RUNNING")
            flink.drain(running)
            assert job.wait(60) == 0, job.said()
        finally:
            job.end()
    same(facts(ledger), local)
