"""One run on a warehouse at a time: a file lock that the system lets go of even when a run is killed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from transforms.warehouse import WarehouseBusy, parse_warehouse_url

_WAIT_S = 30.0


@contextmanager
def hold_lease(warehouse: str, wait_s: float = _WAIT_S) -> Iterator[None]:
    """Hold the warehouse's lease; another run waits up to 30 s and then leaves.

    Raises:
        WarehouseBusy: another run holds it.
    """
    path = Path(f"{parse_warehouse_url(warehouse).path}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=wait_s)
    except Timeout:
        raise WarehouseBusy(f"another run is writing to {warehouse}; waited {wait_s:.0f} s") from None
    try:
        yield
    finally:
        lock.release()
