"""Assigning reports to strikes, in order of publication.

A report joins the strike it fits best among those that earlier reports founded, or founds one. So what
is published later changes no earlier decision: an id shown once stays, and a run needs to look only at
what its new reports can touch (``transforms.resolution.affected``).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import numpy as np

from schemas.identity import founder_key, utc_iso
from schemas.records import IncidentReport, Report
from transforms.resolution.day_index import DayIndex
from transforms.resolution.place_similarity import PART, place_score
from transforms.resolution.strike import JOIN, OPEN, Fit, Strike, Told, family_of, reach_of, spot_of, told_of
from transforms.util.signature import similarity

_CLOSE = 0.05
_VOTERS = 12

Order = tuple[bool, str, str, str]
Found = list[tuple[Fit, Strike]]


def order_of(report: Report) -> Order:
    """Return the place of a report in the order of publication (unknown last); an article's reports
    stand together."""
    instant = utc_iso(report.published_at)
    return (instant is None, instant or "", report.article_url, report.report_id)


def assign_reports(reports: Iterable[Report], settled: Mapping[str, IncidentReport]) -> list[Strike]:
    """Return the strikes of the reports of one block.

    Args:
        reports: usable reports, each id once.
        settled: by report id, links that are known to hold; their reports are not weighed again.
    """
    ordered = sorted(reports, key=order_of)
    board = _Board()
    dated = [r for r in ordered if r.event_date_start is not None]
    for _, article in groupby(dated, key=lambda r: r.article_url):
        board.assign_article([told_of(r) for r in article], settled)
    for report in ordered:
        if report.event_date_start is None:
            board.assign_undated(report, settled.get(report.report_id))
    return board.strikes


class _Board:
    """All strikes so far, found again by place key and day."""

    def __init__(self) -> None:
        self.strikes: list[Strike] = []
        self._index: DayIndex[Strike] = DayIndex()
        self._known: dict[str, Strike] = {}

    def assign_article(self, told: Sequence[Told], settled: Mapping[str, IncidentReport]) -> None:
        """Assign the dated reports of one article: each to another strike, the best for all together."""
        open_ones = []
        for one in told:
            link = settled.get(one.report.report_id)
            if link is None:
                open_ones.append(one)
            elif link.incident_id in self._known:
                self._join(one, self._known[link.incident_id], link)
            else:
                self._known[link.incident_id] = self._found(one, link)
        found = [self._candidates(one) for one in open_ones]
        for one, choice in zip(open_ones, _choose(open_ones, found), strict=True):
            if choice is None:
                self._found(one, None)
            else:
                self._join(one, choice[1], choice[0])

    def _candidates(self, told: Told) -> Found:
        seen: set[int] = set()
        found: Found = []
        for strike in self._index.near(told.spot.keys, told.first, told.last):
            if id(strike) not in seen:
                seen.add(id(strike))
                fit = strike.fit(told)
                if fit is not None and fit.total >= JOIN:
                    found.append((fit, strike))
        return found

    def _found(self, told: Told, link: IncidentReport | None) -> Strike:
        strike = Strike.founded_by(told, link)
        self.strikes.append(strike)
        self._index.add(told.spot.keys, told.first, told.last, strike)
        return strike

    def _join(self, told: Told, strike: Strike, link: IncidentReport | Fit) -> None:
        if isinstance(link, Fit):
            strike.add(told, link, link.start, link.end)
        else:
            strike.add_settled(told, link)
        self._index.add(told.spot.keys, told.first, told.last, strike)

    def assign_undated(self, report: Report, link: IncidentReport | None) -> None:
        """Give a report without dates to the one strike that fits, if exactly one does and it was founded
        earlier: a report that says no day must not lend its id, or the next strike here would rename it.
        """
        if link is not None:
            strike = self._known.get(link.incident_id)
            if strike is not None:
                strike.undated.append((report, link))
            return
        fitting = self._undated_candidates(report)
        if len(fitting) != 1 or any(r.article_url == report.article_url for r, _ in fitting[0].undated):
            return
        if _rank(fitting[0]) < founder_key(report.published_at, report.report_id):
            fitting[0].undated.append((report, None))

    def _undated_candidates(self, report: Report) -> list[Strike]:
        """Return the strikes that a report without dates may mean: at its place, within its reach, of no
        other kind of weapon, and not told by its article."""
        here, family = spot_of(report), family_of(report.weapon)
        first, last = reach_of(report.published_at, report.is_main)
        found = {id(strike): strike for strike in self._index.at(here.exact_keys)}
        return [
            s
            for s in found.values()
            if report.article_url not in s.articles
            and first <= s.end
            and s.start <= last
            and (family == OPEN or not s.families or family in s.families)
            and any(place_score(here, known) >= PART for known in s.spots)
        ]


def _choose(told: Sequence[Told], found: Sequence[Found]) -> list[tuple[Fit, Strike] | None]:
    """Return each report's strike, None where it founds one. No two get the same, and of all ways to
    share them out the best in sum is taken."""
    if len(told) == 1:
        return [_best(told[0], found[0])]
    chosen: list[tuple[Fit, Strike] | None] = [None] * len(told)
    for rows in _rivals(found):
        if len(rows) == 1:
            chosen[rows[0]] = _best(told[rows[0]], found[rows[0]])
            continue
        from scipy.optimize import linear_sum_assignment  # 0.4 s, and few runs have rivals

        strikes = {id(s): s for row in rows for _, s in found[row]}
        columns = sorted(strikes.values(), key=_rank)
        worth = np.zeros((len(rows), len(columns)))
        fits: dict[tuple[int, int], Fit] = {}
        at = {id(s): n for n, s in enumerate(columns)}
        for n, row in enumerate(rows):
            for fit, strike in found[row]:
                worth[n, at[id(strike)]] = fit.total
                fits[n, at[id(strike)]] = fit
        for n, column in zip(*linear_sum_assignment(worth, maximize=True), strict=True):
            if (int(n), int(column)) in fits:
                chosen[rows[n]] = (fits[int(n), int(column)], columns[column])
    return chosen


def _rivals(found: Sequence[Found]) -> Iterator[list[int]]:
    """Part an article's reports into groups that want the same strikes; each is shared out alone."""
    groups: list[tuple[set[int], list[int]]] = []
    for row, candidates in enumerate(found):
        wanted = {id(strike) for _, strike in candidates}
        if not wanted:
            continue
        rows = [row]
        apart = []
        for others, members in groups:
            if others & wanted:
                wanted |= others
                rows = members + rows
            else:
                apart.append((others, members))
        groups = [*apart, (wanted, rows)]
    for _, rows in groups:
        yield sorted(rows)


def _rank(strike: Strike) -> tuple[bool, str, str]:
    return founder_key(strike.founder.published_at, strike.founder.report_id)


def _best(told: Told, found: Found) -> tuple[Fit, Strike] | None:
    """Return the best fit. Where two are as good as equal, the more alike in wording wins, then the
    later strike: "this week" is said of the last one."""
    if not found:
        return None
    top = max(fit.total for fit, _ in found)
    close = [pair for pair in found if pair[0].total >= top - _CLOSE]
    if len(close) == 1:
        return close[0]
    return max(close, key=lambda p: (_wording(told, p[1]), p[0].total, p[1].start, _rank(p[1])))


def _wording(told: Told, strike: Strike) -> float:
    own = told.report.text_signature
    others = [r.text_signature for r in strike.reports[:_VOTERS] if r.text_signature]
    return max((similarity(own, other) for other in others), default=0.0) if own else 0.0
