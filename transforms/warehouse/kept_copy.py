"""A copy of a DuckDB file that is kept while DuckDB moves the log into the file.

DuckDB 1.5.5 does so in place: it writes some blocks of the file anew where they are. A process that is
killed, a limit on the size of files (``ulimit -f``) or a power cut may cut such a block off, and the file is
damaged for good. So the file and its log are copied first, and the copy is deleted when the log has been
moved. A user who finds a copy reads the whole file. If it is damaged, the copy is written back.

Whoever makes, uses or deletes a copy holds DuckDB's lock on the file. So the maker of a copy that is found
has ended.
"""

import os
import shutil
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import BinaryIO

from transforms.warehouse.duckdb_file import log_of

try:
    from fcntl import LOCK_EX, LOCK_NB, lockf
except ImportError:  # on Windows no second process can open the file at all
    lockf = None  # type: ignore[assignment]

_LARGE = 64 << 20
_PART_OF_LARGE = 32
"""The log of a file of more than 64 MiB is moved once it is a 32nd of the file, because each time the whole
file is copied: 0.6 s for 200 MB. Until then each user of the file reads the log: 0.02 s for 4 MB."""
_ONLY_FOR_ME = 0o600
"""A copy in the making must not be readable for those who may not read the file."""


def may_wait(path: Path) -> bool:
    """Return whether the log of a file may stay a log, so that it need not be copied now.

    A log does not follow a file that is mounted by itself, and one of another owner keeps the owner of the
    file out.
    """
    file, log, folder = path.stat(), log_of(path).stat(), path.parent.stat()
    if file.st_size <= _LARGE or log.st_size * _PART_OF_LARGE > file.st_size:
        return False
    return file.st_dev == folder.st_dev and file.st_uid == log.st_uid


def can_keep(path: Path) -> bool:
    """Return whether there is room for a copy of a file and its log, and the right to make one."""
    needed = path.stat().st_size + log_of(path).stat().st_size
    is_short = len(os.fsencode(_log_in(_copy_of(path)).name)) <= os.pathconf(path.parent, "PC_NAME_MAX")
    return is_short and os.access(path.parent, os.W_OK) and needed < shutil.disk_usage(path.parent).free


def keep_copy(path: Path, held: ExitStack) -> None:
    """Copy a file and its log.

    Args:
        path: a file that DuckDB has open in this process.
        held: closes the file again. That ends DuckDB's lock on it, so DuckDB must have closed it before.

    Raises:
        OSError: the disk is full, or a limit is reached. Then there is no copy.
    """
    copy = _copy_of(path)
    file = held.enter_context(path.open("rb"))
    try:
        with log_of(path).open("rb") as log:
            _write(log, _log_in(copy))
        _write(file, _part_of(copy))
        _part_of(copy).rename(copy)
    except OSError:
        with suppress(OSError):
            _part_of(copy).unlink(missing_ok=True)
            forget_copy(path)
        raise
    _sync_folder(path.parent)


def has_copy(path: Path) -> bool:
    """Return whether a copy was left behind."""
    try:
        return _copy_of(path).exists() or _returning(path).exists()
    except OSError:  # a name too long for a copy
        return False


def is_returning(path: Path) -> bool:
    """Return whether a copy has been found to be needed, and a process ended while it wrote it back."""
    return _returning(path).exists()


def forget_copy(path: Path) -> None:
    """Delete the copy of a file. The first deletion is what counts."""
    for left in (_copy_of(path), _returning(path), _log_in(_copy_of(path))):
        left.unlink(missing_ok=True)


def return_copy(path: Path) -> None:
    """Write the copy of a file and of its log back, unless another process has done so.

    A process that ends meanwhile leaves the copy, and the next user writes it back again.

    Args:
        path: a damaged file that nothing in this process has open.

    Raises:
        BlockingIOError: another process has the file open.
        OSError: no right to write the file or to read the copy, or no room.
    """
    with path.open("rb+") as file:
        if lockf is not None:
            lockf(file, LOCK_EX | LOCK_NB)
        copy, returning = _copy_of(path), _returning(path)
        if copy.exists():
            copy.replace(returning)
        if not returning.exists():
            return
        with _log_in(copy).open("rb") as saved, log_of(path).open("wb") as log:
            shutil.copyfileobj(saved, log, 1 << 20)
            _sync(log)
        with returning.open("rb") as whole:
            shutil.copyfileobj(whole, file, 1 << 20)
        file.truncate()
        _sync(file)
        forget_copy(path)


def share_log(path: Path) -> None:
    """Give a log that stays the rights of its file. DuckDB gives it those of any new file."""
    with suppress(OSError):
        if log_of(path).exists():
            log_of(path).chmod(path.stat().st_mode & 0o777)


def _write(source: BinaryIO, target: Path) -> None:
    """Write a new file that only its owner may read, and wait until it is on the disk."""
    target.unlink(missing_ok=True)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_FOR_ME)
    with os.fdopen(handle, "wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
        _sync(file)


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.kept")


def _part_of(copy: Path) -> Path:
    return copy.with_name(f"{copy.name}.part")


def _log_in(copy: Path) -> Path:
    return copy.with_name(f"{copy.name}.wal")


def _returning(path: Path) -> Path:
    return path.with_name(f".{path.name}.returning")
