"""Find what new reports affect: the stored reports to re-evaluate and the incidents to derive again.

Reports are assigned in order of publication (``transforms.resolution.assign``). So a report can change only
the decisions about reports that were published later. The rules:

1. Two reports are *near* each other if they share a place key and a day. The days of each are first widened
   by one day on both sides, because an assumed day may be wrong by one.
2. A new or removed report affects each incident that has a report near it, from the time of its own
   publication.
3. A stored report is re-evaluated if it was published no earlier than a re-evaluated report near it. It is
   also re-evaluated if it is near a report of an affected incident and was published no earlier than the time
   from which that incident is affected.
4. The incidents of re-evaluated reports are affected in turn, and so are the incidents of the reports near
   them.
5. Reports without a date follow at the end (``transforms.resolution.affected_undated``).

All other stored links are *settled*: deriving all incidents from all reports would give the same links. If
reports arrive in order of publication, rules 3 and 4 find nothing more, and only the incidents near the new
reports are read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transforms.resolution.affected_undated import find_affected_undated
from transforms.resolution.report_summary import PublicationTime, ReportSummary, StoredReports
from transforms.resolution.stored_reports_cache import StoredReportsCache


@dataclass(frozen=True, slots=True)
class Affected:
    """Ids of the reports to re-evaluate, the new ones among them, and of the incidents to derive again."""

    reports_to_reevaluate: set[str]
    incidents: set[str]


def find_affected(
    new: Iterable[ReportSummary], removed: Iterable[ReportSummary], stored: StoredReports
) -> Affected:
    """Return what the new and the removed reports affect among the stored ones.

    Args:
        new: reports without a settled link.
        removed: stored reports that no longer count. They are never among the reports to re-evaluate, unless
            a new report has the same id.
        stored: reads the other stored reports, and perhaps the removed ones as well.
    """
    new, removed = list(new), list(removed)
    removed_ids = {r.report_id for r in removed} - {r.report_id for r in new}
    cache = StoredReportsCache(stored, removed_ids)
    spread = _Spread(cache)
    spread.run(new, removed)
    changed = [*new, *removed, *spread.reports.values()]
    undated_ids, more_incidents = find_affected_undated(new, changed, spread.affected_since, stored, cache)
    return Affected({*spread.reports, *undated_ids} - removed_ids, {*spread.affected_since, *more_incidents})


class _Spread:
    """Rules 2 to 4, repeated until they find nothing more.

    ``reports``: the reports to re-evaluate, by id. ``affected_since``: the affected incidents, each with the
    time from which it is affected.
    """

    def __init__(self, cache: StoredReportsCache) -> None:
        self.reports: dict[str, ReportSummary] = {}
        self.affected_since: dict[str, PublicationTime] = {}
        self._cache = cache

    def run(self, new: Sequence[ReportSummary], removed: Sequence[ReportSummary]) -> None:
        """Follow the effects of new and removed reports."""
        self._cache.add(new)
        self.reports = {r.report_id: r for r in new}
        changed: Sequence[ReportSummary] = [*new, *removed]
        incidents: dict[str, PublicationTime] = {}
        for report in removed:
            if report.incident_id is not None:
                since = incidents.get(report.incident_id, report.published)
                incidents[report.incident_id] = min(since, report.published)
        while changed or incidents:
            members = self._affect(incidents)
            self._cache.read_near(changed, None)
            self._cache.read_near((m for m, _ in members), min((since for _, since in members), default=None))
            changed, incidents = self._next_round(changed, members)

    def _affect(self, incidents: dict[str, PublicationTime]) -> list[tuple[ReportSummary, PublicationTime]]:
        """Record that incidents are affected, each from a time on.

        Return their dated reports, each with the time from which its incident is affected.
        """
        self._cache.read_incidents(incidents)
        members = []
        for incident_id, since in incidents.items():
            earliest = min(self.affected_since.get(incident_id, since), since)
            self.affected_since[incident_id] = earliest
            of_incident = self._cache.of_incident(incident_id)
            members += [(report, earliest) for report in of_incident if report.first_day is not None]
        return members

    def _next_round(
        self, changed: Sequence[ReportSummary], members: Sequence[tuple[ReportSummary, PublicationTime]]
    ) -> tuple[Sequence[ReportSummary], dict[str, PublicationTime]]:
        """Return the reports to re-evaluate and the incidents affected that were not known before.

        An incident that is now affected from an earlier time is returned again.

        Args:
            changed: reports that are new, removed or to be re-evaluated since the last round.
            members: the dated reports of the incidents affected since the last round, each with the time from
                which its incident is affected.
        """
        reports: dict[str, ReportSummary] = {}
        incidents: dict[str, PublicationTime] = {}

        def reevaluate(report: ReportSummary, since: PublicationTime) -> None:
            if report.published >= since and report.report_id not in self.reports:
                reports[report.report_id] = report

        def affect(incident_id: str | None, since: PublicationTime) -> None:
            if incident_id is None:
                return
            known = self.affected_since.get(incident_id)
            if known is None or since < known:
                incidents[incident_id] = min(incidents.get(incident_id, since), since)

        for report in changed:
            affect(report.incident_id, report.published)
            for neighbour in self._cache.near(report):
                reevaluate(neighbour, report.published)
                affect(neighbour.incident_id, report.published)
        for member, since in members:
            reevaluate(member, since)
            for neighbour in self._cache.near(member):
                reevaluate(neighbour, since)
        self.reports.update(reports)
        return list(reports.values()), incidents
