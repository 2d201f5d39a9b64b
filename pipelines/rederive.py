"""Deriving incidents anew from the stored reports: extraction is dear and kept, resolution is cheap."""

from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

import transforms.coders  # noqa: F401  registers the coders
from pipelines import pipeline_version
from pipelines.options import run_folder
from schemas.records import Report, RunContext, Scope
from schemas.rows import row_to_record
from transforms.load import LoadRun
from transforms.resolve import ResolveIncidents, scope_of
from transforms.staging import StageFiles, incident_rows, plain_rows
from transforms.tagging import by_type, of_type, tagged
from transforms.warehouse import Warehouse, open_warehouse


def read_stored_reports(warehouse: Warehouse, since: str | None) -> Iterator[Report | Scope]:
    """Yield the reports of every block that has one published since a date, and those blocks."""
    where = "WHERE published_at >= @since" if since else ""
    rows = warehouse.query(f"SELECT DISTINCT country FROM reports {where}", {"since": since} if since else {})
    scopes = sorted({scope_of(row["country"]) for row in rows})
    yield from map(Scope, scopes)
    for row in warehouse.query(
        "SELECT * FROM reports WHERE COALESCE(country, 'ZZ') IN UNNEST(@scopes) ORDER BY report_id",
        {"scopes": scopes},
    ):
        yield row_to_record(Report, row)


class _ReadStoredReports(beam.DoFn):
    def __init__(self, warehouse: str, since: str | None) -> None:
        self._warehouse, self._since = warehouse, since

    def process(self, element: RunContext) -> Iterator[Any]:
        with open_warehouse(self._warehouse) as warehouse:
            warehouse.ensure()
            found = list(read_stored_reports(warehouse, self._since))
        yield from map(tagged, found)


def _by_scope(report: Report) -> tuple[str, Report]:
    return scope_of(report.country), report


def run_rederive(
    warehouse: str, staging: str, since: str | None, run: RunContext, options: PipelineOptions
) -> None:
    """Run the graph: read stored reports -> resolve -> stage -> load."""
    folder = run_folder(staging, run.run_id)
    pipeline = beam.Pipeline(options=options)
    kinds = (Report, Scope)
    read = pipeline | "Run" >> beam.Create([run]) | by_type(_ReadStoredReports(warehouse, since), *kinds)
    reports = of_type(read, Report) | "KeyByScope" >> beam.Map(_by_scope).with_output_types(
        tuple[str, Report]
    )
    staged = (
        reports | ResolveIncidents() | "StageIncidents" >> StageFiles(folder, incident_rows),
        of_type(read, Scope) | "StageScopes" >> StageFiles(folder, plain_rows("scopes")),
    ) | "Staged" >> beam.Flatten()
    _ = staged | LoadRun(warehouse, run, pipeline_version())
    pipeline.run().wait_until_finish()
