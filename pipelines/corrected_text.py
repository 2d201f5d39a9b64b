"""What a decision changed, in lines for a terminal."""

from collections.abc import Iterator

from pipelines.correct import Changed
from schemas.rows import record_to_row
from schemas.vocabulary import CorrectionKind

_NOT_SHOWN = (
    "revision",
    "flags",
    "headline",
    "source_urls",
    "first_reported_at",
    "last_reported_at",
    "status",
)
_WORDS = {
    CorrectionKind.CONFIRM: "confirmed",
    CorrectionKind.REJECT: "rejected",
    CorrectionKind.MERGE: "merged",
    CorrectionKind.SPLIT: "split",
    CorrectionKind.UNDO: "taken back",
}


def lines_of(changed: Changed) -> Iterator[str]:
    """Yield a line for each correction and for each column that changed, then the incident and its status."""
    for correction in changed.corrections:
        what = (
            f"set {correction.field}"
            if correction.kind == CorrectionKind.SET
            else _WORDS[CorrectionKind(correction.kind)]
        )
        about = f" {correction.value}" if correction.kind == CorrectionKind.UNDO else ""
        yield f"{correction.correction_id}  {what}{about}"
    if changed.after is None:
        yield f"{changed.before.incident_id} is no longer an incident"
        return
    before, after = record_to_row(changed.before), record_to_row(changed.after)
    for name, value in after.items():
        if value != before[name] and name not in _NOT_SHOWN:
            yield f"  {name}  {_shown(before[name])} → {_shown(value)}"
    yield f"{changed.after.incident_id}  {changed.before.status} → {changed.after.status}"


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "not stated" if value is None else str(value)
