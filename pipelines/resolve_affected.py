"""The part of the graph that several jobs share: from new facts to the incidents that they change."""

from dataclasses import dataclass

import apache_beam as beam

from schemas.records import Report
from schemas.step_records import AffectedIncident, ReportToResolve, ResolvedIncident, RunContext, StagedFile
from transforms import ReadAffectedReports, ResolveIncidents
from transforms.read_affected_reports import AffectedReports
from transforms.resolution.resolve import to_resolve


@dataclass(frozen=True)
class Resolved:
    """The incidents that were derived again, and the stored ones that they replace."""

    incidents: beam.PCollection[ResolvedIncident]
    replaced: beam.PCollection[AffectedIncident]


def resolve_affected(
    start: beam.PCollection[RunContext],
    facts: beam.PCollection[StagedFile],
    reports: beam.PCollection[Report],
    warehouse: str,
    job: RunContext,
    settle_s: float = 0.0,
) -> Resolved:
    """Add the steps that resolve new reports together with the stored ones that they affect.

    Args:
        start: the run, once it may read.
        facts: the staged articles and reports.
        reports: the new reports.
        warehouse: the warehouse.
        job: the run, or in a stream the job whose panes are runs.
        settle_s: drop incidents that were first reported less than this many seconds ago.
    """
    inputs = {"run": start, "files": facts}
    affected: AffectedReports = inputs | ReadAffectedReports(warehouse, job)  # type: ignore[assignment]  # dict.__or__ hides Beam's
    new = reports | "ToResolve" >> beam.Map(to_resolve).with_output_types(ReportToResolve)
    every = (new, affected.reports) | "ReportsToResolve" >> beam.Flatten()
    return Resolved(every | ResolveIncidents(job, settle_s), affected.incidents)
