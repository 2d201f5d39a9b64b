"""One run of the command line that dies as a machine does: at a named point of its load, or after a while.

``python run_and_die.py POINT ARGUMENTS...``. Points: ``staged`` (before the first statement), ``merging``
(among them), ``merged`` (all is written, nobody was told), ``after:SECONDS``.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Any

from transforms.warehouse import bigquery, embedded


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point: str) -> None:
    """Make the process die at a point, on either warehouse."""
    if point.startswith("after:"):
        timer = threading.Timer(float(point.partition(":")[2]), die)
        timer.daemon = True
        timer.start()
        return
    file, service = embedded.DuckDBWarehouse, bigquery.BigQueryWarehouse
    if point == "merged":
        for kind in (file, service):
            kind.load = _then_die(kind.load)  # type: ignore[attr-defined]
        return
    statement, named_job = file._run, service._named_job
    seen = [0]

    def run(self: Any, sql: str, *rest: Any) -> Any:
        if sql.lstrip().startswith(("MERGE", "UPDATE", "DELETE", "INSERT INTO runs_v1")):
            seen[0] += 1
            if seen[0] > {"staged": 0, "merging": 7}[point]:
                die()
        return statement(self, sql, *rest)

    def start(self: Any, job_id: str, begin: Any) -> Any:
        if job_id.endswith("-merge"):
            if point == "staged":
                die()
            begin(f"{job_id}-0")  # BigQuery has it now, and goes on alone
            die()
        return named_job(self, job_id, begin)

    file._run, service._named_job = run, start


def _then_die(load: Any) -> Any:
    def loaded(*args: Any, **names: Any) -> None:
        load(*args, **names)
        die()

    return loaded


if __name__ == "__main__":
    import pipelines.hold_lease
    from pipelines.cli import main

    pipelines.hold_lease.LEASE_SECONDS, pipelines.hold_lease.RENEW_SECONDS = 3, 1.0
    arm(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
