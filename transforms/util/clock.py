"""The clock. Only polling, waiting and the columns that say when we did something may read it."""

import datetime as dt


def utc_now() -> str:
    """Return the present instant in UTC, ISO 8601 with whole seconds."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
