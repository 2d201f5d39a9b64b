"""Assign reports to strikes, in order of publication.

A report joins the strike that it fits best among those that earlier reports founded, or it founds a new one.
So a later publication changes no earlier decision: an id that was shown stays, and a run needs to look only
at the decisions that its new reports can affect (``transforms.resolution.affected``).

A *settled* link is a stored link between a report and an incident that is known to hold: its report is not
re-evaluated.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import numpy as np

from schemas.identity import founder_key, utc_iso
from schemas.records import IncidentReport, Report
from schemas.vocabulary import ANY_FAMILY
from transforms.resolution.dated_report import DatedReport, dated_report, family_of, place_of
from transforms.resolution.day_index import DayIndex
from transforms.resolution.event_days import possible_days
from transforms.resolution.fit import JOIN_THRESHOLD, Fit
from transforms.resolution.place_similarity import CITY_PART, place_score
from transforms.resolution.strike import Strike
from transforms.util.signature import similarity

TIE_MARGIN = 0.05
"""Sums that differ by at most this much count as equal."""
MAX_TEXTS_COMPARED = 12
"""To decide a tie, a report's text is compared with this many texts of a strike: the first ones."""

PublicationOrder = tuple[bool, str, str, str]
Candidates = list[tuple[Fit, Strike]]
"""The strikes that a report may join, each with the fit."""


def publication_order(report: Report) -> PublicationOrder:
    """Return the sort key of a report: time of publication (unknown last), then article, then id.

    So the reports of one article are next to each other.
    """
    instant = utc_iso(report.published_at)
    return (instant is None, instant or "", report.article_url, report.report_id)


def assign_reports(reports: Iterable[Report], settled: Mapping[str, IncidentReport]) -> list[Strike]:
    """Return the strikes of the reports of one block.

    Args:
        reports: usable reports, each id once.
        settled: settled links by report id.
    """
    ordered = sorted(reports, key=publication_order)
    assignment = _Assignment(settled)
    dated = [r for r in ordered if r.event_date_start is not None]
    for _, article_reports in groupby(dated, key=lambda r: r.article_url):
        assignment.add_article([dated_report(r) for r in article_reports])
    for report in ordered:
        if report.event_date_start is None:
            assignment.add_undated(report)
    return assignment.strikes


class _Assignment:
    """The strikes found so far, with an index by place and day."""

    def __init__(self, settled: Mapping[str, IncidentReport]) -> None:
        self.strikes: list[Strike] = []
        self._settled = settled
        self._index: DayIndex[Strike] = DayIndex()
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
        for dated, choice in zip(unsettled, _choose_strikes(unsettled, candidates), strict=True):
            if choice is None:
                self._found_strike(dated, None)
            else:
                fit, strike = choice
                strike.join(dated, fit)
                self._index_days(dated, strike)

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

    def _candidates(self, dated: DatedReport) -> Candidates:
        candidates: Candidates = []
        for strike in _distinct(self._index.overlapping(dated.place.keys, *dated.days.with_slack())):
            fit = strike.fit(dated)
            if fit is not None and fit.total >= JOIN_THRESHOLD:
                candidates.append((fit, strike))
        return candidates

    def add_undated(self, report: Report) -> None:
        """Add a report without a date to the strike that it means, if exactly one strike fits.

        The strike must have been founded earlier. Otherwise the report would become the founder and give the
        incident its id, and the next strike at this place, which makes the report ambiguous, would change
        that id again.
        """
        link = self._settled.get(report.report_id)
        if link is not None:
            strike = self._by_incident_id.get(link.incident_id)
            if strike is not None:
                strike.undated.append((report, link))
            return
        candidates = self._candidates_of_undated(report)
        if len(candidates) != 1:
            return
        (strike,) = candidates
        has_its_article = any(other.article_url == report.article_url for other, _ in strike.undated)
        is_later = _founder_order(strike) < founder_key(report.published_at, report.report_id)
        if is_later and not has_its_article:
            strike.undated.append((report, None))

    def _candidates_of_undated(self, report: Report) -> list[Strike]:
        """Return the strikes that a report without a date may mean.

        They happened at its place and on days that it may mean, their weapons are of its family or unknown,
        and no dated report of its article belongs to them.
        """
        place, family = place_of(report), family_of(report.weapon)
        first, last = possible_days(report.published_at, report.is_main)
        return [
            strike
            for strike in _distinct(self._index.on_any_day(place.name_keys))
            if report.article_url not in strike.article_urls
            and first <= strike.days.end
            and strike.days.start <= last
            and (family == ANY_FAMILY or not strike.families or family in strike.families)
            and any(place_score(place, known) >= CITY_PART for known in strike.places)
        ]


