"""What new reports can touch: the stored reports to weigh again, and the incidents to derive anew.

Reports are assigned in order of publication (``transforms.resolution.assign``), so a report can change
only decisions made after its own. What *can touch* means:

1. Two reports are near where they share a place key and their days meet, a day's slack included.
2. A new or removed report touches every incident with a report near it, from its own publication on.
3. A stored report is weighed again where it was published no earlier than a report weighed again that is
   near it, or than the moment from which an incident is touched that has a report near it.
4. Incidents of reports weighed again, and those they are near, are touched in turn.
5. A report without dates is weighed again where a touched incident has a report at its very place; then
   the incidents that it may mean are derived anew: all, or two that surely fit, which say as much.

All else is settled: its stored link is what the whole derivation would give. For reports that come in
order of publication, rules 3 and 4 find nothing, and only the incidents near the new reports are read.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from transforms.resolution.day_index import DayIndex
from transforms.resolution.place_similarity import PART, Spot, place_score
from transforms.resolution.strike import OPEN

Moment = tuple[bool, str]
NEVER: Moment = (True, "~")
_SLACK = 1
"""A day that was taken from the publication may be off by one (``transforms.resolution.strike.Told``)."""
_LONG = 7
_RECENT_DAYS = 30
_TWO = 2


@dataclass(frozen=True, slots=True)
class Sighted:
    """As much of a report as says what it can touch. Days are ordinals, None without a date;
    ``published`` is (unknown, UTC instant), ``family`` that of the weapon, ``reach``
    what days it may mean if it has none."""

    report_id: str
    article_url: str
    spot: Spot
    first: int | None
    last: int | None
    published: Moment
    reach: tuple[int, int]
    family: str
    incident_id: str | None


class StoredReports(Protocol):
    """The reports of the warehouse, read by place and day."""

    def near(self, keys: Collection[str], first: int, last: int, since: Moment | None) -> Iterable[Sighted]:
        """Return at least the dated reports with one of the place keys, on one of the days, published no
        earlier than ``since``."""

    def of_incidents(self, incident_ids: Collection[str]) -> Iterable[Sighted]:
        """Return the reports linked to the incidents, those without dates too."""

    def undated(self, keys: Collection[str], articles: Collection[str]) -> Iterable[Sighted]:
        """Return at least the reports without dates at one of the place keys, or of the articles."""


@dataclass(slots=True)
class Touch:
    """Report ids to weigh again, and incident ids to derive anew."""

    unsettled: set[str] = field(default_factory=set)
    incidents: set[str] = field(default_factory=set)


def touched(new: Iterable[Sighted], removed: Iterable[Sighted], stored: StoredReports) -> Touch:
    """Return what the new and the removed reports can touch among the stored ones.

    Args:
        new: reports without a link that holds.
        removed: stored reports that no longer count; they are in no answer.
        stored: the others, and perhaps the removed ones.
    """
    return _Closure(stored).run(list(new), list(removed))


class _Closure:
    def __init__(self, stored: StoredReports) -> None:
        self._stored = stored
        self._pool: dict[str, Sighted] = {}
        self._index: DayIndex[Sighted] = DayIndex()
        self._members: dict[str, list[Sighted]] = {}
        self._since: dict[str, Moment] = {}
        self._again: dict[str, Sighted] = {}
        self._gone: set[str] = set()

    def run(self, new: list[Sighted], removed: list[Sighted]) -> Touch:
        self._gone = {r.report_id for r in removed} - {r.report_id for r in new}
        for report in new:
            self._take(report)
        weighed = [*new, *removed]
        self._again = {r.report_id: r for r in new}
        opened: dict[str, Moment] = {}
        for report in removed:
            if report.incident_id is not None:
                opened[report.incident_id] = min(opened.get(report.incident_id, NEVER), report.published)
        while weighed or opened:
            members = self._open(opened)
            self._read(weighed, None)
            self._read(members, min((self._since[m.incident_id or ""] for m in members), default=None))
            weighed, opened = self._spread(weighed, members)
        undated = self._undated(new, removed)
        return Touch({*self._again, *undated} - self._gone, set(self._since))

    def _take(self, report: Sighted) -> None:
        if report.report_id in self._pool or report.report_id in self._gone:
            return
        self._pool[report.report_id] = report
        if report.first is not None and report.last is not None:
            self._index.add(report.spot.keys, report.first - _SLACK, report.last + _SLACK, report)

    def _open(self, incidents: dict[str, Moment]) -> list[Sighted]:
        """Read the reports of touched incidents and return them, to look around each of them."""
        unread = [i for i in incidents if i not in self._members]
        self._members.update((i, []) for i in unread)
        for member in self._stored.of_incidents(unread) if unread else ():
            self._take(member)
            self._members[member.incident_id or ""].append(member)
        found = []
        for incident, since in incidents.items():
            self._since[incident] = min(self._since.get(incident, NEVER), since)
            found += [m for m in self._members[incident] if m.first is not None]
        return found

    def _read(self, around: Sequence[Sighted], since: Moment | None) -> None:
        """Read what is near some reports; wide stretches of days apart, or all would be read for them."""
        for is_wide in (False, True):
            some = [
                (r.first - 2 * _SLACK, r.last + 2 * _SLACK, r)
                for r in around
                if r.first is not None and r.last is not None and (r.last - r.first > _LONG) == is_wide
            ]
            if some:
                keys = {key for _, _, r in some for key in r.spot.keys}
                days = min(f for f, _, _ in some), max(e for _, e, _ in some)
                for report in self._stored.near(keys, *days, since):
                    self._take(report)

    def _spread(
        self, weighed: Sequence[Sighted], members: Sequence[Sighted]
    ) -> tuple[list[Sighted], dict[str, Moment]]:
        """Return the reports to weigh again and the incidents touched that these were not known of."""
        again: dict[str, Sighted] = {}
        opened: dict[str, Moment] = {}

        def weigh(report: Sighted, since: Moment) -> None:
            if report.published >= since and report.report_id not in self._again:
                again[report.report_id] = report

        def open_incident(incident: str | None, since: Moment) -> None:
            if incident is None or self._since.get(incident, (True, "~~")) <= since:
                return
            opened[incident] = min(opened.get(incident, since), since)

        for report in weighed:
            open_incident(report.incident_id, report.published)
            for other in self._near(report):
                weigh(other, report.published)
                open_incident(other.incident_id, report.published)
        for member in members:
            since = self._since[member.incident_id or ""]
            weigh(member, since)
            for other in self._near(member):
                weigh(other, since)
        self._again.update(again)
        return list(again.values()), opened

    def _near(self, report: Sighted) -> Iterator[Sighted]:
        if report.first is not None and report.last is not None:
            found = self._index.near(report.spot.keys, report.first - _SLACK, report.last + _SLACK)
            yield from {r.report_id: r for r in found}.values()

    def _undated(self, new: Sequence[Sighted], removed: Sequence[Sighted]) -> set[str]:
        """Find the undated reports to weigh again, and open all incidents that they may mean."""
        changed = [*new, *removed, *self._again.values()]
        changed += [m for i in self._since for m in self._members.get(i, ())]
        days: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for report in changed:
            for key in report.spot.keys:
                if report.first is not None and report.last is not None:
                    days[key].append((report.first - _SLACK, report.last + _SLACK))
        found = {
            r.report_id: r
            for r in (self._stored.undated(set(days), ()) if days else ())
            if any(
                _may_mean(r, first, last) for key in r.spot.exact_keys for first, last in days.get(key, ())
            )
        }
        found.update((r.report_id, r) for r in new if r.first is None)
        articles = {r.article_url for r in found.values()}
        if articles:  # two of one article want the same incident: both are weighed again
            found.update((r.report_id, r) for r in self._stored.undated((), articles))
        self._open_for_undated(list(found.values()))
        return set(found)

    def _open_for_undated(self, reports: Sequence[Sighted]) -> None:
        """Open the incidents that reports without dates may mean. Where two surely fit one, they are enough
        to say that it joins none; a city struck every night would else be read for a whole year."""
        self._open_at_last(r.incident_id for r in reports)
        left, around = list(reports), dict[str, list[Sighted]]()
        for reach in (_RECENT_DAYS, None):
            around = self._around(left, reach)
            sure = {r.report_id: self._surely_fitting(r, around[r.report_id]) for r in left}
            self._open_at_last(i for some in sure.values() for i in some)
            left = [r for r in left if len(self._not_of_its_article(r, sure[r.report_id])) < _TWO]
        self._open_at_last(other.incident_id for r in left for other in around[r.report_id])

    def _around(self, reports: Sequence[Sighted], reach: int | None) -> dict[str, list[Sighted]]:
        """Return what is linked and lies where each report without dates may have meant it."""
        if not reports:
            return {}
        spans = {}
        for report in reports:
            first, last = _reach(report)
            spans[report.report_id] = (first if reach is None else max(first, last - reach), last)
        keys = {key for r in reports for key in r.spot.exact_keys}
        first, last = min(f for f, _ in spans.values()), max(e for _, e in spans.values())
        index: DayIndex[Sighted] = DayIndex()
        for other in self._stored.near(keys, first, last, None):
            if other.incident_id is not None and other.first is not None and other.last is not None:
                index.add(other.spot.keys, other.first, other.last, other)
        return {
            r.report_id: list(
                {o.report_id: o for o in index.near(r.spot.exact_keys, *spans[r.report_id])}.values()
            )
            for r in reports
        }

    def _surely_fitting(self, report: Sighted, around: Sequence[Sighted]) -> list[str]:
        """Return a few incidents that fit the report whatever their other reports say."""
        first, last = _reach(report)
        sure: dict[str, None] = {}
        for other in sorted(around, key=lambda r: r.report_id):
            if (
                other.first is not None
                and other.last is not None
                and first + 2 * _SLACK <= other.first
                and other.last <= last - 2 * _SLACK
                and report.family in (OPEN, other.family)
                and place_score(report.spot, other.spot) >= PART
                and self._since.get(other.incident_id or "", NEVER) == NEVER  # nothing new can join it
            ):
                sure[other.incident_id or ""] = None
            if len(sure) > _TWO:
                break
        return list(sure)

    def _not_of_its_article(self, report: Sighted, incidents: Sequence[str]) -> list[str]:
        return [i for i in incidents if all(m.article_url != report.article_url for m in self._members[i])]

    def _open_at_last(self, incidents: Iterable[str | None]) -> None:
        self._open({i: NEVER for i in sorted({i for i in incidents if i}) if i not in self._since})


def _reach(report: Sighted) -> tuple[int, int]:
    return report.reach[0] - _SLACK, report.reach[1] + _SLACK


def _may_mean(report: Sighted, first: int, last: int) -> bool:
    begin, end = _reach(report)
    return begin <= last and first <= end
