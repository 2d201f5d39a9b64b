"""kill -9 at every seam, then a run: the tables of a run that nobody killed. Two runs at once: those of one.

``SOAK`` random moments besides the named ones: 3, and 20 by ``make soak``.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Ledger
from newsroom import Newsroom, serving
from warehouse_support import an_outlet, content

from schemas.rows import Row
from schemas.tables import tables, views

SOAK = int(os.environ.get("STRIKELEDGER_SOAK", "3"))
RUN_AND_DIE = Path(__file__).parent.parent / "support" / "run_and_die.py"
# What a killed attempt may leave: rows of its own, and counts of what was asked how often.
NAMES = [
    n for n in (*tables(), *views()) if not n.startswith(("runs", "feed_state", "leases", "dead_letters"))
]
SEED = 20_251_122


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with serving(Newsroom([an_outlet(3, 1, 8), an_outlet(5, 2, 9), an_outlet(6, 3, 12)])) as address:
        yield address


def start(point: str, ledger: Ledger, base: str) -> subprocess.Popen[bytes]:
    arguments = [
        "run", "--feeds", f"{base}/feeds.txt", "--allow-host", "127.0.0.1", "--host-delay", "0",
        "--warehouse", ledger.url, *(["--storage", ledger.storage] if ledger.storage else []),
    ]  # fmt: skip
    root = RUN_AND_DIE.parent.parent.parent
    return subprocess.Popen(
        [sys.executable, str(RUN_AND_DIE), point, *arguments],
        cwd=ledger.folder, env={**os.environ, "PYTHONPATH": str(root)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def finish(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    output, _ = process.communicate(timeout=200)
    return process.returncode, output.decode()


def expected(ledger: Ledger, base: str) -> dict[str, list[Row]]:
    status, said = finish(start("after:999", ledger, base))
    assert status == 0, said
    return content(ledger, NAMES)


@pytest.mark.slow
def test_a_killed_run_and_its_repetition_are_one_run(new_ledger: Callable[[], Ledger], base: str) -> None:
    began = time.monotonic()
    clean = expected(new_ledger(), base)
    lasts = time.monotonic() - began
    assert len(clean["incidents_v1"]) == 1
    chance = random.Random(SEED)
    points = ["staged", "merging", "merged"]
    points += [f"after:{chance.uniform(0.15, 1.0) * lasts:.2f}" for _ in range(SOAK)]
    killed = 0
    for point in points:
        ledger = new_ledger()
        status, said = finish(start(point, ledger, base))
        killed += status == -9
        assert status == -9 or point.startswith("after:"), said
        status, said = finish(start("after:999", ledger, base))
        assert status == 0, (point, said)
        assert content(ledger, NAMES) == clean, point
        (letters,) = ledger.rows("SELECT COUNT(*) AS n FROM dead_letters")
        assert letters["n"] == 0, point
    assert killed >= 3 + (SOAK + 1) // 2


@pytest.mark.slow
def test_two_runs_started_together_are_one_run(new_ledger: Callable[[], Ledger], base: str) -> None:
    clean = expected(new_ledger(), base)
    ledger = new_ledger()
    ends = [finish(process) for process in [start("after:999", ledger, base) for _ in range(2)]]
    assert sorted(status for status, _ in ends)[0] == 0, ends
    for status, said in ends:
        assert status == 0 or "another run is writing" in said, said
        assert "Traceback" not in said
    assert content(ledger, NAMES) == clean
    assert sum(r["entries_written"] for r in ledger.rows("SELECT entries_written FROM runs")) == 3
