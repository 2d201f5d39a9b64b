"""Explain why two incidents near each other are two: repeat the comparison that kept them separate."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from schemas.records import Report
from transforms.resolution.assign import PublicationOrder, fits_of, publication_order
from transforms.resolution.dated_report import DatedReport, dated_report
from transforms.resolution.fit import case_of_place
from transforms.resolution.match_model import match_model, share
from transforms.resolution.strike import Strike
from transforms.util.geo import kilometres


@dataclass(frozen=True, slots=True)
class Separation:
    """Why two incidents are two. ``score``: how likely they are one, None where the reports could not
    match."""

    score: float | None
    reason: str


def why_apart(one: Sequence[Report], other: Sequence[Report]) -> Separation:
    """Return why the reports of two incidents do not make one incident.

    The first report of the later incident founded it because it did not fit the earlier incident with the
    reports published until then. So only those are compared; later reports change no id.

    Args:
        one: the reports of one incident, at least one of them with a date.
        other: the same for the other incident.
    """
    return separation_of(*(DatedReports(sorted(reports, key=publication_order)) for reports in (one, other)))


class DatedReports:
    """The reports of an incident that have a date. Each is read when a comparison first comes to it, and once
    for all comparisons: most need few of them.

    Args:
        reports: usable ones in the order of publication.
    """

    def __init__(self, reports: Iterable[Report]) -> None:
        self._coming = ((publication_order(r), dated_report(r)) for r in reports if r.event_date_start)
        self._read: list[tuple[PublicationOrder, DatedReport]] = []

    def first(self) -> tuple[PublicationOrder, DatedReport] | None:
        """Return the first one with its place in the order of publication, None where there is none."""
        if not self._read:
            self._read.extend(islice(self._coming, 1))
        return self._read[0] if self._read else None

    def before(self, order: PublicationOrder) -> list[DatedReport]:
        """Return those that were published before a place in the order of publication."""
        while not self._read or self._read[-1][0] < order:
            coming = next(self._coming, None)
            if coming is None:
                break
            self._read.append(coming)
        return [dated for place, dated in self._read if place < order]


def separation_of(one: DatedReports, other: DatedReports) -> Separation:
    """Return why two incidents are two, as ``why_apart``. Both have a report with a date."""
    begin, other_begin = one.first(), other.first()
    assert begin is not None
    assert other_begin is not None
    earlier, (order, founder) = (other, begin) if other_begin[0] < begin[0] else (one, other_begin)
    strike = _strike_of(earlier.before(order))
    if founder.report.article_url in strike.article_urls:
        return Separation(None, "one article reports both")
    found = fits_of(founder, [strike])
    if not found:
        return Separation(None, _what_differs(strike, founder))
    fit = found[0][0]
    probability, needed = share(fit.log_odds, ()), match_model().join
    if probability < needed:
        return Separation(round(probability, 3), f"{fit.match_reason}; {needed:.2f} is needed")
    return Separation(round(probability, 3), "another incident fits better, or another report of its article")


def _strike_of(reports: Sequence[DatedReport]) -> Strike:
    strike = Strike.founded_by(reports[0], None)
    for report in reports[1:]:
        strike.add_settled(report, None)
    return strike


def _what_differs(strike: Strike, dated: DatedReport) -> str:
    if case_of_place(dated.place, strike.places) is not None:
        return (
            "other days: when the later incident was first reported, its days did not overlap this incident's"
        )
    report, known = dated.report, strike.reports[0]
    if None in (report.latitude, report.longitude, known.latitude, known.longitude):
        return "other place"
    distance_km = kilometres(
        (report.latitude or 0.0, report.longitude or 0.0), (known.latitude or 0.0, known.longitude or 0.0)
    )
    return f"other place, {distance_km:.0f} km away"
