"""GeoParquet: the points and the metadata of https://geoparquet.org."""

from __future__ import annotations

import io
import json
import struct

import pyarrow.parquet as pq

from pipelines.parquet_file import parquet_bytes
from schemas.tables import Column

COLUMNS = [Column(name, "FLOAT", "NULLABLE", "") for name in ("latitude", "longitude")]


def test_rows_with_coordinates_have_points() -> None:
    rows = [
        {"latitude": 50.5, "longitude": 30.25},
        {"latitude": None, "longitude": None},
        {"latitude": -1.0, "longitude": 40.0},
    ]
    table = pq.read_table(io.BytesIO(parquet_bytes(rows, COLUMNS)))
    first, second, third = table["geometry"].to_pylist()
    assert second is None
    assert [struct.unpack("<bIdd", point) for point in (first, third)] == [
        (1, 1, 30.25, 50.5),
        (1, 1, 40.0, -1.0),
    ]
    geo = json.loads(table.schema.metadata[b"geo"])
    assert geo["primary_column"] == "geometry"
    assert geo["columns"]["geometry"] == {
        "encoding": "WKB", "geometry_types": ["Point"], "bbox": [30.25, -1.0, 40.0, 50.5],
    }  # fmt: skip


def test_other_rows_have_none() -> None:
    for columns in (COLUMNS[:1], [Column("n", "INTEGER", "NULLABLE", "")]):
        table = pq.read_table(io.BytesIO(parquet_bytes([{"latitude": 1.0, "n": 2}], columns)))
        assert "geometry" not in table.column_names and b"geo" not in (table.schema.metadata or {})
    empty = pq.read_table(io.BytesIO(parquet_bytes([], COLUMNS)))
    assert "bbox" not in json.loads(empty.schema.metadata[b"geo"])["columns"]["geometry"]
