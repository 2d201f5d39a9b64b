"""A stream on Flink for an hour loses nothing, doubles nothing, and its memory does not grow: ``make soak-flink``."""

from __future__ import annotations

import datetime as dt
import os
import statistics
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from engines import (
    Job,
    assert_equal_tables,
    await_rows,
    compared_tables,
    new_ledger,
    serving_press,
    streaming,
)
from flink_cluster import FlinkCluster, memory_mib
from newsroom import Newsroom
from press import Press, varied

from schemas.rows import Row

MINUTES = float(os.environ.get("STRIKELEDGER_SOAK_MINUTES", "0"))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3 * 3600),
    pytest.mark.skipif(not ("STRIKELEDGER_FLINK" in os.environ and MINUTES), reason="make soak-flink"),
]
SECONDS_PER_ARTICLE = 5.0
MAX_MEMORY_RATIO = 1.05
MEMORY_WINDOW_MINUTES = 2


def test_a_stream_of_an_hour_writes_the_tables_of_a_local_run_and_its_memory_does_not_grow(
    tmp_path: Path, port: int
) -> None:
    """Articles are published one after another, days of news in an hour.

    Memory at the end is compared with memory after a quarter of the time.
    """
    number = round(MINUTES * 60 / SECONDS_PER_ARTICLE)
    articles = varied(Newsroom().articles, number)
    press, ledger = Press(articles, listed=50), new_ledger(tmp_path, "stream")
    press.until = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    with (
        FlinkCluster(tmp_path / "flink", allocates_heap=True) as flink,
        serving_press(press, port) as feeds,
        streaming(flink, ledger, feeds) as job,
    ):
        await_rows(ledger, "runs", 1, job)
        samples = _publish_all(press, articles, flink, job)
        await_rows(ledger, "articles_v1", number, job)
    rows = ledger.rows("SELECT article_url, _ingested_at AS at FROM articles_v1")
    delays_s = sorted(
        dt.datetime.fromisoformat(row["at"]).timestamp() - press.released_at[_path(row)] for row in rows
    )
    (panes,) = ledger.rows("SELECT COUNT(*) AS n FROM runs")
    early, late = _memory_before(samples, MINUTES / 4), _memory_before(samples, MINUTES)
    print(f"\narticles {number}, panes {panes['n']}, restarts {flink.restarts()}")
    print(
        f"publication to row: p50 {delays_s[len(delays_s) // 2]:.1f} s, p99 {delays_s[int(len(delays_s) * 0.99)]:.1f} s"
    )
    for name in early:
        print(f"{name}: {early[name]:.0f} MiB at {MINUTES / 4:.0f} min, {late[name]:.0f} at {MINUTES:.0f}")

    local_ledger = new_ledger(tmp_path, "local")
    with serving_press(Press(articles, listed=number), port) as feeds:
        local = Job(local_ledger, feeds)
        assert local.wait() == 0, local.last_output()
    expected, found = compared_tables(local_ledger), compared_tables(ledger)
    assert max(Counter(row["article_url"] for row in found["articles_v1"]).values()) == 1
    assert_equal_tables(found, expected)
    assert late["all"] <= MAX_MEMORY_RATIO * early["all"]


def _path(row: Row) -> str:
    """Return the path under which the press keeps an article. It begins with the host of the outlet."""
    return urlsplit(row["article_url"]).path.lstrip("/")


def _publish_all(
    press: Press, articles: list[dict[str, object]], flink: FlinkCluster, job: Job
) -> list[tuple[float, dict[str, float]]]:
    """Publish one article after another; return samples of minutes since the start and the cluster's memory."""
    dates = sorted({dt.datetime.fromisoformat(str(a["published"])) for a in articles})
    started, samples = time.monotonic(), []
    for n, date in enumerate(dates):
        press.release(date)
        while time.monotonic() < started + (n + 1) * MINUTES * 60 / len(dates):
            time.sleep(0.2)
        assert job.is_running, job.last_output()
        if n % 3 == 0:
            samples.append(((time.monotonic() - started) / 60, memory_mib(flink)))
    samples.append((MINUTES, memory_mib(flink)))
    return samples


def _memory_before(samples: list[tuple[float, dict[str, float]]], minute: float) -> dict[str, float]:
    """Return the median memory of the last minutes before a minute, in MiB by kind of process."""
    near = [kinds for at, kinds in samples if minute - MEMORY_WINDOW_MINUTES <= at <= minute]
    return {name: statistics.median(kinds[name] for kinds in near) for name in near[0]}
