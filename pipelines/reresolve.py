"""Deriving incidents again from the stored reports. Extraction is expensive and its results are kept;
resolution is cheap."""

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from pipelines import pipeline_version
from schemas.step_records import RunContext
from transforms import LoadRun, ReadAffectedReports, ResolveIncidents, StageFiles
from transforms.ledger.staged_rows import incident_rows, plain_rows
from transforms.read_affected_reports import AffectedReports
from transforms.warehouse.lease import waiting_lease


def run_reresolve(
    warehouse: str, staging: str, since: str | None, run: RunContext, options: PipelineOptions
) -> None:
    """Run the graph and wait for its end: read stored reports -> resolve -> stage -> load.

    Args:
        warehouse: the warehouse.
        staging: where runs stage their files.
        since: only what reports published since this date can affect; None: everything.
        run: the run.
        options: Beam's options.
    """
    pipeline = beam.Pipeline(options=options)
    start = {"run": pipeline | "Run" >> beam.Create([run])}
    stored: AffectedReports = start | ReadAffectedReports(warehouse, run, since)  # type: ignore[assignment]  # dict.__or__ hides Beam's
    staged = (
        stored.reports | ResolveIncidents(run) | "StageIncidents" >> StageFiles(staging, run, incident_rows),
        stored.incidents | "StageAffected" >> StageFiles(staging, run, plain_rows("affected")),
    ) | "Staged" >> beam.Flatten()
    _ = staged | LoadRun(warehouse, run, pipeline_version(), staging, waiting_lease(warehouse))
    pipeline.run().wait_until_finish()
