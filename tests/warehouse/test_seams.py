"""A run that is killed at any point, and then repeated, writes the tables of a run that was not killed.

Also two runs at once write the tables of one. Besides the named points, runs are killed at ``SOAK`` random
moments: 3, or 20 in ``make soak``.
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
from ledger_content import rows_without_times
from newsroom import Newsroom, serving
from sample_records import a_newsroom_article

from schemas.rows import Row
from schemas.tables import tables, views

SOAK = int(os.environ.get("STRIKELEDGER_SOAK", "3"))
RUN_AND_DIE = Path(__file__).parent.parent / "support" / "run_and_die.py"
# Without the tables in which a killed run may leave rows: those of runs, attempts and requests.
COMPARED = [
    n for n in (*tables(), *views()) if not n.startswith(("runs", "feed_state", "leases", "dead_letters"))
]
SEED = 20_251_122
NOT_KILLED = "after:999"


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with serving(
        Newsroom([a_newsroom_article(3, 1, 8), a_newsroom_article(5, 2, 9), a_newsroom_article(6, 3, 12)])
    ) as address:
        yield address


def start_run(point: str, ledger: Ledger, base: str) -> subprocess.Popen[bytes]:
    """Start a run that is killed at a point."""
    root = RUN_AND_DIE.parent.parent.parent
    return subprocess.Popen(
        [sys.executable, str(RUN_AND_DIE), point, *ledger.run_arguments(f"{base}/feeds.txt")],
        cwd=ledger.folder, env={**os.environ, "PYTHONPATH": str(root)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def finish(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    """Return the exit status and the output."""
    output, _ = process.communicate(timeout=600)
    return process.returncode, output.decode()


def tables_of_whole_run(ledger: Ledger, base: str) -> dict[str, list[Row]]:
    status, output = finish(start_run(NOT_KILLED, ledger, base))
    assert status == 0, output
    return rows_without_times(ledger, COMPARED)


@pytest.mark.slow
@pytest.mark.timeout(1800 + 240 * SOAK)  # run after run, beside the suites of the engines
def test_a_killed_run_and_its_repetition_write_the_tables_of_one_run(
    new_ledger: Callable[[], Ledger], base: str
) -> None:
    expected = tables_of_whole_run(new_ledger(), base)
    # Not of the first run: on a fresh machine it compiles all modules, and takes far longer.
    began = time.monotonic()
    assert tables_of_whole_run(new_ledger(), base) == expected
    duration_s = time.monotonic() - began
    assert len(expected["incidents_v1"]) == 1
    chance = random.Random(SEED)
    killed, wanted = 0, 3 + (SOAK + 1) // 2
    for tries, named in enumerate(("staged", "merging", "merged", *[None] * (4 * SOAK))):
        if tries >= 3 + SOAK and killed >= wanted:
            break
        point = named or f"after:{chance.uniform(0.15, 0.9) * duration_s:.2f}"
        ledger = new_ledger()
        began = time.monotonic()
        status, output = finish(start_run(point, ledger, base))
        killed += status == -9
        assert status == -9 or point.startswith("after:"), output
        if status == 0:  # it was quicker than the one that was measured, on a machine that did much else
            duration_s = min(duration_s, time.monotonic() - began)
        status, output = finish(start_run(NOT_KILLED, ledger, base))
        assert status == 0, (point, output)
        assert rows_without_times(ledger, COMPARED) == expected, point
        (letters,) = ledger.rows("SELECT COUNT(*) AS n FROM dead_letters")
        assert letters["n"] == 0, point
    assert killed >= wanted


@pytest.mark.slow
def test_two_runs_started_together_write_the_tables_of_one_run(
    new_ledger: Callable[[], Ledger], base: str
) -> None:
    expected = tables_of_whole_run(new_ledger(), base)
    ledger = new_ledger()
    ends = [finish(process) for process in [start_run(NOT_KILLED, ledger, base) for _ in range(2)]]
    assert sorted(status for status, _ in ends)[0] == 0, ends
    for status, output in ends:
        assert status == 0 or "another run is writing" in output, output
        assert "Traceback" not in output
    assert rows_without_times(ledger, COMPARED) == expected
    assert sum(r["entries_written"] for r in ledger.rows("SELECT entries_written FROM runs")) == 3
