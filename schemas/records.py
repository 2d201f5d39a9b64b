"""The records that flow through the pipelines.

Every record is a frozen dataclass with slots whose fields Beam's RowCoder can encode natively and
deterministically (``transforms.graph.coders`` registers them). Three house rules follow from that coder:
optional fields are spelled ``Optional[X]`` (``X | None`` becomes a pickled type), this module has no
``from __future__ import annotations`` (it would pickle every field), and nothing is keyword-only.
Instants are ISO 8601 strings in UTC, dates are ``datetime.date``, sequences are lists.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed to poll, as the user lists it."""

    feed_url: str
    source_name: Optional[str] = None
    language: Optional[str] = None


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is remembered of a feed between runs. Stored only once its entries are safe.

    ``interval_s``: seconds between polls, by how much of a poll was known; ``failure_weight``: failures
    since the last success, weighed; ``polled_url``: where the feed has moved to for good.
    """

    feed_url: str
    source_name: Optional[str]
    etag: Optional[str]
    last_modified: Optional[str]
    body_sha256: Optional[str]
    last_polled_at: str
    last_success_at: Optional[str]
    last_status: str
    consecutive_failures: int
    entries_seen: int
    polls: Optional[int] = None
    known_share: Optional[float] = None
    interval_s: Optional[float] = None
    period_s: Optional[float] = None
    next_poll_at: Optional[str] = None
    next_poll_reason: Optional[str] = None
    failure_weight: Optional[float] = None
    stopped_reason: Optional[str] = None
    polled_url: Optional[str] = None
    moved_to: Optional[str] = None
    moved_since: Optional[str] = None
    moved_sightings: Optional[int] = None


@dataclass(frozen=True, slots=True)
class FeedTask:
    """A feed and what is remembered of it; ``kept_body``: where the document to parse again is kept."""

    feed: Feed
    state: Optional[FeedState]
    kept_body: Optional[str] = None


@dataclass(frozen=True, slots=True)
class FeedPoll:
    """What one poll of a feed came to.

    ``status``: ok, not_modified, unchanged, or the reason of the failure. ``period_s``: how often the
    feed says it is worth asking.
    """

    feed: Feed
    state: Optional[FeedState]
    at: str
    status: str
    is_failed: bool
    source_name: Optional[str]
    etag: Optional[str]
    last_modified: Optional[str]
    body_sha256: Optional[str]
    entries: int
    period_s: Optional[float]
    retry_after_s: Optional[float]
    moved_to: Optional[str]


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One item of a feed. ``article_url`` is canonical, ``link`` is what will be requested.

    ``alias`` is its second identity: of title and publication time, null where one is missing;
    ``published_raw`` the date as it stood, where it could not be believed.
    """

    feed_url: str
    entry_id: str
    entry_hash: str
    article_url: Optional[str]
    link: Optional[str]
    source_name: Optional[str]
    title: str
    summary: Optional[str]
    content: Optional[str]
    author: Optional[str]
    published_at: Optional[str]
    published_offset_minutes: Optional[int]
    updated_at: Optional[str]
    language: Optional[str]
    flags: Sequence[str]
    alias: Optional[str] = None
    published_raw: Optional[str] = None


@dataclass(frozen=True, slots=True)
class EntryName:
    """By what a polled entry can be known: its identity in its feed, its link, its title and time."""

    feed_url: str
    entry_id: str
    article_url: Optional[str]
    alias: Optional[str]


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An entry that an earlier run has dealt with."""

    feed_url: str
    entry_id: str
    entry_hash: str
    article_url: Optional[str] = None
    alias: Optional[str] = None


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """The latest stored version of an article."""

    article_url: str
    version: int
    text_sha256: str
    text_source: Optional[str] = None


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry to be fetched, and why: ``new``, ``changed`` or ``retry``.

    ``kept_body``: where the page that could not be read is kept, for a replay.
    """

    entry: FeedEntry
    why: str
    kept_body: Optional[str] = None


@dataclass(frozen=True, slots=True)
class EntryJoinSide:
    """An entry polled now, one that an earlier run knew, or the poll itself: all of one feed meet."""

    polled: Optional[FeedEntry]
    known: Optional[KnownEntry]
    poll: Optional[FeedPoll] = None


@dataclass(frozen=True, slots=True)
class ArticleJoinSide:
    """An entry that wants its page, or an article already stored: the two sides of a join."""

    pending: Optional[PendingEntry]
    known: Optional[KnownArticle]


@dataclass(frozen=True, slots=True)
class FetchTask:
    """One page to fetch, with what is stored of it already."""

    pending: PendingEntry
    known: Optional[KnownArticle]


@dataclass(frozen=True, slots=True)
class EntryOutcome:
    """The one fate of one entry in one run: the source of a run's counts."""

    feed_url: str
    entry_id: str
    entry_hash: str
    article_url: Optional[str]
    outcome: str
    reason: Optional[str]
    why: str
    alias: Optional[str] = None


@dataclass(frozen=True, slots=True)
class Intake:
    """How many entries a run took in from one origin: a feed's address, or ``retries``."""

    origin: str
    is_failed: bool
    entries: int


