"""Files where every worker can see them: in a folder, or in an object store behind Beam's FileSystems."""

import posixpath
import uuid

from apache_beam.io.filesystem import BeamIOError, CompressionTypes
from apache_beam.io.filesystems import FileSystems


def write_once(path: str, content: bytes, mime_type: str) -> None:
    """Write a file unless it exists. The content goes to a temporary name first, which is then renamed.

    Two workers may write the same file at the same moment, so callers give equal names only to equal content.
    """
    if FileSystems.exists(path):
        return
    _make_folder(posixpath.dirname(path))
    temporary = f"{path}.{uuid.uuid4().hex[:8]}.part"
    # Without this, Beam compresses once more wherever the name ends with .gz.
    with FileSystems.create(temporary, mime_type, CompressionTypes.UNCOMPRESSED) as out:
        out.write(content)
    try:
        FileSystems.rename([temporary], [path])
    except (OSError, BeamIOError):
        if not FileSystems.exists(path):  # otherwise another worker has just written the same file
            raise


def _make_folder(folder: str) -> None:
    if "://" in folder or FileSystems.exists(folder):  # an object store has no folders
        return
    try:
        FileSystems.mkdirs(folder)
    except OSError:
        if not FileSystems.exists(folder):  # otherwise another worker has just made it
            raise


def clear_folder(folder: str) -> None:
    """Delete a folder with all its files, if it exists. In an object store, delete all files under its
    name."""
    if FileSystems.exists(folder):
        FileSystems.delete([folder])
    elif "://" in folder:
        (found,) = FileSystems.match([posixpath.join(folder, "**")])
        if found.metadata_list:
            FileSystems.delete([file.path for file in found.metadata_list])
