"""Words about feeds for a person: their names, how they are, and which failed in a run."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from schemas.sql_files import statement
from transforms.util.readable import text_or_dash, words
from transforms.warehouse import Row, Warehouse

_MAX_NAMED = 5
_KNOWN_SHARE = "of the last poll was known"
"""How the reason of the schedule ends where it is the share of known entries."""


def feed_name(row: Row) -> str:
    """Return the name of a feed. One without a name, or with that of another, has its address."""
    address = urlsplit(row["feed_url"])
    short = f"{address.netloc}{address.path}".rstrip("/")
    if not row["source_name"]:
        return short
    return f"{row['source_name']} ({short})" if row.get("_namesakes", 1) > 1 else str(row["source_name"])


def feed_health(row: Row) -> str:
    """Return the state of a feed: ok, failing with the reason, or stopped."""
    if row["stopped_reason"] is not None:
        return f"stopped: {words(row['stopped_reason'])}"
    if row["consecutive_failures"]:
        return f"failing ({row['consecutive_failures']}): {words(row['last_status'])}"
    return "ok" if row["last_status"] == "ok" else f"ok, {words(row['last_status'])}"


def poll_reason(row: Row) -> str:
    """Return why the next poll is when it is. A share of known entries says something only where there are
    any, and where some could be known."""
    reason = text_or_dash(row["next_poll_reason"])
    if not reason.endswith(_KNOWN_SHARE):
        return reason
    if not row["entries_seen"]:
        return "the feed has no entries"
    if row["last_status"] == "not_modified":
        return "nothing new since the last poll"
    return "first poll" if row["polls"] == 1 else reason


def failed_feeds(warehouse: Warehouse, run_id: str) -> Iterator[str]:
    """Yield lines that name the feeds which failed in a run, and where to read more; none where none did."""
    rows = warehouse.query(statement(__file__, "failed_feeds"), {"run_id": run_id})
    for row in rows[:_MAX_NAMED]:
        yield f"  failed: {feed_name(row)} ({words(row['last_status'])})"
    if rows:
        more = f"{len(rows) - _MAX_NAMED} more failed; " if len(rows) > _MAX_NAMED else ""
        yield f"  {more}`strikeledger show feeds` says since when, and when they are polled next"
