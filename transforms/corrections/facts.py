"""Corrections as facts: their ids, their order, and which of them hold."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from schemas.identity import digest, parse_instant, utc_iso
from schemas.records import Correction
from schemas.vocabulary import CorrectionKind
from transforms.corrections.groups import sides_of


def with_id(correction: Correction) -> Correction:
    """Return a correction with its id: a hash of all that it says."""
    parts = (
        utc_iso(correction.made_at), correction.made_by, correction.kind, *correction.report_ids,
        correction.field, correction.value, correction.seen, correction.why, correction.source_url,
    )  # fmt: skip
    return replace(correction, correction_id=f"c-{digest('correction', *parts)}")


_ORDER_OF_KINDS = tuple(
    map(str, (CorrectionKind.UNDO, CorrectionKind.SPLIT, CorrectionKind.MERGE, CorrectionKind.SET))
)
"""The order of the facts of one decision, which have one time. All others come last: they judge the result.
"""


def in_order(corrections: Iterable[Correction]) -> list[Correction]:
    """Return corrections in the order in which they were made; of one second by their kind, then by id."""

    def key(correction: Correction) -> tuple[str, int, str]:
        kind = correction.kind
        rank = _ORDER_OF_KINDS.index(kind) if kind in _ORDER_OF_KINDS else len(_ORDER_OF_KINDS)
        return utc_iso(correction.made_at) or "", rank, correction.correction_id

    return sorted(corrections, key=key)


def time_of_next(corrections: Iterable[Correction], now: str) -> str:
    """Return the time of a decision that is made now: after all decisions before it.

    Instants have whole seconds. Two decisions of one second would be one, in the order of their kinds;
    and after a clock was set back, a new decision would not hold against an older one.

    >>> time_of_next([], "2025-04-04T16:40:00Z")
    '2025-04-04T16:40:00Z'
    """
    latest = parse_instant(max((utc_iso(c.made_at) or "" for c in corrections), default=""))
    if latest is None or now > (utc_iso(latest.isoformat()) or ""):
        return now
    return utc_iso((latest + timedelta(seconds=1)).isoformat()) or now


def undone_ids(corrections: Iterable[Correction]) -> set[str]:
    """Return the ids of the corrections that no longer hold.

    An undo takes one correction back, whenever it was made; another undo of that undo brings it back. An undo
    that nothing undoes holds, so each is judged after those that name it.
    """
    by_target: dict[str, list[str]] = {}
    for correction in corrections:
        if correction.kind == CorrectionKind.UNDO and correction.value:
            by_target.setdefault(correction.value, []).append(correction.correction_id)
    undone: dict[str, bool] = {}

    def is_undone(correction_id: str, above: tuple[str, ...]) -> bool:
        if correction_id not in undone:
            undone[correction_id] = any(
                not is_undone(undo, (*above, correction_id))
                for undo in by_target.get(correction_id, ())
                if undo not in above
            )
        return undone[correction_id]

    return {target for target in by_target if is_undone(target, ())}


def holding(corrections: Sequence[Correction]) -> list[Correction]:
    """Return the corrections that hold, without undos, in the order in which they were made."""
    undone = undone_ids(corrections)
    return [
        c for c in in_order(corrections) if c.kind != CorrectionKind.UNDO and c.correction_id not in undone
    ]


def left_by_split(correction: Correction) -> list[str]:
    """Return the reports that a split left where they were; none for another correction."""
    if correction.kind != CorrectionKind.SPLIT:
        return []
    try:
        rest = json.loads(correction.seen or "[]")
    except ValueError:
        return []
    return [str(report_id) for report_id in rest] if isinstance(rest, list) else []


def with_renamed_reports(correction: Correction, names: Mapping[str, str]) -> Correction:
    """Return a correction that names reports by their new ids. Its own id stays: it is the same decision.

    Args:
        correction: as it is stored.
        names: the new ids of reports by their old ones.
    """
    if names.keys().isdisjoint(correction.report_ids):
        return correction
    value = correction.value
    if correction.kind == CorrectionKind.MERGE:
        value = json.dumps([[names.get(r, r) for r in side] for side in sides_of(correction)])
    renamed = list(dict.fromkeys(names.get(r, r) for r in correction.report_ids))
    return replace(correction, report_ids=renamed, value=value)
