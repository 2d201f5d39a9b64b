"""Whether an incident is still what a person saw when that person decided."""

import json

from schemas.identity import digest
from schemas.rows import Row
from transforms.corrections.decision import CorrectionRefused

_NOT_SEEN = frozenset({"updated_at"})


class ChangedMeanwhile(CorrectionRefused):
    """Another editor or a run has changed the incident since the person looked at it."""


def seen_mark(row: Row) -> str:
    """Return what changes whenever an incident changes.

    Args:
        row: as the view ``incidents`` has it.
    """
    shown = {name: value for name, value in row.items() if name not in _NOT_SEEN}
    return digest("seen", json.dumps(shown, sort_keys=True))[:32]


def check_as_seen(row: Row, mark: str) -> None:
    """Check that an incident is what a person saw.

    Raises:
        ChangedMeanwhile: it is not.
    """
    if seen_mark(row) != mark:
        raise ChangedMeanwhile("this incident has changed since you opened it: look again, then decide")
