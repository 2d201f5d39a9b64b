"""Staged files: NDJSON where every worker can see it."""

import json
import posixpath
import uuid
from collections.abc import Iterable, Iterator

from apache_beam.io.filesystems import FileSystems

from schemas.rows import Row
from schemas.step_records import StagedFile
from transforms.storage.files import write_once


def write_staged(folder: str, kind: str, rows: Iterable[Row]) -> StagedFile:
    """Write rows as one NDJSON file and return where it is."""
    return write_lines(folder, kind, map(json_line, rows))


def json_line(row: Row) -> str:
    """Return a row as one line of JSON, without a line feed."""
    return json.dumps(row, ensure_ascii=False, allow_nan=False)


def write_lines(folder: str, kind: str, lines: Iterable[str]) -> StagedFile:
    """Write lines as one file and return where it is.

    Every file has a name of its own. An engine may run a bundle twice, even at the same time, and the second
    attempt may make other rows. So neither attempt overwrites the other's file. Only the file of the attempt
    that counts reaches the load. The other one is deleted with the run's folder.
    """
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
