"""Files that a command writes for a user: whole, or not at all."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from transforms.util.errors import UserError

_FORMATS_BY_ENDING = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".xlsx": "xlsx", ".parquet": "parquet",
    ".geojson": "geojson",
}  # fmt: skip
FORMATS = tuple(dict.fromkeys(_FORMATS_BY_ENDING.values()))
"""The formats of ``export``."""


class OutputInvalid(UserError):
    """A path that nothing can be written to."""


class OutputFailed(RuntimeError):
    """Writing failed; the message is one line for a person. What stood at the path still does."""


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """Yield a file that gets its name at the end of the block. A block that fails leaves what was there.

    A link keeps pointing to its file, which is replaced. A device or a pipe is written to directly.

    Raises:
        OutputInvalid: the path is a folder, or its folder is missing.
        OutputFailed: it cannot be written: the disk is full, there is no permission.
    """
    target = Path(os.path.realpath(path))
    check_folder_of(target)
    if target.is_dir():
        raise OutputInvalid(f"can't write {path}: it is a folder")
    is_special = target.exists() and not target.is_file()
    written = target if is_special else target.with_name(f".strikeledger-{uuid.uuid4().hex}.part")
    try:
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(13, "Permission denied")
        with written.open("wb") as file:
            yield file
            file.flush()
            if not is_special:
                os.fsync(file.fileno())  # some disks say only now that they are full
        if not is_special:
            if target.exists():
                shutil.copymode(target, written)
            written.replace(target)
    except OSError as error:
        raise OutputFailed(f"can't write {path}: {error.strerror or error}") from error
    finally:
        if not is_special:
            with suppress(OSError):
                written.unlink(missing_ok=True)


def format_of(path: Path | None) -> str:
    """Return the format that the ending of a path says; without a path or an ending, ``jsonl``.

    >>> format_of(Path("incidents.csv"))
    'csv'

    Raises:
        OutputInvalid: the ending says no format.
    """
    ending = "" if path is None else path.suffix.lower()
    if not ending:
        return "jsonl"
    if ending not in _FORMATS_BY_ENDING:
        known = ", ".join(_FORMATS_BY_ENDING)
        raise OutputInvalid(f"{path}: {ending} says no format; use {known}, or name it by --format")
    return _FORMATS_BY_ENDING[ending]


def check_folder_of(path: Path) -> None:
    """Check that the folder of a path exists. It is never created: a mistyped path would be.

    Raises:
        OutputInvalid: it does not exist.
    """
    if not path.parent.is_dir():
        raise OutputInvalid(f"no folder {path.parent} for {path.name}; create it first")


def make_folder(folder: Path) -> None:
    """Create a folder where it is missing, but not its parents.

    Raises:
        OutputInvalid: its parent is missing, or it is a file.
        OutputFailed: it cannot be created.
    """
    folder = Path(os.path.realpath(folder))
    check_folder_of(folder)
    try:
        folder.mkdir(exist_ok=True)
    except FileExistsError:
        raise OutputInvalid(f"{folder} is a file, not a folder") from None
    except OSError as error:
        raise OutputFailed(f"can't create {folder}: {error.strerror or error}") from error
