"""Reading stored articles again with this version of the extractor. It happens only where a user asks for
it."""

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from pipelines import pipeline_version
from pipelines.options import extraction_processes
from pipelines.resolve_affected import resolve_affected
from schemas.step_records import RunContext
from transforms import ExtractReports, LoadRun, ReadStoredArticles, StageFiles
from transforms.ledger.staged_rows import incident_rows, plain_rows
from transforms.nlp.settings import ExtractionSettings
from transforms.warehouse.lease import waiting_lease


def run_reextract(
    warehouse: str,
    staging: str,
    since: str | None,
    model: str | None,
    run: RunContext,
    options: PipelineOptions,
) -> None:
    """Run the graph and wait for its end: read stored articles -> extract -> stage -> read the stored reports
    that the new ones affect -> resolve -> stage -> load.

    Args:
        warehouse: the warehouse.
        staging: where runs stage their files.
        since: only articles published since this date; None: all.
        model: an installed spaCy model; None: the first known one.
        run: the run.
        options: Beam's options.
    """
    settings = ExtractionSettings(model)
    pipeline = beam.Pipeline(options=options)
    start = pipeline | "Run" >> beam.Create([run])
    extracted = (
        start
        | ReadStoredArticles(warehouse, since, settings)
        | ExtractReports(settings, extraction_processes(options))
    )
    facts = (
        extracted.reports | "StageReports" >> StageFiles(staging, run, plain_rows("reports_v1")),
        extracted.articles | "StageExtracted" >> StageFiles(staging, run, plain_rows("extracted")),
    ) | "Facts" >> beam.Flatten()
    resolved = resolve_affected(start, facts, extracted.reports, warehouse, run)
    staged = (
        facts,
        extracted.dead_letters | "StageDeadLetters" >> StageFiles(staging, run, plain_rows("dead_letters")),
        resolved.incidents | "StageIncidents" >> StageFiles(staging, run, incident_rows),
        resolved.replaced | "StageAffected" >> StageFiles(staging, run, plain_rows("affected")),
    ) | "Staged" >> beam.Flatten()
    _ = staged | LoadRun(warehouse, run, pipeline_version(), staging, waiting_lease(warehouse))
    pipeline.run().wait_until_finish()
