"""A stream on Flink for an hour: nothing lost, nothing doubled, memory level. ``make soak-flink``."""

from __future__ import annotations

import datetime as dt
import os
import statistics
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from engines import Job, at_press, await_rows, facts, new_ledger, same, streaming
from flink_cluster import FlinkCluster, memory
from newsroom import Newsroom
from press import Press, varied

from schemas.rows import Row

MINUTES = float(os.environ.get("STRIKELEDGER_SOAK_MINUTES", "0"))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3 * 3600),
    pytest.mark.skipif(not ("STRIKELEDGER_FLINK" in os.environ and MINUTES), reason="make soak-flink"),
]
_EVERY_S = 5.0
_GROWTH = 1.05


def test_a_stream_for_an_hour(tmp_path: Path, port: int) -> None:
    """One article after another comes out, days of news in an hour. At its end the tables equal those of a
    local run over all of them, and memory is where it was after a quarter of the time."""
    number = round(MINUTES * 60 / _EVERY_S)
    articles = varied(Newsroom().articles, number)
    press, ledger = Press(articles, listed=50), new_ledger(tmp_path, "stream")
    press.until = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    with (
        FlinkCluster(tmp_path / "flink", is_touched=True) as flink,
        at_press(press, port) as feeds,
        streaming(flink, ledger, feeds) as job,
    ):
        await_rows(ledger, "runs", 1, job)
        samples = _release(press, articles, flink, job)
        await_rows(ledger, "articles_v1", number, job)
    rows = ledger.rows("SELECT article_url, _ingested_at AS at FROM articles_v1")
    waits = sorted(
        dt.datetime.fromisoformat(row["at"]).timestamp() - press.released_at[_path(row)] for row in rows
    )
    (panes,) = ledger.rows("SELECT COUNT(*) AS n FROM runs")
    early, late = _around(samples, MINUTES / 4), _around(samples, MINUTES)
    print(f"\narticles {number}, panes {panes['n']}, restarts {flink.restarts()}")
    print(
        f"publication to row: p50 {waits[len(waits) // 2]:.1f} s, p99 {waits[int(len(waits) * 0.99)]:.1f} s"
    )
    for name in early:
        print(f"{name}: {early[name]:.0f} MiB at {MINUTES / 4:.0f} min, {late[name]:.0f} at {MINUTES:.0f}")

    alone = new_ledger(tmp_path, "local")
    with at_press(Press(articles, listed=number), port) as feeds:
        local = Job(alone, feeds)
        assert local.wait() == 0, local.said()
    expected, found = facts(alone), facts(ledger)
    assert max(Counter(row["article_url"] for row in found["articles_v1"]).values()) == 1
    same(found, expected)
    assert late["all"] <= _GROWTH * early["all"]


def _path(row: Row) -> str:
    """Return where the press keeps an article: its sites are the first part of the path."""
    return urlsplit(row["article_url"]).path.lstrip("/")


def _release(
    press: Press, articles: list[dict[str, object]], flink: FlinkCluster, job: Job
) -> list[tuple[float, dict[str, float]]]:
    """Let one article out after another; return the memory of the cluster by minutes since the first."""
    dates = sorted({dt.datetime.fromisoformat(str(a["published"])) for a in articles})
    started, samples = time.monotonic(), []
    for n, date in enumerate(dates):
        press.release(date)
        while time.monotonic() < started + (n + 1) * MINUTES * 60 / len(dates):
            time.sleep(0.2)
        assert job.is_running, job.said()
        if n % 3 == 0:
            samples.append(((time.monotonic() - started) / 60, memory(flink)))
    samples.append((MINUTES, memory(flink)))
    return samples


def _around(samples: list[tuple[float, dict[str, float]]], minute: float) -> dict[str, float]:
    """Return the median of what was measured in the two minutes before, by kind of process."""
    near = [kinds for at, kinds in samples if minute - 2 <= at <= minute]
    return {name: statistics.median(kinds[name] for kinds in near) for name in near[0]}
