"""The main job as one graph: feeds in, incidents out. A batch goes through it once, a stream pane by pane.

read state -> poll feeds -> read what is known of their entries -> drop known entries -> fetch and clean
pages -> extract reports -> stage -> read the stored reports they touch -> resolve incidents -> stage -> load
everything in one transaction.
"""

import datetime as dt
import uuid
from dataclasses import replace
from functools import partial

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

import transforms.graph.coders  # noqa: F401  registers the coders
from pipelines import pipeline_version
from pipelines.options import IngestConfig, own_processes
from pipelines.resolve_affected import derive_incidents
from schemas.records import RunContext
from transforms.drop_known_entries import Chosen, DropKnownEntries
from transforms.extract_reports import ExtractReports
from transforms.fetch_articles import FetchArticles
from transforms.ledger.staged_rows import ToRows, entry_rows, incident_rows, plain_rows
from transforms.load_run import LoadRun
from transforms.nlp.settings import ExtractionSettings
from transforms.poll_feeds import PollFeeds
from transforms.read_known import Known, ReadKnown
from transforms.read_state import ReadState
from transforms.resolve_incidents import DropUnsettled
from transforms.stage_files import StageFiles
from transforms.start_panes import StartPanes
from transforms.take_lease import TakeLease
from transforms.util.clock import utc_now
from transforms.warehouse.lease import Lease


def new_run() -> RunContext:
    """Return the context of a run that starts now."""
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S")
    return RunContext(f"run-{stamp}-{uuid.uuid4().hex[:8]}", utc_now())


def build_ingest(pipeline: beam.Pipeline, config: IngestConfig, run: RunContext) -> None:
    """Add the whole graph to a pipeline: of a run, or where the configuration has an interval, of a stream
    whose panes are runs."""

    def stage(label: str, records: beam.PCollection, to_rows: ToRows) -> beam.PCollection:
        return records | f"Stage{label}" >> StageFiles(config.staging, run, to_rows)

    if config.stream_every_s is not None:
        start = pipeline | StartPanes(config.warehouse, run, config.stream_every_s)
    else:
        start = pipeline | "Run" >> beam.Create([run])
        if config.lease == Lease.GRAPH:
            start = start | TakeLease(config.warehouse)
    state = start | ReadState(config.warehouse, config.feeds, config.only_due, config.replay)
    polled = state.feeds | PollFeeds(config.policy, config.payloads, config.host_groups)
    named = {"entries": polled.entries, "retries": state.retries}
    known: Known = named | ReadKnown(config.warehouse)  # type: ignore[assignment]  # dict.__or__ hides Beam's
    seen = {
        "entries": polled.entries,
        "polls": polled.polls,
        "known_entries": known.entries,
        "retries": state.retries,
        "known_articles": known.articles,
    }
    drop = DropKnownEntries(*config.poll_limits_s)
    chosen: Chosen = seen | drop  # type: ignore[assignment]  # dict.__or__ hides Beam's
    is_local = config.processes > 0
    fetched = chosen.tasks | FetchArticles(
        config.policy, config.payloads, config.host_groups, spreads=not is_local
    )
    extract = partial(ExtractReports, ExtractionSettings(config.model), config.processes)
    extracted = fetched.articles | extract()
    # Not with the others through one step: a flatten of both would hold back the first text until the last.
    again = state.unextracted | "SpreadStored" >> beam.Reshuffle() | "ExtractStored" >> extract()
    reports = (extracted.reports, again.reports) | "AllReports" >> beam.Flatten()
    read = (extracted.articles, again.articles) | "AllRead" >> beam.Flatten()

    outcomes = (
        polled.outcomes, chosen.outcomes, fetched.outcomes,
    ) | "AllOutcomes" >> beam.Flatten()  # fmt: skip
    letters = (
        polled.dead_letters, chosen.dead_letters, fetched.dead_letters, extracted.dead_letters,
        again.dead_letters,
    ) | "AllDeadLetters" >> beam.Flatten()  # fmt: skip
    intakes = (polled.intakes, state.intakes) | "AllIntakes" >> beam.Flatten()

    facts = (
        stage("Articles", fetched.articles, plain_rows("articles_v1")),
        stage("Reports", reports, plain_rows("reports_v1")),
        stage("Extracted", read, plain_rows("extracted")),
    ) | "Facts" >> beam.Flatten()
    resolved, touched = derive_incidents(start, facts, reports, config.warehouse, run)
    if config.settle_s:
        resolved = resolved | DropUnsettled(run, config.settle_s)

    staged = (
        facts,
        stage("Incidents", resolved, incident_rows),
        stage("Touched", touched, plain_rows("touched")),
        stage("Outcomes", outcomes, plain_rows("outcomes")),
        stage("Entries", outcomes, entry_rows),
        stage("DeadLetters", letters, plain_rows("dead_letters")),
        stage("Intakes", intakes, plain_rows("intakes")),
        stage("FeedState", chosen.states, plain_rows("feed_state_v1")),
    ) | "Staged" >> beam.Flatten()
    _ = staged | LoadRun(config.warehouse, run, pipeline_version(), config.staging, config.lease)


def run_ingest(config: IngestConfig, run: RunContext, options: PipelineOptions) -> None:
    """Run the graph and wait for its end."""
    pipeline = beam.Pipeline(options=options)
    build_ingest(pipeline, replace(config, processes=own_processes(options)), run)
    pipeline.run().wait_until_finish()
