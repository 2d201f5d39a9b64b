"""The records that flow through the pipelines.

Each record is a frozen dataclass with slots. Beam's RowCoder must encode its fields natively and
deterministically (``transforms.graph.coders`` registers the records). Three rules follow from this coder.
Optional fields are written ``Optional[X]``, because RowCoder pickles ``X | None``. This module has no
``from __future__ import annotations``: RowCoder would then pickle every field. No field is keyword-only.

Instants are ISO 8601 strings in UTC, dates are ``datetime.date``, sequences are lists. The columns of the
tables are described in ``schemas/bigquery/*.json``.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed in the user's list. ``document``: a saved feed without address; ``feed_url`` is then its id."""

    feed_url: str
    source_name: Optional[str] = None
    language: Optional[str] = None
    document: Optional[bytes] = None


@dataclass(frozen=True, slots=True)
class FeedState:
    """What a run remembers of a feed for the next run.

    It is stored only after the entries of the poll are stored.

    ``interval_s``: seconds between polls. ``failure_weight``: weighted sum of the failures since the last
    success. ``polled_url``: the address to which the feed has moved permanently.
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
class FeedEntry:
    """One item of a feed.

    ``article_url``: the canonical URL. ``link``: the address to request. ``alias``: a second identity, a hash
    of title and publication time; None where one of them is missing. ``published_raw``: the date as it was
    written, where it was unreadable or not plausible.
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
    address_key: Optional[str] = None


@dataclass(frozen=True, slots=True)
class ArticleAlias:
    """An address that leads to an article which is stored under another address of the same outlet."""

    alias_url: str
    article_url: str
    outlet: Optional[str]
    source_name: Optional[str]
    feed_url: Optional[str]
    alias_reason: Optional[str]
    first_seen_at: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words from which a field was read: ``(headline + "\\n\\n" + article text)[start:end] == text``.

    ``start`` and ``end`` are None where the evidence is the time of publication.
    """

    field: str
    text: str
    start: Optional[int]
    end: Optional[int]


@dataclass(frozen=True, slots=True)
class FieldConfidence:
    """The confidence in a field of a report, 0 to 1."""

    field: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Report:
    """One incident as one article version reports it. It never changes."""

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
    sublocation: Optional[str] = None
    sublocation_kind: Optional[str] = None
    event_time: Optional[str] = None
    flags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """One strike in the world, derived from reports. One row of the ledger."""

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
    sublocation: Optional[str] = None
    sublocation_kind: Optional[str] = None
    event_time: Optional[str] = None
    flags: Sequence[str] = ()
    possible_duplicate_of: Optional[str] = None
    confidence: Optional[float] = None
    status: Optional[str] = None


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """The link between an incident and one of its reports, with the reason of the match.

    ``possible_duplicate_of``: of a founder, the incident that it did not join, although it may mean it.
    """

    incident_id: str
    report_id: str
    match_score: float
    match_reason: str
    possible_duplicate_of: Optional[str] = None


@dataclass(frozen=True, slots=True)
class TollStep:
    """One step of an incident's toll, in the order of publication.

    ``correction_id``: the correction that made the step, None where ``report_id`` made it.
    """

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
    correction_id: Optional[str] = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A decision of a person about an incident: a fact, as a report is. It never changes.

    It names reports and not the incident, because ids of incidents can change and ids of reports do not.
    ``value`` and ``seen`` are JSON; the data dictionary says of what.
    """

    correction_id: str
    made_at: str
    made_by: str
    kind: str
    report_ids: Sequence[str]
    field: Optional[str] = None
    value: Optional[str] = None
    seen: Optional[str] = None
    why: Optional[str] = None
    source_url: Optional[str] = None


@dataclass(frozen=True, slots=True)
class CorrectionEffect:
    """What a correction does to the ledger as it is now. ``effect``: a value of ``Effect``."""

    correction_id: str
    effect: str
    incident_id: Optional[str]


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
class DroppedFields:
    """How many fields of a second reading were dropped for one reason."""

    reason: str
    fields: int


@dataclass(frozen=True, slots=True)
class SecondReading:
    """One article version as the second reader, a language model behind an HTTP endpoint, read it.

    ``reader``: the model with a digest of prompt and schema. ``outcome``: one of ``ReadingOutcome``.
    ``answer``: what the model answered, JSON. ``attempts``: how often the article was sent in vain before.
    """

    article_url: str
    article_version: int
    reader: str
    model: str
    text_sha256: str
    outcome: str
    reason: Optional[str]
    attempts: int
    asked_at: str
    reports: int
    fields_kept: int
    fields_dropped: Sequence[DroppedFields]
    prompt_tokens: Optional[int]
    answer_tokens: Optional[int]
    answer: Optional[str]


@dataclass(frozen=True, slots=True)
class SecondReport:
    """One incident as the second reader reports it. Each field has its sentence in ``evidence``, or is None.

    ``report_id``: as of a ``Report`` of the same place, so that the two can be compared.
    """

    report_id: str
    article_url: str
    article_version: int
    reader: str
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
    sublocation: Optional[str]
    event_time: Optional[str]
    evidence: Sequence[Evidence]
