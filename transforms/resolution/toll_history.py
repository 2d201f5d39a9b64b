"""The history of an incident's toll: which of the figures that its reports give is the current one.

Tolls normally grow, and outlets repeat old figures. So a lower figure replaces a higher one in three cases:

- the words of its evidence say that it is a correction;
- an article about the strike gives it, and the next two sources give no higher figure;
- an article about the strike gives it as exact, half a day or more after the higher figure was last reported.
  By then, outlets have stopped repeating the first guesses.

An open figure ("at least 12") replaces a higher one only as a correction.

What came with a figure that was corrected goes with it: children and injured of reports that gave a higher
number of killed than the current one count no more. The injured stay where no other report gives any, unless
the correction more than halves the killed.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from schemas.identity import parse_instant
from schemas.records import Report, TollStep

CORRECTION_WORDS = re.compile(
    r"\b(?:correct(?:ed|s|ing)|revis(?:ed|es|ing)|lower(?:ed|s|ing)|recount(?:ed)?|reduc(?:ed|ing)|"
    r"DNA|down from|downward|double[- ]counted)\b",
    re.IGNORECASE,
)
"""Words of a correction. "DNA" is one: tests of remains lowered the count of dead more than once."""
CONFIRMING_SOURCES = 2
"""A lower figure counts when this many further sources give no higher one."""
OUTDATED_AFTER = dt.timedelta(hours=12)
"""A figure that no report has repeated for this long gives way to a lower exact one."""


@dataclass(frozen=True, slots=True)
class TollRange:
    """A number of people as reported. ``high`` is None where it is open, as in "at least 14"."""

    low: int
    best: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class _Toll:
    """The current figures of an incident after one of its reports."""

    killed: TollRange | None
    injured: TollRange | None
    child_fatalities: int | None
    child_injured: int | None


def toll_history(the_incident_id: str, reports: Sequence[Report]) -> list[TollStep]:
    """Return the steps of an incident's toll in order of publication. There is always a first step.

    Args:
        the_incident_id: the incident's id.
        reports: all its reports, ordered by publication (unknown last), then by id.
    """
    killed, injured = _CurrentFigure("fatalities", reports), _CurrentFigure("injured", reports)
    changes: list[tuple[Report, _Toll]] = []
    toll = _Toll(None, None, None, None)
    for position, report in enumerate(reports):
        before = killed.current
        killed.update(position)
        injured.update(position)
        if before is not None and killed.current is not None and killed.current.low < before.low:
            valid = [r for r in reports[: position + 1] if not is_refuted(r, killed.current.low)]
            injured.correct(valid, is_halved=2 * killed.current.low < before.low)
            children = [_most(r.child_fatalities for r in valid), _most(r.child_injured for r in valid)]
        elif killed.current is not None and is_refuted(report, killed.current.low):
            children = [toll.child_fatalities, toll.child_injured]
        else:
            children = [
                _most((toll.child_fatalities, report.child_fatalities)),
                _most((toll.child_injured, report.child_injured)),
            ]
        toll = _Toll(
            killed.current,
            injured.current,
            _at_most(children[0], killed.current),
            _at_most(children[1], injured.current),
        )
        if not changes or changes[-1][1] != toll:
            changes.append((report, toll))
    return [
        TollStep(
            incident_id=the_incident_id,
            revision=revision,
            valid_from=report.published_at,
            valid_to=changes[revision][0].published_at if revision < len(changes) else None,
            is_current=revision == len(changes),
            fatalities_low=toll.killed.low if toll.killed else None,
            fatalities_best=toll.killed.best if toll.killed else None,
            fatalities_high=toll.killed.high if toll.killed else None,
            injured_low=toll.injured.low if toll.injured else None,
            injured_best=toll.injured.best if toll.injured else None,
            injured_high=toll.injured.high if toll.injured else None,
            child_fatalities=toll.child_fatalities,
            child_injured=toll.child_injured,
            report_id=report.report_id,
        )
        for revision, (report, toll) in enumerate(changes, start=1)
    ]


def is_refuted(report: Report, killed: int) -> bool:
    """Return whether a report gave a higher number of killed than the one that counts now."""
    return report.fatalities_low is not None and report.fatalities_low > killed


class _CurrentFigure:
    """The killed or the injured of one incident, updated with one report after another."""

    def __init__(self, name: str, reports: Sequence[Report]) -> None:
        self.current: TollRange | None = None
        self._name, self._reports = name, reports
        self._last_reported: dt.datetime | None = None

    def update(self, position: int) -> None:
        """Take the figure of the report at a position, if it replaces the current one."""
        report = self._reports[position]
        reported = self._figure_of(report)
        if reported is None:
            return
        if self.current is None or reported == self.current or self._replaces(reported, position):
            self.current = reported
            self._last_reported = parse_instant(report.published_at)
        elif reported.low == self.current.low:
            # "at least 18" after "18" changes nothing, but it repeats the figure.
            self._last_reported = parse_instant(report.published_at)

    def correct(self, valid: Sequence[Report], is_halved: bool) -> None:
        """Take the figure that the reports give which a correction left valid.

        Where they give none, the current one stays, unless the correction halved the killed.
        """
        figures = [f for f in map(self._figure_of, valid) if f is not None]
        if figures:
            self.current = max(figures, key=lambda f: (f.low, f.high is not None))
        elif is_halved:
            self.current = None

    def _figure_of(self, report: Report) -> TollRange | None:
        low, best, high = (getattr(report, f"{self._name}_{end}") for end in ("low", "best", "high"))
        if low is None and best is None and high is None:
            return None
        return TollRange(low if low is not None else 0, best, high)

    def _replaces(self, reported: TollRange, position: int) -> bool:
        current, report = self.current, self._reports[position]
        assert current is not None
        if reported.low > current.low:
            return True
        if reported.low == current.low:
            # "18" after "at least 18" closes the range; "at least 18" after "18" adds nothing.
            return current.high is None and reported.high is not None
        if reported.high is None and reported.best is None:
            return False  # "dozens", long after "43", is only vague
        if self._says_correction(report):
            return True
        if not report.is_main or reported.high is None:
            return False
        is_exact = reported.low == reported.high
        return (is_exact and self._is_outdated(report)) or self._is_confirmed(reported, position)

    def _says_correction(self, report: Report) -> bool:
        field = f"{self._name}_low"
        return any(e.field == field and CORRECTION_WORDS.search(e.text) for e in report.evidence)

    def _is_outdated(self, report: Report) -> bool:
        """Return whether the current figure was last reported long before this report."""
        published = parse_instant(report.published_at)
        return bool(published and self._last_reported and published - self._last_reported >= OUTDATED_AFTER)

    def _is_confirmed(self, reported: TollRange, position: int) -> bool:
        """Return whether the next sources after this report give no higher figure."""
        next_figures = list(islice(self._later_figures(position), CONFIRMING_SOURCES))
        return len(next_figures) == CONFIRMING_SOURCES and all(f.low <= reported.low for f in next_figures)

    def _later_figures(self, position: int) -> Iterator[TollRange]:
        """Yield the figures that other sources give after the report at a position, one for each source."""
        seen = {_source(self._reports[position])}
        for report in islice(self._reports, position + 1, None):
            figure = self._figure_of(report)
            if figure is not None and _source(report) not in seen:
                seen.add(_source(report))
                yield figure


def _source(report: Report) -> str:
    return report.source_name or report.article_url


def _most(numbers: Iterable[int | None]) -> int | None:
    """Return the highest of the known numbers: a lower number of children changes nothing."""
    return max((n for n in numbers if n is not None), default=None)


def _at_most(children: int | None, total: TollRange | None) -> int | None:
    """Return the number of children, which never exceeds the total."""
    if children is None or total is None or total.high is None:
        return children
    return min(children, total.high)