@dataclass(frozen=True, slots=True)
class Extracted:
    """An article version that was read: reports of it that an earlier reading made no longer count."""

    article_url: str
    version: int


@dataclass(frozen=True, slots=True)
class AffectedIncident:
    """A stored incident that a run derives anew."""

    incident_id: str


@dataclass(frozen=True, slots=True)
class RunContext:
    """What identifies a run to every step of it."""

    run_id: str
    started_at: str


@dataclass(frozen=True, slots=True)
class Article:
    """One version of one page, cleaned to text."""

    article_url: str
    version: int
    is_latest: bool
    source_name: Optional[str]
    feed_url: Optional[str]
    title: str
    summary: Optional[str]
    author: Optional[str]
    published_at: Optional[str]
    published_offset_minutes: Optional[int]
    updated_at: Optional[str]
    fetched_at: str
    language: str
    text: str
    text_source: str
    text_sha256: str
    final_url: Optional[str]
    http_status: Optional[int]
    flags: Sequence[str]
    published_raw: Optional[str] = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that a field came from: ``(headline + 2 line breaks + text)[start:end] == text``."""

    field: str
    text: str
    start: Optional[int]
    end: Optional[int]


@dataclass(frozen=True, slots=True)
class FieldConfidence:
    """How sure a field of a report is, 0 to 1."""

    field: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Report:
    """One incident as one article version tells it: an immutable fact."""

    report_id: str
    article_url: str
    article_version: int
    source_name: Optional[str]
    headline: str
    published_at: Optional[str]
    language: str
    is_main: bool
    event_date_start: Optional[datetime.date]
    event_date_end: Optional[datetime.date]
    time_precision: Optional[int]
    location: str
    geonameid: Optional[int]
    admin1: Optional[str]
    country: Optional[str]
    latitude: Optional[float]
    longitude: Optional[float]
    geo_precision: int
    weapon: str
    weapon_name: Optional[str]
    actor: Optional[str]
    targets: Sequence[str]
    fatalities_low: Optional[int]
    fatalities_best: Optional[int]
    fatalities_high: Optional[int]
    injured_low: Optional[int]
    injured_best: Optional[int]
    injured_high: Optional[int]
    child_fatalities: Optional[int]
    child_injured: Optional[int]
    claim_status: str
    attributed_to: Optional[str]
    evidence: Sequence[Evidence]
    text_signature: Optional[str]
    confidence: float
    extractor_version: str
    field_confidence: Sequence[FieldConfidence]


@dataclass(frozen=True, slots=True)
class Incident:
    """One strike in the world, derived from reports; one row of the ledger."""

    incident_id: str
    event_date: datetime.date
    event_date_start: datetime.date
    event_date_end: datetime.date
    time_precision: int
    location: str
    geonameid: Optional[int]
    admin1: Optional[str]
    country: Optional[str]
    latitude: Optional[float]
    longitude: Optional[float]
    geo_precision: int
    weapon: str
    actor: Optional[str]
    targets: Sequence[str]
    fatalities_low: Optional[int]
    fatalities_best: Optional[int]
    fatalities_high: Optional[int]
    injured_low: Optional[int]
    injured_best: Optional[int]
    injured_high: Optional[int]
    child_fatalities: Optional[int]
    child_injured: Optional[int]
    claim_status: str
    number_of_reports: int
    number_of_sources: int
    first_reported_at: Optional[str]
    last_reported_at: Optional[str]
    headline: str
    source_urls: Sequence[str]
    revision: int


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """That a report tells of an incident, and how well it fits."""

    incident_id: str
    report_id: str
    match_score: float
    match_reason: str


@dataclass(frozen=True, slots=True)
class ReportToResolve:
    """A report, and its link where that is known to hold."""

    report: Report
    settled: Optional[IncidentReport]


@dataclass(frozen=True, slots=True)
class TollStep:
    """One step of an incident's toll, in the order of publication."""

    incident_id: str
    revision: int
    valid_from: Optional[str]
    valid_to: Optional[str]
    is_current: bool
    fatalities_low: Optional[int]
    fatalities_best: Optional[int]
    fatalities_high: Optional[int]
    injured_low: Optional[int]
    injured_best: Optional[int]
    injured_high: Optional[int]
    child_fatalities: Optional[int]
    child_injured: Optional[int]
    report_id: str


@dataclass(frozen=True, slots=True)
class ResolvedIncident:
    """An incident with its links and its history: what resolution yields."""

    incident: Incident
    links: Sequence[IncidentReport]
    history: Sequence[TollStep]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An input that could not be processed, kept so that it can be tried again."""

    dead_letter_id: str
    stage: str
    reason: str
    retryable: bool
    message: str
    feed_url: Optional[str]
    page_url: Optional[str]
    entry_id: Optional[str]
    http_status: Optional[int]
    payload: Optional[str]
    failed_at: str
    retry_after_s: Optional[float]
    payload_uri: Optional[str] = None
    payload_sha256: Optional[str] = None


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file of rows that waits to be loaded; ``kind`` names the record."""

    kind: str
    path: str
    rows: int
