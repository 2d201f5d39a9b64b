"""The decisions of people about an incident, as its page shows them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from schemas.alert_records import AlertCorrection
from schemas.rows import Row, row_to_record
from schemas.vocabulary import CorrectionKind, Effect
from transforms.alerts.decisions import settings_of

_MOVES = (CorrectionKind.MERGE, CorrectionKind.SPLIT)
_SHORT_ID, _MOST_NAMED = 12, 4


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


def reports_moved(rows: Iterable[Row]) -> list[str]:
    """Return the reports that merges and splits name, sorted, each once. The rows are all corrections."""
    return sorted({report for row in rows if row["kind"] in _MOVES for report in _reports_of(row)})


def decisions_by_incident(rows: Sequence[Row], incident_of: Mapping[str, str]) -> dict[str, list[Row]]:
    """Return the corrections of each incident, in the order in which they were made.

    A merge or a split, and what took it back, is told of every incident that holds one of its reports now.

    Args:
        rows: all corrections, in their order.
        incident_of: the present incidents of the reports that merges and splits name.
    """
    by_id = {row["correction_id"]: row for row in rows}
    found: dict[str, list[Row]] = {}
    for row in rows:
        about = row
        while about["kind"] == CorrectionKind.UNDO and about["value"] in by_id:
            about = by_id[about["value"]]
        ids = {row["incident_id"]}
        if about["kind"] in _MOVES:
            ids |= {incident_of.get(report) for report in _reports_of(about)}
        for incident_id in sorted(filter(None, ids)):
            found.setdefault(incident_id, []).append(row)
    return found


def _reports_of(row: Row) -> Sequence[str]:
    """Return the reports of a merge or a split, also those that a split left where they were."""
    left: list[str] = json.loads(row["seen"] or "[]") if row["kind"] == CorrectionKind.SPLIT else []
    return [*row["report_ids"], *left]


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


def _what(made: Sequence[Row], every: Iterable[Row], verb: str = "took back") -> Iterator[str]:
    """Yield what a decision is. ``verb``: what an undo did; the undo of an undo brings something back."""
    first = made[0]
    if first["kind"] == CorrectionKind.SET:
        yield ", ".join(settings_of([row_to_record(AlertCorrection, row) for row in made]))
    elif first["kind"] == CorrectionKind.UNDO:
        targets = {row["value"] for row in made}
        taken = [row for row in every if row["correction_id"] in targets]
        for _, group in groupby(taken, key=_decision_of):
            of_group = list(group)
            if of_group[0]["kind"] == CorrectionKind.UNDO:
                yield from _what(of_group, every, "brought back" if verb == "took back" else "took back")
            else:
                yield f"{verb}: {'; '.join(_what(of_group, every))}"
        if not taken:
            yield f"{verb} a decision"
    elif first["kind"] == CorrectionKind.MERGE:
        yield f"merge with {', '.join(_others_of_merge(first))}"
    elif first["kind"] == CorrectionKind.SPLIT:
        yield f"split off: {_named('report', first['report_ids'])}"
    else:
        yield first["kind"]


def _others_of_merge(row: Row) -> Iterator[str]:
    """Yield the ids that the incidents had that were joined to the first one: that of their first report."""
    _, *others = json.loads(row["value"] or "[[]]")
    yield from (f"i-{reports[0]}"[:_SHORT_ID] for reports in others if reports)


def _named(word: str, ids: Sequence[str]) -> str:
    some = ", ".join(one[:_SHORT_ID] for one in ids[:_MOST_NAMED])
    rest = f" and {len(ids) - _MOST_NAMED} more" if len(ids) > _MOST_NAMED else ""
    return f"{word if len(ids) == 1 else word + 's'} {some}{rest}"
