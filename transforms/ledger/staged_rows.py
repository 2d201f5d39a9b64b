"""Records to the rows that a run stages."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from schemas.identity import digest
from schemas.rows import Row, record_to_row
from schemas.step_records import EntryOutcome, ResolvedIncident
from schemas.vocabulary import Outcome
from transforms.resolution.scopes import scope_of
from transforms.resolution.version import resolver_version

ToRows = Callable[[Any], Iterable[tuple[str, Row]]]
"""Turns a record into pairs of a kind and a row. A kind names the table that the row is for."""


def with_hash(row: Row) -> Row:
    """Return the row with a hash of its content, so that an equal row is not written again."""
    content = json.dumps(row, sort_keys=True, ensure_ascii=False)  # the values are checked later
    return {**row, "_row_hash": digest("row", content)}


def plain_rows(kind: str) -> ToRows:
    """Return the function that stages each record as one row of a kind."""
    return _PlainRows(kind)


@dataclass(frozen=True)
class _PlainRows:
    """Stages each record as one row. It is a class and not a closure, so that it can be pickled by
    reference."""

    kind: str

    def __call__(self, record: Any) -> Iterator[tuple[str, Row]]:
        yield self.kind, with_hash(record_to_row(record))


def entry_rows(outcome: EntryOutcome) -> Iterator[tuple[str, Row]]:
    """Stage what the ledger remembers of an entry.

    An entry that was known, or has no identity, changes nothing. A retry changes it only where it succeeds.
    """
    is_known = outcome.reason == "known_entry"
    is_failed_retry = outcome.why == "retry" and outcome.outcome != Outcome.WRITTEN
    if outcome.entry_id and not is_failed_retry and not is_known:
        row = record_to_row(outcome)
        yield "entries_v1", with_hash({k: v for k, v in row.items() if k != "why"})


def incident_rows(resolved: ResolvedIncident) -> Iterator[tuple[str, Row]]:
    """Stage an incident with its links and its history. Each row names the scope that it was derived in."""
    scope = {"_scope": scope_of(resolved.incident.country)}
    derived = {"is_current": True, "superseded_by": None, "_resolver": resolver_version(), **scope}
    yield "incidents_v1", with_hash({**record_to_row(resolved.incident), **derived})
    for link in resolved.links:
        yield "incident_reports_v1", with_hash({**record_to_row(link), **scope})
    for step in resolved.history:
        yield "incident_history_v1", with_hash({**record_to_row(step), **scope})
