"""The incident of reports that people put together or took apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from schemas.identity import founder_key, incident_id
from schemas.records import IncidentReport, Report
from schemas.step_records import ResolvedIncident
from transforms.resolution.assign import publication_order
from transforms.resolution.dated_report import dated_report
from transforms.resolution.event_days import is_loose
from transforms.resolution.incident import derive_incident
from transforms.resolution.strike import Strike
from transforms.resolution.vetting import vet_reports


def has_day(reports: Iterable[Report]) -> bool:
    """Return whether reports can be an incident: one of them has a usable date and a town."""
    return any(not is_loose(report) for report in vet_reports(reports)[0])


def incident_of_group(
    reports: Iterable[Report], machine: Iterable[ResolvedIncident], made_by: Sequence[str]
) -> ResolvedIncident:
    """Return the incident of a group of reports, derived as any other.

    The days are those of its first dated report, as far as later ones agree with them. A link keeps the score
    and the reason by which its report came to its former incident; that of a former founder names the
    correction.

    Args:
        reports: of the group; one of them has a date.
        machine: the incidents as the reports give them.
        made_by: the corrections that made the group.
    """
    ordered = sorted(vet_reports(reports)[0], key=publication_order)
    dated = [report for report in ordered if not is_loose(report)]
    founder = min(ordered, key=lambda r: founder_key(r.published_at, r.report_id))
    former = {link.report_id: link for incident in machine for link in incident.links}
    links = _Links(founder.report_id, f"put here by correction {made_by[-1]}")
    strike = Strike.founded_by(dated_report(dated[0]), links.of(former[dated[0].report_id]))
    for report in dated[1:]:
        strike.add_settled(dated_report(report), links.of(former[report.report_id]))
    strike.loose = [(report, links.of(former[report.report_id])) for report in ordered if is_loose(report)]
    return derive_incident(strike)


@dataclass(frozen=True, slots=True)
class _Links:
    """The links of the new incident. ``founder``: the report that gives it its id. ``reason``: of former
    founders."""

    founder: str
    reason: str

    def of(self, link: IncidentReport) -> IncidentReport:
        """Return the new link of a report."""
        moved = replace(link, incident_id=incident_id(self.founder), possible_duplicate_of=None)
        if link.report_id == self.founder:
            return replace(moved, match_score=1.0, match_reason="founder")
        if link.incident_id == incident_id(link.report_id):
            return replace(moved, match_score=1.0, match_reason=self.reason)
        return moved
