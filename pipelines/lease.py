"""One run on a warehouse at a time.

Beside a DuckDB file lies a lock that the system lets go of even when a run is killed. In BigQuery the lease
is a row that says until when; its holder renews it, and a killed run's lease ends by itself.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from transforms.warehouse import Warehouse, WarehouseBusy, WarehouseError, open_warehouse, parse_warehouse_url

_WAIT_S = 30.0
_LEASE_S = 90
_RENEW_S = 30.0
_ASK_S = 2.0

# Two UPDATEs of one row never both succeed, but two INSERTs would: so the row is there before it is asked
# for (should it be there twice, both rows change hands together).
_SEED = """
INSERT INTO leases_v1 (name) SELECT 'run' FROM (SELECT 1) AS one
WHERE NOT EXISTS (SELECT 1 FROM leases_v1 WHERE name = 'run')
"""
_TAKE = """
UPDATE leases_v1 SET holder = @holder,
  expires_at = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL @seconds SECOND)
WHERE name = 'run' AND (holder IS NULL OR holder = @holder OR expires_at < CURRENT_TIMESTAMP())
"""
_LET_GO = "UPDATE leases_v1 SET holder = NULL, expires_at = NULL WHERE name = 'run' AND holder = @holder"


@contextmanager
def hold_lease(warehouse: str, holder: str, wait_s: float | None = None) -> Iterator[None]:
    """Hold the warehouse's lease; another run waits and then leaves.

    Args:
        warehouse: its URL.
        holder: the run.
        wait_s: how long to wait for another run. Default: 30 s, and in BigQuery as long as a killed run's
            lease lasts.

    Raises:
        WarehouseBusy: another run holds it.
    """
    url = parse_warehouse_url(warehouse)
    if url.scheme == "duckdb":
        with _file_lease(url.path, warehouse, _WAIT_S if wait_s is None else wait_s):
            yield
    else:
        with _row_lease(warehouse, holder, _LEASE_S + 10.0 if wait_s is None else wait_s):
            yield


@contextmanager
def _file_lease(path: str, warehouse: str, wait_s: float) -> Iterator[None]:
    lock_path = Path(f"{path}.lock")
    lock_path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(lock_path)
    try:
        lock.acquire(timeout=wait_s)
    except Timeout:
        raise _busy(warehouse, wait_s) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _row_lease(warehouse: str, holder: str, wait_s: float) -> Iterator[None]:
    with open_warehouse(warehouse) as opened:
        opened.ensure()
        opened.execute(_SEED)
        deadline = time.monotonic() + wait_s
        while not _take(opened, holder):
            if time.monotonic() > deadline:
                raise _busy(warehouse, wait_s)
            time.sleep(_ASK_S)
        is_over = threading.Event()
        renewing = threading.Thread(target=_renew, args=(warehouse, holder, is_over), daemon=True)
        renewing.start()
        try:
            yield
        finally:
            is_over.set()
            renewing.join()
            opened.execute(_LET_GO, {"holder": holder})


def _take(warehouse: Warehouse, holder: str) -> bool:
    return warehouse.execute(_TAKE, {"holder": holder, "seconds": _LEASE_S}) > 0


def _renew(warehouse: str, holder: str, is_over: threading.Event) -> None:
    """Renew the lease until the run is over. Should it be lost, the run's load is refused."""
    with open_warehouse(warehouse) as opened:
        while not is_over.wait(_RENEW_S):
            try:
                _take(opened, holder)
            except WarehouseError:
                continue  # there are two more chances before the lease ends


def _busy(warehouse: str, wait_s: float) -> WarehouseBusy:
    return WarehouseBusy(f"another run is writing to {warehouse}; waited {wait_s:.0f} s")
