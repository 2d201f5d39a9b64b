"""The main job as one graph: feeds in, incidents out. A batch goes through it once, a stream pane by pane.

read state -> poll feeds -> read what is known of their entries -> drop known entries -> fetch and clean pages
-> extract reports -> stage -> read the stored reports that they affect -> resolve incidents -> stage -> load
everything in one transaction.
"""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from pipelines import pipeline_version
from pipelines.options import IngestConfig, extraction_processes
from pipelines.resolve_affected import resolve_affected
from schemas.records import FeedEntry
from schemas.step_records import Intake, RunContext
from schemas.vocabulary import OWN_ARTICLES
from transforms import (
    DropKnownEntries,
    ExtractReports,
    FetchArticles,
    LoadRun,
    PollFeeds,
    ReadKnown,
    ReadState,
    StageFiles,
    StartPanes,
    TakeLease,
)
from transforms.drop_known_entries import Chosen
from transforms.ledger.staged_rows import ToRows, entry_rows, incident_rows, plain_rows
from transforms.nlp.settings import ExtractionSettings
from transforms.read_known import Known
from transforms.util.clock import utc_now
from transforms.warehouse.lease import Lease


def new_run() -> RunContext:
    """Return the context of a run that starts now."""
    now = utc_now()
    return RunContext(f"run-{re.sub('[-:Z]', '', now)}-{uuid.uuid4().hex[:8]}", now)


def build_ingest(pipeline: beam.Pipeline, config: IngestConfig, run: RunContext) -> None:
    """Add the whole graph to a pipeline.

    Args:
        pipeline: the pipeline.
        config: what to run. With an interval it is a stream whose panes are runs.
        run: the run, or the stream's job.
    """

    def stage(label: str, records: beam.PCollection, to_rows: ToRows) -> beam.PCollection:
        return records | f"Stage{label}" >> StageFiles(config.staging, run, to_rows)

    start = _start(pipeline, config, run)
    own = config.own_articles
    read_state = ReadState(
        config.warehouse, config.feeds, config.only_due, config.replay, takes_retries=not own
    )
    state = start | read_state
    polled = state.feeds | PollFeeds(config.policy, config.payloads, config.host_groups)
    added = _own_articles(pipeline, own) if own else None
    new_entries = (
        polled.entries if added is None else (polled.entries, added.entries) | "AllEntries" >> beam.Flatten()
    )
    names = {"entries": new_entries, "retries": state.retries}
    known: Known = names | ReadKnown(config.warehouse)  # type: ignore[assignment]  # dict.__or__ hides Beam's
    entries = {
        "entries": new_entries,
        "polls": polled.polls,
        "known_entries": known.entries,
        "retries": state.retries,
        "known_articles": known.articles,
        "candidates": known.candidates,
        "dated": state.dated,
    }
    drop = DropKnownEntries(*config.poll_limits_s)
    chosen: Chosen = entries | drop  # type: ignore[assignment]  # dict.__or__ hides Beam's
    fetch = FetchArticles(config.policy, config.payloads, config.host_groups, is_spread=config.processes == 0)
    fetched = chosen.tasks | fetch
    settings = ExtractionSettings(config.model)
    extracted = fetched.articles | ExtractReports(settings, config.processes)
    # A second step, because a flatten of both inputs would hold back the first text until the last one is
    # fetched.
    unread = (state.unextracted, chosen.dated) | "Unread" >> beam.Flatten()
    stored = unread | "SpreadStored" >> beam.Reshuffle()
    retried = stored | "ExtractStored" >> ExtractReports(settings, config.processes)
    reports = (extracted.reports, retried.reports) | "AllReports" >> beam.Flatten()
    read_articles = (extracted.articles, retried.articles) | "AllRead" >> beam.Flatten()

    outcomes = (
        polled.outcomes, chosen.outcomes, fetched.outcomes,
    ) | "AllOutcomes" >> beam.Flatten()  # fmt: skip
    letters = (
        polled.dead_letters, chosen.dead_letters, fetched.dead_letters, extracted.dead_letters,
        retried.dead_letters,
    ) | "AllDeadLetters" >> beam.Flatten()  # fmt: skip
    own_intakes = () if added is None else (added.intakes,)
    intakes = (polled.intakes, state.intakes, *own_intakes) | "AllIntakes" >> beam.Flatten()

    facts = (
        stage("Articles", fetched.articles, plain_rows("articles_v1")),
        # No flatten: Flink loses a collection that two flattens take (apache/beam#34647).
        stage("DatedArticles", chosen.dated, plain_rows("articles_v1")),
        stage("ArticleAliases", fetched.aliases, plain_rows("article_aliases_v1")),
        stage("Reports", reports, plain_rows("reports_v1")),
        stage("Extracted", read_articles, plain_rows("extracted")),
    ) | "Facts" >> beam.Flatten()
    resolved = resolve_affected(start, facts, reports, config.warehouse, run, config.settle_s)

    staged = (
        facts,
        stage("Incidents", resolved.incidents, incident_rows),
        stage("Affected", resolved.replaced, plain_rows("affected")),
        stage("Outcomes", outcomes, plain_rows("outcomes")),
        stage("Entries", outcomes, entry_rows),
        stage("DeadLetters", letters, plain_rows("dead_letters")),
        stage("Intakes", intakes, plain_rows("intakes")),
        stage("FeedState", chosen.states, plain_rows("feed_state_v1")),
    ) | "Staged" >> beam.Flatten()
    _ = staged | LoadRun(
        config.warehouse, run, pipeline_version(), config.staging, config.lease, config.payloads
    )


@dataclass(frozen=True)
class _OwnArticles:
    """The entries that the user adds, and their number."""

    entries: beam.PCollection[FeedEntry]
    intakes: beam.PCollection[Intake]


def _own_articles(pipeline: beam.Pipeline, own: Sequence[FeedEntry]) -> _OwnArticles:
    entries = pipeline | "OwnArticles" >> beam.Create(own).with_output_types(FeedEntry)
    intake = Intake(OWN_ARTICLES, False, len(own))
    return _OwnArticles(entries, pipeline | "OwnIntake" >> beam.Create([intake]).with_output_types(Intake))


def _start(pipeline: beam.Pipeline, config: IngestConfig, run: RunContext) -> beam.PCollection[RunContext]:
    """Return the run once it may read the warehouse; of a stream, one run for each pane."""
    if config.stream_every_s is not None:
        return pipeline | StartPanes(config.warehouse, run, config.stream_every_s)
    start = pipeline | "Run" >> beam.Create([run])
    return start | TakeLease(config.warehouse) if config.lease == Lease.GRAPH else start


def run_ingest(config: IngestConfig, run: RunContext, options: PipelineOptions) -> None:
    """Run the graph and wait for its end."""
    pipeline = beam.Pipeline(options=options)
    build_ingest(pipeline, replace(config, processes=extraction_processes(options)), run)
    pipeline.run().wait_until_finish()
