"""The plain loop of the benchmarks does the same work as a run. Otherwise it would show a wrong cost of Beam."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Ledger
from ledger_content import rows_without_times

from benchmarks.plain import run_plain

TABLES = [
    "articles_v1",
    "reports_v1",
    "entries_v1",
    "incidents",
    "incident_reports",
    "incident_history",
    "feed_state_v1",
]


@pytest.mark.slow
def test_the_plain_loop_writes_the_tables_of_a_run(tmp_path: Path, served: str, feeds: list[str]) -> None:
    whole, plain = (Ledger(tmp_path / name) for name in ("whole", "plain"))
    whole.run(feeds)
    times = run_plain(f"{served}/feeds.txt", plain.url)
    assert rows_without_times(plain, TABLES) == rows_without_times(whole, TABLES)
    assert plain.rows("SELECT * FROM incidents")
    assert set(times.own) == set(times.children)
    whole.run(feeds)
    run_plain(f"{served}/feeds.txt", plain.url)
    assert rows_without_times(plain, TABLES) == rows_without_times(whole, TABLES)
