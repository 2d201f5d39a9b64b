"""Assign reports to strikes, in order of publication.

A report joins the strike that it fits best among those that earlier reports founded, or it founds a new one.
So a later publication changes no earlier decision: an id that was shown stays, and a run needs to look only
at the decisions that its new reports can affect (``transforms.resolution.affected``).

A *settled* link is a stored link between a report and an incident that is known to hold: its report is not
re-evaluated.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from schemas.identity import founder_key, utc_iso
from schemas.records import IncidentReport, Report
from transforms.resolution.dated_report import DatedReport, dated_report, place_of
from transforms.resolution.day_index import DayIndex
from transforms.resolution.event_days import days_of_loose, is_loose
from transforms.resolution.fit import Fit, case_of_days, case_of_place
from transforms.resolution.loose import meant_by_loose
from transforms.resolution.match_model import match_model, share
from transforms.resolution.strike import Strike

PublicationOrder = tuple[bool, str, str, str]
MOST_CANDIDATES = 150
"""A report is compared with so many strikes at its place and days: the latest. No city has more in a day."""
_CROWDS = ((1, "1"), (3, "3"), (8, "8"))
Candidates = list[tuple[Fit, Strike]]
"""The strikes that a report may join, each with the fit."""


def publication_order(report: Report) -> PublicationOrder:
    """Return the sort key of a report: time of publication (unknown last), then article, then id.

    So the reports of one article are next to each other.
    """
    return order_of(report.published_at, report.article_url, report.report_id)


def order_of(published_at: str | None, article_url: str, report_id: str) -> PublicationOrder:
    """Return the sort key of a report that has these values, as ``publication_order``."""
    instant = utc_iso(published_at)
    return (instant is None, instant or "", article_url, report_id)


def assign_reports(reports: Iterable[Report], settled: Mapping[str, IncidentReport]) -> list[Strike]:
    """Return the strikes of the reports of one block.

    Args:
        reports: usable reports, each id once.
        settled: settled links by report id.
    """
    ordered = sorted(reports, key=publication_order)
    assignment = _Assignment(settled, any(place_of(r).is_coarse for r in ordered))
    dated = [r for r in ordered if not is_loose(r)]
    for _, article_reports in groupby(dated, key=lambda r: r.article_url):
        assignment.add_article(with_others_here(list(article_reports)))
    for report in ordered:
        if is_loose(report):
            assignment.add_loose(report)
    return assignment.strikes


def with_others_here(article_reports: Sequence[Report]) -> list[DatedReport]:
    """Return the dated reports of one article, each with how many others tell of strikes at its place."""
    found = [dated_report(r) for r in article_reports]
    return [
        replace(own, others_here=sum(_is_near(own, other) for other in found if other is not own))
        if len(found) > 1
        else own
        for own in found
    ]


def _is_near(a: DatedReport, b: DatedReport) -> bool:
    return case_of_days(a.days, b.days) is not None and case_of_place(a.place, [b.place]) is not None


class _Assignment:
    """The strikes found so far, with an index by place and day."""

    def __init__(self, settled: Mapping[str, IncidentReport], has_regions: bool) -> None:
        self.strikes: list[Strike] = []
        self._has_regions = has_regions
        self._settled = settled
        self._index: DayIndex[Strike] = DayIndex()
        self._by_region: DayIndex[Strike] = DayIndex()
        self._by_incident_id: dict[str, Strike] = {}

    def add_article(self, article_reports: Sequence[DatedReport]) -> None:
        """Assign the dated reports of one article, each to a different strike."""
        unsettled = []
        for dated in article_reports:
            link = self._settled.get(dated.report.report_id)
            if link is None:
                unsettled.append(dated)
            else:
                self._add_settled(dated, link)
        candidates = [self._candidates(dated) for dated in unsettled]
        for dated, choice in zip(unsettled, _choose_strikes(candidates), strict=True):
            if choice is not None and choice.joins:
                choice.strike.join(dated, choice.fit)
                self._index_days(dated, choice.strike)
                continue
            founded = self._found_strike(dated, None)
            if choice is not None and choice.is_doubtful:
                founded.possible_duplicate = choice.strike

    def _add_settled(self, dated: DatedReport, link: IncidentReport) -> None:
        strike = self._by_incident_id.get(link.incident_id)
        if strike is None:
            self._by_incident_id[link.incident_id] = self._found_strike(dated, link)
        else:
            strike.add_settled(dated, link)
            self._index_days(dated, strike)

    def _found_strike(self, dated: DatedReport, link: IncidentReport | None) -> Strike:
        strike = Strike.founded_by(dated, link)
        self.strikes.append(strike)
        self._index_days(dated, strike)
        return strike

    def _index_days(self, dated: DatedReport, strike: Strike) -> None:
        self._index.add(dated.place.keys, *dated.days.with_slack(), strike)
        if self._has_regions:
            self._by_region.add(dated.place.region_keys, *dated.days.with_slack(), strike)

    def _candidates(self, dated: DatedReport) -> Candidates:
        found = list(_distinct(self._index.overlapping(dated.place.keys, *dated.days.with_slack())))
        if len(found) > MOST_CANDIDATES:
            found = sorted(found, key=_founder_order)[-MOST_CANDIDATES:]
        return fits_of(dated, found)

    def add_loose(self, report: Report) -> None:
        """Add a report without a date or a town to the strike that it means, if exactly one strike fits.

        The strike must have been founded earlier. Otherwise the report would become the founder and give the
        incident its id, and the next strike at this place, which makes the report ambiguous, would change
        that id again.
        """
        link = self._settled.get(report.report_id)
        if link is not None:
            strike = self._by_incident_id.get(link.incident_id)
            if strike is not None:
                strike.loose.append((report, link))
            return
        candidates = meant_by_loose(report, self._strikes_of_loose(report))
        if len(candidates) != 1:
            return
        (strike,) = candidates
        has_its_article = any(other.article_url == report.article_url for other, _ in strike.loose)
        is_later = _founder_order(strike) < founder_key(report.published_at, report.report_id)
        if is_later and not has_its_article:
            strike.loose.append((report, None))

    def _strikes_of_loose(self, report: Report) -> Iterable[Strike]:
        place = place_of(report)
        if place.is_coarse:
            return _distinct(self._by_region.overlapping(place.name_keys, *days_of_loose(report)))
        return _distinct(self._index.on_any_day(place.name_keys))


def fits_of(dated: DatedReport, strikes: Iterable[Strike]) -> Candidates:
    """Return the strikes that a report may mean, each with the fit. How many there are is an aspect of each
    fit."""
    found = [(fit, strike) for strike in strikes if (fit := strike.fit(dated)) is not None]
    crowd = next((case for most, case in _CROWDS if len(found) <= most), "many")
    return [(fit.among(crowd), strike) for fit, strike in found]


def _distinct(strikes: Iterable[Strike]) -> Iterator[Strike]:
    """Yield each strike once, at its first place in the order."""
    seen: set[int] = set()
    for strike in strikes:
        if id(strike) not in seen:
            seen.add(id(strike))
            yield strike


@dataclass(frozen=True, slots=True)
class _Choice:
    """The likeliest strike for a report. ``joins``: it is likely enough. Otherwise the report founds a new
    one."""

    fit: Fit
    strike: Strike
    joins: bool

    @property
    def is_doubtful(self) -> bool:
        """Return whether a report that founds a strike may well mean this one."""
        return not self.joins and self.fit.probability >= match_model().doubt


def _choose_strikes(candidates: Sequence[Candidates]) -> list[_Choice | None]:
    """Return the likeliest strike of each report of one article, None where no strike is near.

    No two reports get the same strike. Of all possible distributions, the one with the highest sum is taken.
    """
    chosen: list[_Choice | None] = [None] * len(candidates)
    for group in _competing_reports(candidates):
        if len(group) == 1:
            (only,) = group
            chosen[only] = _choice(candidates[only], _likeliest(candidates[only]), ())
            continue
        assigned = _distribute([candidates[n] for n in group])
        for n, own in zip(group, assigned, strict=True):
            taken = [other for other in assigned if other is not None and other is not own]
            chosen[n] = _choice(candidates[n], own, taken)
    return chosen


def _choice(candidates: Candidates, own: Strike | None, taken: Sequence[Strike]) -> _Choice | None:
    """Return the choice of a strike for a report, with its probability.

    Args:
        candidates: the strikes near the report.
        own: the strike that it got, None where it got none.
        taken: those of the other reports of its article, which it cannot mean.
    """
    free = [(fit, strike) for fit, strike in candidates if not any(strike is other for other in taken)]
    strike = own if own is not None else _likeliest(free)
    if strike is None:
        return None
    fit = next(fit for fit, other in free if other is strike)
    probability = share(fit.log_odds, [f.log_odds for f, other in free if other is not strike])
    model = match_model()
    joins = own is not None and (probability >= model.join or share(fit.log_odds, ()) >= model.surely_old)
    return _Choice(replace(fit, probability=probability), strike, joins)


def _likeliest(candidates: Candidates) -> Strike | None:
    """Return the likeliest strike. Of equals it is the later one: "this week" usually means the latest."""
    if not candidates:
        return None
    return max(candidates, key=lambda c: (c[0].log_odds, c[1].days.start, _founder_order(c[1])))[1]


def _competing_reports(candidates: Sequence[Candidates]) -> Iterator[list[int]]:
    """Yield groups of reports, as positions. Reports of different groups have no candidate in common, so each
    group can be distributed on its own. Reports without candidates are in no group."""
    groups: list[tuple[set[int], list[int]]] = []
    for n, of_report in enumerate(candidates):
        strikes = {id(strike) for _, strike in of_report}
        if not strikes:
            continue
        members = [n]
        separate = []
        for other_strikes, other_members in groups:
            if other_strikes & strikes:
                strikes |= other_strikes
                members = other_members + members
            else:
                separate.append((other_strikes, other_members))
        groups = [*separate, (strikes, members)]
    for _, members in groups:
        yield sorted(members)


def _distribute(candidates: Sequence[Candidates]) -> list[Strike | None]:
    """Return a different strike for each report, so that the sum of their log-odds is the highest."""
    from scipy.optimize import linear_sum_assignment  # takes 0.4 s to import, and few runs need it

    distinct = {id(strike): strike for of_report in candidates for _, strike in of_report}
    strikes = sorted(distinct.values(), key=_founder_order)
    column_of = {id(strike): column for column, strike in enumerate(strikes)}
    least = math.log(match_model().join / (1 - match_model().join))
    gains = np.zeros((len(candidates), len(strikes)))
    for row, of_report in enumerate(candidates):
        for fit, strike in of_report:
            gains[row, column_of[id(strike)]] = max(fit.log_odds - least, 0.0)
    chosen: list[Strike | None] = [None] * len(candidates)
    for row, column in zip(*linear_sum_assignment(gains, maximize=True), strict=True):
        # A gain of 0 means a new strike: the strike is no candidate, or too unlikely.
        if gains[row, column] > 0:
            chosen[row] = strikes[column]
    return chosen


def _founder_order(strike: Strike) -> tuple[bool, str, str]:
    return founder_key(strike.founder.published_at, strike.founder.report_id)
