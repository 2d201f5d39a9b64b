"""The history of a toll that a person corrected: the person's steps among those of the reports."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from schemas.identity import utc_iso
from schemas.records import Correction, TollStep
from transforms.corrections.settable import with_value

_FIGURES = (
    "fatalities_low", "fatalities_best", "fatalities_high", "injured_low", "injured_best", "injured_high",
    "child_fatalities", "child_injured",
)  # fmt: skip


def with_toll_steps(history: Sequence[TollStep], sets: Sequence[Correction]) -> list[TollStep]:
    """Return the history with a step for each correction of a figure, and renumbered.

    From a correction on its figure holds. A later report that gives another one makes no step, unless it
    changes a figure that was not corrected.

    Args:
        history: the steps that reports made, in order.
        sets: the corrections that set a field, in order.
    """
    ours = [c for c in sets if c.field in _FIGURES]
    if not ours:
        return list(history)
    events: list[tuple[str, int, TollStep | list[Correction]]] = [
        (utc_iso(step.valid_from) or "9999", n, step) for n, step in enumerate(history)
    ]
    # "killed=22" is one decision and three corrections, of one person at one time: one step.
    decisions = groupby(ours, key=lambda c: (utc_iso(c.made_at) or "", c.made_by))
    events += [(made[0], len(history) + n, list(some)) for n, (made, some) in enumerate(decisions)]
    steps: list[TollStep] = []
    machine: TollStep = history[0]
    applied: list[Correction] = []
    for when, _, event in sorted(events, key=lambda e: e[:2]):
        if isinstance(event, list):
            applied += event
            made_by: dict[str, Any] = {"correction_id": event[0].correction_id, "valid_from": when}
        else:
            machine, made_by = event, {"correction_id": None, "valid_from": event.valid_from}
        step = replace(machine, **made_by)
        for correction in applied:
            step = with_value(step, correction.field or "", correction.value or "")
        if not steps or _figures(step) != _figures(steps[-1]):
            steps.append(step)
    return [
        replace(
            step, revision=n, is_current=n == len(steps),
            valid_to=steps[n].valid_from if n < len(steps) else None,
        )
        for n, step in enumerate(steps, start=1)
    ]  # fmt: skip


def _figures(step: TollStep) -> tuple[int | None, ...]:
    return tuple(getattr(step, name) for name in _FIGURES)
