"""When a page says that it was changed: in its metadata, or in a line.

Such a line is "Last updated: 24 Nov 2026 14:20 GMT". A wrong time is worse than none. So a time counts only
with an offset from UTC, with ``GMT``, ``UTC`` or ``Z``, or with the offset of the feed's own dates. An offset
of zero in a feed is no such zone, because many feeds convert their dates to GMT while their pages show local
time.
"""

import calendar
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone

from lxml.html import HtmlElement

_META_NAMES = (
    "article:modified_time",
    "og:updated_time",
    "article:modified",
    "last-modified",
    "dcterms.modified",
)
_MODIFIED = re.compile(r'"dateModified"\s*:\s*"([^"\\]{8,40})"')
_MAX_LINES, _MAX_LINE_CHARACTERS = 400, 90
_LINE = re.compile(r"(?:last )?(?:updated|modified)(?: on| at)?\s*:?\s*(?P<said>\d.*|[A-Z].*)", re.I)
_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_ZONE = r"(?:\s*\(?(?P<zone>Z|GMT|UTC|[+-]\d\d:?\d\d)\)?)?"
_CLOCK = rf"(?P<hour>\d{{1,2}})[:.](?P<minute>\d\d)(?::\d\d(?:\.\d+)?)?(?:\s*(?P<half>[ap])\.?m\.?)?{_ZONE}"
_FORMS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)[T ,]+{_CLOCK}",
        rf"(?P<day>\d{{1,2}})\s+(?P<name>[a-z]{{3,9}})\.?,?\s+(?P<year>\d{{4}}),?(?:\s+at)?\s+{_CLOCK}",
        rf"(?P<name>[a-z]{{3,9}})\.?\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}}),?(?:\s+at)?\s+{_CLOCK}",
        rf"{_CLOCK}",
    )
)
_MAX_AHEAD = timedelta(hours=48)


def find_stated_times(tree: HtmlElement, linked_data: Iterable[str]) -> tuple[str, ...]:
    """Return what a page says of its last change, as written: its metadata first, then its visible lines."""
    found = [match for text in linked_data for match in _MODIFIED.findall(text)[:1]]
    for meta in tree.iter("meta"):
        if (meta.get("property") or meta.get("name") or "").strip().lower() in _META_NAMES:
            found.append(str(meta.get("content") or "").strip())
    lines = (" ".join(text.split()) for text in tree.itertext() if text and text.strip())
    for _, line in zip(range(_MAX_LINES), lines, strict=False):
        match = _LINE.fullmatch(line) if len(line) <= _MAX_LINE_CHARACTERS else None
        if match:
            found.append(match["said"])
    return tuple(dict.fromkeys(text for text in found if text))


def read_stated_time(
    stated: Iterable[str], published: datetime | None, offset_minutes: int | None, fetched: datetime
) -> str | None:
    """Return the first credible time of the last change as ISO 8601 in UTC, or None.

    Args:
        stated: what the page says, as written.
        published: the publication time. A change before it is not credible.
        offset_minutes: the offset from UTC of the feed's dates, if known.
        fetched: when the page was fetched. A change more than 48 hours later is not credible.
    """
    zone = timezone(timedelta(minutes=offset_minutes)) if offset_minutes else None
    for text in stated:
        moment = _read(text, published, zone)
        if moment is None or moment > fetched + _MAX_AHEAD or (published is not None and moment < published):
            continue
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return None


def _read(text: str, published: datetime | None, feed_zone: timezone | None) -> datetime | None:
    match = next(filter(None, (form.fullmatch(text.strip()) for form in _FORMS)), None)
    if match is None:
        return None
    parts = match.groupdict()
    zone = _zone_of(parts["zone"]) if parts["zone"] else feed_zone
    if zone is None:
        return None
    try:
        clock = time(_hour_of(parts), int(parts["minute"]))
        if "year" in parts:
            month = int(parts["month"]) if "month" in parts else _MONTHS[parts["name"].lower()]
            return datetime.combine(date(int(parts["year"]), month, int(parts["day"])), clock, zone)
        if published is None:
            return None
        # "Updated 14:20" names no day: it is the first such hour after the publication.
        same_day = datetime.combine(published.astimezone(zone).date(), clock, zone)
        return same_day if same_day >= published else same_day + timedelta(days=1)
    except (ValueError, KeyError, OverflowError):
        return None


def _hour_of(parts: dict[str, str | None]) -> int:
    hour, half = int(parts["hour"] or 0), parts["half"]
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("no hour of half a day")
    return hour % 12 + (12 if half.lower() == "p" else 0)


def _zone_of(written: str) -> timezone | None:
    if written.upper() in ("Z", "GMT", "UTC"):
        return UTC
    digits = written[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if written[0] == "-" else offset) if offset <= timedelta(hours=14) else None
