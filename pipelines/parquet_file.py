"""Rows as a Parquet file. Where they have coordinates, it is GeoParquet, which QGIS opens as a map."""

import datetime as dt
import io
import json
import struct
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.identity import parse_instant
from schemas.tables import Column, tables
from transforms.warehouse import Row

GEOMETRY = "geometry"
_LITTLE_ENDIAN, _POINT = 1, 1
_VERSION = "1.1.0"
"""Of GeoParquet. A file that names no system of coordinates has longitude and latitude in WGS 84."""


def parquet_bytes(rows: Sequence[Row], columns: Sequence[Column]) -> bytes:
    """Return a Parquet file with the types of the columns: dates are dates, instants are in UTC.

    Rows with ``longitude`` and ``latitude`` also get their points as a column ``geometry``.
    """
    arrays = {
        column.name: pa.array([_typed(row[column.name], column) for row in rows], _arrow_type(column))
        for column in columns
    }
    has_points = {"longitude", "latitude"} <= arrays.keys()
    if has_points:
        arrays[GEOMETRY] = pa.array([_point(row) for row in rows], pa.binary())
    table = pa.table(arrays)
    if has_points:
        table = table.replace_schema_metadata({"geo": json.dumps(_geo_metadata(rows))})
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def _point(row: Row) -> bytes | None:
    """Return a point as well-known binary, or None where its coordinates are not known."""
    if row["longitude"] is None or row["latitude"] is None:
        return None
    return struct.pack("<bIdd", _LITTLE_ENDIAN, _POINT, row["longitude"], row["latitude"])


def _geo_metadata(rows: Sequence[Row]) -> dict[str, Any]:
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"]}
    points = [(row["longitude"], row["latitude"]) for row in rows if _point(row)]
    if points:
        east_west, north_south = zip(*points, strict=True)
        column["bbox"] = [min(east_west), min(north_south), max(east_west), max(north_south)]
    return {"version": _VERSION, "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}


def _typed(value: Any, column: Column) -> Any:
    if value is None or column.mode == "REPEATED":
        return value
    if column.type == "DATE":
        return dt.date.fromisoformat(value)
    return parse_instant(value) if column.type == "TIMESTAMP" else value


def _arrow_type(column: Column) -> Any:
    simple = {
        "STRING": pa.string(), "INTEGER": pa.int64(), "FLOAT": pa.float64(), "BOOLEAN": pa.bool_(),
        "DATE": pa.date32(), "TIMESTAMP": pa.timestamp("us", "UTC"),
    }  # fmt: skip
    if column.type == "RECORD":
        fields = next(c.fields for t in tables().values() for c in t.columns if c.name == column.name)
        kind = pa.struct([(field.name, _arrow_type(field)) for field in fields])
    else:
        kind = simple[column.type]
    return pa.list_(kind) if column.mode == "REPEATED" else kind
