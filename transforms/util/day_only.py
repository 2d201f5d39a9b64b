"""Publication times that say only a day.

Where a feed or page states ``2026-11-23``, the beginning of that day is stored, and many systems write
``2026-11-23T00:00:00`` themselves where they know no time. So an instant that is midnight where it was
written stands for its day, in any time zone.
"""

import datetime as dt

from schemas.identity import parse_instant


def stated_day(published_at: str | None, offset_minutes: int | None) -> dt.date | None:
    """Return the day that a publication time stands for, or None where it says more than a day, or nothing.

    Args:
        published_at: ISO 8601.
        offset_minutes: the offset from UTC that it was written in; None: its own.
    """
    instant = parse_instant(published_at)
    if instant is None:
        return None
    try:
        if offset_minutes is not None:
            instant = instant.astimezone(dt.timezone(dt.timedelta(minutes=offset_minutes)))
    except (OverflowError, ValueError):
        return None
    return instant.date() if instant.time() == dt.time() else None
