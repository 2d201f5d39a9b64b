"""The intervals of local dates that expressions of time mean.

The local time of publication at the place of the event must be known. None of the libraries we tried does this for
news: all fail on a weekday equal to the day of publication, on "overnight into Saturday" and on "the night of
3-4 April".
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter
from dateutil.relativedelta import relativedelta

from transforms.nlp.times import LAST_YEARS, PAST_MONTH, TOLD, Interval, TimeExpression

_DAY = dt.timedelta(days=1)
_HALF_WEEK = 3 * _DAY
_WEEK_DAYS = 7
_THIRDS = ((1, 10), (11, 20), (21, 0))
"""First and last day of the thirds of a month; 0 for its end."""
_NIGHT_END_HOUR = 5  # before this hour "tonight" means the night that is about to end


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


def other_readings(e: TimeExpression, published: dt.datetime, anchors: Sequence[Interval]) -> list[Interval]:
    """Return what an expression may mean beside what ``resolve_time`` says.

    Args:
        e: the expression.
        published: time of publication in the time zone of the event's place.
        anchors: dates that the text has stated before.
    """
    day, v = published.date(), e.values
    found: list[Interval | None] = []
    if e.kind == "numeric_date":  # 04/03/2025 is the fourth of March outside America
        found.append(_absolute(replace(e, kind="date", values=(v[1], v[0], v[2])), published, day))
    elif e.kind == "last_weekday":  # on a Thursday, "last Monday" is three days ago, or ten
        latest = resolve_time(e, published)
        found += [_shifted(latest, -7)] if latest is not None else []
        found += [Interval(before, before, 1) for a in anchors for before in [_latest(a.start - _DAY, v[0])]]
    elif e.kind == "weekday" and v[1:] == (TOLD,):  # "on 13 May 2021 ... at Netivot on the Tuesday"
        nearest = [_latest(a.start + _HALF_WEEK, v[0]) for a in anchors]
        found += [Interval(near, near, 1) for near in nearest]
    elif e.kind == "day_of_month":  # "on 2 March 2024 ... on the 4th"
        same_month = [_date(day, a.start.month, v[0], a.start.year) for a in anchors if a.precision == 1]
        found += [Interval(date, date, 1) for date in same_month if date is not None]
    elif e.kind == "days_after":  # "two days after that strike, another missile fell"
        found += [_shifted(anchor, shift) for anchor in anchors for shift in (-v[0], v[0])]
    elif e.kind == "year_item":  # "This day in history. 1937 - Aircraft bomb Guernica"
        same_days = [day, *(a.start for a in anchors if a.start == a.end)]
        dates = [_date(day, same.month, same.day, v[0]) for same in same_days]
        found += [Interval(date, date, 1) for date in dates if date is not None]
    return [interval for interval in found if interval is not None and interval.start <= day + _DAY]


def _shifted(interval: Interval, days: int) -> Interval:
    return Interval(interval.start + days * _DAY, interval.end + days * _DAY, interval.precision)


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
        case "day_before_yesterday" | "week_ago_today":
            found = day - (2 if e.kind == "day_before_yesterday" else 7) * _DAY
            return Interval(found, found, 1)
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
            first, last = _date(day, v[0], v[1], v[3]), _date(day, v[0], v[2], v[3])
            precision = 1 if e.kind == "date_pair" else 2
            return Interval(first, last, precision) if first and last and first <= last else None
        case "date" | "numeric_date" | "fixed_feast":
            found_date = _date(day, *v)
            return Interval(found_date, found_date, 1) if found_date else None
        case "day_of_month":
            return _day_of_month(day, v[0])
        case "weekday_of_month":
            return _weekday_of_month(day, *v)
        case "season":
            return _season(day, *v)
        case "years_ago_today":
            found_date = _date(day, day.month, day.day, day.year - v[0])
            return Interval(found_date, found_date, 1) if found_date else None
        case "weekday_before_last":
            found = _latest(day, v[0]) - 7 * _DAY
            return Interval(found, found, 1)
        case "weekday_of_last_week":
            found = day + (v[0] - day.weekday() - 7) * _DAY
            return Interval(found, found, 1)
        case "year" | "year_item":
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
        case "month" | "month_part" | "month_span":
            return _month(day, e)
    return _long_ago(e.kind, v, day)


def _long_ago(kind: str, v: Sequence[int], day: dt.date) -> Interval | None:
    """Return the dates of an expression that counts months or years back from the publication, or None."""
    match kind:
        case "this_month":
            first, last = _THIRDS[v[0]] if v[0] >= 0 else (1, day.day)
            start, end = day.replace(day=min(first, day.day)), day.replace(day=min(last or day.day, day.day))
            return Interval(start, end, 3)
        case "week_before_last":
            monday = day - (day.weekday() + 14) * _DAY
            return Interval(monday, monday + 6 * _DAY, 2)
        case "months_ago":
            found = day - relativedelta(months=v[0])
            if v[0] == 1:
                return Interval(found - _HALF_WEEK, found + _HALF_WEEK, 2)
            last_day = found + relativedelta(day=31)
            return Interval(found.replace(day=1), last_day, 3)
        case "this_year":
            return Interval(dt.date(day.year, 1, 1), day, 3)
        case "last_year" | "years_ago":
            year = max(day.year - (v[0] if v else 1), 1)
            return Interval(dt.date(year, 1, 1), dt.date(year, 12, 31), 3)
    return None


def _relative(e: TimeExpression, anchor: Interval | None) -> Interval | None:
    """Return the dates of an expression that is relative to the main incident, or None."""
    if anchor is None:
        return None
    shift = {"same_day": 0, "day_before": -1, "day_after": 1}.get(e.kind)
    if e.kind in ("days_before", "days_after"):  # "it came two days after a missile hit Dnipro"
        shift = -e.values[0]
    if e.kind == "days_later":
        shift = e.values[0]
    if e.kind in ("weeks_before", "weeks_later"):
        shift = (-7 if e.kind == "weeks_before" else 7) * e.values[0]
    if shift is None:
        return None
    return _shifted(anchor, shift)


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

    ``year``: 0 where the text names none, ``LAST_YEARS`` for last year.
    """
    try:
        if year > 0:
            return dt.date(year, month, number)
        found = dt.date(day.year, month, number)
        return found if found <= day + _DAY and year == 0 else dt.date(day.year - 1, month, number)
    except ValueError:
        return None


