"""The main job as a separate process, and the comparison of the tables that two engines write."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from conftest import Ledger
from flink_cluster import FlinkCluster
from ledger_content import rows_without_times
from newsroom import serving
from press import Press

from schemas.rows import Row
from transforms.warehouse import WarehouseError

ROOT = Path(__file__).parent.parent.parent
ARTICLES = int(os.environ.get("STRIKELEDGER_FLINK_ARTICLES", "310"))
TABLES = [
    "articles_v1", "reports_v1", "entries_v1", "dead_letters_v1", "incidents", "incident_reports",
    "incident_history",
]  # fmt: skip


class Job:
    """One ``strikeledger run`` as a separate process.

    Args:
        ledger: where it writes.
        feeds: address of its list of feeds.
        arguments: more arguments of the command.
        flags: flags for Beam.
        root: folder with the version of the software that runs; default: this one.
    """

    def __init__(
        self, ledger: Ledger, feeds: str, *arguments: str, flags: list[str] | None = None, root: Path = ROOT
    ) -> None:
        self.log = ledger.folder / "run.log"
        command = [
            sys.executable, "-m", "pipelines.cli", *ledger.run_arguments(feeds), *arguments,
            *(["--", *flags] if flags else []),
        ]  # fmt: skip
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=root, stdout=log, stderr=subprocess.STDOUT)

    def wait(self, timeout_s: float = 3000) -> int:
        return self.process.wait(timeout_s)

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def last_output(self) -> str:
        """Return the end of what it printed."""
        return self.log.read_text(errors="replace")[-3000:]

    def end(self) -> None:
        """Kill the process if it still runs."""
        if self.is_running:
            self.process.kill()
            self.process.wait()


def compared_tables(ledger: Ledger) -> dict[str, list[Row]]:
    """Return the tables that every engine must write alike."""
    return rows_without_times(ledger, TABLES)


@contextmanager
def streaming(flink: FlinkCluster, ledger: Ledger, feeds: str, root: Path = ROOT) -> Iterator[Job]:
    """Run a stream on a cluster until the end of the block, then stop it with a savepoint."""
    flags = flink.stream_flags("--parallelism=2")
    job = Job(ledger, feeds, "--every", "5s", "--groups", "2", flags=flags, root=root)
    try:
        yield job
        flink.stop_running()
        assert job.wait(60) == 0, job.last_output()
    finally:
        job.end()


def await_rows(ledger: Ledger, table: str, number: int, job: Job, timeout_s: float = 300) -> None:
    """Wait until a table has ``number`` rows.

    Raises:
        AssertionError: the job ended, or the rows did not appear in time.
    """
    deadline, found = time.monotonic() + timeout_s, 0
    while time.monotonic() < deadline:
        assert job.is_running, job.last_output()
        with suppress(WarehouseError):  # the tables do not exist before the first pane
            (row,) = ledger.rows(f"SELECT COUNT(*) AS n FROM {table}")
            found = row["n"]
        if found >= number:
            return
        time.sleep(2)
    raise AssertionError(f"{found} of {number} rows in {table} after {timeout_s} s")


def assert_equal_tables(found: dict[str, list[Row]], expected: dict[str, list[Row]]) -> None:
    """Assert that tables have the same rows."""
    for name, rows in expected.items():
        assert len(found[name]) == len(rows), f"{name}: {len(found[name])} rows, not {len(rows)}"
        assert found[name] == rows, name


def new_ledger(folder: Path, name: str) -> Ledger:
    """Return an empty ledger in a new folder."""
    (folder / name).mkdir(parents=True)
    return Ledger(folder / name)


@contextmanager
def serving_press(press: Press, port: int) -> Iterator[str]:
    """Serve a press until the end of the block, and yield the address of its list of feeds."""
    with serving(press, port) as base:
        yield f"{base}/feeds.txt"
