"""Explain why two incidents near each other are two: repeat the comparison that kept them separate."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.records import Report
from transforms.resolution.assign import publication_order
from transforms.resolution.dated_report import DatedReport, dated_report
from transforms.resolution.fit import JOIN_THRESHOLD, MAX_SUM, score_place
from transforms.resolution.strike import Strike
from transforms.util.geo import kilometres


@dataclass(frozen=True, slots=True)
class Separation:
    """Why two incidents are two. ``score`` is the match score, None where the reports could not match."""

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
    first, second = (
        sorted((r for r in reports if r.event_date_start), key=publication_order) for reports in (one, other)
    )
    if publication_order(second[0]) < publication_order(first[0]):
        first, second = second, first
    founder = dated_report(second[0])
    earlier = [r for r in first if publication_order(r) < publication_order(second[0])]
    strike = _strike_of([dated_report(r) for r in earlier])
    if founder.report.article_url in strike.article_urls:
        return Separation(None, "one article reports both")
    fit = strike.fit(founder)
    if fit is None:
        return Separation(None, _what_differs(strike, founder))
    if fit.total < JOIN_THRESHOLD:
        needed = f"{JOIN_THRESHOLD / MAX_SUM:.2f} is needed"
        return Separation(fit.match_score, f"{fit.match_reason}; {needed}")
    return Separation(fit.match_score, "another report of its article fits that incident better")


def _strike_of(reports: Sequence[DatedReport]) -> Strike:
    strike = Strike.founded_by(reports[0], None)
    for report in reports[1:]:
        strike.add_settled(report, None)
    return strike


def _what_differs(strike: Strike, dated: DatedReport) -> str:
    _, nearest_place = score_place(dated.place, strike.places)
    if nearest_place:
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
