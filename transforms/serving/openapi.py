"""The description of the API for programs (OpenAPI 3.1), made from the filters and the table schemas."""

from collections.abc import Mapping
from typing import Any

from schemas.tables import Column, tables
from schemas.vocabulary import Status, Weapon
from transforms.serving.list_filter import ORDERS

_KINDS: Mapping[str, dict[str, Any]] = {
    "STRING": {"type": "string"},
    "INTEGER": {"type": "integer"},
    "FLOAT": {"type": "number"},
    "BOOLEAN": {"type": "boolean"},
    "DATE": {"type": "string", "format": "date"},
    "TIMESTAMP": {"type": "string", "format": "date-time"},
}
_UPDATED_AT = "When the ledger last wrote this row."
_FILTERS: Mapping[str, tuple[dict[str, Any], str]] = {
    "country": ({"type": "string", "pattern": "^[A-Za-z]{2}$"}, "Country: ISO 3166-1 alpha-2."),
    "since": ({"type": "string", "format": "date"}, "The first day."),
    "until": ({"type": "string", "format": "date"}, "The last day."),
    "weapon": ({"type": "string", "enum": list(Weapon)}, "The weapon."),
    "status": (
        {"type": "string", "enum": list(Status)},
        "The status. Rejected incidents are listed only where it asks for them.",
    ),
    "min_killed": ({"type": "integer", "minimum": 0}, "The least that the lower limit of the killed may be."),
    "place": ({"type": "string", "maxLength": 200}, "A part of the place's name."),
    "bbox": ({"type": "string"}, "west,south,east,north in degrees. It may cross the date line."),
    "geo_precision": (
        {"type": "integer", "minimum": 1, "maximum": 3},
        "How exactly the place is known: 1 town, 2 region, 3 country.",
    ),
    "text": ({"type": "string", "maxLength": 200}, "Words of headline, place and attacker."),
    "changed_since": (
        {"type": "string", "format": "date-time"},
        "Only rows that the ledger wrote then or later, in the order of writing; rejected ones too. Give the "
        "updated_at of the last row that you have: the rows of that second come again.",
    ),
    "order": (
        {"type": "string", "enum": list(ORDERS)},
        "latest (the default): the latest day first. deadliest: by the lower limit of the killed.",
    ),
}
_ANSWERS_OF_ALL: Mapping[str, dict[str, Any]] = {
    "304": {"description": "Not changed: If-None-Match named the present ETag."},
    "400": {"$ref": "#/components/responses/Problem"},
    "429": {"$ref": "#/components/responses/TooMany"},
}


def openapi_document(version: str, page_limit: int, most_rows: int) -> dict[str, Any]:
    """Return the description.

    Args:
        version: of this program.
        page_limit: rows of a page where ``limit`` is not given.
        most_rows: the most that ``limit`` may be.
    """
    limit = {
        "name": "limit", "in": "query", "description": f"Rows of a page; default {page_limit}.",
        "schema": {"type": "integer", "minimum": 1, "maximum": most_rows},
    }  # fmt: skip
    cursor = {
        "name": "cursor", "in": "query", "schema": {"type": "string"},
        "description": "next_cursor of the page before; the other parameters stay the same.",
    }  # fmt: skip
    filters = [
        {"name": name, "in": "query", "description": meaning, "schema": schema}
        for name, (schema, meaning) in _FILTERS.items()
    ]
    paged = [*filters, cursor, limit]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "strikeledger",
            "version": version,
            "description": "A ledger of strikes: read-only. Figures are what outlets reported.",
        },
        "paths": {
            "/api/incidents": _path("Incidents, one page", paged, "application/json", _ref("IncidentList")),
            "/api/incidents/{incident_id}": _incident_path(),
            "/api/incidents.geojson": _path(
                "Incidents as GeoJSON; all that fit, or one page with limit", paged, "application/geo+json"
            ),
            "/api/incidents.csv": _path(
                "Incidents as CSV; all that fit, or one page with limit", paged, "text/csv"
            ),
            "/api/incidents.atom": _path(
                "The incidents that changed last, as a feed", [*filters, limit], "application/atom+xml"
            ),
            "/health": _path("Whether the server has a snapshot, and of when", [], "application/json"),
        },
        "components": {"schemas": _schemas(), "responses": _responses()},
    }


