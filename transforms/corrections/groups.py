"""Which reports make one incident, after people merged and split: a partition of reports."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from schemas.records import Correction
from schemas.vocabulary import CorrectionKind

Group = frozenset[str]
"""The reports of one incident."""


@dataclass(frozen=True, slots=True)
class Regrouped:
    """The groups after merges and splits.

    ``changed_by``: for each group the corrections that made it, the last one last. ``unmatched``: the merges
    and splits that found nothing to do; true where the groups are as they want without them, false where too
    few of their reports are left.
    """

    groups: tuple[Group, ...]
    changed_by: Mapping[Group, tuple[str, ...]]
    unmatched: Mapping[str, bool]


def regroup(groups: Iterable[Group], corrections: Sequence[Correction]) -> Regrouped:
    """Return the groups after the merges and splits among the corrections, in their order.

    Args:
        groups: the reports of each incident, without corrections.
        corrections: those that hold, in order.
    """
    nothing: tuple[str, ...] = ()
    state = dict.fromkeys(groups, nothing)
    unmatched: dict[str, bool] = {}
    for correction in corrections:
        its_id = correction.correction_id
        if correction.kind == CorrectionKind.MERGE:
            sides = [group_of(state, side) for side in sides_of(correction)]
            parts = {side for side in sides if side is not None}
            if len(parts) > 1:
                made_by = sorted({made for part in parts for made in state.pop(part)})
                state[frozenset().union(*parts)] = (*made_by, its_id)
            else:
                unmatched[its_id] = None not in sides
        elif correction.kind == CorrectionKind.SPLIT:
            own = frozenset(correction.report_ids)
            torn = [group for group in state if group & own and group - own]
            for group in torn:
                state[group & own] = state[group - own] = (*state.pop(group), its_id)
            if not torn:
                unmatched[its_id] = any(group & own for group in state)
    return Regrouped(tuple(state), state, unmatched)


def sides_of(correction: Correction) -> list[list[str]]:
    """Return the reports of each incident that a merge joins."""
    try:
        sides = json.loads(correction.value or "[]")
    except ValueError:
        return []
    if not isinstance(sides, list):
        return []
    return [[str(report_id) for report_id in side] for side in sides if isinstance(side, list)]


def group_of(groups: Iterable[Group], report_ids: Sequence[str]) -> Group | None:
    """Return the group that holds most of some reports, None where none holds any.

    Of equals it is the one that holds the first of the reports: the founder comes first.
    """
    order = {report_id: n for n, report_id in enumerate(report_ids)}

    def preference(group: Group) -> tuple[int, int]:
        held = [order[report_id] for report_id in group if report_id in order]
        return len(held), -min(held, default=len(order))

    best = max(groups, key=preference, default=None)
    return best if best is not None and not best.isdisjoint(report_ids) else None
