"""Workbooks of Excel: read back cell by cell, from the parts of the file that Excel reads."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from lxml import etree

from pipelines import xlsx_file
from pipelines.xlsx_file import MAX_CHARACTERS, ExcelLimit, xlsx_bytes
from schemas.tables import Column

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def column(name: str, kind: str = "STRING", mode: str = "NULLABLE") -> Column:
    return Column(name, kind, mode, "")


def part(data: bytes, name: str) -> Any:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return etree.fromstring(book.read(name))


def styles(data: bytes) -> list[Any]:
    return list(part(data, "xl/styles.xml").find(f"{SHEET}cellXfs"))


def cells(data: bytes) -> dict[str, Any]:
    return {cell.get("r"): cell for cell in part(data, "xl/worksheets/sheet1.xml").iter(f"{SHEET}c")}


def text_of(cell: Any) -> str:
    assert cell.get("t") == "inlineStr"
    return "".join(cell.itertext())


COLUMNS = [
    column("text"), column("number", "INTEGER"), column("share", "FLOAT"), column("flag", "BOOLEAN"),
    column("day", "DATE"), column("instant", "TIMESTAMP"), column("list", "STRING", "REPEATED"),
]  # fmt: skip
ROW = {
    "text": "Kyiv", "number": -12, "share": 0.5, "flag": True, "day": "2025-04-04",
    "instant": "2025-04-04T18:00:00+03:00", "list": ["a", "b"],
}  # fmt: skip


def test_numbers_are_numbers_and_dates_are_dates() -> None:
    data = xlsx_bytes([ROW], COLUMNS)
    found = cells(data)
    assert [text_of(found[f"{letter}1"]) for letter in "ABCDEFG"] == [c.name for c in COLUMNS]
    assert text_of(found["A2"]) == "Kyiv" and text_of(found["G2"]) == "a; b"
    assert [found[at].get("t") for at in ("B2", "C2", "E2", "F2")] == [None] * 4
    assert [float("".join(found[at].itertext())) for at in ("B2", "C2")] == [-12, 0.5]
    assert found["D2"].get("t") == "b"
    day, instant = (float("".join(found[at].itertext())) for at in ("E2", "F2"))
    assert (day, instant) == (45751, 45751.625)  # days since 1899-12-30; 15:00 in UTC
    forms = {
        f.get("numFmtId"): f.get("formatCode") for f in part(data, "xl/styles.xml").iter(f"{SHEET}numFmt")
    }
    shown = [forms[styles(data)[int(found[at].get("s"))].get("numFmtId")] for at in ("E2", "F2")]
    assert shown == ["yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "{=1+1}", "\t=1", "https://x.example/a", "mailto:x"]
)
def test_no_text_is_a_formula_or_a_link(text: str) -> None:
    data = xlsx_bytes([{"text": text}], [column("text")])
    cell = cells(data)["A2"]
    assert text_of(cell).replace("_x0009_", "\t") == text
    assert cell.find(f"{SHEET}f") is None
    sheet = part(data, "xl/worksheets/sheet1.xml")
    assert not list(sheet.iter(f"{SHEET}f", f"{SHEET}hyperlink"))
    is_kept = cell.get("s") is not None and styles(data)[int(cell.get("s"))].get("quotePrefix") == "1"
    assert is_kept == (text[0] in "=+-@\t")


def test_null_is_an_empty_cell_and_an_early_day_a_text() -> None:
    columns = [column("day", "DATE"), column("instant", "TIMESTAMP")]
    rows = [{"day": None, "instant": None}, {"day": "1899-05-01", "instant": "1850-01-01T00:00:00Z"}]
    found = cells(xlsx_bytes(rows, columns))
    assert "A2" not in found and "B2" not in found
    assert [text_of(found[at]) for at in ("A3", "B3")] == ["1899-05-01", "1850-01-01T00:00:00Z"]


def test_the_same_rows_are_the_same_bytes() -> None:
    assert xlsx_bytes([ROW], COLUMNS) == xlsx_bytes([ROW], COLUMNS)


def test_too_many_rows_are_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_file, "MAX_ROWS", 3)
    assert len(cells(xlsx_bytes([ROW] * 2, COLUMNS))) == 3 * len(COLUMNS)
    with pytest.raises(
        ExcelLimit, match="holds 2 rows, and these are 3; choose fewer by a filter or --limit"
    ):
        xlsx_bytes([ROW] * 3, COLUMNS)


def test_a_text_that_is_too_long_is_not_cut_silently() -> None:
    assert xlsx_bytes([{"text": "x" * MAX_CHARACTERS}], [column("text")])
    with pytest.raises(ExcelLimit, match="text of row 1 has 32,768; leave the column out by --columns"):
        xlsx_bytes([{"text": "x" * (MAX_CHARACTERS + 1)}], [column("text")])
