"""Expressions of time, and the intervals of local dates that they mean.

``find_times`` finds the expressions. ``resolve_time`` turns one into dates, once the local time of
publication at the place of the event is known. None of the libraries we tried does this for news: all fail on
a weekday equal to the day of publication, on "overnight into Saturday" and on "the night of 3-4 April".
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

from transforms.nlp.language import LanguagePack


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """An expression of time at characters ``[start, end)``.

    ``kind``: one of ``pack_keys.TIME_KINDS``; ``values``: its numbers (weekday, month, day, year, count), by
    kind.
    """

    start: int
    end: int
    kind: str
    values: tuple[int, ...] = ()
    role: str = "event"  # event, speech (when it was said) or update (when the toll changed)
    is_possessive: bool = False  # "Saturday's"


@dataclass(frozen=True, slots=True)
class Interval:
    """Local dates from ``start`` to ``end``, both included.

    ``precision``: 1 for a day or a night, 2 for up to a week, 3 for more.
    """

    start: dt.date
    end: dt.date
    precision: int

    def overlaps(self, other: "Interval") -> bool:
        """Return whether two intervals share a day."""
        return self.start <= other.end and other.start <= self.end


_DAY = dt.timedelta(days=1)
_NIGHT_END_HOUR = 5  # before this hour "tonight" means the night that is about to end
_SENTENCE_CHARS, _ROLE_CUE_CHARS, _SPEECH_CUE_CHARS = 200, 45, 30
"""How far before a time its sentence is read, and how far before and after it the cues of its role stand."""
_POSSESSIVE_CHARS = 4
_LAST_YEARS, _PAST_MONTH = -1, -2
"""Stand for the year of "May last year" and of "last May"."""


@cache
def _rules(pack: LanguagePack) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return (expression, kind) of each rule, for a text in lower case and without the leading word boundary.

    With IGNORECASE or a leading boundary, ``re`` cannot skip to the next possible first letter, and a search
    takes twice the time.
    """
    rules = (pack.patterns[f"times.rule_{number}"] for number in range(len(pack.times["rules"])))
    return tuple(
        (re.compile(rule.pattern.removeprefix(r"\b")), kind)
        for rule, (kind, _) in zip(rules, pack.times["rules"], strict=True)
    )


def _at_words(rule: re.Pattern[str], lowered: str) -> Iterator[re.Match[str]]:
    """Yield the matches of a rule that begin at the beginning of a word."""
    at = 0
    while match := rule.search(lowered, at):
        start = match.start()
        if start and (lowered[start - 1].isalnum() or lowered[start - 1] == "_"):
            at = start + 1
        else:
            yield match
            at = max(match.end(), start + 1)


def find_times(text: str, pack: LanguagePack) -> list[TimeExpression]:
    """Return the expressions of time of a text in text order.

    Where two overlap, the rule that stands first in the pack wins: the more specific one.
    """
    found: list[TimeExpression] = []
    taken = bytearray(len(text) + 1)
    lowered = text.lower()
    if len(lowered) != len(
        text
    ):  # a few letters become two in lower case, which would move the offsets: keep them
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    for rule, kind in _rules(pack):
        for match in _at_words(rule, lowered):
            if any(taken[match.start() : match.end()]):
                continue
            values = _values(kind, match, pack)
            if values is not None:
                taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
                role = _role(text, match.start(), match.end(), pack)
                after = text[match.end() : match.end() + _POSSESSIVE_CHARS]
                is_possessive = bool(pack.patterns["times.possessive"].match(after))
                found.append(TimeExpression(*match.span(), kind, values, role, is_possessive))
    return sorted(found, key=lambda t: t.start)


