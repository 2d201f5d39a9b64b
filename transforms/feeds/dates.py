"""Dates of feed items: strict, because a wrong date is worse than none."""

import dataclasses
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TypeVar

from schemas.identity import parse_instant
from schemas.records import Article, FeedEntry
from transforms.feeds.date_words import fold_word, load_date_words
from transforms.util.text import one_line

Dated = TypeVar("Dated", FeedEntry, Article)

_MAX_RAW_CHARACTERS = 100
_MAX_AHEAD = timedelta(hours=48)  # a feed's clock and offset may be wrong, but not by more than this
SUSPECT_FLAG = "date_suspect"
"""The item states a date that is not credible; its text is kept in ``published_raw``."""
AHEAD_FLAG = "date_ahead"
"""The date is suspect only because it lies in the future of our clock, which nothing confirms. A later run
decides again."""
_MIN_OFFSET, _MAX_OFFSET = timedelta(hours=-12), timedelta(hours=14)
_MIN_YEAR = 2000
_EARLIEST_ZONE = timedelta(hours=14)  # a day begins there first
_COMPACT_DAY = re.compile(r"(20[0-9]{2})([0-9]{2})([0-9]{2})")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?(?=Z|[+-])")
_TIME = re.compile(
    r"(?<![\d:.+-])(\d{1,2}):(\d\d)(?::(\d{1,2})(?:[.,](\d{1,9}))?)?(?![\d:])\s*(?:([ap])\.?m\b\.?)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"\s*(?:GMT|UTC|UT|Z)?\s?([+-])(\d\d?)(?::?(\d\d))?(?![\d:])", re.IGNORECASE)
_ZONE_NAME = re.compile(r"\s*\(?([A-Za-z]{1,5})\)?(?![\w])")
_COMMENT = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_DATE_PART = re.compile(r"\d+|[^\s\d.,;:/|()+،、-]+")


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

    A date is credible if ``parse_date`` can read it and it is at most 48 hours later than ``seen_at``. A day
    without a time is credible once it has begun somewhere.
    feedparser's own dates are not used: it reads ``-0001-01-01`` as a date of this century. A relative date
    such as "tomorrow" is never resolved.

    Args:
        raw: the text, not empty.
        seen_at: when the feed was fetched, ISO 8601; None: no date is too late.
    """
    moment, seen = parse_date(raw), parse_instant(seen_at)
    most_ahead = _EARLIEST_ZONE if is_day_text(raw) else _MAX_AHEAD
    is_ahead = moment is not None and seen is not None and moment - most_ahead > seen
    if moment is None or is_ahead:
        return ItemDate(raw=one_line(raw, _MAX_RAW_CHARACTERS) or "?", is_ahead=is_ahead)
    offset = moment.utcoffset() or timedelta()
    at = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return ItemDate(at, int(offset.total_seconds() // 60))


def is_day_text(raw: str) -> bool:
    """Return whether a date has no time of day."""
    text = one_line(raw, _MAX_RAW_CHARACTERS)
    return not _TIME.search(text) and not _COMPACT.match(text)


def confirms(server_time: str | None, seen_at: str | None) -> bool:
    """Return whether the clock of the feed's server agrees with ours. None: it did not say, so it does not.

    Where it does, a date in the future is the feed's own mistake, and no later run believes it.
    """
    server, seen = parse_instant(server_time), parse_instant(seen_at)
    return server is not None and seen is not None and abs(server - seen) <= _MAX_AHEAD


def reread_date(record: Dated, seen_at: str | None) -> Dated:
    """Return a stored entry or article with the date that an earlier version of this program could not read.

    Args:
        record: the entry or article. One whose date is known, or cannot be read now either, is returned
            unchanged.
        seen_at: when its feed was fetched, ISO 8601; None: no date is too late.
    """
    if record.published_at is not None or not record.published_raw:
        return record
    date = read_item_date(record.published_raw, seen_at)
    if date.at is None:
        return record
    return dataclasses.replace(
        record,
        published_at=date.at,
        published_offset_minutes=date.offset_minutes,
        published_raw=None,
        flags=[flag for flag in record.flags if flag not in (SUSPECT_FLAG, AHEAD_FLAG)],
    )


def parse_date(raw: str) -> datetime | None:
    """Return the instant of a date, or None where it is not credible or could mean two instants.

    Read are RFC 3339, RFC 822 and what sites write in their place: names of months in many languages, the
    order of the United States, names of time zones. Credible are dates from the year 2000 on, with an offset
    from -12 to +14 hours. A time without an offset is not read. A day without a time is taken as its
    beginning in UTC; ``transforms.util.day_only`` tells that it is a day.
    """
    try:
        moment = _parse_instant(raw)
    except (ValueError, OverflowError):
        return None
    if moment is None or not _MIN_OFFSET <= (moment.utcoffset() or timedelta()) <= _MAX_OFFSET:
        return None
    try:
        return moment if moment.astimezone(UTC).year >= _MIN_YEAR else None
    except OverflowError:
        return None


def _parse_instant(raw: str) -> datetime | None:
    text = one_line(raw, _MAX_RAW_CHARACTERS).replace("\u2212", "-")
    if day := _COMPACT_DAY.fullmatch(text):
        text = "-".join(day.groups())
    if _COMPACT.match(text):
        text = _COMPACT.sub(lambda m: f"{m[1]}-{m[2]}-{m[3]}T{m[4]}:{m[5]}:{m[6] or '00'}", text, count=1)
    text = re.sub(r"(?<=\d)[Tt](?=\d)", " ", text)
    time = _TIME.search(text)
    if time is None:
        if not text.isascii() and not any(map(str.isalpha, text)):
            return None  # other digits go with other calendars, and numbers alone name none
        only_day = _parse_day(text)
        return datetime(*only_day, tzinfo=UTC) if only_day else None
    zone, rest = _split_zone(text[time.end() :])
    if zone is None:
        return None
    before = text[: time.start()]
    # The year may follow the zone, as in "Mon Nov 23 10:00:00 UTC 2026".
    day_of_year = _parse_day(f"{before} {rest}")
    if day_of_year is None:
        return None
    return datetime(*day_of_year, *_hour_and_minute(time), tzinfo=timezone(zone))


def _hour_and_minute(time: re.Match[str]) -> tuple[int, int, int, int]:
    """Return hour, minute, second and microsecond."""
    hour, half = int(time[1]), (time[5] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, int(time[2]), int(time[3] or 0), int((time[4] or "").ljust(6, "0")[:6])


def _split_zone(text: str) -> tuple[timedelta | None, str]:
    """Return the offset that a text begins with, and the rest of it. None: no offset, or more than one is
    meant.

    A comment such as "(EET)" says nothing beside a number. Alone it counts.
    """
    offset = _OFFSET.match(text)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        rest = _COMMENT.sub(" ", text[offset.end() :])
        name = _ZONE_NAME.match(rest)
        known = load_date_words().zones.get(name[1].upper()) if name else None
        if known is not None:
            rest = rest[name.end() :] if name else rest
        signed = -minutes if offset[1] == "-" else minutes
        is_contradicted = known is not None and known != signed
        is_valid = int(offset[3] or 0) < 60 and not is_contradicted
        return (timedelta(minutes=signed) if is_valid else None), rest
    name = _ZONE_NAME.match(text)
    known = load_date_words().zones.get(name[1].upper()) if name else None
    if name is None or known is None:
        return None, text
    return timedelta(minutes=known), _COMMENT.sub(" ", text[name.end() :])


def _parse_day(text: str) -> tuple[int, int, int] | None:
    """Return year, month and day of a text, or None where it holds anything else or could mean two days."""
    words = load_date_words()
    numbers: list[str] = []
    names: list[tuple[int, int]] = []  # the month, and how many numbers stand before it
    weekdays = 0
    parts = [part if part.isdecimal() else fold_word(part) for part in _DATE_PART.findall(text)]
    while parts:
        part = parts.pop(0)
        pair = f"{part} {parts[0]}" if parts else ""
        if part.isdecimal():
            numbers.append(part)
        elif pair in words.months:
            names.append((words.months[pair], len(numbers)))
            parts.pop(0)
        elif part in words.months and not (
            part in words.weekdays and not weekdays and not numbers and _has_month(parts)
        ):
            names.append((words.months[part], len(numbers)))
        elif pair in words.weekdays or part in words.weekdays:
            weekdays += 1
            if pair in words.weekdays:
                parts.pop(0)
        elif part not in words.fillers:
            return None
    if weekdays > 1 or len(names) > 1:
        return None
    return _order_of_name(numbers, *names[0]) if names else _order_of_numbers(numbers)


def _has_month(parts: list[str]) -> bool:
    return any(part in load_date_words().months for part in parts)


def _order_of_name(numbers: list[str], month: int, place: int) -> tuple[int, int, int] | None:
    """Return year, month and day, with the month by its name. ``place``: how many numbers stand before the
    name."""
    if len(numbers) != 2:
        return None
    first, second = numbers
    if len(second) == 4 and len(first) <= 2:
        return int(second), month, int(first)
    if len(first) == 4 and len(second) <= 2:
        return int(first), month, int(second)
    if len(second) == 2 and len(first) <= 2 and place == 1:  # RFC 822: "23 Nov 26"
        return 2000 + int(second), month, int(first)
    return None


def _order_of_numbers(numbers: list[str]) -> tuple[int, int, int] | None:
    """Return year, month and day of three numbers. "02/11/2026" could be two days."""
    if len(numbers) != 3:
        return None
    first, second, third = map(int, numbers)
    if len(numbers[0]) == 4:
        return first, second, third
    if len(numbers[2]) != 4:
        return None
    if first == second or first > 12 >= second:
        return third, second, first
    return (third, first, second) if second > 12 >= first else None
