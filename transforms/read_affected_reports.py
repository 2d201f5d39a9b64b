"""Reading back the stored reports that a run's new ones can touch, with the links that still hold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.records import ReportToResolve, RunContext, StagedFile, Touched
from transforms.graph.runs import run_of
from transforms.graph.typed_outputs import by_type, composite, of_type, tagged
from transforms.ledger.load import is_loaded
from transforms.ledger.stored_reports import read_reports_since, read_touched_reports
from transforms.storage.staged import read_staged
from transforms.warehouse import Row, open_warehouse


@dataclass(frozen=True)
class TouchedReports:
    """Stored reports to resolve with the new ones, and the incidents that are derived anew."""

    reports: beam.PCollection[ReportToResolve]
    incidents: beam.PCollection[Touched]


_KINDS = (ReportToResolve, Touched)
_NO_FILES = "none"


class _ReadTouchedReports(beam.DoFn):
    def __init__(self, warehouse_url: str, job: RunContext) -> None:
        self._url, self._job = warehouse_url, job

    def process(
        self, element: tuple[str, Iterable[StagedFile]], window: Any = beam.DoFn.WindowParam
    ) -> Iterator[Any]:
        yield from map(tagged, self._read(element[1], run_of(self._job, window).run_id))

    def _read(self, files: Iterable[StagedFile], run_id: str) -> list[ReportToResolve | Touched]:
        urls: set[str] = set()
        new: list[Row] = []
        with open_warehouse(self._url) as warehouse:
            if is_loaded(warehouse, run_id):
                return []  # done again after the run's files were cleared away
            for file in sorted((f for f in files if f.kind != _NO_FILES), key=lambda f: f.path):
                rows = list(read_staged(file.path))
                urls.update(row["article_url"] for row in rows)
                if file.kind == "reports_v1":
                    new += rows
            return list(read_touched_reports(warehouse, new, urls))


class NoFiles(beam.PTransform):
    """Stand for the files of a run that wrote none, so that reports left open are taken up all the same.

    Input: one ``RunContext``. Output: one ``StagedFile`` without a path.
    """

    def expand(self, run: beam.PCollection[RunContext]) -> beam.PCollection[StagedFile]:
        return run | beam.Map(_no_files).with_output_types(StagedFile)


def _no_files(_: RunContext) -> StagedFile:
    return StagedFile(_NO_FILES, "", 0)


class ReadTouchedReports(beam.PTransform):
    """Wait for the staged articles and reports, then read the stored reports they can touch.

    Input: ``StagedFile``. Output: ``TouchedReports``. One key: all files.

    Args:
        warehouse_url: the warehouse.
        job: the run, or in a stream the job whose panes are runs.
    """

    def __init__(self, warehouse_url: str, job: RunContext) -> None:
        super().__init__()
        self.warehouse_url, self.job = warehouse_url, job

    @composite
    def expand(self, files: beam.PCollection[StagedFile]) -> TouchedReports:
        read = (
            files
            | "OneKey" >> beam.WithKeys("run").with_output_types(tuple[str, StagedFile])
            | "WaitForFiles" >> beam.GroupByKey()
            | by_type(_ReadTouchedReports(self.warehouse_url, self.job), *_KINDS)
        )
        return TouchedReports(*(of_type(read, kind) for kind in _KINDS))


class _ReadStoredReports(beam.DoFn):
    def __init__(self, warehouse: str, since: str | None) -> None:
        self._warehouse, self._since = warehouse, since

    def process(self, element: RunContext) -> Iterator[Any]:
        with open_warehouse(self._warehouse) as warehouse:
            warehouse.ensure()
            found = list(read_reports_since(warehouse, self._since))
        yield from map(tagged, found)


class ReadStoredReports(beam.PTransform):
    """Read stored reports, to derive their incidents anew. One key: the run.

    Input: one ``RunContext``. Output: ``TouchedReports``.

    Args:
        warehouse_url: the warehouse.
        since: only what reports published since this date can touch; None: all.
    """

    def __init__(self, warehouse_url: str, since: str | None) -> None:
        super().__init__()
        self.warehouse_url, self.since = warehouse_url, since

    @composite
    def expand(self, run: beam.PCollection[RunContext]) -> TouchedReports:
        read = run | by_type(_ReadStoredReports(self.warehouse_url, self.since), *_KINDS)
        return TouchedReports(*(of_type(read, kind) for kind in _KINDS))
