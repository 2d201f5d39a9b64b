"""``TakeLease`` takes the warehouse's lease inside the graph, for a batch whose launcher does not wait for
its end."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import apache_beam as beam

from schemas.step_records import RunContext
from transforms.graph.typed_outputs import expansion
from transforms.ledger.load import is_loaded
from transforms.warehouse import WarehouseBusy, open_warehouse
from transforms.warehouse.lease import seed_lease, take_lease

GRAPH_LEASE_SECONDS = 1200
"""How long a batch holds the lease. Nobody renews it. A batch that takes longer is refused only where
another run took the lease meanwhile."""
RETRY_SECONDS = 5.0


@dataclass(eq=False)
class _TakeLease(beam.DoFn):
    """Waits for the lease and takes it."""

    warehouse_url: str
    wait_s: float

    def process(self, run: RunContext) -> Iterator[RunContext]:
        deadline = time.monotonic() + self.wait_s
        # Opened anew each time: while one process has a DuckDB file open, the holder's cannot write to it.
        while not self._has_lease(run.run_id):
            if time.monotonic() > deadline:
                raise WarehouseBusy(
                    f"another run is writing to {self.warehouse_url}; waited {self.wait_s:.0f} s"
                )
            time.sleep(RETRY_SECONDS)
        yield run

    def _has_lease(self, run_id: str) -> bool:
        """Try once. A run that is loaded already needs no lease."""
        with open_warehouse(self.warehouse_url) as warehouse:
            warehouse.ensure()
            seed_lease(warehouse)
            return is_loaded(warehouse, run_id) or take_lease(warehouse, run_id, GRAPH_LEASE_SECONDS)


@dataclass(eq=False)
class TakeLease(beam.PTransform):
    """Pass the run on once it holds the lease.

    Input and output: one ``RunContext``. A run that waits longer than ``wait_s`` fails.

    Args:
        warehouse_url: the warehouse.
        wait_s: how long to wait, seconds. Default: as long as a run that died may still hold the lease.
    """

    warehouse_url: str
    wait_s: float = GRAPH_LEASE_SECONDS + 60.0

    @expansion
    def expand(self, run: beam.PCollection[RunContext]) -> beam.PCollection[RunContext]:
        return run | beam.ParDo(_TakeLease(self.warehouse_url, self.wait_s)).with_output_types(RunContext)