def _distinct(strikes: Iterable[Strike]) -> Iterator[Strike]:
    """Yield each strike once, at its first place in the order."""
    seen: set[int] = set()
    for strike in strikes:
        if id(strike) not in seen:
            seen.add(id(strike))
            yield strike


def _choose_strikes(
    article_reports: Sequence[DatedReport], candidates: Sequence[Candidates]
) -> list[tuple[Fit, Strike] | None]:
    """Return the strike of each report, None where it founds a new one.

    No two reports get the same strike. Of all possible distributions, the one with the highest sum is taken.
    """
    if len(article_reports) == 1:
        return [_best_candidate(article_reports[0], candidates[0])]
    chosen: list[tuple[Fit, Strike] | None] = [None] * len(article_reports)
    for group in _competing_reports(candidates):
        if len(group) == 1:
            (only,) = group
            chosen[only] = _best_candidate(article_reports[only], candidates[only])
        else:
            for n, choice in zip(group, _distribute([candidates[n] for n in group]), strict=True):
                chosen[n] = choice
    return chosen


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


def _distribute(candidates: Sequence[Candidates]) -> list[tuple[Fit, Strike] | None]:
    """Return a different strike for each report, so that the sum over all reports is the highest."""
    from scipy.optimize import linear_sum_assignment  # takes 0.4 s to import, and few runs need it

    distinct = {id(strike): strike for of_report in candidates for _, strike in of_report}
    strikes = sorted(distinct.values(), key=_founder_order)
    column_of = {id(strike): column for column, strike in enumerate(strikes)}
    sums = np.zeros((len(candidates), len(strikes)))
    fits: dict[tuple[int, int], Fit] = {}
    for row, of_report in enumerate(candidates):
        for fit, strike in of_report:
            column = column_of[id(strike)]
            sums[row, column] = fit.total
            fits[row, column] = fit
    chosen: list[tuple[Fit, Strike] | None] = [None] * len(candidates)
    for row, column in zip(*linear_sum_assignment(sums, maximize=True), strict=True):
        # The matrix has a 0 for each strike that is no candidate; such a choice means a new strike.
        if (int(row), int(column)) in fits:
            chosen[row] = (fits[int(row), int(column)], strikes[column])
    return chosen


def _founder_order(strike: Strike) -> tuple[bool, str, str]:
    return founder_key(strike.founder.published_at, strike.founder.report_id)


def _best_candidate(dated: DatedReport, candidates: Candidates) -> tuple[Fit, Strike] | None:
    """Return the candidate with the highest sum.

    In a tie, the strike with the most similar text wins, then the later strike: "this week" usually means
    the latest one.
    """
    if not candidates:
        return None
    highest = max(fit.total for fit, _ in candidates)
    tied = [(fit, strike) for fit, strike in candidates if fit.total >= highest - TIE_MARGIN]
    if len(tied) == 1:
        return tied[0]

    def preference(candidate: tuple[Fit, Strike]) -> tuple[float, float, int, tuple[bool, str, str]]:
        fit, strike = candidate
        return _text_similarity(dated, strike), fit.total, strike.days.start, _founder_order(strike)

    return max(tied, key=preference)


def _text_similarity(dated: DatedReport, strike: Strike) -> float:
    signature = dated.report.text_signature
    if not signature:
        return 0.0
    others = [r.text_signature for r in strike.reports[:MAX_TEXTS_COMPARED] if r.text_signature]
    return max((similarity(signature, other) for other in others), default=0.0)
