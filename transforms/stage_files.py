"""Staged files: workers never open the warehouse, they write NDJSON where every worker can see it.

A file is written aside and renamed; the last step loads those, and only those, whose names it is handed.
"""

from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.utils.windowed_value import WindowedValue

from schemas.records import RunContext, StagedFile
from schemas.tables import tables
from schemas.validation import check_row
from transforms.graph.runs import run_of
from transforms.ledger.staged_rows import ToRows
from transforms.storage.staged import _line, _write_lines, run_folder

_FILE_CHARACTERS = 8_000_000


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
