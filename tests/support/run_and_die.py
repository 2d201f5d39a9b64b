"""Runs a command of the command line and kills its process, as a power cut would, at a given point.

``python run_and_die.py POINT ARGUMENTS...``. Points:

* ``staged``: before the first statement of the load;
* ``merging``: between two statements of the load;
* ``merged``: after the commit, before the run learns of it;
* ``after:SECONDS``: at a time.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Any

from transforms.warehouse import bigquery, duckdb

STATEMENTS_BEFORE = {"staged": 0, "merging": 7}
"""How many statements of the load run before the process is killed, by point."""
LEASE_SECONDS, RENEW_SECONDS = 6, 1.0
"""Short, so that the next run does not wait long for the lease of the killed one; long enough that a run on a busy
machine renews it in time."""


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_at(point: str) -> None:
    """Arrange that the process is killed at a point, on either warehouse."""
    if point.startswith("after:"):
        timer = threading.Timer(float(point.partition(":")[2]), die)
        timer.daemon = True
        timer.start()
        return
    on_duckdb, on_bigquery = duckdb.DuckDBWarehouse, bigquery.BigQueryWarehouse
    if point == "merged":
        for warehouse in (on_duckdb, on_bigquery):
            warehouse.load = _then_die(warehouse.load)  # type: ignore[attr-defined]
        return
    run_statement, start_job = on_duckdb._run, on_bigquery._named_job
    statements = [0]

    def run(self: Any, sql: str, *rest: Any) -> Any:
        if sql.lstrip().startswith(("MERGE", "UPDATE", "DELETE", "INSERT INTO runs_v1")):
            statements[0] += 1
            if statements[0] > STATEMENTS_BEFORE[point]:
                die()
        return run_statement(self, sql, *rest)

    def start(self: Any, job_id: str, begin: Any) -> Any:
        if job_id.endswith("-merge"):
            if point == "staged":
                die()
            begin(f"{job_id}-0")  # BigQuery has the job and completes it, although its client is gone
            die()
        return start_job(self, job_id, begin)

    on_duckdb._run, on_bigquery._named_job = run, start


def _then_die(load: Any) -> Any:
    def loaded(*args: Any, **names: Any) -> None:
        load(*args, **names)
        die()

    return loaded


if __name__ == "__main__":
    import pipelines.hold_lease
    from pipelines.cli import main

    pipelines.hold_lease.LEASE_SECONDS = LEASE_SECONDS
    pipelines.hold_lease.RENEW_SECONDS = RENEW_SECONDS
    kill_at(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
