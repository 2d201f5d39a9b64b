"""``ReadAffectedReports`` wires ``read_affected_reports`` and ``read_reports_since`` of
``transforms.ledger.stored_reports``."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.rows import Row
from schemas.step_records import AffectedIncident, ReportToResolve, RunContext, StagedFile
from transforms.graph.runs import run_of
from transforms.graph.typed_outputs import by_type, expansion, of_type, tagged
from transforms.ledger.load import is_loaded
from transforms.ledger.stored_reports import read_affected_reports, read_reports_since
from transforms.storage.staged import read_staged
from transforms.warehouse import open_warehouse

_KINDS = (ReportToResolve, AffectedIncident)
_NO_FILE = StagedFile("none", "", 0)
"""Stands for the files of a run that staged none: reports that no incident holds are re-evaluated in every
run."""


@dataclass(eq=False)
class _ReadAffectedReports(beam.DoFn):
    """Reads for all staged files of one run at once."""

    warehouse_url: str
    job: RunContext

    def process(
        self, element: tuple[str, Iterable[StagedFile]], window: Any = beam.DoFn.WindowParam
    ) -> Iterator[Any]:
        yield from map(tagged, self._read(element[1], run_of(self.job, window).run_id))

    def _read(self, files: Iterable[StagedFile], run_id: str) -> list[ReportToResolve | AffectedIncident]:
        article_urls: set[str] = set()
        new_reports: list[Row] = []
        with open_warehouse(self.warehouse_url) as warehouse:
            if is_loaded(warehouse, run_id):
                return []  # the bundle is repeated, and the run's files are deleted by now
            for file in sorted((f for f in files if f != _NO_FILE), key=lambda f: f.path):
                rows = list(read_staged(file.path))
                # Of an alias, the article that is one no longer counts; the other one stays as it is.
                key = "alias_url" if file.kind == "article_aliases_v1" else "article_url"
                article_urls.update(row[key] for row in rows)
                if file.kind == "reports_v1":
                    new_reports += rows
            return list(read_affected_reports(warehouse, new_reports, article_urls))


@dataclass(eq=False)
class _ReadReportsSince(beam.DoFn):
    """Opens the warehouse for one run, reads, and closes it again."""

    warehouse_url: str
    since: str | None

    def process(self, _: RunContext) -> Iterator[Any]:
        with open_warehouse(self.warehouse_url) as warehouse:
            warehouse.ensure()
            found = list(read_reports_since(warehouse, self.since))
        yield from map(tagged, found)


@dataclass(frozen=True)
class AffectedReports:
    """Stored reports to resolve together with the new ones, and the incidents that they replace."""

    reports: beam.PCollection[ReportToResolve]
    incidents: beam.PCollection[AffectedIncident]


@dataclass(eq=False)
class ReadAffectedReports(beam.PTransform):
    """Read the stored reports whose incidents have to be resolved again.

    Input: ``run`` (one RunContext), and with new facts ``files`` (StagedFile): the staged articles and
        reports.
    With ``files`` the step waits for all of them and reads what they affect. Without, it reads what the
    reports published since a date affect. Output: ``AffectedReports``. All files have one key.

    Args:
        warehouse_url: the warehouse.
        job: the run, or in a stream the job whose panes are runs.
        since: without ``files``, the date; None: all stored reports.
    """

    warehouse_url: str
    job: RunContext
    since: str | None = None

    @expansion
    def expand(self, inputs: dict[str, beam.PCollection[Any]]) -> AffectedReports:
        if "files" not in inputs:
            read = inputs["run"] | by_type(_ReadReportsSince(self.warehouse_url, self.since), *_KINDS)
            return AffectedReports(*(of_type(read, kind) for kind in _KINDS))
        no_file = inputs["run"] | "NoFile" >> beam.Map(_no_file).with_output_types(StagedFile)
        read = (
            (inputs["files"], no_file)
            | "Files" >> beam.Flatten()
            | "OneKey" >> beam.WithKeys("run").with_output_types(tuple[str, StagedFile])
            | "WaitForFiles" >> beam.GroupByKey()
            | by_type(_ReadAffectedReports(self.warehouse_url, self.job), *_KINDS)
        )
        return AffectedReports(*(of_type(read, kind) for kind in _KINDS))


def _no_file(_: RunContext) -> StagedFile:
    return _NO_FILE
