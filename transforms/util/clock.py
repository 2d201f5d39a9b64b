"""The clock. Only polling, waiting and the columns that say when we did something may read it."""

import datetime as dt

from schemas.identity import parse_instant

CLOCK_TOLERANCE = dt.timedelta(minutes=5)
"""Clocks of two machines differ by less, unless one of them is wrong."""


def utc_now() -> str:
    """Return the present instant in UTC, ISO 8601 with whole seconds."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_ahead(instant: str | None, now: str) -> bool:
    """Return whether an instant that was recorded earlier lies in the future, so that a clock was wrong.

    Args:
        instant: ISO 8601; None was never recorded.
        now: the present instant, ISO 8601.
    """
    recorded, present = parse_instant(instant), parse_instant(now)
    return recorded is not None and present is not None and recorded > present + CLOCK_TOLERANCE
