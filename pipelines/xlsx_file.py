"""Rows as a workbook of Excel: numbers as numbers, dates as dates, and no text as a formula."""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from schemas.identity import parse_instant
from schemas.tables import Column
from transforms.util.errors import UserError
from transforms.util.table_forms import flat_cell, is_like_a_formula
from transforms.warehouse import Row

MAX_ROWS = 1_048_576
"""Of a sheet, with the row of the headings."""
MAX_CHARACTERS = 32_767
"""Of a cell."""
_FIRST_DAY = dt.date(1900, 3, 1)
"""Excel counts days from 1900 and believes in a 29 February of that year. Earlier days become text."""
_MADE_AT = dt.datetime(2000, 1, 1)
"""Stands for the time of making, so that two exports of the same rows are the same bytes."""


class ExcelLimit(UserError):
    """Rows that a sheet of Excel cannot hold."""


def xlsx_bytes(rows: Sequence[Row], columns: Sequence[Column]) -> bytes:
    """Return a workbook. Instants are in UTC, because a cell of Excel has no time zone.

    Raises:
        ExcelLimit: there are too many rows, or a text is too long for a cell.
    """
    if len(rows) >= MAX_ROWS:
        raise ExcelLimit(
            f"a sheet of Excel holds {MAX_ROWS - 1:,} rows, and these are {len(rows):,}; "
            "choose fewer by a filter or --limit, or write csv or parquet"
        )
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        book.set_properties({"created": _MADE_AT})
        sheet = book.add_worksheet("strikeledger")
        heading = book.add_format({"bold": True})
        forms = {
            "DATE": book.add_format({"num_format": "yyyy-mm-dd"}),
            "TIMESTAMP": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            # Excel would make a formula of such a text once somebody edits its cell.
            "FORMULA": book.add_format({"quote_prefix": True}),
        }
        for x, column in enumerate(columns):
            sheet.write_string(0, x, column.name, heading)
        for y, row in enumerate(rows, start=1):
            for x, column in enumerate(columns):
                _write(sheet, y, x, row[column.name], column, forms)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), max(len(columns) - 1, 0))
    return out.getvalue()


def _write(sheet: Any, y: int, x: int, value: Any, column: Column, forms: dict[str, Any]) -> None:
    """Write one cell. Nothing is left to the library's guess, which makes formulas and links of texts."""
    value = flat_cell(value)
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(y, x, value)
    elif isinstance(value, int | float):
        sheet.write_number(y, x, value)
    elif (moment := _moment(value, column)) is not None:
        sheet.write_datetime(y, x, moment, forms[column.type])
    elif len(value) > MAX_CHARACTERS:
        raise ExcelLimit(
            f"a cell of Excel holds {MAX_CHARACTERS:,} characters, and {column.name} of row {y:,} has "
            f"{len(value):,}; leave the column out by --columns, or write csv or parquet"
        )
    else:
        sheet.write_string(y, x, value, forms["FORMULA"] if is_like_a_formula(value) else None)


def _moment(value: str, column: Column) -> dt.date | None:
    """Return a date or an instant without its zone; None for other texts, and for days before 1900."""
    if column.mode == "REPEATED" or column.type not in ("DATE", "TIMESTAMP"):
        return None
    if column.type == "DATE":
        day = dt.date.fromisoformat(value)
        return day if day >= _FIRST_DAY else None
    instant = parse_instant(value)
    if instant is None:
        return None
    moment = instant.astimezone(dt.UTC).replace(tzinfo=None)
    return moment if moment.date() >= _FIRST_DAY else None
