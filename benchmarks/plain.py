"""The plain loop: calls the functions of the main job one after another, without Beam.

    python -m benchmarks.plain FEEDS_URL WAREHOUSE

It does the same work as ``strikeledger run``, with the same worker processes, and writes the same tables. So
the difference in CPU time is what the engine costs. It prints the CPU time of each step as JSON: that of this
process and that of its worker processes, in seconds.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import psutil

from pipelines import pipeline_version
from pipelines.hold_lease import hold_lease
from pipelines.ingest import new_run
from pipelines.options import RunChoices, beam_options, extraction_processes, ingest_config
from schemas.records import Article, ArticleAlias, DeadLetter, FeedEntry, FeedState, Report
from schemas.rows import record_to_row
from schemas.step_records import (
    AffectedIncident,
    ArticleCandidate,
    EntryOutcome,
    Extracted,
    FeedPoll,
    FeedTask,
    FetchTask,
    Intake,
    KnownArticle,
    KnownEntry,
    PendingEntry,
    ReportToResolve,
    StagedFile,
)
from schemas.tables import tables
from schemas.validation import check_row
from schemas.vocabulary import Outcome
from transforms.extract_reports import JOB_ARTICLES
from transforms.feeds.known_entries import (
    choose_entries,
    compute_known_share,
    drop_known_entries,
    reject_entry_without_url,
)
from transforms.feeds.poll import poll_feeds
from transforms.feeds.schedule import next_state
from transforms.ledger.known import name_of, read_known
from transforms.ledger.load import load_run
from transforms.ledger.pending import read_state
from transforms.ledger.staged_rows import entry_rows, incident_rows, plain_rows
from transforms.ledger.stored_reports import read_affected_reports
from transforms.nlp.batches import extract_batch
from transforms.nlp.extraction_processes import extraction_sandbox
from transforms.nlp.gate import is_worth_reading
from transforms.nlp.settings import ExtractionSettings
from transforms.pages.fetch import fetch_articles
from transforms.pages.parser_processes import parsing_sandbox
from transforms.resolution.resolve import resolve_with_faults
from transforms.storage.staged import run_folder, write_staged
from transforms.util.clock import utc_now
from transforms.util.outcomes import outcome_of
from transforms.warehouse import open_warehouse
from transforms.web.client import shared_fetcher

ByClass = dict[type, list[Any]]


class StepTimes:
    """CPU seconds by step: those of this process, and those of its child processes."""

    def __init__(self) -> None:
        self.own: dict[str, float] = {}
        self.children: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Record the CPU time of the block under the name of a step."""
        own, children = time.process_time(), _cpu_s_of_children()
        yield
        self.own[name] = time.process_time() - own
        self.children[name] = _cpu_s_of_children() - children


def _cpu_s_of_children() -> float:
    """Return the CPU seconds of all processes below this one, also of those that have ended.

    A process that cleans pages ends after a thousand of them. The server from which it was forked waits for
    it, so its time is in ``children_user`` and ``children_system`` of the server.
    """
    used = (child.cpu_times() for child in psutil.Process().children(recursive=True))
    return sum(t.user + t.system + t.children_user + t.children_system for t in used)


def by_class(records: Iterable[Any]) -> ByClass:
    """Return records by their class."""
    found: ByClass = defaultdict(list)
    for record in records:
        found[type(record)].append(record)
    return found


def choose(state: ByClass, polled: ByClass, stored: ByClass, limits: tuple[float, float]) -> ByClass:
    """Return the tasks to fetch, and the outcomes and dead letters of the other entries.

    Args:
        state: what the warehouse has stored: entries to try again.
        polled: entries and polls of the feeds.
        stored: which of these entries and their articles are known.
        limits: seconds of the shortest and the longest interval between polls of a feed.
    """
    entries: dict[str, list[FeedEntry]] = defaultdict(list)
    known: dict[str, list[KnownEntry]] = defaultdict(list)
    for entry in polled[FeedEntry]:
        entries[entry.feed_url].append(entry)
    for known_entry in stored[KnownEntry]:
        known[known_entry.feed_url].append(known_entry)
    found: list[Any] = []
    pending: list[PendingEntry] = []
    for poll in polled[FeedPoll]:
        url, new_entries = poll.feed.feed_url, 0
        for item in drop_known_entries(entries[url], known[url]):
            if isinstance(item, EntryOutcome):
                found.append(item)
                continue
            new_entries += item.why == "new"
            rejected = reject_entry_without_url(item)
            if rejected is None:
                pending.append(item)
            else:
                found.append(rejected)
            if isinstance(rejected, DeadLetter):
                found.append(outcome_of(item, Outcome.DEAD_LETTER, rejected.reason))
        found.append(next_state(poll, compute_known_share(len(entries[url]), new_entries), *limits))
    found += choose_entries([*pending, *state[PendingEntry]], stored[KnownArticle], stored[ArticleCandidate])
    return by_class(found)


