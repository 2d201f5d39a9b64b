"""From a run's new facts to the incidents that they change: the half of the graph that several jobs share."""

import apache_beam as beam

from schemas.records import Report, ReportToResolve, ResolvedIncident, RunContext, StagedFile, Touched
from transforms.read_affected_reports import NoFiles, ReadTouchedReports
from transforms.resolution.resolve import to_resolve
from transforms.resolve_incidents import ResolveIncidents


def derive_incidents(
    start: beam.PCollection[RunContext],
    facts: beam.PCollection[StagedFile],
    reports: beam.PCollection[Report],
    warehouse: str,
    run: RunContext,
) -> tuple[beam.PCollection[ResolvedIncident], beam.PCollection[Touched]]:
    """Return the incidents derived anew, and the stored ones whose place they take.

    Args:
        start: the run, once it may read.
        facts: the staged articles and reports.
        reports: the new reports.
        warehouse: the warehouse.
        run: the run, or in a stream the job whose panes are runs.
    """
    files = (facts, start | NoFiles()) | "Files" >> beam.Flatten()
    touched = files | ReadTouchedReports(warehouse, run)
    new = reports | "ToResolve" >> beam.Map(to_resolve).with_output_types(ReportToResolve)
    resolved = (new, touched.reports) | "ReportsToResolve" >> beam.Flatten() | ResolveIncidents()
    return resolved, touched.incidents
