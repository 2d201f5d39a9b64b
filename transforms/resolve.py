"""Reports to incidents: ``resolve_incidents`` and the transform that wires it.

One pure function of the *set* of reports: neither their order nor the clock nor what was published
before plays a part. Structure decides (place, dates, weapon, toll), never the likeness of texts: on
gun-violence news an exact place and date reach a pairwise F1 of 0.983, text similarity 0.718.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam

from schemas.identity import utc_iso
from schemas.records import IncidentReport, Report, ReportToResolve, ResolvedIncident, RunContext
from transforms.outcomes import count
from transforms.resolution.assign import assign_reports
from transforms.resolution.blocks import blocks_of
from transforms.resolution.incident import incident_of
from transforms.resolution.scopes import scope_of
from transforms.resolution.vetting import Fault, vet_reports
from transforms.runs import run_of


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
        settled: links that are known to hold, as ``transforms.touched`` finds them: their reports are
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


class _ResolveIncidents(beam.DoFn):
    def process(self, element: tuple[str, Iterable[ReportToResolve]]) -> Iterator[ResolvedIncident]:
        given = list(element[1])
        settled = [g.settled for g in given if g.settled is not None]
        resolved, faults = resolve_with_faults((g.report for g in given), settled)
        count("ResolveIncidents", "incidents", len(resolved))
        for fault in (fault for found in faults.values() for fault in found):
            count("ResolveIncidents", fault)
        yield from resolved


@beam.typehints.with_input_types(ReportToResolve)
@beam.typehints.with_output_types(ResolvedIncident)
class ResolveIncidents(beam.PTransform):
    """Derive the incidents of each scope from its reports.

    Input: ``ReportToResolve``. Output: ``ResolvedIncident``. Dead letters: none; reports are facts and
    stay. Counters: ``incidents``, and each ``Fault`` of a report.
    """

    def expand(self, reports: beam.PCollection[ReportToResolve]) -> beam.PCollection[ResolvedIncident]:
        return (
            reports
            | "KeyByScope" >> beam.Map(_by_scope).with_output_types(tuple[str, ReportToResolve])
            | "ByScope" >> beam.GroupByKey()
            | beam.ParDo(_ResolveIncidents()).with_output_types(ResolvedIncident)
        )


def is_settled(resolved: ResolvedIncident, until: str) -> bool:
    """Return whether an incident's first report was published by an instant (UTC), or no one knows when.

    An incident younger than reports come late may yet be renamed by one of them; one that has waited so
    long may not. So a run that shows only those renames none.
    """
    first = resolved.incident.first_reported_at
    return first is None or first <= until


class _DropUnsettled(beam.DoFn):
    def __init__(self, job: RunContext, settle_s: float) -> None:
        self._job, self._settle_s = job, settle_s

    def process(
        self, element: ResolvedIncident, window: Any = beam.DoFn.WindowParam
    ) -> Iterator[ResolvedIncident]:
        started = dt.datetime.fromisoformat(run_of(self._job, window).started_at)
        until = started - dt.timedelta(seconds=self._settle_s)
        if is_settled(element, utc_iso(until.isoformat()) or ""):
            yield element
        else:
            count("DropUnsettled", "too_young")


class DropUnsettled(beam.PTransform):
    """Leave out incidents that are too young to be shown. Their reports stay, and a later run shows them.

    Input and output: ``ResolvedIncident``. Counter: ``too_young``.

    Args:
        job: the run, or in a stream the job whose panes are runs.
        settle_s: how long before the run's start an incident must have been reported first.
    """

    def __init__(self, job: RunContext, settle_s: float) -> None:
        super().__init__()
        self.job, self.settle_s = job, settle_s

    def expand(self, resolved: beam.PCollection[ResolvedIncident]) -> beam.PCollection[ResolvedIncident]:
        return resolved | beam.ParDo(_DropUnsettled(self.job, self.settle_s)).with_output_types(
            ResolvedIncident
        )


def _by_scope(given: ReportToResolve) -> tuple[str, ReportToResolve]:
    return scope_of(given.report.country), given


def to_resolve(report: Report) -> ReportToResolve:
    """Return a new report as input of ``ResolveIncidents``."""
    return ReportToResolve(report, None)
