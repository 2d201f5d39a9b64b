"""The main job as one graph: feeds in, incidents out.

read state -> poll feeds -> drop known entries -> fetch and clean pages -> extract reports -> stage ->
read the stored reports they touch -> resolve incidents -> stage -> load everything in one transaction.
"""

import datetime as dt
import uuid

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

import transforms.coders  # noqa: F401  registers the coders
from pipelines import pipeline_version
from pipelines.options import IngestConfig, run_folder
from schemas.identity import utc_iso
from schemas.records import ReportToResolve, RunContext
from transforms.clock import utc_now
from transforms.extract import ExtractReports
from transforms.fetch import FetchArticles
from transforms.load import LoadRun
from transforms.nlp.reports import ExtractionSettings
from transforms.poll import PollFeeds
from transforms.resolve import ResolveIncidents, is_settled, to_resolve
from transforms.seen import Chosen, DropKnownEntries
from transforms.staging import StageFiles, entry_rows, incident_rows, plain_rows
from transforms.state import ReadState
from transforms.stored_reports import NoFiles, ReadTouchedReports


def new_run() -> RunContext:
    """Return the context of a run that starts now."""
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S")
    return RunContext(f"run-{stamp}-{uuid.uuid4().hex[:8]}", utc_now())


def build_ingest(pipeline: beam.Pipeline, config: IngestConfig, run: RunContext) -> None:
    """Add the whole graph of a run to a pipeline."""
    folder = run_folder(config.staging, run.run_id)

    def stage(label: str, records: beam.PCollection, to_rows: object) -> beam.PCollection:
        return records | f"Stage{label}" >> StageFiles(folder, to_rows, config.shards)  # type: ignore[arg-type]

    start = pipeline | "Run" >> beam.Create([run])
    state = start | ReadState(config.warehouse, config.feeds, config.only_due, config.replay)
    polled = state.feeds | PollFeeds(config.policy, config.payloads, config.host_groups)
    seen = {
        "entries": polled.entries,
        "polls": polled.polls,
        "known_entries": state.known_entries,
        "retries": state.retries,
        "known_articles": state.known_articles,
    }
    drop = DropKnownEntries(config.shortest_interval_s)
    chosen: Chosen = seen | drop  # type: ignore[assignment]  # dict.__or__ hides Beam's
    fetched = chosen.tasks | FetchArticles(config.policy, config.payloads, config.host_groups)
    to_extract = (fetched.articles, state.unextracted) | "ToExtract" >> beam.Flatten()
    extracted = to_extract | ExtractReports(ExtractionSettings(config.model))

    outcomes = (
        polled.outcomes, chosen.outcomes, fetched.outcomes,
    ) | "AllOutcomes" >> beam.Flatten()  # fmt: skip
    letters = (
        polled.dead_letters, chosen.dead_letters, fetched.dead_letters, extracted.dead_letters,
    ) | "AllDeadLetters" >> beam.Flatten()  # fmt: skip
    intakes = (polled.intakes, state.intakes) | "AllIntakes" >> beam.Flatten()

    facts = (
        stage("Articles", fetched.articles, plain_rows("articles_v1")),
        stage("Reports", extracted.reports, plain_rows("reports_v1")),
    ) | "Facts" >> beam.Flatten()
    touched = (facts, start | NoFiles()) | "Files" >> beam.Flatten() | ReadTouchedReports(config.warehouse)
    new = extracted.reports | "ToResolve" >> beam.Map(to_resolve).with_output_types(ReportToResolve)
    resolved = (new, touched.reports) | "AllReports" >> beam.Flatten() | ResolveIncidents()
    if config.settle_s:
        until = dt.datetime.fromisoformat(run.started_at) - dt.timedelta(seconds=config.settle_s)
        resolved = resolved | "Settled" >> beam.Filter(is_settled, utc_iso(until.isoformat()) or "")

    staged = (
        facts,
        stage("Incidents", resolved, incident_rows),
        stage("Touched", touched.incidents, plain_rows("touched")),
        stage("Outcomes", outcomes, plain_rows("outcomes")),
        stage("Entries", outcomes, entry_rows),
        stage("DeadLetters", letters, plain_rows("dead_letters")),
        stage("Intakes", intakes, plain_rows("intakes")),
        stage("FeedState", chosen.states, plain_rows("feed_state_v1")),
    ) | "Staged" >> beam.Flatten()
    _ = staged | LoadRun(config.warehouse, run, pipeline_version())


def run_ingest(config: IngestConfig, run: RunContext, options: PipelineOptions) -> None:
    """Run the graph and wait for its end."""
    pipeline = beam.Pipeline(options=options)
    build_ingest(pipeline, config, run)
    pipeline.run().wait_until_finish()
