"""One run on a warehouse at a time.

Beside a DuckDB file lies a lock file. The system releases its lock even when a run is killed. In BigQuery the
lease is a row with an end. Its holder renews it, and the lease of a killed run expires.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from transforms.warehouse import WarehouseBusy, WarehouseError, open_warehouse, parse_warehouse_url
from transforms.warehouse.duckdb_file import check_file
from transforms.warehouse.lease import (
    ALERTS_LEASE,
    LEASE_SECONDS,
    RUN_LEASE,
    Lease,
    current_holder,
    release_lease,
    renew_lease,
    seed_lease,
    take_lease,
    waiting_lease,
)

LOCK_WAIT_SECONDS = 30.0
RENEW_SECONDS = 30.0
RETRY_SECONDS = 2.0


@contextmanager
def hold_lease(warehouse: str, holder: str, wait_s: float | None = None) -> Iterator[None]:
    """Hold the warehouse's lease while the block runs. Another run waits for it, and fails after some time.

    Args:
        warehouse: URL of the warehouse.
        holder: the run.
        wait_s: how long to wait for another run, seconds. Default: 30 s for the lock of a DuckDB file. For
            the row, as long as the lease of a dead holder may last: a stopped stream, or a run on BigQuery.

    Raises:
        WarehouseBusy: another run holds it.
    """
    row_wait_s = LEASE_SECONDS + 10.0 if wait_s is None else wait_s
    if waiting_lease(warehouse) is Lease.FILE:
        with lock_file(warehouse, LOCK_WAIT_SECONDS if wait_s is None else wait_s):
            _await_stream(warehouse, row_wait_s)
            yield
    else:
        with _row_lease(warehouse, holder, row_wait_s):
            yield


@contextmanager
def hold_alerts_lease(warehouse: str, holder: str) -> Iterator[None]:
    """Hold the right to deliver alerts while the block runs: two processes would send every message twice.

    It is a lease of its own, because a receiver that answers slowly must not hold up a run.

    Raises:
        WarehouseBusy: another process holds it.
    """
    if waiting_lease(warehouse) is Lease.FILE:
        with lock_file(warehouse, suffix="alerts.lock"):
            yield
    else:
        with _row_lease(warehouse, holder, LEASE_SECONDS + 10.0, ALERTS_LEASE):
            yield


@contextmanager
def lock_file(warehouse: str, wait_s: float = LOCK_WAIT_SECONDS, suffix: str = "lock") -> Iterator[None]:
    """Hold the lock beside a DuckDB file while the block runs. BigQuery has no such lock.

    Args:
        warehouse: URL of the warehouse.
        wait_s: how long to wait for another process, seconds.
        suffix: ending of the lock's file.

    Raises:
        WarehouseBusy: another process holds it.
    """
    url = parse_warehouse_url(warehouse)
    if url.scheme != "duckdb":
        yield
        return
    check_file(Path(url.file))
    lock = FileLock(f"{url.file}.{suffix}")
    try:
        lock.acquire(timeout=wait_s)
    except Timeout:
        raise _busy(warehouse, wait_s) from None
    try:
        yield
    finally:
        lock.release()


def is_run_going(warehouse: str) -> bool:
    """Return whether a run holds the lock beside a DuckDB file. Of BigQuery it is not known here.

    It creates no lock: a reader may have no right to write into the folder.
    """
    url = parse_warehouse_url(warehouse)
    lock = Path(f"{url.file}.lock") if url.scheme == "duckdb" else None
    if lock is None or not lock.exists():
        return False
    try:
        with FileLock(lock, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:  # no right to open it
        return False


def _await_stream(warehouse: str, wait_s: float) -> None:
    """Wait until no pane of a stream holds the row. A stream's workers may outlive the process that had
    the lock."""
    if not Path(parse_warehouse_url(warehouse).file).exists():
        return
    deadline = time.monotonic() + wait_s
    while True:
        # The file is closed between two attempts, because such workers need it.
        with suppress(WarehouseBusy), open_warehouse(warehouse) as opened:
            opened.ensure()
            if current_holder(opened) is None:
                return
        if time.monotonic() > deadline:
            raise _busy(warehouse, wait_s)
        time.sleep(RETRY_SECONDS)


@contextmanager
def _row_lease(warehouse: str, holder: str, wait_s: float, name: str = RUN_LEASE) -> Iterator[None]:
    with open_warehouse(warehouse) as opened:
        opened.ensure()
        seed_lease(opened, name)
        deadline = time.monotonic() + wait_s
        while not take_lease(opened, holder, LEASE_SECONDS, name=name):
            if time.monotonic() > deadline:
                raise _busy(warehouse, wait_s)
            time.sleep(RETRY_SECONDS)
        is_over = threading.Event()
        renewing = threading.Thread(target=_renew, args=(warehouse, holder, is_over, name), daemon=True)
        renewing.start()
        try:
            yield
        finally:
            is_over.set()
            renewing.join()
            release_lease(opened, holder, name)


def _renew(warehouse: str, holder: str, is_over: threading.Event, name: str) -> None:
    """Renew the lease until the run is over. If it was lost meanwhile, the load of this run is refused."""
    with open_warehouse(warehouse) as opened:
        while not is_over.wait(RENEW_SECONDS):
            try:
                renew_lease(opened, holder, LEASE_SECONDS, name)
            except WarehouseError:
                continue  # the lease lasts for two more attempts


def _busy(warehouse: str, wait_s: float) -> WarehouseBusy:
    return WarehouseBusy(f"another run is writing to {warehouse}; waited {wait_s:.0f} s")
