"""Deriving incidents anew from the stored reports: extraction is dear and kept, resolution is cheap."""

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

import transforms.coders  # noqa: F401  registers the coders
from pipelines import pipeline_version
from schemas.records import RunContext
from transforms.load import LoadRun
from transforms.resolve import ResolveIncidents
from transforms.staging import StageFiles, incident_rows, plain_rows
from transforms.stored_reports import ReadStoredReports
from transforms.warehouse.lease import waiting_lease


def run_rederive(
    warehouse: str, staging: str, since: str | None, run: RunContext, options: PipelineOptions
) -> None:
    """Run the graph: read stored reports -> resolve -> stage -> load."""
    pipeline = beam.Pipeline(options=options)
    stored = pipeline | "Run" >> beam.Create([run]) | ReadStoredReports(warehouse, since)
    staged = (
        stored.reports | ResolveIncidents() | "StageIncidents" >> StageFiles(staging, run, incident_rows),
        stored.incidents | "StageTouched" >> StageFiles(staging, run, plain_rows("touched")),
    ) | "Staged" >> beam.Flatten()
    _ = staged | LoadRun(warehouse, run, pipeline_version(), staging, waiting_lease(warehouse))
    pipeline.run().wait_until_finish()
