"""Values of rows as people read them: tolls, dates, instants and words of closed lists."""

from schemas.rows import Row

NOT_STATED = "–"
"""Stands for null: no outlet stated it, or it is not known."""


def toll(row: Row, kind: str) -> str:
    """Return a toll such as 14, 14+, 10–15 or up to 20.

    Args:
        row: a row with the columns ``KIND_low``, ``KIND_best`` and ``KIND_high``.
        kind: ``fatalities`` or ``injured``.
    """
    low, best, high = row[f"{kind}_low"], row[f"{kind}_best"], row[f"{kind}_high"]
    if low is None and high is None:
        return NOT_STATED
    if high is None:
        return f"{low}+"
    if low == high:
        return str(low)
    return f"up to {high}" if not low and best == high else f"{low}–{high}"


def dates(row: Row) -> str:
    """Return the dates of an event: 2025-04-04, or 2025-04-03/04 for two days."""
    start, end = row["event_date_start"], row["event_date_end"]
    if start is None:
        return NOT_STATED
    if end is None or end == start:
        return str(start)
    return f"{start}/{end[8:]}" if start[:7] == end[:7] else f"{start}/{end[5:]}"


def minute(instant: str | None) -> str:
    """Return an instant to the minute: 2025-04-04 18:32."""
    return NOT_STATED if instant is None else str(instant)[:16].replace("T", " ")


def words(value: object) -> str:
    """Return a value of a closed list with spaces: ballistic missile."""
    return NOT_STATED if value is None else str(value).replace("_", " ")


def text_or_dash(value: object) -> str:
    """Return a value as it is, or a dash where it is null."""
    return NOT_STATED if value is None else str(value)


def duration(seconds: float | None) -> str:
    """Return a duration in its natural unit: 30 s, 10 min, 1.5 h."""
    if seconds is None:
        return NOT_STATED
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3_600:.1f} h"
