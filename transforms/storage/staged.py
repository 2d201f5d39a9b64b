"""Staged files: NDJSON where every worker can see it."""

import json
import posixpath
import re
import uuid
from collections.abc import Iterable, Iterator

from apache_beam.io.filesystems import FileSystems

from schemas.rows import Row
from schemas.step_records import StagedFile
from transforms.storage.files import delete_files, is_local, local_folders, write_once

# What this module and ``write_once`` call their files, and how runs and panes of streams are named. Nothing
# with another name is ever deleted: a user gave ``--storage .`` where a folder ``staging`` held a thesis.
_OUR_FILE = re.compile(r"[a-z0-9_]+-[0-9a-f]{32}\.ndjson(\.[0-9a-f]{8}\.part)?")
_OUR_FOLDER = re.compile(r"run-\d{8}T\d{6}-[0-9a-f]{8}(-\d{8}T\d{6})?")


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


def clear_run(root: str, run_id: str) -> None:
    """Delete the staged files of one run."""
    delete_files(run_folder(root, run_id), _OUR_FILE)


def clear_dead_runs(root: str) -> None:
    """Delete the staged files of all runs. The caller is the only one who runs on this warehouse.

    Rows of a killed run never reached the tables, so its files are of no use. In an object store a stream on
    another machine may use files too. So nothing is deleted there; such files expire after some days.
    """
    if is_local(root):
        for folder in local_folders(root, _OUR_FOLDER):
            delete_files(folder, _OUR_FILE)
