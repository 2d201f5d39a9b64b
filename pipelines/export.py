"""``export``: any table or view as JSON lines, CSV, XLSX, Parquet or GeoJSON, in a stable order."""

import csv
import io
import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from pipelines.chosen_columns import check_columns
from pipelines.export_training import NAME as TRAINING
from pipelines.export_training import training_articles
from pipelines.output_file import written_whole
from pipelines.row_filter import EVERY_ROW, RowFilter
from schemas.sql_files import statement
from schemas.tables import Column, tables, views
from transforms.util.errors import UserError
from transforms.util.table_forms import csv_cell, geojson_feature
from transforms.warehouse import Row, Warehouse, open_warehouse

_TABLES_OF_VIEWS = {"reports_all": "reports_v1", "incidents_all": "incidents_v1"}
"""The tables behind views that are not named after them."""
POINT = ("latitude", "longitude")
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
    """Return rows in a format. What only one format needs is imported for it alone.

    Args:
        rows: the rows.
        form: one of ``FORMATS``.
        columns: the columns to write. JSON lines of rows without columns are whole. A feature of GeoJSON has
            its point whether or not its coordinates are among them.

    Raises:
        ExcelLimit: the rows do not fit into a sheet of Excel.
    """
    names = [column.name for column in columns]
    if form == "jsonl":
        return "".join(_json(_part(row, names)) + "\n" for row in rows).encode()
    if form == "csv":
        return _csv(rows, names)
    if form == "parquet":
        from pipelines.parquet_file import parquet_bytes

        return parquet_bytes(rows, columns)
    if form == "xlsx":
        from pipelines.xlsx_file import xlsx_bytes

        return xlsx_bytes(rows, columns)
    return _geojson(rows, names)


def _part(row: Row, names: Sequence[str]) -> Row:
    return {name: row[name] for name in names} if names else row


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _csv(rows: Sequence[Row], columns: Sequence[str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([csv_cell(row[name]) for name in columns])
    return out.getvalue().encode()


def _geojson(rows: Sequence[Row], columns: Sequence[str]) -> bytes:
    with_point = [*columns, *(name for name in POINT if name not in columns)]
    features = [geojson_feature(_part(row, with_point)) for row in rows]
    return (_json({"type": "FeatureCollection", "features": features}) + "\n").encode()


def export_table(
    warehouse: str,
    name: str,
    form: str,
    out: Path | None,
    wanted: RowFilter = EVERY_ROW,
    names: Sequence[str] = (),
) -> int:
    """Write a table or view of a warehouse to a file, or to standard output. Return the number of rows.

    Args:
        warehouse: URL of the warehouse.
        name: which table or view.
        form: one of ``FORMATS``.
        out: the file; None is standard output.
        wanted: the rows to write.
        names: the columns to write. Default: all.

    Raises:
        FilterInvalid: the table has no column that ``wanted`` reads.
        ColumnUnknown: the table has no such column.
        ExportInvalid: there is no such table, or it has no such format.
        ExcelLimit: the rows do not fit into a sheet of Excel.
        OutputInvalid: the file's folder is missing.
        OutputFailed: the file cannot be written.
    """
    if name == TRAINING:
        _check_training(form, wanted, names)
    # The file is opened first: a path that cannot be written to is an error before any work.
    with nullcontext(sys.stdout.buffer) if out is None else written_whole(out) as file:
        with open_warehouse(warehouse, read_only=True) as opened:
            columns, rows = (
                ([], list(training_articles(opened))) if name == TRAINING else export_rows(opened, name)
            )
        if columns:
            known = [column.name for column in columns]
            wanted.check(name, known)
            check_columns(names, known, name)
            if form == "geojson" and not set(POINT) <= set(known):
                raise ExportInvalid("only tables with coordinates can be GeoJSON: reports, incidents")
        kept = list(wanted.rows(rows))
        file.write(encode(kept, form, _chosen(columns, names)))
        file.flush()
    return len(kept)


def _check_training(form: str, wanted: RowFilter, names: Sequence[str]) -> None:
    if form != "jsonl":
        raise ExportInvalid(f"{TRAINING} is written as jsonl only")
    if names or wanted != RowFilter(limit=wanted.limit):
        raise ExportInvalid(
            f"{TRAINING} is whole articles: it takes --limit, no other filter and no --columns"
        )


def _chosen(columns: Sequence[Column], names: Sequence[str]) -> Sequence[Column]:
    by_name = {column.name: column for column in columns}
    return [by_name[name] for name in names] or columns
