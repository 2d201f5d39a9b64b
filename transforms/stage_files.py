"""``StageFiles`` writes records as staged files.

Workers never open the warehouse to write. They write NDJSON files where every worker can see them, and the
last step of the graph loads the files whose names it receives.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.utils.windowed_value import WindowedValue

from schemas.step_records import RunContext, StagedFile
from schemas.tables import tables
from schemas.validation import check_row
from transforms.graph.runs import run_of
from transforms.graph.typed_outputs import expansion
from transforms.ledger.staged_rows import ToRows
from transforms.storage.staged import json_line, run_folder, write_lines

MAX_BUFFERED_CHARACTERS = 8_000_000


@dataclass(eq=False)
class _StageFiles(beam.DoFn):
    """Writes one file for each kind and window of a bundle.

    It does not shuffle. Rows are most of a run's bytes, and grouped under one key they are one record: Flink
    refused a record above the size of its sort buffer.
    """

    root: str
    job: RunContext
    to_rows: ToRows

    def start_bundle(self) -> None:
        self._lines: dict[tuple[Any, str], list[str]] = {}
        self._characters = 0

    def process(self, element: Any, window: Any = beam.DoFn.WindowParam) -> Iterator[WindowedValue]:
        for kind, row in self.to_rows(element):
            if kind in tables():
                # Articles and reports were checked where they were made, and bad ones became dead letters. A
                # row that is refused here is our own fault, and the run must not write half of it.
                check_row(kind, row)
            line = json_line(row)
            self._lines.setdefault((window, kind), []).append(line)
            self._characters += len(line)
        if self._characters > MAX_BUFFERED_CHARACTERS:
            yield from self._write()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        yield from self._write()

    def _write(self) -> Iterator[WindowedValue]:
        for (window, kind), lines in self._lines.items():
            folder = run_folder(self.root, run_of(self.job, window).run_id)
            yield WindowedValue(write_lines(folder, kind, lines), window.max_timestamp(), [window])
        self._lines, self._characters = {}, 0


@dataclass(eq=False)
class StageFiles(beam.PTransform):
    """Write records as staged files.

    Input: records of one kind. Output: ``StagedFile``, once the file is complete.

    Args:
        root: a folder that every worker can write to. Each run has its own folder in it.
        job: the run, or in a stream the job whose panes are runs.
        to_rows: turns a record into ``(kind, row)`` pairs.
    """

    root: str
    job: RunContext
    to_rows: ToRows

    @expansion
    def expand(self, records: beam.PCollection[Any]) -> beam.PCollection[StagedFile]:
        write = _StageFiles(self.root, self.job, self.to_rows)
        return records | "Write" >> beam.ParDo(write).with_output_types(StagedFile)
