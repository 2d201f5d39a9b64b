"""Folders that a command writes for a user: whole, or not at all."""

import ctypes
import errno
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.output_file import OutputFailed, OutputInvalid, check_folder_of

_AT_WORKING_FOLDER = -100
_EXCHANGE = 2
_NOT_ABLE = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP})
"""Errors of systems and disks that cannot exchange two names."""


@contextmanager
def folder_written_whole(path: Path, why_not: Callable[[Path], str | None]) -> Iterator[Path]:
    """Yield an empty folder that gets the name at the end of the block. A block that fails changes nothing.

    A link keeps pointing to its folder, which is replaced.

    Args:
        path: the name.
        why_not: returns why a folder that is there must not be replaced, None where it may. An empty one may.

    Raises:
        OutputInvalid: the path is a file or a folder that must stay, or its parent is missing.
        OutputFailed: it cannot be written: the disk is full, there is no permission.
    """
    target = Path(os.path.realpath(path))
    check_folder_of(target)
    part = target.with_name(f".strikeledger-{uuid.uuid4().hex}.part")
    try:
        _check(path, target, why_not)
        part.mkdir()
        yield part
        _check(path, target, why_not)  # somebody may have put a file there meanwhile
        os.sync()  # else a folder that has its name could lack files after a loss of power
        _put_in_place(part, target)
    except OSError as error:
        raise OutputFailed(f"can't write {path}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)  # what was written in vain, or what was replaced


def _check(path: Path, target: Path, why_not: Callable[[Path], str | None]) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise OutputInvalid(f"can't write {path}: it is a file, not a folder")
    reason = why_not(target) if any(target.iterdir()) else None
    if reason is not None:
        raise OutputInvalid(f"can't replace {path}: {reason}")


def _put_in_place(part: Path, target: Path) -> None:
    """Give a new folder its name. A folder that had the name gets the other one's."""
    if not target.exists():
        part.rename(target)
        return
    shutil.copymode(target, part)
    if not _exchange(part, target):
        _exchange_slowly(part, target)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two names at once, so that a reader finds one folder or the other. Return whether it could.

    Python has no function for this call of Linux (https://man7.org/linux/man-pages/man2/rename.2.html).
    """
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    names = os.fsencode(one), os.fsencode(other)
    if call(_AT_WORKING_FOLDER, names[0], _AT_WORKING_FOLDER, names[1], _EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _NOT_ABLE:
        return False
    raise OSError(code, os.strerror(code))


def _exchange_slowly(part: Path, target: Path) -> None:
    """Exchange two names in three steps. Between the first two nothing has the name of the target."""
    old = part.with_suffix(".old")
    target.rename(old)
    try:
        part.rename(target)
    except BaseException:
        old.rename(target)
        raise
    old.rename(part)
