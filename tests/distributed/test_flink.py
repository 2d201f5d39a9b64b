"""Flink: batch and stream on a cluster that loses a task manager during the run give the tables of a local run."""

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
from engines import (
    ARTICLES,
    ROOT,
    Job,
    assert_equal_tables,
    await_rows,
    compared_tables,
    new_ledger,
    serving_press,
    streaming,
)
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
REPETITIONS = int(os.environ.get("STRIKELEDGER_FLINK_TIMES", "1"))


def pages_served(press: Press) -> int:
    with press.lock:
        return sum(n for path, n in press.requests.items() if path.startswith("200 ") and "/20" in path)


@pytest.mark.parametrize("_", range(REPETITIONS))
def test_a_batch_that_loses_a_task_manager_writes_the_tables_of_a_local_run(
    tmp_path: Path, port: int, local: Tables, _: int
) -> None:
    press, ledger = Press(varied(Newsroom().articles, ARTICLES)), new_ledger(tmp_path, "ledger")
    with FlinkCluster(tmp_path / "flink") as flink, serving_press(press, port) as feeds:
        job = Job(ledger, feeds, "--groups", "4", flags=flink.flags("--parallelism=2"))
        while pages_served(press) < 0.4 * ARTICLES:
            assert job.is_running, job.last_output()
            time.sleep(0.05)
        share_fetched = pages_served(press) / ARTICLES
        flink.kill_and_await_restart("taskmanager-1")
        assert job.wait() == 0, job.last_output()
    assert 0.3 <= share_fetched <= 0.7
    assert len(local["articles_v1"]) == ARTICLES
    assert_equal_tables(compared_tables(ledger), local)


def test_a_stream_that_loses_a_task_manager_writes_the_tables_of_a_local_run(
    tmp_path: Path, port: int, local: Tables
) -> None:
    press, ledger = Press(varied(Newsroom().articles, ARTICLES)), new_ledger(tmp_path, "ledger")
    press.until = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    with (
        FlinkCluster(tmp_path / "flink") as flink,
        serving_press(press, port) as feeds,
        streaming(flink, ledger, feeds) as job,
    ):
        await_rows(ledger, "runs", 1, job)
        for share in (0.2, 0.4):
            press.release_share(share)
            await_rows(ledger, "articles", round(share * ARTICLES), job)
        press.release_share(0.6)
        while pages_served(press) < 0.5 * ARTICLES:
            time.sleep(0.1)
        flink.kill_and_await_restart("taskmanager-1")
        press.release_share(0.8)
        await_rows(ledger, "articles", round(0.8 * ARTICLES), job)
        press.until = None
        await_rows(ledger, "articles", ARTICLES, job)
    assert_equal_tables(compared_tables(ledger), local)


def copy_with_next_version(folder: Path) -> Path:
    """Copy the software into a folder and give its extractor another version; return the folder."""
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("schemas", "transforms", "pipelines"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    source = folder / "transforms/nlp/pipeline.py"
    text = re.sub(r'(?m)^EXTRACTOR = ".+"$', 'EXTRACTOR = "next"', source.read_text())
    assert 'EXTRACTOR = "next"' in text
    source.write_text(text)
    return folder


def test_a_stream_continues_with_a_new_version_after_a_stop(tmp_path: Path, port: int, local: Tables) -> None:
    press, ledger = Press(varied(Newsroom().articles, ARTICLES)), new_ledger(tmp_path, "ledger")
    root, half = copy_with_next_version(tmp_path / "next"), round(0.5 * ARTICLES)
    press.release_share(0.5)

    def stream(name: str, root: Path, number: int) -> None:
        with FlinkCluster(tmp_path / name, root=root) as flink, streaming(flink, ledger, feeds, root) as job:
            await_rows(ledger, "articles_v1", number, job)

    def reports_by_version() -> dict[str, int]:
        rows = ledger.rows(
            "SELECT extractor_version AS v, COUNT(*) AS n FROM reports_v1 GROUP BY 1 ORDER BY 1"
        )
        return {row["v"].partition(".")[0]: row["n"] for row in rows}

    def without_version(tables: Tables) -> Tables:
        plain = [{k: v for k, v in row.items() if k != "extractor_version"} for row in tables["reports_v1"]]
        return {**tables, "reports_v1": sorted(plain, key=repr)}

    with serving_press(press, port) as feeds:
        stream("first", ROOT, half)
        (old,) = reports_by_version().items()
        press.until = None
        stream("second", root, ARTICLES)
    # Reports of the first version stay as they are until a user asks for ``reextract``.
    assert reports_by_version() == {old[0]: old[1], "next": len(local["reports_v1"]) - old[1]}
    assert_equal_tables(without_version(compared_tables(ledger)), without_version(local))
    command = [sys.executable, "-m", "pipelines.cli", "reextract", "--warehouse", ledger.url]
    subprocess.run(command, cwd=root, check=True)
    assert reports_by_version() == {"next": len(local["reports_v1"])}
    assert_equal_tables(without_version(compared_tables(ledger)), without_version(local))
