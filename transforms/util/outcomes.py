"""The outcome row of an entry, and what kind of entry it is."""

from schemas.records import FeedEntry
from schemas.step_records import EntryOutcome, PendingEntry
from schemas.vocabulary import OWN_ARTICLES, Outcome


def has_own_text(entry: FeedEntry) -> bool:
    """Return whether the user added the article with its text, so that no page is fetched."""
    return entry.feed_url == OWN_ARTICLES and entry.content is not None


def outcome_of(pending: PendingEntry, outcome: Outcome, reason: str | None = None) -> EntryOutcome:
    """Return the outcome row of an entry."""
    entry = pending.entry
    return EntryOutcome(
        entry.feed_url, entry.entry_id, entry.entry_hash, entry.article_url, outcome, reason, pending.why,
        entry.alias,
    )  # fmt: skip
