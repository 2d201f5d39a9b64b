"""Files where every worker can see them: a folder, or an object store behind Beam's FileSystems."""

import posixpath
import uuid

from apache_beam.io.filesystem import BeamIOError, CompressionTypes
from apache_beam.io.filesystems import FileSystems


def write_once(path: str, content: bytes, mime_type: str) -> None:
    """Write a file whose name tells its content, aside and then renamed; one that is there stays.

    Two workers may write the same file at the same moment.
    """
    if FileSystems.exists(path):
        return
    _make_folder(posixpath.dirname(path))
    temporary = f"{path}.{uuid.uuid4().hex[:8]}.part"
    # Beam would compress by the file's name once more.
    with FileSystems.create(temporary, mime_type, CompressionTypes.UNCOMPRESSED) as out:
        out.write(content)
    try:
        FileSystems.rename([temporary], [path])
    except (OSError, BeamIOError):
        if not FileSystems.exists(path):  # else another worker wrote the same meanwhile
            raise


def _make_folder(folder: str) -> None:
    if "://" in folder or FileSystems.exists(folder):  # an object store has none to make
        return
    try:
        FileSystems.mkdirs(folder)
    except OSError:
        if not FileSystems.exists(folder):  # else another worker made it meanwhile
            raise


def clear_folder(folder: str) -> None:
    """Delete a folder, if it is there. In an object store it is no more than its files."""
    if FileSystems.exists(folder):
        FileSystems.delete([folder])
    elif "://" in folder:
        (found,) = FileSystems.match([posixpath.join(folder, "**")])
        if found.metadata_list:
            FileSystems.delete([file.path for file in found.metadata_list])
