"""Compare engines on one batch: the local runner, and Flink with one and with two task managers.

    STRIKELEDGER_FLINK=.flink python -m benchmarks.engines [--articles 1000]

The figures are wall times of the whole command and their ratios. They include its start and the translation
of the job, but not the start of a cluster. ``make test-flink`` downloads the jars. The engines and the server
of the articles run on the same machine.
"""

import argparse
import tempfile
import time
from pathlib import Path

from engines import Job, new_ledger, serving_press
from flink_cluster import FlinkCluster
from newsroom import Newsroom
from ports import free_port
from press import Press, varied


def seconds_of_run(
    folder: Path, name: str, feeds: str, *arguments: str, flags: list[str] | None = None
) -> float:
    """Run once into a new ledger, and return the wall time in seconds."""
    started = time.perf_counter()
    job = Job(new_ledger(folder, name), feeds, *arguments, flags=flags)
    if job.wait() != 0:
        raise SystemExit(job.last_output())
    return time.perf_counter() - started


def main() -> None:
    """Run the batch on each engine and print the times."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=1000)
    number = parser.parse_args().articles
    press = Press(varied(Newsroom().articles, number))
    with tempfile.TemporaryDirectory() as name, serving_press(press, free_port()) as feeds:
        folder = Path(name)
        seconds = {"local runner": seconds_of_run(folder, "local", feeds)}
        for managers in (1, 2):
            with FlinkCluster(folder / f"flink{managers}", task_managers=managers, slots=1) as flink:
                seconds[f"Flink, task managers: {managers}"] = seconds_of_run(
                    folder, f"managers{managers}", feeds, "--groups", "4",
                    flags=flink.flags(f"--parallelism={managers}"),
                )  # fmt: skip
    base = seconds["Flink, task managers: 1"]
    print(f"{number} articles; seconds, and ratio to one task manager")
    for label, taken in seconds.items():
        print(f"{label:<26} {taken:7.1f} s  {taken / base:5.2f}")


if __name__ == "__main__":
    main()
