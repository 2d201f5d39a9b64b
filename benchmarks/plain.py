"""The main job's own functions in a plain loop, step after step and without Beam: what an engine adds is the
difference.

    python -m benchmarks.plain FEEDS_URL WAREHOUSE

It does all that ``strikeledger run`` does, in the same worker processes, and leaves the same tables. It
prints the CPU time of each step as JSON: of this process, and of its worker processes.
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
from schemas.records import (
    AffectedIncident,
    Article,
    DeadLetter,
    EntryOutcome,
    Extracted,
    FeedEntry,
    FeedPoll,
    FeedState,
    FeedTask,
    FetchTask,
    Intake,
    KnownArticle,
    KnownEntry,
    PendingEntry,
    Report,
    ReportToResolve,
    StagedFile,
)  # fmt: skip
from schemas.rows import record_to_row
from schemas.tables import tables
from schemas.validation import check_row
from schemas.vocabulary import Outcome
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
from transforms.pages.parsing import parsing_sandbox
from transforms.resolution.resolve import resolve_with_faults
from transforms.storage.staged import run_folder, write_staged
from transforms.util.clock import utc_now
from transforms.util.outcomes import outcome_of
from transforms.warehouse import open_warehouse
from transforms.web.client import shared_fetcher

_JOB = 12
Sorted = dict[type, list[Any]]


class Clock:
    """CPU seconds by step: of this process and of those it started."""

    def __init__(self) -> None:
        self.own: dict[str, float] = {}
        self.others: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count what the block takes to a step."""
        own, others = time.process_time(), _of_others()
        yield
        self.own[name] = time.process_time() - own
        self.others[name] = _of_others() - others


def _of_others() -> float:
    """Return the CPU seconds of the processes below this one, with those that ended: who cleans ends after a
    thousand pages, and the server that it was forked from waits for it."""
    used = (child.cpu_times() for child in psutil.Process().children(recursive=True))
    return sum(t.user + t.system + t.children_user + t.children_system for t in used)


def by_kind(records: Iterable[Any]) -> Sorted:
    """Return records by their class."""
    found: Sorted = defaultdict(list)
    for record in records:
        found[type(record)].append(record)
    return found


def choose(state: Sorted, polled: Sorted, stored: Sorted, limits: tuple[float, float]) -> Sorted:
    """Return what is left to fetch, and the fates of the other entries."""
    entries: dict[str, list[FeedEntry]] = defaultdict(list)
    known: dict[str, list[KnownEntry]] = defaultdict(list)
    for entry in polled[FeedEntry]:
        entries[entry.feed_url].append(entry)
    for one in stored[KnownEntry]:
        known[one.feed_url].append(one)
    found: list[Any] = []
    pending: dict[str, list[PendingEntry]] = defaultdict(list)
    for poll in polled[FeedPoll]:
        url, fresh = poll.feed.feed_url, 0
        for item in drop_known_entries(entries[url], known[url]):
            if isinstance(item, EntryOutcome):
                found.append(item)
                continue
            fresh += item.why == "new"
            refused = reject_entry_without_url(item)
            if refused is None:
                pending[item.entry.article_url or ""].append(item)
            else:
                found.append(refused)
            if isinstance(refused, DeadLetter):
                found.append(outcome_of(item, Outcome.DEAD_LETTER, refused.reason))
        found.append(next_state(poll, compute_known_share(len(entries[url]), fresh), *limits))
    for retry in state[PendingEntry]:
        pending[retry.entry.article_url or ""].append(retry)
    articles = {one.article_url: one for one in stored[KnownArticle]}
    for url, items in pending.items():
        found += choose_entries(items, [articles[url]] if url in articles else [])
    return by_kind(found)


def extract(articles: list[Article], processes: int) -> Sorted:
    """Return reports, what was read, and dead letters."""
    found: list[Any] = []
    wanted = []
    for article in articles:
        if is_worth_reading(article):
            wanted.append(article)
        else:
            found.append(Extracted(article.article_url, article.version))
    sandbox, settings = extraction_sandbox(processes), ExtractionSettings()
    jobs: list[tuple[list[Article], Future[Any]]] = []
    for first in range(0, len(wanted), _JOB):
        some = wanted[first : first + _JOB]
        jobs.append((some, sandbox.submit(extract_batch, some, settings)))
    for some, job in jobs:
        for article, fate in zip(some, job.result(), strict=True):
            if isinstance(fate, DeadLetter):
                found.append(fate)
            else:
                found += [*fate, Extracted(article.article_url, article.version)]
    return by_kind(found)


