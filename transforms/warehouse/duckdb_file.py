"""What can be said of a DuckDB file before DuckDB opens it."""

import shutil
from pathlib import Path

from transforms.warehouse.base import WarehouseDamaged, WarehouseError

_MAGIC, _MAGIC_AT = b"DUCK", 8
"""Every DuckDB file has these bytes at this place (https://duckdb.org/docs/stable/internals/storage)."""
_SQLITE = b"SQLite format 3\0"
_ROOM = 4 << 20
"""Bytes that DuckDB may write beside what the log holds: sixteen of its blocks."""


def check_file(path: Path) -> None:
    """Check that a file may be a DuckDB file before DuckDB opens it.

    DuckDB downloads an extension for a file of SQLite, and creates a missing file in a folder that is missing
    only after a long message.

    Raises:
        WarehouseError: it is none; the message says what it is instead.
        WarehouseDamaged: it was one, or should be one.
    """
    if not path.parent.is_dir():
        raise WarehouseError(f"no folder {path.parent} for the warehouse {path.name}; create it first")
    if path.is_dir():
        raise WarehouseError(f"can't open {path}: it is a folder, not a DuckDB file")
    if not path.exists():
        return
    if not path.is_file():
        raise WarehouseError(f"can't open {path}: it is not a regular file")
    try:
        with path.open("rb") as file:
            head = file.read(len(_SQLITE))
    except OSError as error:
        raise WarehouseError(f"can't open {path}: {error.strerror}") from error
    if head == _SQLITE:
        raise WarehouseError(f"can't open {path}: it is an SQLite file, not a DuckDB file")
    if not head:
        raise WarehouseDamaged(f"can't open {path}: the file is empty; delete it, or restore a copy of it")
    if head[_MAGIC_AT : _MAGIC_AT + len(_MAGIC)] != _MAGIC:
        raise WarehouseDamaged(
            f"can't open {path}: it is not a DuckDB file, or its beginning is damaged; restore a copy of it"
        )


def log_of(path: Path) -> Path:
    """Return the file that holds what DuckDB has not yet moved into its main file."""
    return path.with_name(f"{path.name}.wal")


def has_room(path: Path) -> bool:
    """Return whether the log of a file can be moved into it: a limit on the size of files, or the disk, may
    have no room for the blocks that it needs."""
    try:
        log = log_of(path)
        more = 2 * log.stat().st_size + _ROOM if log.exists() else _ROOM
        return path.stat().st_size + more < _largest_file() and more < shutil.disk_usage(path.parent).free
    except OSError:
        return False


def _largest_file() -> float:
    """Return how large a file of this process may be, bytes."""
    try:
        import resource
    except ImportError:  # not on Windows
        return float("inf")
    limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    return float("inf") if limit == resource.RLIM_INFINITY else limit
