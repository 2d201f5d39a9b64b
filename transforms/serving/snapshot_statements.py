"""The queries of a snapshot whose columns are those of the schema files."""

from collections.abc import Iterator, Sequence

from schemas.sql_files import statement
from schemas.tables import Column, tables

_NOT_SHOWN = frozenset({"is_current", "superseded_by"})
_INSTANT = "FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%SZ', {})"
_READ = (
    "incidents_v1", "incident_reports_v1", "incident_history_v1", "corrected_incidents_v1",
    "corrected_incident_reports_v1", "corrected_incident_history_v1", "reports_v1", "articles_v1",
    "corrections_v1", "correction_effects_v1",
)  # fmt: skip
"""Tables that incidents, their reports, their tolls and decisions about them are read from."""


def state_statement() -> str:
    """Return the query of what changes whenever a table that incidents are read from is written to.

    The last instant alone does not tell: runs write whole seconds, and two may write within one.
    """
    return " UNION ALL ".join(statement(__file__, "table_state", table=name) for name in _READ)


def incidents_statement() -> str:
    """Return the query of the incidents of an interval of days."""
    shown = [c for c in tables()["incidents_v1"].columns if c.name not in _NOT_SHOWN]
    updated_at = _INSTANT.format("u.updated_at")
    return statement(__file__, "snapshot_incidents", columns=_struct(shown, "i"), updated_at=updated_at)


def steps_statement() -> str:
    """Return the query of the toll steps of the incidents of an interval of days."""
    history = (*tables()["incident_history_v1"].columns, *_of_corrections())
    return statement(__file__, "snapshot_steps", columns=_struct(history, "h"))


def reports_statement() -> str:
    """Return the query of the reports of a range of ids that were written since an instant."""
    return statement(__file__, "written_reports", columns=_struct(tables()["reports_v1"].columns, "r"))


def _of_corrections() -> Iterator[Column]:
    have = {column.name for column in tables()["incident_history_v1"].columns}
    yield from (c for c in tables()["corrected_incident_history_v1"].columns if c.name not in have)


def _struct(columns: Sequence[Column], table: str) -> str:
    """Return the columns of a table as the fields of a struct, with instants as strings."""
    fields = []
    for column in columns:
        if not column.name.startswith("_"):
            name = f"{table}.{column.name}"
            value = _INSTANT.format(name) if column.type == "TIMESTAMP" else name
            fields.append(f"{value} AS {column.name}")
    return ", ".join(fields)
