"""Records to the rows that a run stages."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from schemas.identity import digest
from schemas.records import EntryOutcome, ResolvedIncident
from schemas.rows import Row, record_to_row
from schemas.vocabulary import Outcome
from transforms.resolution import RESOLVER
from transforms.resolution.scopes import scope_of

ToRows = Callable[[Any], Iterable[tuple[str, Row]]]


def with_hash(row: Row) -> Row:
    """Return the row with a hash over its content, so that an equal row is not rewritten."""
    content = json.dumps(row, sort_keys=True, ensure_ascii=False)  # what it holds is checked later
    return {**row, "_row_hash": digest("row", content)}


def plain_rows(table: str) -> ToRows:
    """Return the function that stages a record as one row of a table."""
    return _PlainRows(table)


class _PlainRows:
    """Stages records of one kind; a class, not a closure, so that it pickles by reference."""

    def __init__(self, table: str) -> None:
        self.table = table

    def __call__(self, record: Any) -> Iterator[tuple[str, Row]]:
        yield self.table, with_hash(record_to_row(record))


def entry_rows(outcome: EntryOutcome) -> Iterator[tuple[str, Row]]:
    """Stage what is remembered of an entry, unless it was known already or has no identity. A retry
    changes that only where it succeeds."""
    is_known = outcome.reason == "known_entry"
    is_vain = outcome.why == "retry" and outcome.outcome != Outcome.WRITTEN
    if outcome.entry_id and not is_vain and not is_known:
        row = record_to_row(outcome)
        yield "entries_v1", with_hash({k: v for k, v in row.items() if k != "why"})


def incident_rows(resolved: ResolvedIncident) -> Iterator[tuple[str, Row]]:
    """Stage an incident with its links and history, marked with the block they were derived in."""
    scope = {"_scope": scope_of(resolved.incident.country)}
    derived = {"is_current": True, "superseded_by": None, "_resolver": RESOLVER, **scope}
    yield "incidents_v1", with_hash({**record_to_row(resolved.incident), **derived})
    for link in resolved.links:
        yield "incident_reports_v1", with_hash({**record_to_row(link), **scope})
    for step in resolved.history:
        yield "incident_history_v1", with_hash({**record_to_row(step), **scope})
