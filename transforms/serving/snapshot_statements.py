"""The queries of a snapshot whose columns are those of the schema files."""

from collections.abc import Iterator, Sequence

from schemas.sql_files import statement
from schemas.tables import Column, tables

_NOT_SHOWN = frozenset({"is_current", "superseded_by"})
_INSTANT = "FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%SZ', {})"
_REPORTED = ("incidents_v1", "incident_reports_v1", "incident_history_v1", "reports_v1", "articles_v1")
_DECIDED = (
    "corrected_incidents_v1", "corrected_incident_reports_v1", "corrected_incident_history_v1",
    "corrections_v1", "correction_effects_v1",
)  # fmt: skip
"""Tables that incidents, their reports, their tolls and decisions about them are read from. A decision writes
to those of the second kind alone."""
OF_DAYS, OF_IDS = "event_date BETWEEN @since AND @until", "incident_id IN UNNEST(@incidents)"
"""Which incidents are read: those of an interval of days, or some by their ids."""


def is_reported(table: str) -> bool:
    """Return whether only runs write to a table, and no decision."""
    return table in _REPORTED


def state_statement() -> str:
    """Return the query of what changes whenever a table that incidents are read from is written to.

    The last instant alone does not tell: runs write whole seconds, and two may write within one.
    """
    return " UNION ALL ".join(
        statement(__file__, "table_state", table=name) for name in (*_REPORTED, *_DECIDED)
    )


def incidents_statement(which: str) -> str:
    """Return the query of some incidents. ``which``: ``OF_DAYS`` or ``OF_IDS``, here and below."""
    shown = [c for c in tables()["incidents_v1"].columns if c.name not in _NOT_SHOWN]
    updated_at = _INSTANT.format("u.updated_at")
    columns = _struct(shown, "i")
    return statement(__file__, "snapshot_incidents", columns=columns, updated_at=updated_at, which=which)


def links_statement(which: str) -> str:
    """Return the query of the reports of some incidents."""
    return statement(__file__, "snapshot_links", which=which)


def steps_statement(which: str) -> str:
    """Return the query of the toll steps of some incidents."""
    history = (*tables()["incident_history_v1"].columns, *_of_corrections())
    return statement(__file__, "snapshot_steps", columns=_struct(history, "h"), which=which)


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
