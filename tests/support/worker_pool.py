"""Beam's pool of Python workers, for several task managers on one machine.

Each task manager numbers its workers by itself, so two of them ask one pool for a worker "1-1" each, and
Beam's pool ends the one when the other's is to be stopped (seen: jobs that restarted by themselves, and
waited three minutes for a worker that was gone). A worker ends when its task manager's connection does: that
is enough.
"""

from __future__ import annotations

import sys
from typing import Any

from apache_beam.portability.api import beam_fn_api_pb2
from apache_beam.runners.worker.worker_pool_main import BeamFnExternalWorkerPoolServicer


class WorkerPool(BeamFnExternalWorkerPoolServicer):  # type: ignore[misc]
    def StopWorker(self, request: Any, _: Any) -> Any:
        return beam_fn_api_pb2.StopWorkerResponse()


if __name__ == "__main__":
    _, server = WorkerPool.start(use_process=True, port=int(sys.argv[1]))
    server.wait_for_termination()
