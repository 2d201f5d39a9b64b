"""Files where every worker can see them: in a folder, or in an object store behind Beam's FileSystems."""

import os
import posixpath
import re
import uuid
from contextlib import suppress
from pathlib import Path

from apache_beam.io.filesystem import BeamIOError, CompressionTypes
from apache_beam.io.filesystems import FileSystems

from transforms.util.paths import escape_pattern


class StorageFailed(RuntimeError):
    """A file cannot be written; the message is one line for a person."""


def write_once(path: str, content: bytes, mime_type: str) -> None:
    """Write a file unless it exists. The content goes to a temporary name first, which is then renamed.

    Two workers may write the same file at the same moment, so callers give equal names only to equal content.

    Raises:
        StorageFailed: it cannot be written: the disk is full, there is no permission.
    """
    if FileSystems.exists(path):
        return
    temporary = f"{path}.{uuid.uuid4().hex[:8]}.part"
    try:
        _make_folder(posixpath.dirname(path))
        # Without this, Beam compresses once more wherever the name ends with .gz.
        with FileSystems.create(temporary, mime_type, CompressionTypes.UNCOMPRESSED) as out:
            out.write(content)
    except OSError as error:
        if is_local(path):  # on a full disk, what was written so far takes the space of what comes next
            with suppress(OSError):
                Path(temporary).unlink()
        raise StorageFailed(f"can't write {path}: {error.strerror or error}") from error
    try:
        FileSystems.rename([temporary], [path])
    except (OSError, BeamIOError):
        if not FileSystems.exists(path):  # otherwise another worker has just written the same file
            raise


def is_local(path: str) -> bool:
    """Return whether a path is one of this machine, not of an object store."""
    return "://" not in path


def _make_folder(folder: str) -> None:
    if not is_local(folder) or FileSystems.exists(folder):  # an object store has no folders
        return
    try:
        FileSystems.mkdirs(folder)
    except OSError:
        if not FileSystems.exists(folder):  # otherwise another worker has just made it
            raise


def delete_files(folder: str, names: re.Pattern[str]) -> None:
    """Delete the files of a folder whose whole names match, and the folder if nothing is left in it.

    Whatever else is in the folder is somebody else's and stays. Links are not followed.
    """
    if not is_local(folder):
        _delete_objects(folder, names)
        return
    if not Path(folder).is_dir() or Path(folder).is_symlink():
        return
    with os.scandir(folder) as entries:
        found = [e.path for e in entries if names.fullmatch(e.name) and e.is_file(follow_symlinks=False)]
    for path in found:
        Path(path).unlink(missing_ok=True)
    with suppress(OSError):  # it holds a file that is not ours
        Path(folder).rmdir()


def _delete_objects(folder: str, names: re.Pattern[str]) -> None:
    (found,) = FileSystems.match([posixpath.join(escape_pattern(folder), "*")])
    ours = [file.path for file in found.metadata_list if names.fullmatch(posixpath.basename(file.path))]
    if ours:
        FileSystems.delete([escape_pattern(path) for path in ours])


def local_folders(folder: str, names: re.Pattern[str]) -> list[str]:
    """Return the paths of the folders in a folder of this machine whose whole names match. Links are left
    out."""
    if not Path(folder).is_dir():
        return []
    with os.scandir(folder) as entries:
        return [e.path for e in entries if names.fullmatch(e.name) and e.is_dir(follow_symlinks=False)]
