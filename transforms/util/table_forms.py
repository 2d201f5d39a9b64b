"""Rows as cells of CSV and as features of GeoJSON, the same in every download."""

import json
import re
from collections.abc import Mapping
from typing import Any

_FORMULA = re.compile(r"^[=+\-@\t\r]")
"""How a cell begins that a spreadsheet would run (https://owasp.org/www-community/attacks/CSV_Injection)."""


def csv_cell(value: Any) -> Any:
    """Return a cell; text that a spreadsheet would run as a formula gets an apostrophe."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = "; ".join(value)
    elif isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if isinstance(value, str) and _FORMULA.match(value):
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
