"""Derive incidents from reports: ``resolve_incidents``."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from schemas.records import IncidentReport, Report
from schemas.step_records import ReportToResolve, ResolvedIncident
from transforms.resolution.assign import assign_reports
from transforms.resolution.blocking import blocks_of
from transforms.resolution.incident import derive_incident
from transforms.resolution.scopes import scope_of
from transforms.resolution.vetting import Fault, vet_reports


def resolve_incidents(
    reports: Iterable[Report], settled: Iterable[IncidentReport] = ()
) -> list[ResolvedIncident]:
    """Return the incidents of a set of reports, each with its links and its history, sorted by id.

    Two reports of one article never share an incident. The dates of a report must overlap the days on which
    all other reports of the incident agree, so strikes in consecutive nights stay apart. A report without a
    date, or with a whole region as its place, makes no incident; it joins one only where exactly one fits.
    Unusable fields of a report are left out (``transforms.resolution.vetting``) and do not affect other
    reports.

    Args:
        reports: in any order.
        settled: stored links that are known to hold, as ``transforms.resolution.affected`` finds them. Their
            reports are not re-evaluated. The result is the same as without them, but computed faster.
    """
    return resolve_with_faults(reports, settled)[0]


def resolve_with_faults(
    reports: Iterable[Report], settled: Iterable[IncidentReport] = ()
) -> tuple[list[ResolvedIncident], dict[str, list[Fault]]]:
    """Return the incidents, and the faults of reports by report id.

    A report without a date that is in no incident has the fault ``UNDATED``, one without a town ``UNPLACED``.
    """
    resolution = Resolution(reports, settled)
    resolved = sorted(resolution, key=lambda r: r.incident.incident_id)
    return resolved, resolution.faults


class Resolution:
    """An iterable of the incidents of a set of reports, in no particular order.

    Incidents are derived block by block, so only the strikes of one block are in memory at a time.
    ``faults``, by report id, is complete only after the last incident was taken.
    """

    def __init__(self, reports: Iterable[Report], settled: Iterable[IncidentReport] = ()) -> None:
        usable, self.faults = vet_reports(reports)
        self._settled = {link.report_id: link for link in settled}
        self._scopes: dict[str, list[Report]] = defaultdict(list)
        for report in usable:
            self._scopes[scope_of(report.country)].append(report)

    def __iter__(self) -> Iterator[ResolvedIncident]:
        for scope in self._scopes.values():
            for block in blocks_of(scope):
                yield from self._incidents_of_block(block)

    def _incidents_of_block(self, block: list[Report]) -> Iterator[ResolvedIncident]:
        linked: set[str] = set()
        for strike in assign_reports(block, self._settled):
            resolved = derive_incident(strike)
            linked.update(link.report_id for link in resolved.links)
            yield resolved
        for report in block:
            if report.report_id not in linked:
                is_undated = report.event_date_start is None
                fault = Fault.UNDATED if is_undated else Fault.UNPLACED
                self.faults.setdefault(report.report_id, []).append(fault)


def is_settled(resolved: ResolvedIncident, until: str) -> bool:
    """Return whether the first report of an incident was published by ``until`` (UTC) or at an unknown time.

    Articles that arrive late can change the id of a younger incident, but not of one that was reported first
    longer ago than articles are late. So a run that shows only settled incidents never changes an id.
    """
    first = resolved.incident.first_reported_at
    return first is None or first <= until


def to_resolve(report: Report) -> ReportToResolve:
    """Return a new report as input of ``ResolveIncidents``."""
    return ReportToResolve(report, None)