def _path(
    summary: str, parameters: list[dict[str, Any]], kind: str, schema: dict[str, Any] | None = None
) -> dict[str, Any]:
    answer = {"description": summary, "content": {kind: {"schema": schema} if schema else {}}}
    return {
        "get": {"summary": summary, "parameters": parameters, "responses": {"200": answer, **_ANSWERS_OF_ALL}}
    }


def _incident_path() -> dict[str, Any]:
    name = {"name": "incident_id", "in": "path", "required": True, "schema": {"type": "string"}}
    path = _path(
        "One incident with reports, toll history, corrections and neighbours", [name], "application/json",
        _ref("IncidentWhole"),
    )  # fmt: skip
    path["get"]["responses"] |= {
        "302": {"description": "A retired id, or the beginning of one: Location is the incident."},
        "404": {"$ref": "#/components/responses/Problem"},
        "410": {"$ref": "#/components/responses/Problem"},
    }
    return path


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _responses() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": _ref("Problem")}}
    wait = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}}
    return {
        "Problem": {"description": "What is wrong, in one line.", "content": content},
        "TooMany": {"description": "Too many requests of one client.", "content": content, "headers": wait},
    }


def _schemas() -> dict[str, Any]:
    hidden = ("is_current", "superseded_by")
    incident = {c.name: _schema(c) for c in _shown("incidents_v1") if c.name not in hidden}
    incident["updated_at"] = {**_KINDS["TIMESTAMP"], "description": _UPDATED_AT}
    reports = {c.name: _schema(c) for c in _shown("reports_v1") if c.name != "text_signature"}
    whole_number = {"type": "integer"}
    problem = {"title": {"type": "string"}, "status": whole_number, "detail": {"type": "string"}}
    toll_range = {
        "low": whole_number, "high": {"type": ["integer", "null"]}, "without": whole_number,
        "open_ended": whole_number,
    }  # fmt: skip
    totals = dict.fromkeys(("incidents", "counted", "historical", "doubtful", "disputed"), whole_number)
    neighbour = {
        "incident_id": {"type": "string"},
        "score": {"type": ["number", "null"]},
        "reason": {"type": "string"},
    }
    return {
        "Incident": _object(incident),
        "Report": {"type": "object", "properties": reports},
        "IncidentWhole": {
            "allOf": [
                _ref("Incident"),
                _object({
                    "reports": _list(_ref("Report")),
                    "toll_history": _list({"type": "object"}),
                    "corrections": _list({"type": "object"}),
                    "neighbours": _list(_object(neighbour)),
                    "more_neighbours": whole_number,
                }),
            ]
        },
        "TollRange": _object(toll_range),
        "IncidentList": _object({
            "incidents": _list(_ref("Incident")),
            "next_cursor": {"type": ["string", "null"]},
            "totals": _object({**totals, "killed": _ref("TollRange"), "injured": _ref("TollRange")}),
            "snapshot": {"type": "object"},
        }),
        "Problem": _object(problem),
    }  # fmt: skip


def _shown(table: str) -> list[Column]:
    return [column for column in tables()[table].columns if not column.name.startswith("_")]


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _schema(column: Column) -> dict[str, Any]:
    if column.type == "RECORD":
        kind: dict[str, Any] = {"type": "object", "properties": {f.name: _schema(f) for f in column.fields}}
    else:
        kind = dict(_KINDS[column.type])
    if column.mode == "REPEATED":
        kind = {"type": "array", "items": kind}
    elif column.mode == "NULLABLE":
        kind["type"] = [kind["type"], "null"]
    return {**kind, "description": column.description}