def extract(articles: list[Article], processes: int) -> ByClass:
    """Return the reports, the marks of articles that were read, and the dead letters."""
    found: list[Any] = []
    worth_reading = []
    for article in articles:
        if is_worth_reading(article):
            worth_reading.append(article)
        else:
            found.append(Extracted(article.article_url, article.version))
    sandbox, settings = extraction_sandbox(processes), ExtractionSettings()
    jobs: list[tuple[list[Article], Future[Any]]] = []
    for first in range(0, len(worth_reading), JOB_ARTICLES):
        some = worth_reading[first : first + JOB_ARTICLES]
        jobs.append((some, sandbox.submit(extract_batch, some, settings)))
    for some, job in jobs:
        for article, result in zip(some, job.result(), strict=True):
            if isinstance(result, DeadLetter):
                found.append(result)
            else:
                found += [*result, Extracted(article.article_url, article.version)]
    return by_class(found)


def stage(folder: str, records: Iterable[Any], to_rows: Any) -> list[StagedFile]:
    """Write the rows of records as staged files, one file for each kind of row."""
    rows: dict[str, list[Any]] = defaultdict(list)
    for record in records:
        for kind, row in to_rows(record):
            if kind in tables():
                check_row(kind, row)
            rows[kind].append(row)
    return [write_staged(folder, kind, some) for kind, some in rows.items()]


def run_plain(feeds: str, warehouse: str) -> StepTimes:
    """Do the work of the main job once, and return the CPU time of each step."""
    config = ingest_config(RunChoices(feeds, warehouse, allow_hosts=("127.0.0.1",), host_delay=0.0))
    processes, run, times = extraction_processes(beam_options([])), new_run(), StepTimes()
    fetcher, sandbox, folder = (
        shared_fetcher(config.policy), parsing_sandbox(), run_folder(config.staging, run.run_id),
    )  # fmt: skip
    with hold_lease(config.warehouse, run.run_id):
        with times.step("ReadState"), open_warehouse(config.warehouse) as opened:
            opened.ensure()
            state = by_class(read_state(opened, config.feeds, utc_now()))
        with times.step("PollFeeds"):
            polled = by_class(poll_feeds(state[FeedTask], fetcher, sandbox, config.payloads))
        with times.step("ReadKnown"), open_warehouse(config.warehouse) as opened:
            entries = [*polled[FeedEntry], *(retry.entry for retry in state[PendingEntry])]
            known = by_class(read_known(opened, map(name_of, entries)))
        with times.step("DropKnownEntries"):
            chosen = choose(state, polled, known, config.poll_limits_s)
        with times.step("FetchArticles"):
            fetched = by_class(fetch_articles(chosen[FetchTask], fetcher, sandbox, config.payloads))
        with times.step("ExtractReports"):
            extracted = extract(fetched[Article] + state[Article], processes)
        with times.step("StageFiles"):
            files = stage(folder, fetched[Article], plain_rows("articles_v1"))
            files += stage(folder, fetched[ArticleAlias], plain_rows("article_aliases_v1"))
            files += stage(folder, extracted[Report], plain_rows("reports_v1"))
            files += stage(folder, extracted[Extracted], plain_rows("extracted"))
        with times.step("ReadAffectedReports"), open_warehouse(config.warehouse) as opened:
            new = [record_to_row(r) for r in extracted[Report]]
            urls = {a.article_url for a in fetched[Article]} | {a.alias_url for a in fetched[ArticleAlias]}
            stored = by_class(read_affected_reports(opened, new, urls))
        with times.step("ResolveIncidents"):
            given = [ReportToResolve(r, None) for r in extracted[Report]] + stored[ReportToResolve]
            settled = [g.settled for g in given if g.settled is not None]
            resolved, _ = resolve_with_faults((g.report for g in given), settled)
        with times.step("StageIncidents"):
            outcomes = [*polled[EntryOutcome], *chosen[EntryOutcome], *fetched[EntryOutcome]]
            letters = [x for part in (polled, chosen, fetched, extracted) for x in part[DeadLetter]]
            files += stage(folder, resolved, incident_rows)
            files += stage(folder, stored[AffectedIncident], plain_rows("affected"))
            files += stage(folder, outcomes, plain_rows("outcomes"))
            files += stage(folder, outcomes, entry_rows)
            files += stage(folder, letters, plain_rows("dead_letters"))
            files += stage(folder, polled[Intake] + state[Intake], plain_rows("intakes"))
            files += stage(folder, chosen[FeedState], plain_rows("feed_state_v1"))
        with times.step("LoadRun"), open_warehouse(config.warehouse) as opened:
            load_run(opened, run, files, pipeline_version())
    return times


def main() -> None:
    """Run once and print the times of the steps."""
    times = run_plain(*sys.argv[1:3])
    print(json.dumps({"own": times.own, "children": times.children}))


if __name__ == "__main__":
    main()
