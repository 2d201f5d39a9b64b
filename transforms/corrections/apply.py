"""Apply corrections to the incidents that the reports give: ``apply_corrections``.

It is a pure function of two sets, the incidents and the corrections. So the result does not depend on the
order in which they arrived. Corrections of one incident apply in the order in which people made them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from schemas.identity import utc_iso
from schemas.records import Correction, CorrectionEffect, Report
from schemas.step_records import ResolvedIncident
from schemas.vocabulary import CorrectionKind, Effect
from transforms.corrections.decide import decide
from transforms.corrections.facts import holding, in_order, undone_ids
from transforms.corrections.groups import Group, Regrouped, group_of, regroup
from transforms.corrections.regrouped_incident import has_day, incident_of_group

_OF_GROUPS = (CorrectionKind.MERGE, CorrectionKind.SPLIT)


@dataclass(frozen=True, slots=True)
class Corrected:
    """The incidents that corrections change, whole, and what each correction does."""

    incidents: Sequence[ResolvedIncident]
    effects: Sequence[CorrectionEffect]


def apply_corrections(
    incidents: Iterable[ResolvedIncident], reports: Mapping[str, Report], corrections: Iterable[Correction]
) -> Corrected:
    """Return the incidents that corrections change, sorted by id, and the effect of each correction.

    Args:
        incidents: as the reports give them; all that hold a report of a correction, and perhaps others.
        reports: the reports of these incidents by id. Only those of merged and split incidents are read.
        corrections: all of them, in any order.
    """
    every = in_order(corrections)
    effects = _effects_of_undos(every)
    machine = {frozenset(link.report_id for link in i.links): i for i in incidents}
    valid, regrouped = _regroup(machine, reports, holding(every))
    for correction_id, is_so_already in regrouped.unmatched.items():
        effects[correction_id] = (Effect.AGREES if is_so_already else Effect.NO_REPORT, None)
    decisions = _decisions_by_group(regrouped.groups, valid)
    made_at = {c.correction_id: utc_iso(c.made_at) or "" for c in every}
    changed = []
    for group in regrouped.groups:
        made_by, decided = regrouped.changed_by[group], decisions.get(group, ())
        if not made_by and not decided:
            continue
        base = _base_of(group, regrouped, machine, reports)
        result = decide(base, decided, regrouped_at=max((made_at[i] for i in made_by), default=None))
        changed.append(result.incident)
        for correction_id, effect in {**dict.fromkeys(made_by, Effect.APPLIED), **result.effects}.items():
            effects[correction_id] = (effect, base.incident.incident_id)
    for correction in every:  # what was taken back, and what took it back, are still told with their incident
        effect, _ = effects.get(correction.correction_id, (Effect.NO_REPORT, None))
        if correction.kind == CorrectionKind.UNDO or effect == Effect.UNDONE:
            own = group_of(regrouped.groups, correction.report_ids)
            if own is not None:
                held = _base_of(own, regrouped, machine, reports).incident
                effects[correction.correction_id] = (effect, held.incident_id)
    return Corrected(
        sorted(changed, key=lambda r: r.incident.incident_id),
        [
            CorrectionEffect(i, *effects.get(i, (Effect.NO_REPORT, None)))
            for i in sorted(c.correction_id for c in every)
        ],
    )


def incident_before_decisions(
    incidents: Iterable[ResolvedIncident], reports: Mapping[str, Report], corrections: Iterable[Correction],
    report_ids: Sequence[str],
) -> ResolvedIncident | None:  # fmt: skip
    """Return the incident that holds most of some reports, after merges and splits and before all else.

    None where no incident holds one. Args: as ``apply_corrections``.
    """
    machine = {frozenset(link.report_id for link in i.links): i for i in incidents}
    _, regrouped = _regroup(machine, reports, holding(list(corrections)))
    group = group_of(regrouped.groups, report_ids)
    return _base_of(group, regrouped, machine, reports) if group is not None else None


def _base_of(
    group: Group,
    regrouped: Regrouped,
    machine: Mapping[Group, ResolvedIncident],
    reports: Mapping[str, Report],
) -> ResolvedIncident:
    made_by = regrouped.changed_by[group]
    if not made_by:
        return machine[group]
    return incident_of_group([reports[r] for r in sorted(group)], machine.values(), made_by)


def _effects_of_undos(every: Sequence[Correction]) -> dict[str, tuple[Effect, str | None]]:
    """Return the effect of what was undone, and of the undos that hold."""
    undone = undone_ids(every)
    effects: dict[str, tuple[Effect, str | None]] = {
        c.correction_id: (Effect.APPLIED, None) for c in every if c.kind == CorrectionKind.UNDO
    }
    return effects | {c.correction_id: (Effect.UNDONE, None) for c in every if c.correction_id in undone}


def _regroup(
    machine: Mapping[Group, ResolvedIncident], reports: Mapping[str, Report], valid: list[Correction]
) -> tuple[list[Correction], Regrouped]:
    """Return the corrections that can be applied, and the groups that they make.

    A split that leaves only reports without a date, which can be no incident, has no effect.
    """
    while True:
        regrouped = regroup(sorted(machine, key=sorted), valid)
        impossible = {
            made_by[-1]
            for group, made_by in regrouped.changed_by.items()
            if made_by and not has_day(reports[r] for r in group)
        }
        if not impossible:
            return valid, regrouped
        valid = [c for c in valid if c.correction_id not in impossible]


def _decisions_by_group(
    groups: Sequence[Group], valid: Sequence[Correction]
) -> Mapping[Group, Sequence[Correction]]:
    """Return the decisions about each incident as a whole. One whose reports are gone has no group."""
    found: dict[Group, list[Correction]] = defaultdict(list)
    for correction in valid:
        group = group_of(groups, correction.report_ids)
        if group is not None and correction.kind not in _OF_GROUPS:
            found[group].append(correction)
    return found
