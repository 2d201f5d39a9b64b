"""Staged files: workers never open the warehouse, they write NDJSON where every worker can see it.

A file's name comes from its key and its content, and it is written aside and renamed, so a retried bundle
that makes the same rows makes the same file.
"""

import json
import posixpath
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems

from schemas.identity import digest, sha256_hex
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
    """Write rows as one NDJSON file and return where it is.

    The name tells the content: should a bundle be done twice, even at once, and fetch other pages the
    second time, neither attempt writes over the other's file.
    """
    lines = sorted(json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
    content = "".join(f"{line}\n" for line in lines).encode()
    final = posixpath.join(folder, f"{kind}-{shard}-{sha256_hex(content)[:16]}.ndjson")
    write_once(final, content, "application/x-ndjson")
    return StagedFile(kind, final, len(lines))


def read_staged(path: str) -> Iterator[Row]:
    """Yield the rows of a staged file."""
    with FileSystems.open(path) as lines:
        for line in lines.read().decode().split("\n"):
            if line:
                yield json.loads(line)


def run_folder(root: str, run_id: str) -> str:
    """Return the staging folder of one run."""
    return posixpath.join(root, run_id)


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
    def __init__(self, root: str, job: RunContext) -> None:
        self._root, self._job = root, job

    def process(
        self, element: tuple[str, Iterable[str]], window: Any = beam.DoFn.WindowParam
    ) -> Iterator[StagedFile]:
        key, lines = element
        kind, shard = key.split("/")
        folder = run_folder(self._root, run_of(self._job, window).run_id)
        yield write_staged(folder, kind, shard, map(json.loads, lines))


class StageFiles(beam.PTransform):
    """Write records as staged files.

    Input: records of one kind. Output: ``StagedFile``, after the file is safe.

    Args:
        root: where every worker can write; each run has a folder there.
        job: the run, or in a stream the job whose panes are runs.
        to_rows: record to ``(kind, row)`` pairs.
        shards: files a kind.
    """

    def __init__(self, root: str, job: RunContext, to_rows: ToRows, shards: int = 1) -> None:
        super().__init__()
        self.root, self.job, self.to_rows, self.shards = root, job, to_rows, shards

    def expand(self, records: beam.PCollection[Any]) -> beam.PCollection[StagedFile]:
        return (
            records
            | "ToJson"
            >> beam.ParDo(_ToKeyedJson(self.to_rows, self.shards)).with_output_types(tuple[str, str])
            | "ByFile" >> beam.GroupByKey()
            | "Write" >> beam.ParDo(_WriteGroup(self.root, self.job)).with_output_types(StagedFile)
        )
