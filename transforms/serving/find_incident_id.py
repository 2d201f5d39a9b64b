"""Which incident an address means: a current id, a retired one, or the beginning of one id."""

from bisect import bisect_left
from dataclasses import dataclass

from transforms.serving.snapshot import Snapshot

_LEAST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class FoundID:
    """What an id is.

    ``incident_id``: the current incident, None where there is none. ``is_same``: it is the id that was asked
    for. ``was_one``: the id was once an incident.
    """

    incident_id: str | None
    is_same: bool = False
    was_one: bool = False


def find_id(snapshot: Snapshot, typed: str) -> FoundID:
    """Return what an id means: itself, its successor, or the only id that begins so."""
    columns = snapshot.columns
    if typed in columns.number_of:
        return FoundID(typed, is_same=True)
    if snapshot.store.is_retired(typed):
        successor = snapshot.store.successor(typed)
        return FoundID(successor if successor in columns.number_of else None, was_one=True)
    prefix = typed if typed.startswith("i-") else f"i-{typed}"
    if len(prefix) < _LEAST_LETTERS + 2:
        return FoundID(None)
    first = bisect_left(columns.sorted_ids, prefix)
    found = [i for i in columns.sorted_ids[first : first + 2] if i.startswith(prefix)]
    return FoundID(found[0] if len(found) == 1 else None)
