"""Expressions of time in a text. ``dates_of_times`` says which dates they mean."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

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
    role: str = "event"  # event, speech (when it was said), update (when the toll changed) or dateline
    is_possessive: bool = False  # "Saturday's"
    is_aside: bool = False  # of something else: "born on 14 May 1968", "since 24 February 2022"


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


_SENTENCE_CHARS, _ROLE_CUE_CHARS, _SPEECH_CUE_CHARS = 200, 45, 30
"""How far before a time its sentence is read, and how far before and after it the cues of its role stand."""
_LATER_CHARS = 150
"""How far after a time the toll may stand that was given then, or the strike whose anniversary it was."""
_AFTERWARDS = (
    ("times.sentence_opened", "times.toll_told_after"),
    ("times.no_strike_before", "times.anniversary_after"),
)
"""What stands before and after the day on which a toll was given, or an old strike remembered."""
_DATELINE_CHARS = 60
"""A date in a dateline stands so near to the beginning of its line."""
_POSSESSIVE_CHARS, _ASIDE_CHARS = 4, 60
_WEEK_DAYS, _DAY_HOURS = 7, 24
_ALL = -1
"""Stands for the part of a month where a word names none: "earlier this month"."""
_WEEKDAY, _FEAST, _NIGHT, _DATES = (
    "weekday",
    "feast",
    "overnight",
    frozenset({"date", "numeric_date", "day_of_month"}),
)
LAST_YEARS, PAST_MONTH = -1, -2
"""Stand for the year of "May last year" and of "last May"."""
TOLD = 1
"""Stands behind a weekday that the text has told of before: "on the Tuesday", "the same Saturday"."""


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
                before = text[max(0, match.start() - _ASIDE_CHARS) : match.start()]
                is_aside = kind in _DATES and bool(pack.patterns["times.aside_before"].search(before))
                found.append(TimeExpression(*match.span(), kind, values, role, is_possessive, is_aside))
    return _with_weekdays_of_dates(sorted(found, key=lambda t: t.start), text, pack)


def _with_weekdays_of_dates(
    times: Sequence[TimeExpression], text: str, pack: LanguagePack
) -> list[TimeExpression]:
    """Return the expressions, a weekday or a night and its date as one: "on Thursday, 11 July 2024".

    By itself the weekday would be that of the last week before publication, and the night the last one. A note that
    is published later then had two dates on offer, and the wrong one was often taken.
    """
    found: list[TimeExpression] = []
    for time in times:
        last = found[-1] if found else None
        if last is None or not _is_one_day(last, time, text, pack):
            found.append(time)
            continue
        date = last if last.kind in _DATES else time
        role = _role(text, last.start, time.end, pack)
        found[-1] = replace(date, start=last.start, end=time.end, role=role, is_possessive=time.is_possessive)
    return found


def _is_one_day(one: TimeExpression, other: TimeExpression, text: str, pack: LanguagePack) -> bool:
    """Return whether one is a weekday or a night, the other its date, with nothing but a joint between them."""
    between = text[one.end : other.start].lower()
    if one.kind == _NIGHT and (other.kind in _DATES or other.kind == _WEEKDAY):
        return bool(pack.patterns["times.night_of_date"].fullmatch(between))
    if one.kind == _WEEKDAY and other.kind in _DATES:
        return bool(pack.patterns["times.weekday_before_date"].fullmatch(between))
    if one.kind in _DATES and other.kind in (_WEEKDAY, _FEAST):  # "on 9 April 2023 (Easter Sunday)"
        return bool(pack.patterns["times.weekday_after_date"].fullmatch(between))
    return False


def _values(kind: str, match: re.Match[str], pack: LanguagePack) -> tuple[int, ...] | None:
    """Return the numbers of an expression, or None where they are no date."""
    # an expression of two branches has the second one's groups with a number behind the name
    got = {name: value.lower() for name, value in match.groupdict().items() if value}
    days = tuple(int(pack.times["weekdays"][got[name]]) for name in ("d", "d1", "d2") if name in got)
    if kind == "weekday" and "told" in got:
        return (*days, TOLD)
    if days and kind != "weekday_of_month":
        return days
    if kind == "fixed_feast":
        feast_month, feast_day = pack.times["fixed_feasts"][got["fixed"]]
        return int(feast_month), int(feast_day), 0
    if kind == "feast":
        return (int(pack.times["feasts"][got["feast"]]),)
    month = int(pack.times["months"][got["m"]]) if "m" in got else 0
    year = LAST_YEARS if "last" in got else PAST_MONTH if "past" in got else int(got.get("y", 0))
    number = next((int(got[n]) for n in ("n1", "n2") if n in got), 0)
    if "o" in got:
        number = int(pack.times["ordinals"][got["o"]])
    if "a" in got:  # a month and a day in digits
        month, number = int(got["a"]), int(got["b"])
    if kind in ("date_pair", "date_range"):
        return month, int(got["n1"]), int(got["n2"]), year
    if kind == "weekday_of_month":
        nth = 0 if got["nth"] == "last" else int(pack.times["ordinals"][got["nth"]])
        return nth, *days, month, year
    if kind == "season":
        first, last = pack.times["seasons"][got.get("season") or got["season2"]]
        return int(first), int(last), year
    if kind in ("date", "numeric_date"):
        return (month, number, year) if 1 <= number <= 31 else None
    if kind == "day_of_month":
        return (number,) if 1 <= number <= 31 else None
    if kind in ("year", "year_item"):
        return (year,)
    if kind == "anniversary" and "o" in got:
        return (number,)
    if kind == "month_part":
        return month, int(pack.times["month_parts"][got["part"]]), year
    if kind == "month_span":
        first, last = pack.times["month_spans"][got["span"]]
        return month, int(first), int(last), year
    if kind == "this_month":
        return (int(pack.times["month_parts"].get(got["part"], _ALL)),)
    if kind == "month":
        return month, year
    weeks = got.get("weeks") or got.get("weeks2")
    count = weeks or got.get("n") or got.get("n3")
    if "hours" in got:
        return (int(got["hours"]) // _DAY_HOURS,)
    if count is None:
        return ()
    number = int(count) if count.isdigit() else int(pack.times["numbers"][count])
    return (number * _WEEK_DAYS if weeks else number,)


def _role(text: str, start: int, end: int, pack: LanguagePack) -> str:
    """Return the role of a time, as ``TimeExpression`` lists them."""
    if _is_in_dateline(text, start, end, pack):
        return "dateline"
    # a full stop after a single letter ends no sentence: "as of 9 a.m. on Saturday"
    sentence = re.split(r"(?<!\b\w)[.;\n]", text[max(0, start - _SENTENCE_CHARS) : start].lower())[-1]
    before = sentence[-_ROLE_CUE_CHARS:]
    patterns = pack.patterns
    if patterns["times.speech_before"].search(before):
        return "speech"
    if patterns["times.update_before"].search(before) or patterns["times.aftermath_before"].search(sentence):
        return "update"
    if patterns["times.speech_after"].match(text[end : end + _SPEECH_CUE_CHARS].lower()):
        return "speech"  # "prosecutors on Monday revised the toll"
    after = text[end : end + _LATER_CHARS].lower()
    for told_before, told_after in _AFTERWARDS:
        if patterns[told_before].match(sentence) and patterns[told_after].match(after):
            return "update"
    # "died in hospital on Friday" gives the day of a death, "died on Friday when ..." that of the strike
    if patterns["times.death_before"].search(before) and patterns["times.wounded_before"].search(sentence):
        return "update"
    return "event"


def _is_in_dateline(text: str, start: int, end: int, pack: LanguagePack) -> bool:
    """Return whether a time says when the article was written: "PORT SUDAN, Sept 27 - Shells fell on Omdurman on
    Thursday"."""
    line = text.rfind("\n", max(0, start - _DATELINE_CHARS), start) + 1
    if not line and start > _DATELINE_CHARS:
        return False
    before, after = text[line:start], text[end : end + _DATELINE_CHARS]
    patterns = pack.patterns
    return any(
        patterns[f"times.{name}_before"].match(before) and patterns[f"times.{name}_after"].match(after)
        for name in ("dateline", "named_dateline")
    )
