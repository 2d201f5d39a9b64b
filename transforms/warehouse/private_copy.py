"""A warehouse as it is at one moment, to be read at leisure while others write to it."""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from transforms.warehouse.base import Warehouse, WarehouseError
from transforms.warehouse.duckdb_file import log_of
from transforms.warehouse.open import open_warehouse
from transforms.warehouse.warehouse_url import parse_warehouse_url

FileStamp = tuple[int, int, int]
"""Size and time of a DuckDB file, and the size of its log."""


def file_stamp(url: str) -> FileStamp | None:
    """Return what changes whenever a DuckDB file is written to. It takes no lock.

    None stands for a warehouse that is no file, or a file that cannot be found.
    """
    parsed = parse_warehouse_url(url)
    if parsed.scheme != "duckdb":
        return None
    path = Path(parsed.file)
    try:
        found, log = path.stat(), log_of(path)
        return found.st_size, found.st_mtime_ns, log.stat().st_size if log.exists() else 0
    except OSError:
        return None


@contextmanager
def open_copy(
    url: str, folder: Path, turn: AbstractContextManager[object] | None = None
) -> Iterator[Warehouse]:
    """Open a warehouse as it is now, for a long reading that nobody has to wait for.

    Of a DuckDB file a copy is read: while a file is open for reading no other process can write to it.
    BigQuery is read itself, because there readers never stop writers.

    Args:
        url: the warehouse.
        folder: where the copy of a file lies, and what DuckDB needs no memory for.
        turn: is held while the file itself is open, because this process may also write to it.

    Raises:
        WarehouseBusy: another process holds the file for more than 30 s.
        WarehouseError: it cannot be opened or copied.
    """
    parsed = parse_warehouse_url(url)
    if parsed.scheme != "duckdb":
        with open_warehouse(url, read_only=True) as opened:
            yield opened
        return
    source = Path(parsed.file)
    copy = folder / "copy.duckdb"
    try:
        with turn or nullcontext(), open_warehouse(url, read_only=True):  # its lock keeps writers out
            try:
                with source.open("rb") as held:  # the lock ends where this process closes the file once
                    if log_of(source).exists():
                        shutil.copyfile(log_of(source), log_of(copy))
                    with copy.open("xb") as target:
                        shutil.copyfileobj(held, target, 1 << 20)
            except OSError as error:
                raise WarehouseError(f"can't copy {source} to {folder}: {error.strerror}") from error
        with open_warehouse(f"duckdb:///{copy.absolute()}", read_only=True) as opened:
            _delete(copy)  # what is open needs no name, and nothing stays where the process is killed
            yield opened
    finally:
        _delete(copy)


def _delete(path: Path) -> None:
    path.unlink(missing_ok=True)
    log_of(path).unlink(missing_ok=True)
