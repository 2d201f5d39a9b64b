"""The lease of a warehouse: a row that says who may write and until when. A dead holder's lapses."""

from enum import StrEnum

from transforms.warehouse.base import Warehouse, parse_warehouse_url


class Lease(StrEnum):
    """What keeps other runs away from a warehouse while one goes on."""

    FILE = "file"
    """A lock beside a DuckDB file, held by the process that waits for the run."""
    ROW = "row"
    """The row, held and renewed by the process that waits for the run."""
    GRAPH = "graph"
    """The row, taken and let go of by steps of the graph: nobody waits for the run."""


def waiting_lease(warehouse: str) -> Lease:
    """Return the lease of a run for whose end a process waits."""
    return Lease.FILE if parse_warehouse_url(warehouse).scheme == "duckdb" else Lease.ROW


LEASE_S = 90
"""How long a lease lasts that nobody renews."""

# Two UPDATEs of one row never both succeed, but two INSERTs would: so the row is there before it is asked
# for (should it be there twice, both rows change hands together).
_SEED = """
INSERT INTO leases_v1 (name) SELECT 'run' FROM (SELECT 1) AS one
WHERE NOT EXISTS (SELECT 1 FROM leases_v1 WHERE name = 'run')
"""
_TAKE = """
UPDATE leases_v1 SET holder = @holder,
  expires_at = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL @seconds SECOND)
WHERE name = 'run'
  AND (holder IS NULL OR holder = @holder OR STARTS_WITH(holder, @kin) OR expires_at < CURRENT_TIMESTAMP())
"""
_LET_GO = "UPDATE leases_v1 SET holder = NULL, expires_at = NULL WHERE name = 'run' AND holder = @holder"
_LAPSE = """
UPDATE leases_v1 SET holder = NULL, expires_at = NULL
WHERE name = 'run' AND expires_at < CURRENT_TIMESTAMP()
"""
_HOLDER = "SELECT holder FROM leases_v1 WHERE name = 'run' AND holder IS NOT NULL"


def seed_lease(warehouse: Warehouse) -> None:
    """Make sure that there is a lease to take."""
    warehouse.execute(_SEED)


def take_lease(warehouse: Warehouse, holder: str, seconds: int = LEASE_S, kin: str | None = None) -> bool:
    """Take or renew the lease; return whether it is the holder's now.

    Args:
        warehouse: what is to be written.
        holder: the run.
        seconds: how long it lasts unless it is renewed.
        kin: how the names of runs begin that this one may take it from: earlier attempts of one job.
    """
    values = {"holder": holder, "seconds": seconds, "kin": kin or holder}
    return warehouse.execute(_TAKE, values) > 0


def let_go_lease(warehouse: Warehouse, holder: str) -> None:
    """Let go of the lease, if it is the holder's."""
    warehouse.execute(_LET_GO, {"holder": holder})


def lease_holder(warehouse: Warehouse) -> str | None:
    """Return who holds the lease, be it lapsed or not."""
    rows = warehouse.query(_HOLDER)
    return rows[0]["holder"] if rows else None


def living_holder(warehouse: Warehouse) -> str | None:
    """Return who holds a lease that has not lapsed; one that has is cleared away."""
    warehouse.execute(_LAPSE)
    return lease_holder(warehouse)
