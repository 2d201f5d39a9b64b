"""Staged files: workers never open the warehouse, they write NDJSON where every worker can see it.

A file is written aside and renamed; the last step loads those, and only those, whose names it is handed.
"""

import json
import posixpath
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems
from apache_beam.utils.windowed_value import WindowedValue

from schemas.identity import digest
from schemas.records import EntryOutcome, ResolvedIncident, RunContext, StagedFile
from schemas.rows import Row, record_to_row
from schemas.tables import tables
from schemas.validation import check_row
from schemas.vocabulary import Outcome
from transforms.files import write_once
from transforms.resolution import RESOLVER
from transforms.resolution.scopes import scope_of
from transforms.runs import run_of

ToRows = Callable[[Any], Iterable[tuple[str, Row]]]
_FILE_CHARACTERS = 8_000_000


def with_hash(row: Row) -> Row:
    """Return the row with a hash over its content, so that an equal row is not rewritten."""
    content = json.dumps(row, sort_keys=True, ensure_ascii=False)  # what it holds is checked later
    return {**row, "_row_hash": digest("row", content)}


def plain_rows(table: str) -> ToRows:
    """Return the function that stages a record as one row of a table."""
    return _PlainRows(table)


class _PlainRows:
    """Stages records of one kind; a class, not a closure, so that it pickles by reference."""

    def __init__(self, table: str) -> None:
        self.table = table

    def __call__(self, record: Any) -> Iterator[tuple[str, Row]]:
        yield self.table, with_hash(record_to_row(record))


def entry_rows(outcome: EntryOutcome) -> Iterator[tuple[str, Row]]:
    """Stage what is remembered of an entry, unless it was known already or has no identity. A retry
    changes that only where it succeeds."""
    is_known = outcome.reason == "known_entry"
    is_vain = outcome.why == "retry" and outcome.outcome != Outcome.WRITTEN
    if outcome.entry_id and not is_vain and not is_known:
        row = record_to_row(outcome)
        yield "entries_v1", with_hash({k: v for k, v in row.items() if k != "why"})


def incident_rows(resolved: ResolvedIncident) -> Iterator[tuple[str, Row]]:
    """Stage an incident with its links and history, marked with the block they were derived in."""
    scope = {"_scope": scope_of(resolved.incident.country)}
    derived = {"is_current": True, "superseded_by": None, "_resolver": RESOLVER, **scope}
    yield "incidents_v1", with_hash({**record_to_row(resolved.incident), **derived})
    for link in resolved.links:
        yield "incident_reports_v1", with_hash({**record_to_row(link), **scope})
    for step in resolved.history:
        yield "incident_history_v1", with_hash({**record_to_row(step), **scope})


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


class _WriteFiles(beam.DoFn):
    """Writes a bundle's rows, a file a kind and window. No shuffle: rows are the bulk of a run's bytes, and
    grouped under one key they are one record (Flink refused one above the size of its sort buffer)."""

    def __init__(self, root: str, job: RunContext, to_rows: ToRows) -> None:
        self._root, self._job, self._to_rows = root, job, to_rows

    def start_bundle(self) -> None:
        self._open: dict[tuple[Any, str], list[str]] = {}
        self._size = 0

    def process(self, element: Any, window: Any = beam.DoFn.WindowParam) -> Iterator[WindowedValue]:
        for kind, row in self._to_rows(element):
            if kind in tables():
                # Articles and reports were checked where they were made, and became dead letters; a row
                # refused here is a fault of ours, and the run must not write half of it.
                check_row(kind, row)
            line = _line(row)
            self._open.setdefault((window, kind), []).append(line)
            self._size += len(line)
        if self._size > _FILE_CHARACTERS:
            yield from self._written()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        yield from self._written()

    def _written(self) -> Iterator[WindowedValue]:
        for (window, kind), lines in self._open.items():
            folder = run_folder(self._root, run_of(self._job, window).run_id)
            yield WindowedValue(_write_lines(folder, kind, lines), window.max_timestamp(), [window])
        self._open, self._size = {}, 0


class StageFiles(beam.PTransform):
    """Write records as staged files.

    Input: records of one kind. Output: ``StagedFile``, after the file is safe.

    Args:
        root: where every worker can write; each run has a folder there.
        job: the run, or in a stream the job whose panes are runs.
        to_rows: record to ``(kind, row)`` pairs.
    """

    def __init__(self, root: str, job: RunContext, to_rows: ToRows) -> None:
        super().__init__()
        self.root, self.job, self.to_rows = root, job, to_rows

    def expand(self, records: beam.PCollection[Any]) -> beam.PCollection[StagedFile]:
        write = _WriteFiles(self.root, self.job, self.to_rows)
        return records | "Write" >> beam.ParDo(write).with_output_types(StagedFile)
