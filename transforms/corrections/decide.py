"""One incident after the decisions of people about it: confirmed, rejected, or with fields that they set."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from schemas.identity import utc_iso
from schemas.records import Correction, Incident
from schemas.step_records import ResolvedIncident
from schemas.vocabulary import CorrectionKind, Effect, Status
from transforms.corrections.settable import ValueRefused, value_of, with_value
from transforms.corrections.toll_steps import with_toll_steps
from transforms.resolution.incident import POSSIBLE_DUPLICATE, POSSIBLE_SPLIT

NEWER_EVIDENCE, CHANGED_SINCE_CONFIRMED = "newer_evidence", "changed_since_confirmed"
"""Flags: reports have changed what a person corrected, or confirmed, since then."""
CONFIRMED_FIELDS = (
    "event_date_start", "event_date_end", "location", "country", "weapon", "actor",
    "fatalities_low", "fatalities_best", "fatalities_high", "injured_low", "injured_best", "injured_high",
)  # fmt: skip
"""What a person vouches for who confirms an incident."""


@dataclass(frozen=True, slots=True)
class Decided:
    """An incident after decisions, and the effect of each by its id."""

    incident: ResolvedIncident
    effects: Mapping[str, Effect]


def decide(base: ResolvedIncident, decisions: Sequence[Correction], *, regrouped_at: str | None) -> Decided:
    """Return an incident after the decisions about it.

    Args:
        base: as the reports give it.
        decisions: confirm, reject and set, in the order in which they were made. The last one gives the
        status.
        regrouped_at: when a person last put its reports together, None where nobody did. What was confirmed
        before that was another incident.
    """
    is_regrouped = regrouped_at is not None
    incident, status = base.incident, Status.CORRECTED if is_regrouped else base.incident.status
    effects: dict[str, Effect] = {}
    sets: dict[str, Correction] = {}
    for decision in decisions:
        if decision.kind == CorrectionKind.SET:
            try:
                incident = with_value(incident, decision.field or "", decision.value or "")
            except ValueRefused:
                continue  # another version of the software accepted this value
            # a field that is set again is set later
            sets.pop(decision.field or "", None)
            sets[decision.field or ""] = decision
            effects[decision.correction_id] = _effect_of_set(base.incident, decision)
            status = Status.CORRECTED
        elif decision.kind == CorrectionKind.REJECT:
            effects[decision.correction_id] = Effect.APPLIED
            status = Status.REJECTED
        elif decision.kind == CorrectionKind.CONFIRM:
            is_as_seen = json.loads(decision.seen or "{}") == confirmed_fields(incident)
            incident = _confirmed(incident, is_as_seen=is_as_seen)
            effects[decision.correction_id] = Effect.APPLIED if is_as_seen else Effect.NEWER_EVIDENCE
            before = Status.CORRECTED if sets or is_regrouped else base.incident.status
            is_later = regrouped_at is None or _instant(decision.made_at) > _instant(regrouped_at)
            status = Status.CONFIRMED if is_as_seen and is_later else before
    flags = set(incident.flags)
    if any(effects[c.correction_id] == Effect.NEWER_EVIDENCE for c in sets.values()):
        flags.add(NEWER_EVIDENCE)
    history = with_toll_steps(base.history, list(sets.values()))
    incident = replace(incident, status=status, flags=sorted(flags), revision=len(history))
    return Decided(replace(base, incident=incident, history=history), effects)


def _instant(made_at: str) -> str:
    return utc_iso(made_at) or ""


def _confirmed(incident: Incident, *, is_as_seen: bool) -> Incident:
    """Return a confirmed incident: it is one strike, and no other. Flag what has changed since."""
    flags = set(incident.flags) - {POSSIBLE_SPLIT, POSSIBLE_DUPLICATE, CHANGED_SINCE_CONFIRMED}
    if not is_as_seen:
        flags.add(CHANGED_SINCE_CONFIRMED)
    return replace(incident, flags=sorted(flags), possible_duplicate_of=None)


def _effect_of_set(machine: Incident, correction: Correction) -> Effect:
    """Return how a set value stands to what the reports say now."""
    now = value_of(machine, correction.field or "")
    if now == correction.value:
        return Effect.AGREES
    return Effect.APPLIED if correction.seen in (None, now) else Effect.NEWER_EVIDENCE


def confirmed_fields(incident: Incident) -> dict[str, object]:
    """Return what a person vouches for who confirms an incident as it is."""
    return {name: json.loads(value_of(incident, name)) for name in CONFIRMED_FIELDS}
