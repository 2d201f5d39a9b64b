"""Dates of feed items: strict, because a wrong date is worse than none."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from schemas.identity import parse_instant
from transforms.util.text import one_line

_MAX_RAW_CHARACTERS = 100
_MAX_AHEAD = timedelta(hours=48)  # a feed's clock and offset may be wrong, but not by more than this
SUSPECT_FLAG = "date_suspect"
"""The item states a date that is not credible; its text is kept in ``published_raw``."""
AHEAD_FLAG = "date_ahead"
"""The date is suspect only because it lies in the future of our clock, which nothing confirms. A later run
decides again."""
_MIN_OFFSET, _MAX_OFFSET = timedelta(hours=-12), timedelta(hours=14)
_MIN_YEAR = 2000
_RFC3339 = re.compile(
    r"^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)? ?(Z|[+-]\d\d:?\d\d)?)?$"
)
_RFC822 = re.compile(
    r"^(?:[A-Za-z]{3,9},? +)?\d{1,2} +[A-Za-z]{3,9}\.? +\d{2,4} +\d{1,2}:\d\d(?::\d\d)? +"
    r"(?:[A-Za-z]{1,5}|[+-]\d{4})$"
)
_YEAR_WITH_LEADING_ZERO = re.compile(r"\b0\d{3} ")


@dataclass(frozen=True, slots=True)
class ItemDate:
    """A date of an item.

    ``at``: the instant in UTC, ISO 8601, with ``offset_minutes``, the offset that it was written in. ``raw``:
    the text of a date that is not credible; the other two are null then. All three are null where there is no
    date. ``is_ahead``: it is not credible only because it is too far in the future.
    """

    at: str | None = None
    offset_minutes: int | None = None
    raw: str | None = None
    is_ahead: bool = False


def read_item_date(raw: str, seen_at: str | None) -> ItemDate:
    """Return the date that a text of an item states.

    A date is credible if ``parse_date`` can read it and it is at most 48 hours later than ``seen_at``.
    feedparser's own dates are not used: it reads ``-0001-01-01`` as a date of this century. A relative date
    such as "tomorrow" is never resolved.

    Args:
        raw: the text, not empty.
        seen_at: when the feed was fetched, ISO 8601; None: no date is too late.
    """
    moment, seen = parse_date(raw), parse_instant(seen_at)
    is_ahead = moment is not None and seen is not None and moment - _MAX_AHEAD > seen
    if moment is None or is_ahead:
        return ItemDate(raw=one_line(raw, _MAX_RAW_CHARACTERS) or "?", is_ahead=is_ahead)
    offset = moment.utcoffset() or timedelta()
    at = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return ItemDate(at, int(offset.total_seconds() // 60))


def confirms(server_time: str | None, seen_at: str | None) -> bool:
    """Return whether the clock of the feed's server agrees with ours. None: it did not say, so it does not.

    Where it does, a date in the future is the feed's own mistake, and no later run believes it.
    """
    server, seen = parse_instant(server_time), parse_instant(seen_at)
    return server is not None and seen is not None and abs(server - seen) <= _MAX_AHEAD


def parse_date(raw: str) -> datetime | None:
    """Return the instant of an RFC 3339 or RFC 822 date, or None where it is not credible.

    Credible are dates from the year 2000 on, with an offset from -12 to +14 hours. A date without an offset
    is taken as UTC.
    """
    try:
        moment = _parse_instant(raw)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment is None or not _MIN_OFFSET <= (moment.utcoffset() or timedelta()) <= _MAX_OFFSET:
        return None
    try:
        return moment if moment.astimezone(UTC).year >= _MIN_YEAR else None
    except OverflowError:
        return None


def _parse_instant(raw: str) -> datetime | None:
    if _RFC3339.match(raw):
        return parse_instant(raw.replace(" ", "T", 1).replace(" ", ""))
    if not _RFC822.match(raw):
        return None
    moment = parsedate_to_datetime(raw)
    if _YEAR_WITH_LEADING_ZERO.search(raw):  # parsedate_to_datetime reads the year 0001 as 2001
        return None
    # RFC 5322: "-0000" and an unknown zone name say that the offset is not known.
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
