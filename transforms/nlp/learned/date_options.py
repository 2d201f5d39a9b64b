"""The dates that an article offers for its strikes: one option for each span of dates that its text states."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from dateutil.relativedelta import relativedelta

from transforms.nlp.blocks import Sentence
from transforms.nlp.dates_of_times import other_readings, resolve_time
from transforms.nlp.findings import Findings
from transforms.nlp.times import Interval, TimeExpression

_DAY = dt.timedelta(days=1)
_RELATIVE = frozenset(
    {
        "same_day",
        "day_before",
        "day_after",
        "days_before",
        "weeks_before",
        "days_after",
        "days_later",
        "weeks_later",
    }
)
_WITHOUT_YEAR = {
    "date": 2,
    "month": 1,
    "month_part": 2,
    "month_span": 3,
    "date_pair": 3,
    "date_range": 3,
    "weekday_of_month": 3,
}
"""The kinds that may name a year, and where their values have it: 0 where the text names none."""
_EARLIEST_YEAR = 1900
_DATES = frozenset({"date", "numeric_date", "date_pair", "date_range"})
_DAYS_OF_NEWS = frozenset({"weekday", "last_weekday", "date", "numeric_date", "today", "yesterday"})
_WEEK_DAYS = 7
_LONG_PAST_DAYS = 10
"""A text on a day that is longer past is a record of it, no news."""
_MOST_GIVEN = 8
"""So many dates before a weekday may be its own: a list of thousands would take the square of its length."""
_HEAD_CHARS, _OPENING_CHARS = 300, 30
"""A date in the first so many characters of a text, and so near to the beginning of its line, is that of what it tells."""
_JOINED_CHARS = 8
"""So few characters stand between a date and its weekday where the parse parts them: "07/19/2009: On Sunday"."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A time of the text with the dates that it means.

    ``is_anchored``: the dates follow from another time of the text ("two days earlier"; "24 July", where the
    text has named a year before).
    """

    time: TimeExpression
    interval: Interval
    is_anchored: bool = False


@dataclass(frozen=True, slots=True)
class DateOption:
    """One span of dates, with all times that state it.

    ``stated`` is empty for the option that the article is news and says no date: the day of publication and
    the day before.
    """

    interval: Interval
    stated: tuple[Stated, ...]

    @property
    def is_publication(self) -> bool:
        """Return whether the option stands for news without a date."""
        return not self.stated


def date_options(findings: Findings, published: dt.datetime | None) -> list[DateOption]:
    """Return the options of a document: those that the text states, by first mention, then the publication.

    Args:
        findings: with the times of the document.
        published: local time of publication at the place; without it there are no options.
    """
    if published is None:
        return []
    found: dict[tuple[dt.date, dt.date], list[Stated]] = {}
    for stated in _stated(findings, published):
        found.setdefault((stated.interval.start, stated.interval.end), []).append(stated)
    options = [DateOption(group[0].interval, tuple(group)) for group in found.values()]
    if options and all(s.time in findings.days_after for o in options for s in o.stated):
        return options  # the text has the day of its strike, and that of its news
    return [*options, DateOption(publication(published), ())]


def publication(published: dt.datetime) -> Interval:
    """Return the dates of news that states none: the day of publication and the day before."""
    day = published.date()
    return Interval(day - _DAY, day, 2)


def _stated(findings: Findings, published: dt.datetime) -> list[Stated]:
    """Return every reading of every time, in text order."""
    day = Interval(published.date(), published.date(), 1)
    head = _day_of_head(findings, published)
    result: list[Stated] = []
    before: Interval | None = None  # the last dates that the text stated: "two days earlier" refers to them
    of_year: TimeExpression | None = None  # the last time that named a year
    given: list[
        tuple[TimeExpression, list[Interval]]
    ] = []  # the dates that the text stated, with their readings
    first: Interval | None = None  # the first day that the text stated: of "this day in history"
    is_headed = False  # whether the headline stated it
    last: Interval | None = (
        None  # the last dates, also of a death: "died on Thursday, two days after the blast"
    )
    anniversaries = (t for t in findings.times if t.kind == "anniversary")
    marked = {t for t in islice(anniversaries, _MOST_GIVEN) if not _is_apposed(t, findings)}
    remembered = {_sentence_of(t, findings.sentences) for t in marked}
    other_deeds = {
        other
        for time, day in findings.days_after.items()
        if _sentence_of(time, findings.sentences) == _sentence_of(day, findings.sentences)
        or not _counts_in_sentence(day, findings)
        for other in findings.times_in(day.start, time.start)
        if other == day
        or other.kind == "same_day"  # "on Monday, hours after a drone had hit it the night before"
    }
    for time in findings.times:
        readings: list[tuple[Interval | None, bool]] = []
        if time.kind in _RELATIVE:
            stated = [a for a in (before, last) if a is not None]
            days = [a for a in stated if a.precision == 1]  # "that day" is none of "in March"
            # "an hour later" is a day that the text told: of 99 such times, it was the day of publication for 3.
            # "The day before" may also follow from what was said: "announced on Tuesday that it struck the day before".
            anchors = days if time.kind == "same_day" and days else [before or day, day, *stated]
            readings += [(resolve_time(time, published, anchor), True) for anchor in anchors]
        else:
            readings.append((resolve_time(time, published), False))
            dated = _in_year(time, _year_of(of_year) if of_year is not None else None)
            in_year = resolve_time(dated, published) if dated is not None else None
            if in_year is not None and of_year is not None:
                has_its_year = _has_its_year(time, of_year, findings)
                readings = [(in_year, False)] if has_its_year else [*readings, (in_year, True)]
            of_year = time if _year_of(time) else of_year
        others = [a for a in (before, last, first if time.kind == "year_item" else day) if a is not None]
        readings += [(other, True) for other in other_readings(time, published, others)]
        if time.kind == "year_item" and first is not None and is_headed:
            readings = _of_that_day(readings, first)
        if time.kind == "weekday":
            told_day = _told_day(time, given, findings)
            if told_day is None and head is not None and head.start.weekday() == time.values[0]:
                told_day = head
            readings = [(told_day, False)] if told_day is not None else readings
        readings = _before_other_deed(time, readings, findings, published)
        if time.kind == "anniversary":
            readings = _of_anniversary(time, findings, published) if time in marked else []
        elif time.role == "update" and _sentence_of(time, findings.sentences) in remembered:
            readings = []  # the day on which an old strike was remembered
        if time.kind in _DATES:
            given.append((time, [i for i, _ in readings if i is not None]))
        seen = set()
        for interval, is_anchored in () if time in other_deeds else readings:
            if interval is not None and (interval.start, interval.end) not in seen:
                seen.add((interval.start, interval.end))
                result.append(Stated(time, interval, is_anchored))
        main = readings[0][0] if readings else None
        if time.role == "event" and time.kind not in _RELATIVE and main is not None:
            before = main
        last = main or last
        if first is None and time.kind == "date":
            first, is_headed = last, time.start < findings.title_end
    return result


def _before_other_deed(
    time: TimeExpression,
    readings: list[tuple[Interval | None, bool]],
    findings: Findings,
    published: dt.datetime,
) -> list[tuple[Interval | None, bool]]:
    """Return the readings of a time that stands beside the later day of another deed.

    "Visited on Friday, two days after a bomb hit" is of no other day, and "left on Tuesday after Sunday's shelling" of no
    later Sunday.
    """
    after = findings.days_after.get(time)
    day = resolve_time(after, published) if after is not None else None
    if day is None:
        return readings
    if time.kind in _RELATIVE:
        return [(resolve_time(time, published, day), True)]
    if time.kind not in ("weekday", "last_weekday"):
        return readings
    week = _WEEK_DAYS * _DAY
    return [
        (
            Interval(i.start - week, i.end - week, i.precision)
            if i is not None and i.start > day.start
            else i,
            is_anchored,
        )
        for i, is_anchored in readings
    ]


def _counts_in_sentence(time: TimeExpression, findings: Findings) -> bool:
    """Return whether the sentence of a time may count victims: "On Sunday three workers were hurt. The day before, one fell in"."""
    here = _sentence_of(time, findings.sentences)
    return here is None or bool(findings.quantities_in(here.start, here.end))


def _day_of_head(findings: Findings, published: dt.datetime) -> Interval | None:
    """Return the day that the title, or the head of a text with its year, names, if it is long past when the text is published.

    Such a text is a record. "16.05.2020: Saturday" then means that Saturday, and no later one: of 24 annotated weekdays with such a
    date in the first 300 characters 16 are its day, and 2 are that of the latest such weekday.
    """
    for time in findings.times:
        if time.start > _HEAD_CHARS:
            return None
        is_in_title = time.start < findings.title_end
        if time.kind in ("date", "numeric_date") and (is_in_title or _year_of(time) is not None):
            told = resolve_time(time, published)
            is_past = told is not None and (published.date() - told.end).days > _LONG_PAST_DAYS
            is_day = told is not None and told.start == told.end
            is_head = is_in_title or _opens_line(time, findings)
            return told if is_past and is_day and is_head and not time.is_aside else None
    return None


def _opens_line(time: TimeExpression, findings: Findings) -> bool:
    """Return whether a time stands near the beginning of its line."""
    return time.start - (findings.text.rfind("\n", 0, time.start) + 1) <= _OPENING_CHARS


def _of_that_day(
    readings: Sequence[tuple[Interval | None, bool]], headed: Interval
) -> list[tuple[Interval | None, bool]]:
    """Return the readings of an item's year with the day that the headline names: "This day in history, July 22".

    Such a text is sent out days before. So it is for six of six annotated strikes.
    """
    day = headed.start.month, headed.start.day
    own = [r for r in readings if r[0] is not None and (r[0].start.month, r[0].start.day) == day]
    return own or list(readings)


def _told_day(
    weekday: TimeExpression, given: Sequence[tuple[TimeExpression, list[Interval]]], findings: Findings
) -> Interval | None:
    """Return the day that a weekday means by a date before it: in its sentence, or in a span of days in its paragraph.

    "11/13/2003: On Thursday, assailants fired a rocket" in a note that is published in March; "5 and 6 March 2016: two
    actions. On Saturday one ...". So it was for all of six annotated days of the first kind.
    """
    here = _sentence_of(weekday, findings.sentences)
    for date, readings in reversed(given[-_MOST_GIVEN:]):
        there = _sentence_of(date, findings.sentences)
        if here is None or there is None or here.paragraph != there.paragraph:
            return None
        for span in readings:
            days = (span.end - span.start).days
            is_near = weekday.start - date.end <= _JOINED_CHARS and _opens_line(date, findings)
            is_joined = (here == there or is_near) and not date.is_aside
            if not 0 <= days < _WEEK_DAYS or not (days or is_joined):
                continue
            day = span.start + (weekday.values[0] - span.start.weekday()) % _WEEK_DAYS * _DAY
            if day <= span.end:
                return Interval(day, day, 1)
    return None


def _is_apposed(time: TimeExpression, findings: Findings) -> bool:
    """Return whether an anniversary stands behind its day and a comma: "On Friday, the first anniversary of the coup, a bomb"."""
    return findings.text[max(0, time.start - _JOINED_CHARS) : time.start].removesuffix("the ").endswith(", ")


def _of_anniversary(
    time: TimeExpression, findings: Findings, published: dt.datetime
) -> list[tuple[Interval | None, bool]]:
    """Return the days that "the first anniversary" means: so many years before the day that its sentence names, else before news."""
    here = _sentence_of(time, findings.sentences)
    beside = findings.times_in(here.start, here.end)[:_MOST_GIVEN] if here is not None else ()
    days = [resolve_time(t, published) for t in beside if t.kind in _DAYS_OF_NEWS]
    found: list[tuple[Interval | None, bool]] = []
    for day in [d for d in days if d is not None and d.precision == 1] or [publication(published)]:
        years = relativedelta(years=time.values[0])
        found.append((Interval(day.start - years, day.end - years, day.precision), True))
    return found


def _has_its_year(time: TimeExpression, of_year: TimeExpression, findings: Findings) -> bool:
    """Return whether a time without a year has that named before: in its sentence, or at the head of its item.

    "2016, Syria. Two barrel bombs, on 3 February"; "bombed twice in 2017: on 16 May and on 23 May". So it was for all of
    twelve annotated dates. In a further sentence of running text the latest such day is meant for 56 of 60.
    """
    here, there = (_sentence_of(t, findings.sentences) for t in (time, of_year))
    if here is None or there is None:
        return False
    return here == there or (of_year.kind == "year_item" and here.paragraph == there.paragraph)


def _sentence_of(time: TimeExpression, sentences: Sequence[Sentence]) -> Sentence | None:
    number = bisect_right(sentences, time.start, key=lambda sentence: sentence.start) - 1
    return sentences[number] if number >= 0 and time.start < sentences[number].end else None


def _in_year(time: TimeExpression, year: int | None) -> TimeExpression | None:
    """Return a time without a year with the year that the text named before, or None."""
    at = _WITHOUT_YEAR.get(time.kind)
    if at is None or year is None or time.values[at] != 0:
        return None
    return replace(time, values=(*time.values[:at], year, *time.values[at + 1 :]))


def _year_of(time: TimeExpression) -> int | None:
    """Return the year that a time names, or None."""
    named = (
        time.values[-1]
        if time.kind in (*_WITHOUT_YEAR, "year", "year_item", "numeric_date", "season") and time.values
        else 0
    )
    return named if named >= _EARLIEST_YEAR else None