def _weekday_of_month(day: dt.date, nth: int, weekday: int, month: int, year: int) -> Interval | None:
    """Return "the first Friday of May"; the last one where ``nth`` is 0."""
    first = _date(day, month, 1, year)
    if first is None:
        return None
    found = first + ((weekday - first.weekday()) % 7 + 7 * (nth - 1)) * _DAY
    if nth == 0:
        found = _latest((first + 32 * _DAY).replace(day=1) - _DAY, weekday)
    if year == 0 and found > day + _DAY:
        return _weekday_of_month(day, nth, weekday, month, first.year - 1)
    return Interval(found, found, 1)


def _season(day: dt.date, first: int, last: int, year: int) -> Interval | None:
    """Return the months of a season; the latest one that is over where no year is named."""
    if year == LAST_YEARS:
        year = day.year - 1
    elif year == 0:
        year = day.year if first <= last < day.month else day.year - 1
    end_year = year if first <= last else year + 1
    begin = dt.date(year, first, 1)
    end = (dt.date(end_year, last, 1) + 32 * _DAY).replace(day=1) - _DAY
    return Interval(begin, min(end, max(day, begin)), 3)


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
    if year == PAST_MONTH:  # "last June" is the latest one that is over
        year = day.year if month < day.month else day.year - 1
    elif year <= 0:
        year = day.year - 1 if year < 0 or month > day.month else day.year
    first = dt.date(year, month, 1)
    last = (first + 32 * _DAY).replace(day=1) - _DAY
    precision = 3
    if e.kind == "month_part":
        begin, end = _THIRDS[e.values[1]]
        first, last = first.replace(day=begin), first.replace(day=end or last.day)
    elif e.kind == "month_span":
        begin, end = (n if n > 0 else last.day + 1 + n for n in e.values[1:3])
        first, last = first.replace(day=begin), first.replace(day=end)
        precision = 2 if (last - first).days < _WEEK_DAYS else 3
    return Interval(first, min(last, max(day, first)), precision)
