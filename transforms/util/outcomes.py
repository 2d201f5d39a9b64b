"""The outcome row of an entry."""

from schemas.step_records import EntryOutcome, PendingEntry
from schemas.vocabulary import Outcome


def outcome_of(pending: PendingEntry, outcome: Outcome, reason: str | None = None) -> EntryOutcome:
    """Return the outcome row of an entry."""
    entry = pending.entry
    return EntryOutcome(
        entry.feed_url, entry.entry_id, entry.entry_hash, entry.article_url, outcome, reason, pending.why,
        entry.alias,
    )  # fmt: skip
