"""The lease of a warehouse: a row that says which run may write, and until when. A dead holder's lease
expires."""

from enum import StrEnum

from schemas.sql_files import statement
from transforms.warehouse.base import Warehouse
from transforms.warehouse.warehouse_url import parse_warehouse_url


class Lease(StrEnum):
    """What keeps other runs away from a warehouse during a run."""

    FILE = "file"
    """A lock beside a DuckDB file, held by the process that waits for the run."""
    ROW = "row"
    """The row, held and renewed by the process that waits for the run."""
    GRAPH = "graph"
    """The row, taken and released by steps of the graph, because no process waits for the run."""


def waiting_lease(warehouse_url: str) -> Lease:
    """Return the lease of a run whose end a process waits for."""
    return Lease.FILE if parse_warehouse_url(warehouse_url).scheme == "duckdb" else Lease.ROW


LEASE_SECONDS = 90
"""How long a lease lasts that nobody renews."""
RUN_LEASE, ALERTS_LEASE = "run", "alerts"
"""Names of leases: the right to write a run, and the right to deliver alerts."""


def seed_lease(warehouse: Warehouse, name: str = RUN_LEASE) -> None:
    """Insert the row of the lease, if there is none."""
    warehouse.execute(statement(__file__, "seed_lease"), {"name": name})


def take_lease(
    warehouse: Warehouse,
    holder: str,
    seconds: int = LEASE_SECONDS,
    kin: str | None = None,
    name: str = RUN_LEASE,
) -> bool:
    """Take the lease, or renew it. Return whether the holder has it now.

    Args:
        warehouse: the warehouse to write to.
        holder: the run.
        seconds: how long the lease lasts unless it is renewed.
        kin: how the names of runs begin that this one may take the lease from: earlier attempts of one job.
        name: which lease.
    """
    parameters = {"holder": holder, "seconds": seconds, "kin": kin or holder, "name": name}
    return warehouse.execute(statement(__file__, "take_lease"), parameters) > 0


def renew_lease(
    warehouse: Warehouse, holder: str, seconds: int = LEASE_SECONDS, name: str = RUN_LEASE
) -> bool:
    """Renew the lease, if it is the holder's. Return whether it is.

    A lease that is free is not taken: its holder has released it, or another run has had it since.
    """
    parameters = {"holder": holder, "seconds": seconds, "name": name}
    return warehouse.execute(statement(__file__, "renew_lease"), parameters) > 0


def release_lease(warehouse: Warehouse, holder: str, name: str = RUN_LEASE) -> None:
    """Release the lease, if it is the holder's."""
    warehouse.execute(statement(__file__, "release_lease"), {"holder": holder, "name": name})


def lease_holder(warehouse: Warehouse) -> str | None:
    """Return the holder of the lease, expired or not; None where nobody holds it."""
    rows = warehouse.query(statement(__file__, "lease_holder"), {"name": RUN_LEASE})
    return rows[0]["holder"] if rows else None


def current_holder(warehouse: Warehouse) -> str | None:
    """Return the holder of a lease that has not expired. Release one that has."""
    warehouse.execute(statement(__file__, "clear_expired_lease"), {"name": RUN_LEASE})
    return lease_holder(warehouse)
