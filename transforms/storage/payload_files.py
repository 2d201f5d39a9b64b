"""The files of payloads in a folder: which there are, and how they are deleted.

Beam's file systems take a path as a pattern, so a folder named ``news[1]`` would be another one. Paths in
object stores are escaped. Local folders are listed and cleared without Beam.
"""

import contextlib
import os
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from apache_beam.io.filesystems import FileSystems

from transforms.util.paths import escape_pattern

_NAME = re.compile(r"(?P<sha256>[0-9a-f]{64})\.gz(?P<part>\.[0-9a-f]{8}\.part)?")


@dataclass(frozen=True, slots=True)
class PayloadFile:
    """A file that is named like a payload.

    ``sha256``: hash of its content, by its name. ``is_part``: it was never finished.
    """

    path: str
    sha256: str
    size_bytes: int
    is_part: bool


def payload_files(folder: str) -> list[PayloadFile]:
    """Return the files directly in a folder that are named like payloads, by path. No folder has none."""
    found = []
    for path, size_bytes in _in_store(folder) if "://" in folder else _in_local_folder(folder):
        match = _NAME.fullmatch(posixpath.basename(path))
        if match is not None:
            found.append(PayloadFile(path, match["sha256"], size_bytes, match["part"] is not None))
    return sorted(found, key=lambda file: file.path)


def _in_store(folder: str) -> Iterator[tuple[str, int]]:
    (matched,) = FileSystems.match([posixpath.join(escape_pattern(folder), "*")])
    for file in matched.metadata_list:
        yield file.path, file.size_in_bytes


def _in_local_folder(folder: str) -> Iterator[tuple[str, int]]:
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.is_file(follow_symlinks=False):
            yield entry.path, entry.stat(follow_symlinks=False).st_size


def delete_files(paths: Sequence[str]) -> None:
    """Delete files. One that is gone already is no error, because an earlier attempt may have ended halfway.

    Raises:
        OSError: a file cannot be deleted.
        BeamIOError: the same, in an object store.
    """
    in_store = [path for path in paths if "://" in path]
    if in_store:
        FileSystems.delete([escape_pattern(path) for path in in_store])
    for path in paths:
        if "://" not in path:
            with contextlib.suppress(FileNotFoundError):
                Path(path).unlink()