def _values(kind: str, match: re.Match[str], pack: LanguagePack) -> tuple[int, ...] | None:
    """Return the numbers of an expression, or None where they are no date."""
    got = {name: value.lower() for name, value in match.groupdict().items() if value}
    days = tuple(int(pack.times["weekdays"][got[name]]) for name in ("d", "d1", "d2") if name in got)
    if days:
        return days
    if kind == "fixed_feast":
        feast_month, feast_day = pack.times["fixed_feasts"][got["fixed"]]
        return int(feast_month), int(feast_day), 0
    if kind == "feast":
        return (int(pack.times["feasts"][got["feast"]]),)
    month = int(pack.times["months"][got["m"]]) if "m" in got else 0
    year = _LAST_YEARS if "last" in got else _PAST_MONTH if "past" in got else int(got.get("y", 0))
    number = next((int(got[n]) for n in ("n1", "n2") if n in got), 0)
    if "o" in got:
        number = int(pack.times["ordinals"][got["o"]])
    if kind in ("date_pair", "date_range"):
        return month, int(got["n1"]), int(got["n2"])
    if kind == "date":
        return (month, number, year) if 1 <= number <= 31 else None
    if kind == "day_of_month":
        return (number,) if 1 <= number <= 31 else None
    if kind == "year":
        return (year,)
    if kind == "month_part":
        return month, int(pack.times["month_parts"][got["part"]]), year
    if kind == "month":
        return month, year
    if "n" in got:
        count = got["n"]
        return (int(count) if count.isdigit() else int(pack.times["numbers"][count]),)
    return ()


def _role(text: str, start: int, end: int, pack: LanguagePack) -> str:
    """Return the role of a time: event, speech (when it was said) or update (when the toll changed)."""
    # a full stop after a single letter ends no sentence: "as of 9 a.m. on Saturday"
    sentence = re.split(r"(?<!\b\w)[.;\n]", text[max(0, start - _SENTENCE_CHARS) : start].lower())[-1]
    before = sentence[-_ROLE_CUE_CHARS:]
    patterns = pack.patterns
    if patterns["times.speech_before"].search(before):
        return "speech"
    if patterns["times.update_before"].search(before):
        return "update"
    if patterns["times.speech_after"].match(text[end : end + _SPEECH_CUE_CHARS].lower()):
        return "speech"  # "prosecutors on Monday revised the toll"
    # "died in hospital on Friday" gives the day of a death, "died on Friday when ..." that of the strike
    if patterns["times.death_before"].search(before) and patterns["times.wounded_before"].search(sentence):
        return "update"
    return "event"


def resolve_time(
    expression: TimeExpression, published: dt.datetime, anchor: Interval | None = None
) -> Interval | None:
    """Return the dates that an expression means, or None where it gives none.

    Dates later than the day after publication are not accepted; that day is, because time zones differ.

    Args:
        expression: the expression of time.
        published: time of publication in the time zone of the event's place.
        anchor: dates of the main incident, to which "two days earlier" refers.
    """
    day = published.date()
    interval = _absolute(expression, published, day) or _relative(expression, anchor)
    if interval is None or interval.start > day + _DAY:
        return None
    return interval


def _absolute(e: TimeExpression, published: dt.datetime, day: dt.date) -> Interval | None:
    """Return the dates of an expression that needs only the time of publication, or None."""
    v = e.values
    match e.kind:
        case "today":
            return Interval(day, day, 1)
        case "tonight":
            found = day - _DAY if published.hour < _NIGHT_END_HOUR else day
            return Interval(found, found, 1)
        case "yesterday":
            return Interval(day - _DAY, day - _DAY, 1)
        case "weekday":
            found = _latest(day, v[0])
            return Interval(found, found, 1)
        case "feast":
            found = _latest_feast(day, v[0])
            return Interval(found, found, 1)
        case "last_weekday":
            found = _latest(day - _DAY, v[0])
            return Interval(found, found, 1)
        case "overnight":
            return Interval(day - _DAY, day, 1)
        case "night_before_last":
            return Interval(day - 2 * _DAY, day - _DAY, 1)
        case "night_into":
            found = _latest(day, v[0])
            return Interval(found - _DAY, found, 1)
        case "weekday_pair":
            found = _latest(day, v[1])
            return Interval(found - _DAY, found, 1)
        case "weekday_range":
            found = _latest(day, v[1])
            return Interval(_latest(found, v[0]), found, 2)
        case "date_pair" | "date_range":
            first, last = _date(day, v[0], v[1], 0), _date(day, v[0], v[2], 0)
            precision = 1 if e.kind == "date_pair" else 2
            return Interval(first, last, precision) if first and last and first <= last else None
        case "date" | "fixed_feast":
            found_date = _date(day, *v)
            return Interval(found_date, found_date, 1) if found_date else None
        case "day_of_month":
            return _day_of_month(day, v[0])
        case "year":
            return Interval(dt.date(v[0], 1, 1), min(dt.date(v[0], 12, 31), max(day, dt.date(v[0], 1, 1))), 3)
        case "days_ago":
            found = day - v[0] * _DAY
            return Interval(found, found, 1)
        case "within_weeks":
            return Interval(day - (7 * v[0] - 1) * _DAY, day - _DAY, 3 if v[0] > 1 else 2)
        case "weeks_ago":
            found = day - 7 * v[0] * _DAY
            return Interval(found - 3 * _DAY, found + 3 * _DAY, 2)
        case "this_week":
            monday = day - day.weekday() * _DAY
            return Interval(monday, day, 2) if monday < day else Interval(day - 7 * _DAY, day, 2)
        case "weekend":
            saturday = _latest(day if day.weekday() == 6 else day - _DAY, 5)
            return Interval(saturday, saturday + _DAY, 2)
        case "last_week":
            monday = day - (day.weekday() + 7) * _DAY
            return Interval(monday, monday + 6 * _DAY, 2)
        case "last_month":
            last = day.replace(day=1) - _DAY
            return Interval(last.replace(day=1), last, 3)
        case "month" | "month_part":
            return _month(day, e)
    return None


