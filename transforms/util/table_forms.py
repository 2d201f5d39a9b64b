"""Rows as cells of CSV and as features of GeoJSON, the same in every download."""

import json
import re
from collections.abc import Mapping
from typing import Any

_FORMULA = re.compile(r"^[=+\-@\t\r]")
"""How a cell begins that a spreadsheet would run (https://owasp.org/www-community/attacks/CSV_Injection)."""


def is_like_a_formula(text: str) -> bool:
    """Return whether a spreadsheet would run a text as a formula."""
    return _FORMULA.match(text) is not None


def flat_cell(value: Any) -> Any:
    """Return a value as one cell: texts of a list with semicolons between them, records as JSON."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "; ".join(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    return value


def csv_cell(value: Any) -> Any:
    """Return a cell; text that a spreadsheet would run as a formula gets an apostrophe."""
    value = flat_cell(value)
    if isinstance(value, str) and is_like_a_formula(value):
        return "'" + value
    return "" if value is None else value


def geojson_feature(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as a feature: a point, or no geometry where its coordinates are not known."""
    has_point = row["latitude"] is not None and row["longitude"] is not None
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]}
        if has_point
        else None,
        "properties": {k: v for k, v in row.items() if k not in ("latitude", "longitude")},
    }
