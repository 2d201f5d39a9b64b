"""The same batch on a Flink cluster of one task manager and of two, and on the local runner, as ratios.

    STRIKELEDGER_FLINK=.flink python -m benchmarks.engines [--articles 1000]

Wall time of the whole command, its start and the job's translation included; a cluster's own start is not.
``make test-flink`` gets the jars. All are on one machine, as is the server they fetch from.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.extend(
    str(Path(__file__).parent.parent / part) for part in ("examples/newsroom", "tests/support", "tests")
)

from bigquery_wire import free_port
from engines import Job, at_press, new_ledger
from flink_cluster import FlinkCluster
from newsroom import Newsroom
from press import Press, varied


def timed(folder: Path, name: str, feeds: str, *arguments: str, flags: list[str] | None = None) -> float:
    """Return the seconds of one run into a new ledger."""
    started = time.perf_counter()
    job = Job(new_ledger(folder, name), feeds, *arguments, flags=flags)
    if job.wait() != 0:
        raise SystemExit(job.said())
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=1000)
    number = parser.parse_args().articles
    press = Press(varied(Newsroom().articles, number))
    with tempfile.TemporaryDirectory() as name, at_press(press, free_port()) as feeds:
        folder = Path(name)
        seconds = {"local runner": timed(folder, "local", feeds)}
        for managers in (1, 2):
            with FlinkCluster(folder / f"flink{managers}", task_managers=managers, slots=1) as flink:
                seconds[f"Flink, task managers: {managers}"] = timed(
                    folder, f"managers{managers}", feeds, "--groups", "4",
                    flags=flink.flags(f"--parallelism={managers}"),
                )  # fmt: skip
    base = seconds["Flink, task managers: 1"]
    print(f"{number} articles; wall time against one task manager")
    for label, taken in seconds.items():
        print(f"{label:<26} {taken:7.1f} s  {taken / base:5.2f}")


if __name__ == "__main__":
    main()
