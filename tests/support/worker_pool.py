"""Beam's pool of Python workers, changed so that several task managers on one machine can share it.

Each task manager numbers its own workers, so two of them both ask the pool for a worker "1-1". If one of them
stops its worker, Beam's pool may end that of the other. Then jobs restarted by themselves and waited three
minutes for a worker that did not exist any more. So this pool ignores requests to stop a worker. A worker
also ends by itself, when the connection to its task manager is closed.
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
