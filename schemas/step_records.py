"""The records that pass from one step of the graph to the next, and that no table stores.

They follow the rules of ``schemas.records``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

from schemas.records import Article, Feed, FeedEntry, FeedState, Incident, IncidentReport, Report, TollStep


@dataclass(frozen=True, slots=True)
class FeedTask:
    """A feed to poll, with its stored state.

    ``kept_body``: URI of a stored document to parse again, or None. ``document``: the document of a feed that
    has no address, else None; the feed is without it here, because its results name the feed.
    """

    feed: Feed
    state: Optional[FeedState]
    kept_body: Optional[str] = None
    document: Optional[bytes] = None


@dataclass(frozen=True, slots=True)
class FeedPoll:
    """The result of one poll of a feed.

    ``status``: ok, not_modified, unchanged, or the reason of the failure. ``period_s``: the interval that the
    feed recommends, in seconds. ``retry_after_s``: seconds that the server asks to wait.
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
class EntryName:
    """The identities by which a polled entry is recognised: its id in the feed, its article, its alias.

    ``title`` and ``published_at`` find stored articles with the same headline of the same day, which may be
    the same article.
    """

    feed_url: str
    entry_id: str
    article_url: Optional[str]
    alias: Optional[str]
    title: Optional[str] = None
    published_at: Optional[str] = None


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An entry that an earlier run has processed."""

    feed_url: str
    entry_id: str
    entry_hash: str
    article_url: Optional[str] = None
    alias: Optional[str] = None


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """The latest stored version of an article.

    ``asked_url``: the alias that it was found by; None where it was found by its own address.
    """

    article_url: str
    version: int
    text_sha256: str
    text_source: Optional[str] = None
    asked_url: Optional[str] = None


@dataclass(frozen=True, slots=True)
class ArticleCandidate:
    """A stored version of an article that may be a polled one under another address.

    ``latest_version``: number of the article's latest version.
    """

    article_url: str
    version: int
    latest_version: int
    text_sha256: str
    title: str
    published_at: Optional[str]


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry to fetch. ``why``: new, changed or retry.

    ``kept_body``: URI of the stored page that could not be read, for a replay.
    """

    entry: FeedEntry
    why: str
    kept_body: Optional[str] = None


@dataclass(frozen=True, slots=True)
class EntryJoinSide:
    """One input of the join by feed: an entry polled now, an entry of an earlier run, or the poll."""

    polled: Optional[FeedEntry]
    known: Optional[KnownEntry]
    poll: Optional[FeedPoll] = None


@dataclass(frozen=True, slots=True)
class DatedArticle:
    """The next version of a stored article: the same text, with a publication time that was set aside."""

    article: Article


@dataclass(frozen=True, slots=True)
class ArticleJoinSide:
    """One side of the join by outlet: an entry whose page is needed, a stored article, a candidate, or the
    next version of a stored article."""

    pending: Optional[PendingEntry]
    known: Optional[KnownArticle]
    candidate: Optional[ArticleCandidate] = None
    dated: Optional[DatedArticle] = None


@dataclass(frozen=True, slots=True)
class FetchTask:
    """A page to fetch, with the stored article of the same address.

    ``candidates``: stored versions of articles of the same outlet that may be this one, because their
    headline or their address is alike.
    """

    pending: PendingEntry
    known: Optional[KnownArticle]
    candidates: Sequence[ArticleCandidate] = ()


@dataclass(frozen=True, slots=True)
class EntryOutcome:
    """The outcome of one entry in one run. A run's counts are made from these."""

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
    """The number of entries that a run received from one origin: a feed's address, or ``retries``."""

    origin: str
    is_failed: bool
    entries: int


@dataclass(frozen=True, slots=True)
class Extracted:
    """An article version that was extracted. Its reports of an earlier extraction are replaced."""

    article_url: str
    version: int


@dataclass(frozen=True, slots=True)
class AffectedIncident:
    """A stored incident that a run derives again."""

    incident_id: str


@dataclass(frozen=True, slots=True)
class RunContext:
    """What the steps of a run know about the run."""

    run_id: str
    started_at: str


@dataclass(frozen=True, slots=True)
class ReportToResolve:
    """A report to resolve. ``settled``: its stored link, if the link is known to be still right."""

    report: Report
    settled: Optional[IncidentReport]


@dataclass(frozen=True, slots=True)
class ResolvedIncident:
    """The result of resolution for one incident: the incident, its links and its history."""

    incident: Incident
    links: Sequence[IncidentReport]
    history: Sequence[TollStep]


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file of rows to load. ``kind``: name of the record."""

    kind: str
    path: str
    rows: int
