"""``export``: any table or view as JSON lines, CSV, Parquet or GeoJSON, in a stable order."""

import csv
import datetime as dt
import io
import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from pipelines.export_training import NAME as TRAINING
from pipelines.export_training import training_articles
from pipelines.output_file import written_whole
from pipelines.row_filter import EVERY_ROW, RowFilter
from schemas.identity import parse_instant
from schemas.sql_files import statement
from schemas.tables import Column, tables, views
from transforms.util.errors import UserError
from transforms.util.table_forms import csv_cell, geojson_feature
from transforms.warehouse import Row, Warehouse, open_warehouse

_TABLES_OF_VIEWS = {"reports_all": "reports_v1", "incidents_all": "incidents_v1"}
"""The tables behind views that are not named after them."""
_ORDER_COLUMNS = 3
"""A view without a key is sorted by this many of its first columns."""


class ExportInvalid(UserError):
    """What the user asks for cannot be exported."""


def exportable() -> list[str]:
    """Return the names of all views and tables."""
    return [*views(), *tables()]


def export_rows(warehouse: Warehouse, name: str) -> tuple[list[Column], list[Row]]:
    """Return the columns and rows of a table or view, sorted by its key.

    The system columns, which begin with an underscore, are left out.

    Raises:
        ExportInvalid: there is no such table.
    """
    if name not in exportable():
        raise ExportInvalid(f"no table {name!r}; there are {', '.join(views())}")
    columns = [column for column in warehouse.columns(name) if not column.name.startswith("_")]
    sql = statement(
        __file__,
        "export_table",
        table=name,
        columns=", ".join(f"`{column.name}`" for column in columns),
        order=", ".join(_order(name, columns)),
    )
    return columns, warehouse.query(sql)


def _order(name: str, columns: Sequence[Column]) -> Sequence[str]:
    table = tables().get(name) or tables().get(_TABLES_OF_VIEWS.get(name, f"{name}_v1"))
    if table is not None:
        return table.key
    return [column.name for column in columns if column.mode != "REPEATED"][:_ORDER_COLUMNS]


def encode(rows: Sequence[Row], form: str, columns: Sequence[Column]) -> bytes:
    """Return rows in a format.

    Args:
        rows: the rows.
        form: ``jsonl``, ``csv``, ``parquet`` or ``geojson``.
        columns: the columns of the rows.

    Raises:
        ExportInvalid: GeoJSON, and the table has no columns of coordinates.
    """
    if form == "jsonl":
        return "".join(_json(row) + "\n" for row in rows).encode()
    names = [column.name for column in columns]
    if form == "csv":
        return _csv(rows, names)
    if form == "parquet":
        return _parquet(rows, columns)
    return _geojson(rows, names)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _csv(rows: Sequence[Row], columns: Sequence[str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([csv_cell(row[name]) for name in columns])
    return out.getvalue().encode()


def _parquet(rows: Sequence[Row], columns: Sequence[Column]) -> bytes:
    """Return a Parquet file with the types of the columns: dates are dates, instants are in UTC."""
    import pyarrow as pa  # loaded late, because only Parquet needs it
    import pyarrow.parquet as pq

    arrays = {
        column.name: pa.array([_typed(row[column.name], column) for row in rows], _arrow_type(column))
        for column in columns
    }
    out = io.BytesIO()
    pq.write_table(pa.table(arrays), out)
    return out.getvalue()


def _typed(value: Any, column: Column) -> Any:
    if value is None or column.mode == "REPEATED":
        return value
    if column.type == "DATE":
        return dt.date.fromisoformat(value)
    return parse_instant(value) if column.type == "TIMESTAMP" else value


def _arrow_type(column: Column) -> Any:
    import pyarrow as pa  # loaded late, as above

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


def _geojson(rows: Sequence[Row], columns: Sequence[str]) -> bytes:
    if not {"latitude", "longitude"} <= set(columns):
        raise ExportInvalid("only tables with coordinates can be GeoJSON: reports, incidents")
    features = [geojson_feature(row) for row in rows]
    return (_json({"type": "FeatureCollection", "features": features}) + "\n").encode()


def export_table(
    warehouse: str, name: str, form: str, out: Path | None, wanted: RowFilter = EVERY_ROW
) -> None:
    """Write a table or view of a warehouse to a file, or to standard output.

    Raises:
        FilterInvalid: the table has no column that ``wanted`` reads.
        ExportInvalid: there is no such table, or it has no such format.
        OutputInvalid: the file's folder is missing.
        OutputFailed: the file cannot be written.
    """
    if name == TRAINING and form != "jsonl":
        raise ExportInvalid(f"{TRAINING} is written as jsonl only")
    # The file is opened first: a path that cannot be written to is an error before any work.
    with nullcontext(sys.stdout.buffer) if out is None else written_whole(out) as file:
        with open_warehouse(warehouse, read_only=True) as opened:
            columns, rows = (
                ([], list(training_articles(opened))) if name == TRAINING else export_rows(opened, name)
            )
            if columns:
                wanted.check(name, [column.name for column in columns])
        file.write(encode(list(wanted.rows(rows)), form, columns))
        file.flush()
