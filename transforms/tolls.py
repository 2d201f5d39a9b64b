"""The history of a toll: which of the figures told one after another stands. Pure, no Beam.

Counts normally grow, and outlets repeat old figures, so a later lower figure counts only where its own
words say that it corrects, or where two further sources follow it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.records import Report, TollStep

_CORRECTS = re.compile(
    r"\b(?:correct(?:ed|s|ing)|revis(?:ed|es|ing)|lower(?:ed|s|ing)|recount(?:ed)?|reduc(?:ed|ing)|"
    r"DNA|down from|downward|double[- ]counted)\b",
    re.IGNORECASE,
)
_FOLLOWERS = 2


@dataclass(frozen=True, slots=True)
class Range:
    """A figure as told: low, best, high; high None is open."""

    low: int
    best: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class _Told:
    report: Report
    killed: Range | None
    injured: Range | None


def toll_history(the_incident_id: str, reports: Sequence[Report]) -> list[TollStep]:
    """Return the steps of an incident's toll in order of publication; the first step always exists.

    Args:
        the_incident_id: whose history it is.
        reports: all its reports, ordered by publication (unknown last), then by id.
    """
    told = [
        _Told(
            r,
            _range(r.fatalities_low, r.fatalities_best, r.fatalities_high),
            _range(r.injured_low, r.injured_best, r.injured_high),
        )
        for r in reports
    ]
    states: list[tuple[Report, Range | None, Range | None, int | None, int | None]] = []
    killed: Range | None = None
    injured: Range | None = None
    child_killed: int | None = None
    child_injured: int | None = None
    for i, item in enumerate(told):
        followers = told[i + 1 :]
        killed = _next(killed, item.killed, item.report, [f.killed for f in followers], "fatalities_low")
        injured = _next(injured, item.injured, item.report, [f.injured for f in followers], "injured_low")
        child_killed = _children(child_killed, item.report.child_fatalities, killed)
        child_injured = _children(child_injured, item.report.child_injured, injured)
        state = (item.report, killed, injured, child_killed, child_injured)
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


def _range(low: int | None, best: int | None, high: int | None) -> Range | None:
    if low is None and best is None and high is None:
        return None
    return Range(low if low is not None else 0, best, high)


def _next(
    now: Range | None,
    told: Range | None,
    report: Report,
    later: Sequence[Range | None],
    field: str,
) -> Range | None:
    """Return the figure that stands after a report."""
    if told is None or now is None or told == now:
        return told if now is None else now
    if told.low > now.low:
        return told
    if told.low == now.low:
        # "18" after "at least 18" closes the range; "at least 18" after "18" narrows nothing.
        return told if now.high is None and told.high is not None else now
    if told.high is None and told.best is None:
        return now  # "dozens", long after "43"
    if any(e.field == field and _CORRECTS.search(e.text) for e in report.evidence):
        return told
    if not report.is_main or told.high is None:
        return now
    following = [f for f in later if f is not None]
    agreeing = [f for f in following[:_FOLLOWERS] if f.low <= told.low]
    return told if len(agreeing) == _FOLLOWERS else now


def _children(now: int | None, told: int | None, total: Range | None) -> int | None:
    """Children named later count where they are not fewer and fit the total."""
    best = now if told is None else told if now is None else max(now, told)
    if best is not None and total is not None and total.high is not None and best > total.high:
        return total.high if now is None else min(now, total.high)
    return best
