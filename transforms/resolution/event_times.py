"""When in the day: whether two reports of a time mean one strike."""

import re
from collections.abc import Iterable

PARTS = {"night": (22, 30), "morning": (4, 12), "afternoon": (12, 18), "evening": (17, 23)}
"""Hours of each part of the day, from and until; from 24 on of the next day."""
_HOUR = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_NEAR_HOURS, _APART_HOURS, _PART_SLACK = 1.0, 3.0, 1.0
"""Two hours that differ by at most the first are one; by more than the second they are two strikes."""
ORDER = ("same_hour", "same_part", "open", "other_part", "apart")
"""All results of ``compare``, those that agree most first."""


def is_event_time(value: str) -> bool:
    """Return whether a value is an hour ("03:40") or a part of the day.

    >>> is_event_time("03:40"), is_event_time("night"), is_event_time("25:00")
    (True, True, False)
    """
    return value in PARTS or _HOUR.fullmatch(value) is not None


def compare(reported: str | None, known: Iterable[str]) -> str:
    """Return how a time stands to the times of a strike: the result that agrees most. ``open``: no two
    times, or two hours that are neither near nor far apart.

    >>> compare("03:40", ["night"]), compare("03:40", ["15:00"]), compare(None, ["night"])
    ('same_part', 'apart', 'open')
    """
    if reported is None:
        return "open"
    return min((_compare(reported, other) for other in known), key=ORDER.index, default="open")


def _compare(a: str, b: str) -> str:
    hours = [_hour(value) for value in (a, b)]
    if hours[0] is not None and hours[1] is not None:
        away = abs(hours[0] - hours[1])
        away = min(away, 24 - away)
        return "same_hour" if away <= _NEAR_HOURS else "open" if away <= _APART_HOURS else "apart"
    if hours[0] is None and hours[1] is None:
        return "same_part" if a == b else "other_part"
    hour, part = (hours[0], b) if hours[0] is not None else (hours[1], a)
    first, last = PARTS[part]
    assert hour is not None
    is_inside = any(first - _PART_SLACK <= h <= last + _PART_SLACK for h in (hour, hour + 24))
    return "same_part" if is_inside else "other_part"


def _hour(value: str) -> float | None:
    found = _HOUR.fullmatch(value)
    return int(found[1]) + int(found[2]) / 60 if found else None
