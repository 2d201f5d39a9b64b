"""What DuckDB's errors mean for a person, and what to do. Most of them differ by their text alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from transforms.warehouse.base import WarehouseDamaged, WarehouseError, first_line

_LOCKED = "could not set lock on file"
_FULL = ("no space left on device", "disk quota exceeded", "file too large", "max_temp_directory_size")
_DURABLE = "commit succeeded and is durable"
_NEWER = "trying to read a database file with version number"
_DAMAGED = (
    "corrupt", "checksum", "could not read enough bytes", "not a valid duckdb database file",
    "replaying wal", "failed to deserialize", "metadata pointer", "failed to load metadata",
)  # fmt: skip


def is_locked(error: duckdb.Error) -> bool:
    """Return whether another process has the file open. The text of a damaged file also holds the word
    "block", and so "lock"."""
    return _LOCKED in str(error).lower()


def meaning(path: Path, error: Exception) -> WarehouseError:
    """Return the error that says in one line what happened and what to do."""
    text = str(error).replace(str(path), "").lower()  # a folder may be called "corrupt"
    if _DURABLE in text:
        return WarehouseError(
            f"everything was written to {path}, but there is no space left on its disk ({first_line(error)})"
        )
    if any(words in text for words in _FULL):
        return WarehouseError(
            f"no space left on the disk of {path}; nothing was written ({first_line(error)})"
        )
    if isinstance(error, duckdb.OutOfMemoryException | MemoryError):
        return WarehouseError(f"not enough memory for {path} ({first_line(error)})")
    if _NEWER in text:
        return WarehouseDamaged(
            f"can't open {path}: a newer DuckDB than {duckdb.__version__} wrote it; upgrade strikeledger"
        )
    if isinstance(error, duckdb.SerializationException) or any(words in text for words in _DAMAGED):
        return WarehouseDamaged(
            f"{path} is damaged: restore a copy of it, or export what can still be read "
            f"with `strikeledger export` ({first_line(error)})"
        )
    return WarehouseError(f"{path}: {first_line(error)}")


@contextmanager
def one_line(path: Path) -> Iterator[None]:
    """Raise the errors that DuckDB raises in the block as errors of the warehouse, in one line.

    Raises:
        WarehouseError: DuckDB failed.
    """
    try:
        yield
    except (duckdb.Error, MemoryError) as error:
        raise meaning(path, error) from error
