"""Staged files: workers never open the warehouse, they write NDJSON where every worker can see it.

A file's name comes from its key, and it is written aside and renamed, so a retried bundle rewrites the
same file.
"""

import json
import posixpath
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems

from schemas.identity import digest
from schemas.records import EntryOutcome, ResolvedIncident, StagedFile
from schemas.rows import Row, record_to_row
from schemas.tables import tables
from schemas.validation import check_row
from schemas.vocabulary import Outcome
from transforms.resolution import RESOLVER
from transforms.resolution.scopes import scope_of

ToRows = Callable[[Any], Iterable[tuple[str, Row]]]


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


def write_staged(folder: str, kind: str, shard: str, rows: Iterable[Row]) -> StagedFile:
    """Write rows as one NDJSON file and return where it is."""
    lines = sorted(json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
    final = posixpath.join(folder, f"{kind}-{shard}.ndjson")
    temporary = final + ".part"
    if not FileSystems.exists(folder):
        FileSystems.mkdirs(folder)
    with FileSystems.create(temporary, mime_type="application/x-ndjson") as out:
        for line in lines:
            out.write(line.encode() + b"\n")
    if FileSystems.exists(final):
        FileSystems.delete([final])
    FileSystems.rename([temporary], [final])
    return StagedFile(kind, final, len(lines))


def read_staged(path: str) -> Iterator[Row]:
    """Yield the rows of a staged file."""
    with FileSystems.open(path) as lines:
        for line in lines.read().decode().split("\n"):
            if line:
                yield json.loads(line)


def clear_folder(folder: str) -> None:
    """Delete a folder of staged files, if it is there. In an object store it is no more than its files."""
    if FileSystems.exists(folder):
        FileSystems.delete([folder])
    elif "://" in folder:
        (found,) = FileSystems.match([posixpath.join(folder, "**")])
        if found.metadata_list:
            FileSystems.delete([file.path for file in found.metadata_list])


class _ToKeyedJson(beam.DoFn):
    def __init__(self, to_rows: ToRows, shards: int) -> None:
        self._to_rows, self._shards = to_rows, shards

    def process(self, element: Any) -> Iterator[tuple[str, str]]:
        for kind, row in self._to_rows(element):
            if kind in tables():
                # Articles and reports were checked where they were made, and became dead letters; a row
                # refused here is a fault of ours, and the run must not write half of it.
                check_row(kind, row)
            line = json.dumps(row, ensure_ascii=False, allow_nan=False)
            shard = int(digest(line)[:8], 16) % self._shards
            yield f"{kind}/{shard:04d}", line


class _WriteGroup(beam.DoFn):
    def __init__(self, folder: str) -> None:
        self._folder = folder

    def process(self, element: tuple[str, Iterable[str]]) -> Iterator[StagedFile]:
        key, lines = element
        kind, shard = key.split("/")
        yield write_staged(self._folder, kind, shard, map(json.loads, lines))


class StageFiles(beam.PTransform):
    """Write records as staged files.

    Input: records of one kind. Output: ``StagedFile``, after the file is safe.

    Args:
        folder: where every worker can write.
        to_rows: record to ``(kind, row)`` pairs.
        shards: files a kind.
    """

    def __init__(self, folder: str, to_rows: ToRows, shards: int = 1) -> None:
        super().__init__()
        self.folder, self.to_rows, self.shards = folder, to_rows, shards

    def expand(self, records: beam.PCollection[Any]) -> beam.PCollection[StagedFile]:
        return (
            records
            | "ToJson"
            >> beam.ParDo(_ToKeyedJson(self.to_rows, self.shards)).with_output_types(tuple[str, str])
            | "ByFile" >> beam.GroupByKey()
            | "Write" >> beam.ParDo(_WriteGroup(self.folder)).with_output_types(StagedFile)
        )
