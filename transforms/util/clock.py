"""The clock. Only polling, waiting and the columns that say when we did something may ask it."""

import datetime as dt


def utc_now() -> str:
    """Return the present instant in UTC, in whole seconds."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