def stage(folder: str, records: Iterable[Any], to_rows: Any) -> list[StagedFile]:
    """Write records as staged files, a file a kind."""
    rows: dict[str, list[Any]] = defaultdict(list)
    for record in records:
        for kind, row in to_rows(record):
            if kind in tables():
                check_row(kind, row)
            rows[kind].append(row)
    return [write_staged(folder, kind, some) for kind, some in rows.items()]


def run_plain(feeds: str, warehouse: str) -> Clock:
    """Do the main job once, and return what each step took."""
    config = ingest_config(RunChoices(feeds, warehouse, allow_hosts=("127.0.0.1",), host_delay=0.0))
    processes, run, clock = extraction_processes(beam_options([])), new_run(), Clock()
    fetcher, sandbox, folder = (
        shared_fetcher(config.policy), parsing_sandbox(), run_folder(config.staging, run.run_id),
    )  # fmt: skip
    with hold_lease(config.warehouse, run.run_id):
        with clock.step("ReadState"), open_warehouse(config.warehouse) as opened:
            opened.ensure()
            state = by_kind(read_state(opened, config.feeds, utc_now()))
        with clock.step("PollFeeds"):
            polled = by_kind(poll_feeds(state[FeedTask], fetcher, sandbox, config.payloads))
        with clock.step("ReadKnown"), open_warehouse(config.warehouse) as opened:
            entries = [*polled[FeedEntry], *(retry.entry for retry in state[PendingEntry])]
            known = by_kind(read_known(opened, map(name_of, entries)))
        with clock.step("DropKnownEntries"):
            chosen = choose(state, polled, known, config.poll_limits_s)
        with clock.step("FetchArticles"):
            fetched = by_kind(fetch_articles(chosen[FetchTask], fetcher, sandbox, config.payloads))
        with clock.step("ExtractReports"):
            told = extract(fetched[Article] + state[Article], processes)
        with clock.step("StageFiles"):
            files = stage(folder, fetched[Article], plain_rows("articles_v1"))
            files += stage(folder, told[Report], plain_rows("reports_v1"))
            files += stage(folder, told[Extracted], plain_rows("extracted"))
        with clock.step("ReadAffectedReports"), open_warehouse(config.warehouse) as opened:
            new = [record_to_row(r) for r in told[Report]]
            urls = {a.article_url for a in fetched[Article]}
            stored = by_kind(read_affected_reports(opened, new, urls))
        with clock.step("ResolveIncidents"):
            given = [ReportToResolve(r, None) for r in told[Report]] + stored[ReportToResolve]
            settled = [g.settled for g in given if g.settled is not None]
            resolved, _ = resolve_with_faults((g.report for g in given), settled)
        with clock.step("StageIncidents"):
            outcomes = [*polled[EntryOutcome], *chosen[EntryOutcome], *fetched[EntryOutcome]]
            letters = [x for part in (polled, chosen, fetched, told) for x in part[DeadLetter]]
            files += stage(folder, resolved, incident_rows)
            files += stage(folder, stored[AffectedIncident], plain_rows("affected"))
            files += stage(folder, outcomes, plain_rows("outcomes"))
            files += stage(folder, outcomes, entry_rows)
            files += stage(folder, letters, plain_rows("dead_letters"))
            files += stage(folder, polled[Intake] + state[Intake], plain_rows("intakes"))
            files += stage(folder, chosen[FeedState], plain_rows("feed_state_v1"))
        with clock.step("LoadRun"), open_warehouse(config.warehouse) as opened:
            load_run(opened, run, files, pipeline_version())
    return clock


def main() -> None:
    """Run once and print what the steps took."""
    clock = run_plain(*sys.argv[1:3])
    print(json.dumps({"own": clock.own, "others": clock.others}))


if __name__ == "__main__":
    main()
