"""Moving the log of a DuckDB file into the file, so that no moment of it can damage the file.

DuckDB 1.5.5 writes some blocks of a file anew where they are. A process that is killed, a limit on the size
of files (``ulimit -f``) or a power cut may cut such a block off, and the file is damaged for good. So the log
is moved in a copy, and the copy takes the name of the file:

1. The copy is complete, and gets the name by which it is found again.
2. The log is set aside. Beside the copy, DuckDB would read its rows a second time.
3. The copy gets the name of the file, and the log is deleted.

Where the process ends between 1 and 2, the file still has its log. Where it ends between 2 and 3, the next
user of the file does step 3. All this happens under the lock that DuckDB itself takes on the file.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from transforms.warehouse.base import WarehouseError
from transforms.warehouse.duckdb_file import has_room, log_of

try:
    from fcntl import LOCK_EX, LOCK_NB, lockf
except ImportError:  # on Windows a file that is open keeps its name, so its log stays a log
    lockf = None  # type: ignore[assignment]

_LARGE = 64 << 20
_PART_OF_LARGE = 32
"""The log of a file of more than 64 MiB is moved once it is a 32nd of the file, because each time the whole
file is copied. Until then each user of the file reads the log."""


def move_log(path: Path, checkpoint: Callable[[Path], None]) -> None:
    """Move the log of a file into it, where there is a log and room. Else the log stays, which loses nothing.

    Args:
        path: a DuckDB file that nothing in this process has open: to close it would end DuckDB's lock on it.
        checkpoint: opens a file, moves its log in place, and closes it.
    """
    log = log_of(path)
    if lockf is None or not log.exists():
        return
    with suppress(OSError), _locked(path) as file:
        if file is None:
            return
        now = path.stat()
        is_worth_it = now.st_size < _LARGE or log.stat().st_size * _PART_OF_LARGE > now.st_size
        if not is_worth_it or now.st_nlink > 1 or not has_room(path):
            return
        try:
            _copy_with_log_moved(file, path, checkpoint)
            _switch(path)
            os.utime(path)  # the copy has the time of the file, and readers look at it to see a change
        except (OSError, WarehouseError):
            _forget_copy(path)


def finish_move(path: Path) -> None:
    """Finish what a process began that ended while it moved the log of a file.

    Args:
        path: a DuckDB file that nothing in this process has open.
    """
    moved = _moved(path)
    if lockf is None or not any(left.exists() for left in (moved, _moving(path), _aside(path))):
        return
    with suppress(OSError), _locked(path) as file:
        if file is None:
            return
        is_of_this_file = moved.exists() and moved.stat().st_mtime_ns == path.stat().st_mtime_ns
        if is_of_this_file and not log_of(path).exists():
            _switch(path)
        _forget_copy(path)
        _aside(path).unlink(missing_ok=True)


def _copy_with_log_moved(file: BinaryIO, path: Path, checkpoint: Callable[[Path], None]) -> None:
    """Make the copy of a file that has in it what the log holds.

    Its time of change is that of the file. So where another file has taken its place, the copy is not used.
    """
    _forget_copy(path)
    moving, now = _moving(path), path.stat()
    with moving.open("xb") as copy:
        shutil.copyfileobj(file, copy, 1 << 20)
    shutil.copyfile(log_of(path), log_of(moving))
    shutil.copystat(path, moving)
    checkpoint(moving)
    if log_of(moving).exists():
        raise WarehouseError(f"{path}: its log could not be moved")
    if (moving.stat().st_uid, moving.stat().st_gid) != (now.st_uid, now.st_gid):
        os.chown(moving, now.st_uid, now.st_gid)
    os.utime(moving, ns=(now.st_atime_ns, now.st_mtime_ns))
    moving.rename(_moved(path))
    _sync_folder(path.parent)


def _switch(path: Path) -> None:
    log, aside = log_of(path), _aside(path)
    if log.exists():
        log.rename(aside)
    try:
        _moved(path).replace(path)
    except OSError:  # a file that is mounted by itself keeps its name
        if aside.exists():
            aside.rename(log)
        raise
    aside.unlink(missing_ok=True)


def _forget_copy(path: Path) -> None:
    for copy in (_moving(path), log_of(_moving(path)), _moved(path)):
        copy.unlink(missing_ok=True)


@contextmanager
def _locked(path: Path) -> Iterator[BinaryIO | None]:
    """Hold DuckDB's own lock on a file while the block runs. Yield None where another process holds it."""
    with path.open("rb+") as file:
        try:
            lockf(file, LOCK_EX | LOCK_NB)
            is_path = os.path.samestat(os.fstat(file.fileno()), path.stat())
        except OSError:
            is_path = False
        yield file if is_path else None


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _moving(path: Path) -> Path:
    return path.with_name(f".{path.name}.moving")


def _moved(path: Path) -> Path:
    return path.with_name(f".{path.name}.moved")


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.moved.wal")
