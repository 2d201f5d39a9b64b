"""Ids as a person types them: whole, or as much of their beginning as no other id shares."""

from schemas.sql_files import statement
from transforms.util.errors import UserError
from transforms.warehouse import Warehouse

_LEAST_LETTERS = 4
"""A shorter beginning is a slip of the keyboard, even where no other id has it."""


class NotFound(UserError):
    """There is no such id, or more than one begins so. The message lists them."""


def find_incident(warehouse: Warehouse, typed: str) -> str:
    """Return the id of the current incident that a typed id means: of a superseded one, its successor.

    Raises:
        NotFound: none begins so, several do, or nothing superseded it.
    """
    prefix = typed if typed.startswith("i-") else f"i-{typed}"
    if len(prefix) < _LEAST_LETTERS + 2:
        raise NotFound(
            f"{typed!r} is too short: type at least {_LEAST_LETTERS} characters of an incident's id"
        )
    rows = warehouse.query(statement(__file__, "incidents_by_prefix"), {"prefix": prefix})
    found = [row for row in rows if row["incident_id"] == prefix] or rows
    if not found:
        raise NotFound(f"no incident {typed!r}; show incidents lists them")
    if len(found) > 1:
        raise NotFound(f"{typed!r} begins several ids: {', '.join(row['incident_id'] for row in found)}")
    (row,) = found
    if row["is_current"]:
        return str(row["incident_id"])
    if row["superseded_by"] is None:
        raise NotFound(f"{row['incident_id']} is no longer an incident: its reports are gone")
    return str(row["superseded_by"])


def find_report(warehouse: Warehouse, typed: str) -> str:
    """Return the id of the report that a typed id means.

    Raises:
        NotFound: none begins so, or several do.
    """
    if len(typed) < _LEAST_LETTERS:
        raise NotFound(f"{typed!r} is too short: type at least {_LEAST_LETTERS} characters of a report's id")
    rows = warehouse.query(statement(__file__, "reports_by_prefix"), {"prefix": typed})
    ids = [str(row["report_id"]) for row in rows]
    if typed in ids:
        return typed
    if not ids:
        raise NotFound(f"no report {typed!r}; show reports lists them, and ids of incidents begin with i-")
    if len(ids) > 1:
        raise NotFound(f"{typed!r} begins several ids: {', '.join(ids)}")
    return ids[0]


def find_correction(warehouse: Warehouse, typed: str) -> str:
    """Return the id of the correction that a typed id means.

    Raises:
        NotFound: none begins so, or several do.
    """
    prefix = typed if typed.startswith("c-") else f"c-{typed}"
    rows = warehouse.query(statement(__file__, "corrections_by_prefix"), {"prefix": prefix})
    if len(rows) != 1:
        listed = ", ".join(row["correction_id"] for row in rows)
        raise NotFound(f"{typed!r} begins several ids: {listed}" if rows else f"no correction {typed!r}")
    return str(rows[0]["correction_id"])
