"""``ResolveIncidents`` wires ``resolve_incidents`` of ``transforms.resolution.resolve``."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.identity import utc_iso
from schemas.step_records import ReportToResolve, ResolvedIncident, RunContext
from transforms.graph.runs import run_of
from transforms.graph.typed_outputs import expansion
from transforms.resolution.resolve import is_settled, resolve_incidents, resolve_with_faults
from transforms.resolution.scopes import scope_of
from transforms.util.counters import count


class _ResolveIncidents(beam.DoFn):
    """Resolves the reports of one scope."""

    def process(self, element: tuple[str, Iterable[ReportToResolve]]) -> Iterator[ResolvedIncident]:
        given = list(element[1])
        settled = [g.settled for g in given if g.settled is not None]
        resolved, faults = resolve_with_faults((g.report for g in given), settled)
        count(resolve_incidents, "incidents", len(resolved))
        for fault in (fault for found in faults.values() for fault in found):
            count(resolve_incidents, fault)
        yield from resolved


@dataclass(eq=False)
class _DropUnsettled(beam.DoFn):
    """Drops the incidents that are too young to be shown."""

    job: RunContext
    settle_s: float

    def process(
        self, incident: ResolvedIncident, window: Any = beam.DoFn.WindowParam
    ) -> Iterator[ResolvedIncident]:
        started = dt.datetime.fromisoformat(run_of(self.job, window).started_at)
        until = started - dt.timedelta(seconds=self.settle_s)
        if is_settled(incident, utc_iso(until.isoformat()) or ""):
            yield incident
        else:
            count(resolve_incidents, "too_young")


@beam.typehints.with_input_types(ReportToResolve)
@beam.typehints.with_output_types(ResolvedIncident)
@dataclass(eq=False)
class ResolveIncidents(beam.PTransform):
    """Derive the incidents of each scope from its reports.

    Input: ``ReportToResolve``. Output: ``ResolvedIncident``. Dead letters: none, because reports are facts
        and
    stay stored. Counters: ``incidents``, ``too_young`` and each ``Fault`` of a report.

    Args:
        job: the run, or in a stream the job whose panes are runs.
        settle_s: drop an incident that was first reported less than this many seconds before the run's start.
            Its reports stay, and a later run shows it. 0 drops none.
    """

    job: RunContext
    settle_s: float = 0.0

    @expansion
    def expand(self, reports: beam.PCollection[ReportToResolve]) -> beam.PCollection[ResolvedIncident]:
        resolved = (
            reports
            | "KeyByScope" >> beam.Map(_by_scope).with_output_types(tuple[str, ReportToResolve])
            | "ByScope" >> beam.GroupByKey()
            | beam.ParDo(_ResolveIncidents()).with_output_types(ResolvedIncident)
        )
        if not self.settle_s:
            return resolved
        drop = _DropUnsettled(self.job, self.settle_s)
        return resolved | "DropUnsettled" >> beam.ParDo(drop).with_output_types(ResolvedIncident)


def _by_scope(given: ReportToResolve) -> tuple[str, ReportToResolve]:
    return scope_of(given.report.country), given
