"""``export``: any table or view as JSON lines, CSV, Parquet or GeoJSON, in a stable order."""

import csv
import io
import json
import re
from collections.abc import Sequence
from typing import Any, BinaryIO

from schemas.tables import tables, views
from transforms.warehouse import Warehouse

_FORMULA = re.compile(r"^[=+\-@\t\r]")
_KEYS = {"reports_all": "reports_v1", "incidents_all": "incidents_v1"}


class ExportInvalid(ValueError):
    """What can't be exported, in one line."""


def exportable() -> list[str]:
    """Return the names of all views and tables."""
    return [*views(), *tables()]


def export_rows(warehouse: Warehouse, name: str) -> list[dict[str, Any]]:
    """Return the rows of a table or view, sorted by its key.

    Raises:
        ExportInvalid: no such table.
    """
    if name not in exportable():
        raise ExportInvalid(f"no table {name!r}; there are {', '.join(views())}")
    table = tables().get(name) or tables().get(_KEYS.get(name, f"{name}_v1"))
    order = f" ORDER BY {', '.join(table.key)}" if table is not None else ""
    rows = warehouse.query(f"SELECT * FROM {name}{order}")
    return [{k: v for k, v in row.items() if not k.startswith("_")} for row in rows]


def encode(rows: Sequence[dict[str, Any]], form: str, columns: Sequence[str]) -> bytes:
    """Return rows in a format.

    Raises:
        ExportInvalid: GeoJSON of rows without coordinates.
    """
    if form == "jsonl":
        return "".join(_json(row) + "\n" for row in rows).encode()
    if form == "csv":
        return _csv(rows, columns)
    if form == "parquet":
        return _parquet(rows, columns)
    return _geojson(rows, columns)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _csv(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in columns])
    return out.getvalue().encode()


def _cell(value: Any) -> Any:
    """Return a cell; text that a spreadsheet would run as a formula gets an apostrophe."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = "; ".join(value)
    elif isinstance(value, list | dict):
        value = _json(value)
    if isinstance(value, str) and _FORMULA.match(value):
        return "'" + value
    return "" if value is None else value


def _parquet(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    data = {name: [row[name] for row in rows] for name in columns}
    out = io.BytesIO()
    pq.write_table(pa.table(data), out)
    return out.getvalue()


def _geojson(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> bytes:
    if not {"latitude", "longitude"} <= set(columns):
        raise ExportInvalid("only tables with coordinates can be GeoJSON: reports, incidents")
    features = [
        {
            "type": "Feature",
            "geometry": None
            if row["latitude"] is None or row["longitude"] is None
            else {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]},
            "properties": {k: v for k, v in row.items() if k not in ("latitude", "longitude")},
        }
        for row in rows
    ]
    return (_json({"type": "FeatureCollection", "features": features}) + "\n").encode()


def columns_of(warehouse: Warehouse, name: str, rows: Sequence[dict[str, Any]]) -> list[str]:
    """Return the column names of a table or view, also where it is empty."""
    if rows:
        return list(rows[0])
    table = tables().get(name) or tables().get(_KEYS.get(name, f"{name}_v1"))
    return [c for c in table.content if not c.startswith("_")] if table is not None else []


def write_out(data: bytes, out: BinaryIO) -> None:
    """Write and flush."""
    out.write(data)
    out.flush()
