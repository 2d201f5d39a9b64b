"""The decisions of people about an incident, as its page shows them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from schemas.alert_records import AlertCorrection
from schemas.rows import Row, row_to_record
from schemas.vocabulary import CorrectionKind, Effect
from transforms.alerts.decisions import settings_of


@dataclass(frozen=True, slots=True)
class ShownDecision:
    """One decision. "killed=22" is one decision and three corrections.

    ``row``: its first correction. ``other_ids``: of its other corrections. ``what``: in words. ``holds``:
    nobody took it back. ``effects``: what its corrections do, each once.
    """

    row: Row
    other_ids: Sequence[str]
    what: str
    holds: bool
    effects: Sequence[str]


def shown_decisions(rows: Sequence[Row]) -> list[ShownDecision]:
    """Return the decisions of an incident.

    Args:
        rows: of the view ``corrections``, in the order in which they were made.
    """
    by_id = {row["correction_id"]: row for row in rows}
    return [_shown(list(made), by_id.values()) for _, made in groupby(rows, key=_decision_of)]


def holding_decisions(rows: Iterable[Row]) -> list[Row]:
    """Return the corrections that hold: not those that were taken back, nor those that took them back."""
    return [row for row in rows if row["kind"] != CorrectionKind.UNDO and row["effect"] != Effect.UNDONE]


def _decision_of(row: Row) -> tuple[str, str, str]:
    return row["made_at"], row["made_by"], row["kind"]


def _shown(made: Sequence[Row], every: Iterable[Row]) -> ShownDecision:
    return ShownDecision(
        row=made[0],
        other_ids=[row["correction_id"] for row in made[1:]],
        what="; ".join(_what(made, every)),
        holds=any(row["effect"] != Effect.UNDONE for row in made),
        effects=list(dict.fromkeys(row["effect"] for row in made)),
    )


def _what(made: Sequence[Row], every: Iterable[Row]) -> Iterator[str]:
    kind = made[0]["kind"]
    if kind == CorrectionKind.SET:
        yield ", ".join(settings_of([row_to_record(AlertCorrection, row) for row in made]))
    elif kind == CorrectionKind.UNDO:
        targets = {row["value"] for row in made}
        taken = [row for row in every if row["correction_id"] in targets]
        for _, group in groupby(taken, key=_decision_of):
            yield f"took back: {'; '.join(_what(list(group), every))}"
        if not taken:
            yield "took back a decision"
    else:
        yield kind