def _relative(e: TimeExpression, anchor: Interval | None) -> Interval | None:
    """Return the dates of an expression that is relative to the main incident, or None."""
    if anchor is None:
        return None
    shift = {"same_day": 0, "day_before": -1, "day_after": 1}.get(e.kind)
    if e.kind == "days_before":
        shift = -e.values[0]
    if e.kind == "weeks_before":
        shift = -7 * e.values[0]
    if shift is None:
        return None
    return Interval(anchor.start + shift * _DAY, anchor.end + shift * _DAY, anchor.precision)


def _latest(day: dt.date, weekday: int) -> dt.date:
    """Return the last date with this weekday that is not after ``day``."""
    return day - ((day.weekday() - weekday) % 7) * _DAY


def _latest_feast(day: dt.date, offset: int) -> dt.date:
    """Return the last date of a feast that is not after ``day``, by the western or the orthodox Easter.

    ``offset``: days after Easter Sunday.
    """
    feasts: Iterator[dt.date] = (
        easter(year, method) + offset * _DAY
        for year in (day.year, day.year - 1)
        for method in (EASTER_WESTERN, EASTER_ORTHODOX)
    )
    return max(feast for feast in feasts if feast <= day)


def _date(day: dt.date, month: int, number: int, year: int) -> dt.date | None:
    """Return a date in the given year, or its last occurrence up to the day after ``day`` (time zones
    differ).

    ``year``: 0 where the text names none, ``_LAST_YEARS`` for last year.
    """
    try:
        if year > 0:
            return dt.date(year, month, number)
        found = dt.date(day.year, month, number)
        return found if found <= day + _DAY and year == 0 else dt.date(day.year - 1, month, number)
    except ValueError:
        return None


def _day_of_month(day: dt.date, number: int) -> Interval | None:
    """Return the last day with this number that is not after ``day``: "on the 13th"."""
    first = day.replace(day=1) if number <= day.day else day.replace(day=1) - _DAY
    try:
        found = first.replace(day=number)
    except ValueError:
        return None
    return Interval(found, found, 1)


def _month(day: dt.date, e: TimeExpression) -> Interval | None:
    """Return the dates of a month, or of a third of it ("early March")."""
    month, year = e.values[0], e.values[-1]
    if year == _PAST_MONTH:  # "last June" is the latest one that is over
        year = day.year if month < day.month else day.year - 1
    elif year <= 0:
        year = day.year - 1 if year < 0 or month > day.month else day.year
    first = dt.date(year, month, 1)
    last = (first + 32 * _DAY).replace(day=1) - _DAY
    if e.kind == "month_part":
        bounds = ((1, 10), (11, 20), (21, last.day))[e.values[1]]
        first, last = first.replace(day=bounds[0]), first.replace(day=bounds[1])
    return Interval(first, min(last, max(day, first)), 3)
