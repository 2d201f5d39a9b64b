"""Deriving incidents anew from the stored reports: extraction is dear and kept, resolution is cheap."""

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

import transforms.graph.coders  # noqa: F401  registers the coders
from pipelines import pipeline_version
from schemas.records import RunContext
from transforms.ledger.staged_rows import incident_rows, plain_rows
from transforms.load_run import LoadRun
from transforms.read_affected_reports import ReadStoredReports
from transforms.resolve_incidents import ResolveIncidents
from transforms.stage_files import StageFiles
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
