"""One run on a warehouse at a time.

Beside a DuckDB file lies a lock that the system lets go of even when a run is killed. In BigQuery the lease
is a row that says until when; its holder renews it, and a killed run's lease ends by itself.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from transforms.warehouse import WarehouseBusy, WarehouseError, open_warehouse, parse_warehouse_url
from transforms.warehouse.lease import (
    LEASE_S,
    Lease,
    let_go_lease,
    living_holder,
    seed_lease,
    take_lease,
    waiting_lease,
)

_WAIT_S = 30.0
_LEASE_S = LEASE_S
_RENEW_S = 30.0
_ASK_S = 2.0


@contextmanager
def hold_lease(warehouse: str, holder: str, wait_s: float | None = None) -> Iterator[None]:
    """Hold the warehouse's lease; another run waits and then leaves.

    Args:
        warehouse: its URL.
        holder: the run.
        wait_s: how long to wait for another run. Default: 30 s for a process that has a DuckDB file, and as
            long as the lease lasts of one that has ended: a stream that was stopped, a run on BigQuery.

    Raises:
        WarehouseBusy: another run holds it.
    """
    row_wait_s = _LEASE_S + 10.0 if wait_s is None else wait_s
    if waiting_lease(warehouse) is Lease.FILE:
        with lock_file(warehouse, _WAIT_S if wait_s is None else wait_s):
            _await_stream(warehouse, row_wait_s)
            yield
    else:
        with _row_lease(warehouse, holder, row_wait_s):
            yield


@contextmanager
def lock_file(warehouse: str, wait_s: float = _WAIT_S) -> Iterator[None]:
    """Hold the lock beside a DuckDB file; for BigQuery there is none.

    Raises:
        WarehouseBusy: another process holds it.
    """
    url = parse_warehouse_url(warehouse)
    if url.scheme != "duckdb":
        yield
        return
    lock_path = Path(f"{url.path}.lock")
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


def _await_stream(warehouse: str, wait_s: float) -> None:
    """Wait until no pane of a stream holds the row: its workers may outlive the process that had the lock."""
    if not Path(parse_warehouse_url(warehouse).path).exists():
        return
    deadline = time.monotonic() + wait_s
    while True:
        # Closed while it waits: such workers need the file.
        with suppress(WarehouseBusy), open_warehouse(warehouse) as opened:
            opened.ensure()
            if living_holder(opened) is None:
                return
        if time.monotonic() > deadline:
            raise _busy(warehouse, wait_s)
        time.sleep(_ASK_S)


@contextmanager
def _row_lease(warehouse: str, holder: str, wait_s: float) -> Iterator[None]:
    with open_warehouse(warehouse) as opened:
        opened.ensure()
        seed_lease(opened)
        deadline = time.monotonic() + wait_s
        while not take_lease(opened, holder, _LEASE_S):
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
            let_go_lease(opened, holder)


def _renew(warehouse: str, holder: str, is_over: threading.Event) -> None:
    """Renew the lease until the run is over. Should it be lost, the run's load is refused."""
    with open_warehouse(warehouse) as opened:
        while not is_over.wait(_RENEW_S):
            try:
                take_lease(opened, holder, _LEASE_S)
            except WarehouseError:
                continue  # there are two more chances before the lease ends


def _busy(warehouse: str, wait_s: float) -> WarehouseBusy:
    return WarehouseBusy(f"another run is writing to {warehouse}; waited {wait_s:.0f} s")
