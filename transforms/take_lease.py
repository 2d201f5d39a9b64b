"""Taking the lease inside the graph: for a batch whose launcher does not wait for its end."""

import time
from collections.abc import Iterator

import apache_beam as beam

from schemas.records import RunContext
from transforms.ledger.load import is_loaded
from transforms.warehouse import WarehouseBusy, open_warehouse
from transforms.warehouse.lease import seed_lease, take_lease

GRAPH_LEASE_S = 1200
"""How long a batch holds the lease: nobody renews it, and one that takes longer is refused only where
another run came meanwhile."""
_ASK_S = 5.0


class _TakeLease(beam.DoFn):
    def __init__(self, warehouse_url: str, wait_s: float) -> None:
        self._url, self._wait_s = warehouse_url, wait_s

    def process(self, element: RunContext) -> Iterator[RunContext]:
        deadline = time.monotonic() + self._wait_s
        with open_warehouse(self._url) as warehouse:
            warehouse.ensure()
            seed_lease(warehouse)
            while not (
                is_loaded(warehouse, element.run_id) or take_lease(warehouse, element.run_id, GRAPH_LEASE_S)
            ):
                if time.monotonic() > deadline:
                    raise WarehouseBusy(f"another run is writing to {self._url}; waited {self._wait_s:.0f} s")
                time.sleep(_ASK_S)
        yield element


class TakeLease(beam.PTransform):
    """Hand on the run once it holds the lease.

    Input and output: one ``RunContext``. A run that waits too long for another fails.

    Args:
        warehouse_url: the warehouse.
        wait_s: how long to wait. Default: as long as a run that died may yet hold it.
    """

    def __init__(self, warehouse_url: str, wait_s: float = GRAPH_LEASE_S + 60.0) -> None:
        super().__init__()
        self.warehouse_url, self.wait_s = warehouse_url, wait_s

    def expand(self, run: beam.PCollection[RunContext]) -> beam.PCollection[RunContext]:
        return run | beam.ParDo(_TakeLease(self.warehouse_url, self.wait_s)).with_output_types(RunContext)
