"""Reports to incidents: ``resolve_incidents``."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from schemas.records import IncidentReport, Report, ReportToResolve, ResolvedIncident
from transforms.resolution.assign import assign_reports
from transforms.resolution.blocking import blocks_of
from transforms.resolution.incident import incident_of
from transforms.resolution.scopes import scope_of
from transforms.resolution.vetting import Fault, vet_reports


def resolve_incidents(
    reports: Iterable[Report], settled: Iterable[IncidentReport] = ()
) -> list[ResolvedIncident]:
    """Return the incidents of a set of reports, each with its links and its history, sorted by id.

    Two reports of one article never share an incident. Dates must overlap the consensus of all the
    incident's reports, so nights in a row do not chain. A report without dates makes no incident; it
    joins one only where exactly one fits. What can't be used of a bad report is left out
    (``transforms.resolution.vetting``); it spoils no other.

    Args:
        reports: in any order.
        settled: links that are known to hold, as ``transforms.resolution.affected`` finds them: their reports are
            not weighed again. The result is the same as without them, and sooner there.
    """
    return resolve_with_faults(reports, settled)[0]


def resolve_with_faults(
    reports: Iterable[Report], settled: Iterable[IncidentReport] = ()
) -> tuple[list[ResolvedIncident], dict[str, list[Fault]]]:
    """Return the incidents, and the faults of reports by their ids; undated ones in no incident too."""
    resolution = Resolution(reports, settled)
    resolved = sorted(resolution, key=lambda r: r.incident.incident_id)
    return resolved, resolution.faults


class Resolution:
    """The incidents of a set of reports, one after another in no order that means anything.

    A large set is derived block by block, so that only one block's strikes are in memory at a time.
    ``faults``, by report id, is whole once all incidents were taken.
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
                linked: set[str] = set()
                for strike in assign_reports(block, self._settled):
                    resolved = incident_of(strike)
                    linked.update(link.report_id for link in resolved.links)
                    yield resolved
                for report in block:
                    if report.report_id not in linked:
                        self.faults.setdefault(report.report_id, []).append(Fault.UNDATED)


def is_settled(resolved: ResolvedIncident, until: str) -> bool:
    """Return whether an incident's first report was published by an instant (UTC), or no one knows when.

    An incident younger than reports come late may yet be renamed by one of them; one that has waited so
    long may not. So a run that shows only those renames none.
    """
    first = resolved.incident.first_reported_at
    return first is None or first <= until


def to_resolve(report: Report) -> ReportToResolve:
    """Return a new report as input of ``ResolveIncidents``."""
    return ReportToResolve(report, None)
