"""The benchmark's plain loop does all that a run does: else what Beam costs would be told wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Ledger
from warehouse_support import content

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
def test_the_plain_loop_leaves_the_same_tables(tmp_path: Path, served: str, feeds: list[str]) -> None:
    whole, plain = (Ledger(tmp_path / name) for name in ("whole", "plain"))
    for ledger in (whole, plain):
        ledger.folder.mkdir()
    whole.run(feeds)
    clock = run_plain(f"{served}/feeds.txt", plain.url)
    assert content(plain, TABLES) == content(whole, TABLES)
    assert plain.rows("SELECT * FROM incidents")
    assert set(clock.own) == set(clock.others)
    whole.run(feeds)
    run_plain(f"{served}/feeds.txt", plain.url)
    assert content(plain, TABLES) == content(whole, TABLES)
