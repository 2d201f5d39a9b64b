"""Staged files: NDJSON where every worker can see it."""

import json
import posixpath
import uuid
from collections.abc import Iterable, Iterator

from apache_beam.io.filesystems import FileSystems

from schemas.records import StagedFile
from schemas.rows import Row
from transforms.storage.files import write_once


def write_staged(folder: str, kind: str, rows: Iterable[Row]) -> StagedFile:
    """Write rows as one NDJSON file and return where it is."""
    return _write_lines(folder, kind, map(_line, rows))


def _line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, allow_nan=False)


def _write_lines(folder: str, kind: str, lines: Iterable[str]) -> StagedFile:
    """Write lines as one file. No two files have one name: should a bundle be done twice, even at once, and
    make other rows the second time, neither attempt writes over the other's file. Only the file of the
    attempt that counts is handed on; the other is cleared away with the run's folder."""
    ordered = sorted(lines)
    path = posixpath.join(folder, f"{kind}-{uuid.uuid4().hex}.ndjson")
    write_once(path, "".join(f"{line}\n" for line in ordered).encode(), "application/x-ndjson")
    return StagedFile(kind, path, len(ordered))


def read_staged(path: str) -> Iterator[Row]:
    """Yield the rows of a staged file."""
    with FileSystems.open(path) as lines:
        for line in lines.read().decode().split("\n"):
            if line:
                yield json.loads(line)


def run_folder(root: str, run_id: str) -> str:
    """Return the staging folder of one run."""
    return posixpath.join(root, run_id)
