"""Flink: the same graph, in batch and as a stream, on a real cluster that loses a machine in the middle."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from engines import ARTICLES, ROOT, Job, at_press, await_rows, facts, new_ledger, same, streaming
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
TIMES = int(os.environ.get("STRIKELEDGER_FLINK_TIMES", "1"))


def pages_served(press: Press) -> int:
    with press.lock:
        return sum(n for path, n in press.requests.items() if path.startswith("200 ") and "/20" in path)


@pytest.mark.parametrize("_", range(TIMES))
def test_batch_loses_a_task_manager(tmp_path: Path, port: int, local: Tables, _: int) -> None:
    press, ledger = Press(varied(Newsroom().articles, ARTICLES)), new_ledger(tmp_path, "ledger")
    with FlinkCluster(tmp_path / "flink") as flink, at_press(press, port) as feeds:
        job = Job(ledger, feeds, "--groups", "4", flags=flink.flags("--parallelism=2"))
        while pages_served(press) < 0.4 * ARTICLES:
            assert job.is_running, job.said()
            time.sleep(0.05)
        through = pages_served(press) / ARTICLES
        flink.lose("taskmanager-1")
        assert job.wait() == 0, job.said()
    assert 0.3 <= through <= 0.7
    assert len(local["articles_v1"]) == ARTICLES
    same(facts(ledger), local)


def test_a_stream_loses_a_task_manager_and_is_stopped(tmp_path: Path, port: int, local: Tables) -> None:
    press, ledger = Press(varied(Newsroom().articles, ARTICLES)), new_ledger(tmp_path, "ledger")
    press.until = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    with (
        FlinkCluster(tmp_path / "flink") as flink,
        at_press(press, port) as feeds,
        streaming(flink, ledger, feeds) as job,
    ):
        await_rows(ledger, "runs", 1, job)
        for share in (0.2, 0.4):
            press.release_share(share)
            await_rows(ledger, "articles", round(share * ARTICLES), job)
        press.release_share(0.6)
        while pages_served(press) < 0.5 * ARTICLES:
            time.sleep(0.1)
        flink.lose("taskmanager-1")
        press.release_share(0.8)
        await_rows(ledger, "articles", round(0.8 * ARTICLES), job)
        press.until = None
        await_rows(ledger, "articles", ARTICLES, job)
    same(facts(ledger), local)


def other_version(folder: Path) -> Path:
    """Return a copy of the software whose extractor has another version."""
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("schemas", "transforms", "pipelines"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    source = folder / "transforms/nlp/pipeline.py"
    text = re.sub(r'(?m)^EXTRACTOR = ".+"$', 'EXTRACTOR = "next"', source.read_text())
    assert 'EXTRACTOR = "next"' in text
    source.write_text(text)
    return folder


def test_a_stream_is_stopped_upgraded_and_started_again(tmp_path: Path, port: int, local: Tables) -> None:
    press, ledger = Press(varied(Newsroom().articles, ARTICLES)), new_ledger(tmp_path, "ledger")
    root, half = other_version(tmp_path / "next"), round(0.5 * ARTICLES)
    press.release_share(0.5)

    def stream(name: str, root: Path, number: int) -> None:
        with FlinkCluster(tmp_path / name, root=root) as flink, streaming(flink, ledger, feeds, root) as job:
            await_rows(ledger, "articles_v1", number, job)

    def readers() -> dict[str, int]:
        rows = ledger.rows(
            "SELECT extractor_version AS v, COUNT(*) AS n FROM reports_v1 GROUP BY 1 ORDER BY 1"
        )
        return {row["v"].partition("+")[0]: row["n"] for row in rows}

    def told(tables: Tables) -> Tables:
        plain = [{k: v for k, v in row.items() if k != "extractor_version"} for row in tables["reports_v1"]]
        return {**tables, "reports_v1": sorted(plain, key=repr)}

    with at_press(press, port) as feeds:
        stream("first", ROOT, half)
        (old,) = readers().items()
        press.until = None
        stream("second", root, ARTICLES)
    # What the first version read stays as it was read, until somebody asks.
    assert readers() == {old[0]: old[1], "next": len(local["reports_v1"]) - old[1]}
    same(told(facts(ledger)), told(local))
    command = [sys.executable, "-m", "pipelines.cli", "reextract", "--warehouse", ledger.url]
    subprocess.run(command, cwd=root, check=True)
    assert readers() == {"next": len(local["reports_v1"])}
    same(told(facts(ledger)), told(local))
