"""Reading stored articles anew with this version of the extractor: only where a user asks for it."""

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

import transforms.graph.coders  # noqa: F401  registers the coders
from pipelines import pipeline_version
from pipelines.options import own_processes
from pipelines.resolve_affected import derive_incidents
from schemas.records import RunContext
from transforms.extract_reports import ExtractReports
from transforms.ledger.staged_rows import incident_rows, plain_rows
from transforms.load_run import LoadRun
from transforms.nlp.settings import ExtractionSettings
from transforms.read_stored_articles import ReadStoredArticles
from transforms.stage_files import StageFiles
from transforms.warehouse.lease import waiting_lease


def run_reextract(
    warehouse: str,
    staging: str,
    since: str | None,
    model: str | None,
    run: RunContext,
    options: PipelineOptions,
) -> None:
    """Run the graph: read stored articles -> extract -> stage -> read the stored reports that the new ones
    touch -> resolve -> stage -> load."""
    settings = ExtractionSettings(model)
    pipeline = beam.Pipeline(options=options)
    start = pipeline | "Run" >> beam.Create([run])
    extracted = (
        start
        | ReadStoredArticles(warehouse, since, settings)
        | ExtractReports(settings, own_processes(options))
    )
    facts = (
        extracted.reports | "StageReports" >> StageFiles(staging, run, plain_rows("reports_v1")),
        extracted.articles | "StageExtracted" >> StageFiles(staging, run, plain_rows("extracted")),
    ) | "Facts" >> beam.Flatten()
    resolved, touched = derive_incidents(start, facts, extracted.reports, warehouse, run)
    staged = (
        facts,
        extracted.dead_letters | "StageDeadLetters" >> StageFiles(staging, run, plain_rows("dead_letters")),
        resolved | "StageIncidents" >> StageFiles(staging, run, incident_rows),
        touched | "StageTouched" >> StageFiles(staging, run, plain_rows("touched")),
    ) | "Staged" >> beam.Flatten()
    _ = staged | LoadRun(warehouse, run, pipeline_version(), staging, waiting_lease(warehouse))
    pipeline.run().wait_until_finish()
