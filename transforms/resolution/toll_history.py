"""The history of a toll: which of the figures told one after another stands. Pure, no Beam.

Counts normally grow, and outlets repeat old figures, so a later lower figure counts only where its own
words say that it corrects, where two further sources follow it, or where an article about the strike
gives it as exact half a day after the higher one was last told: by then the first guesses are no longer
repeated.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from schemas.identity import parse_instant
from schemas.records import Report, TollStep

_CORRECTS = re.compile(
    r"\b(?:correct(?:ed|s|ing)|revis(?:ed|es|ing)|lower(?:ed|s|ing)|recount(?:ed)?|reduc(?:ed|ing)|"
    r"DNA|down from|downward|double[- ]counted)\b",
    re.IGNORECASE,
)
_FOLLOWERS = 2
_SETTLED = dt.timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Range:
    """A figure as told: low, best, high; high None is open."""

    low: int
    best: int | None
    high: int | None


def toll_history(the_incident_id: str, reports: Sequence[Report]) -> list[TollStep]:
    """Return the steps of an incident's toll in order of publication; the first step always exists.

    Args:
        the_incident_id: whose history it is.
        reports: all its reports, ordered by publication (unknown last), then by id.
    """
    killed, injured = _Track("fatalities", reports), _Track("injured", reports)
    states: list[tuple[Report, Range | None, Range | None, int | None, int | None]] = []
    child_killed: int | None = None
    child_injured: int | None = None
    for n, report in enumerate(reports):
        killed.take(n)
        injured.take(n)
        child_killed = _children(child_killed, report.child_fatalities, killed.now)
        child_injured = _children(child_injured, report.child_injured, injured.now)
        state = (report, killed.now, injured.now, child_killed, child_injured)
        if not states or states[-1][1:] != state[1:]:
            states.append(state)
    return [
        TollStep(
            incident_id=the_incident_id,
            revision=n,
            valid_from=report.published_at,
            valid_to=states[n][0].published_at if n < len(states) else None,
            is_current=n == len(states),
            fatalities_low=k.low if k else None,
            fatalities_best=k.best if k else None,
            fatalities_high=k.high if k else None,
            injured_low=i.low if i else None,
            injured_best=i.best if i else None,
            injured_high=i.high if i else None,
            child_fatalities=ck,
            child_injured=ci,
            report_id=report.report_id,
        )
        for n, (report, k, i, ck, ci) in enumerate(states, start=1)
    ]


class _Track:
    """One figure of one incident as report after report tells it; ``now`` is the one that stands."""

    def __init__(self, name: str, reports: Sequence[Report]) -> None:
        self.now: Range | None = None
        self._name, self._reports = name, reports
        self._last_told: dt.datetime | None = None

    def take(self, n: int) -> None:
        """Hear the nth report."""
        report = self._reports[n]
        told = self._told(report)
        if told is None:
            return
        if self.now is None or told == self.now or self._replaces(told, n):
            self.now = told
            self._last_told = parse_instant(report.published_at)
        elif told.low == self.now.low:
            self._last_told = parse_instant(report.published_at)

    def _told(self, report: Report) -> Range | None:
        low, best, high = (getattr(report, f"{self._name}_{end}") for end in ("low", "best", "high"))
        if low is None and best is None and high is None:
            return None
        return Range(low if low is not None else 0, best, high)

    def _replaces(self, told: Range, n: int) -> bool:
        now, report = self.now, self._reports[n]
        assert now is not None
        if told.low > now.low:
            return True
        if told.low == now.low:
            # "18" after "at least 18" closes the range; "at least 18" after "18" narrows nothing.
            return now.high is None and told.high is not None
        if told.high is None and told.best is None:
            return False  # "dozens", long after "43"
        field = f"{self._name}_low"
        if any(e.field == field and _CORRECTS.search(e.text) for e in report.evidence):
            return True
        if not report.is_main or told.high is None:
            return False
        if told.low == told.high and self._is_settled(report):
            return True
        followers = list(islice(self._others(n), _FOLLOWERS))
        return len(followers) == _FOLLOWERS and all(f.low <= told.low for f in followers)

    def _is_settled(self, report: Report) -> bool:
        published = parse_instant(report.published_at)
        return bool(published and self._last_told and published - self._last_told >= _SETTLED)

    def _others(self, n: int) -> Iterator[Range]:
        """Yield the figures that other sources give after the nth report, one for each source."""
        heard = {_source(self._reports[n])}
        for report in islice(self._reports, n + 1, None):
            told = self._told(report)
            if told is not None and _source(report) not in heard:
                heard.add(_source(report))
                yield told


def _source(report: Report) -> str:
    return report.source_name or report.article_url


def _children(now: int | None, told: int | None, total: Range | None) -> int | None:
    """Children named later count where they are not fewer and fit the total."""
    best = now if told is None else told if now is None else max(now, told)
    if best is not None and total is not None and total.high is not None and best > total.high:
        return total.high if now is None else min(now, total.high)
    return best
