"""Why two incidents are two: the decision that kept the later one apart, weighed again."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.records import Report
from transforms.resolution.assign import order_of
from transforms.resolution.strike import BEST, JOIN, Strike, Told, told_of
from transforms.util.geo import kilometres


@dataclass(frozen=True, slots=True)
class Apart:
    """Why two incidents are two; ``score`` is null where there was nothing to weigh."""

    score: float | None
    reason: str


def why_apart(one: Sequence[Report], other: Sequence[Report]) -> Apart:
    """Return why the reports of two incidents are not of one.

    The later incident's first report founded it because it did not fit the earlier incident as that was
    told by then; what came after changes no id. Each needs a dated report.
    """
    first, second = (sorted((r for r in x if r.event_date_start), key=order_of) for x in (one, other))
    if order_of(second[0]) < order_of(first[0]):
        first, second = second, first
    founder = told_of(second[0])
    before = [r for r in first if order_of(r) < order_of(second[0])]
    strike = _strike_of([told_of(r) for r in before])
    if founder.report.article_url in strike.articles:
        return Apart(None, "one article tells both")
    fit = strike.fit(founder)
    if fit is None:
        return Apart(None, _misfit(strike, founder))
    need = f"{JOIN / BEST:.2f} is needed"
    if fit.total < JOIN:
        return Apart(fit.score, f"{fit.reason}; {need}")
    return Apart(fit.score, "another report of its article fits that one better")


def _strike_of(told: Sequence[Told]) -> Strike:
    strike = Strike.founded_by(told[0], None)
    for one in told[1:]:
        strike.add_settled(one, None)
    return strike


def _misfit(strike: Strike, told: Told) -> str:
    if not strike.place(told.spot)[1]:
        report, known = told.report, strike.reports[0]
        if None in (report.latitude, report.longitude, known.latitude, known.longitude):
            return "other place"
        away = kilometres(
            (report.latitude or 0.0, report.longitude or 0.0), (known.latitude or 0.0, known.longitude or 0.0)
        )
        return f"other place, {away:.0f} km away"
    return "other days: when it was first told, theirs did not meet"
