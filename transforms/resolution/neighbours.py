"""Explain why two incidents near each other are two: repeat the comparison that kept them separate."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
    return separation_of(reports_in_order(one), reports_in_order(other))


@dataclass(slots=True)
class _Ordered:
    """A report with its place in the order of publication, and what a comparison needs of it, made once:
    an incident is compared with several."""

    order: PublicationOrder
    report: Report
    _dated: DatedReport | None = None

    @property
    def dated(self) -> DatedReport:
        """Return the report with the values that are compared."""
        if self._dated is None:
            self._dated = dated_report(self.report)
        return self._dated


def reports_in_order(reports: Iterable[Report]) -> Sequence[_Ordered]:
    """Return the reports with a date in the order of publication, as ``separation_of`` takes them."""
    found = [_Ordered(publication_order(r), r) for r in reports if r.event_date_start]
    return sorted(found, key=lambda ordered: ordered.order)


def separation_of(one: Sequence[_Ordered], other: Sequence[_Ordered]) -> Separation:
    """Return why two incidents are two, as ``why_apart``."""
    first, second = (other, one) if other[0].order < one[0].order else (one, other)
    founder = second[0].dated
    strike = _strike_of([r.dated for r in first if r.order < second[0].order])
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
