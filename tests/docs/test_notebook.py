"""The notebook in ``examples`` runs from top to bottom, without Jupyter."""

from __future__ import annotations

import ast
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from conftest import Ledger
from sample_records import KHARKIV, SUMY, a_report
from store_reports import store_as_run as store

from schemas.records import Evidence
from schemas.tables import views

NOTEBOOK = Path(__file__).parents[2] / "examples/ledger.ipynb"
NEEDS_PANDAS = "needs-pandas"


def notebook() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(NOTEBOOK.read_text("utf-8"))
    return read


def code_cells() -> list[dict[str, Any]]:
    return [cell for cell in notebook()["cells"] if cell["cell_type"] == "code"]


def run_cell(source: str, names: dict[str, Any]) -> str:
    """Run a cell and return what Jupyter would show: the value of its last line, if that is an expression."""
    body = ast.parse(source).body
    last = body.pop() if isinstance(body[-1], ast.Expr) and not source.rstrip().endswith(";") else None
    exec(compile(ast.Module(body, []), NOTEBOOK.name, "exec"), names)
    if not isinstance(last, ast.Expr):
        return ""
    return str(eval(compile(ast.Expression(last.value), NOTEBOOK.name, "eval"), names))


def test_the_cells_run_in_their_order(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    later = {
        "published_at": "2025-04-06T08:00:00Z",
        "fatalities_low": 9,
        "fatalities_best": 9,
        "fatalities_high": 9,
    }
    evidence = [Evidence("fatalities_low", "The strike killed four people.", 0, 30)]
    store(
        ledger,
        a_report(1, evidence=evidence),
        a_report(2, **KHARKIV),
        a_report(3, **SUMY),
        a_report(4, **later),
    )
    monkeypatch.setenv("STRIKELEDGER_WAREHOUSE", str(ledger.folder / "ledger.duckdb"))
    names: dict[str, Any] = {}
    shown = [
        run_cell("".join(cell["source"]), names)
        for cell in code_cells()
        if NEEDS_PANDAS not in cell["metadata"].get("tags", ()) or find_spec("pandas")
    ]
    for place in ("Kryvyi Rih", "Kharkiv", "Sumy"):
        assert place in shown[1]
    assert "2025-04" in shown[2]
    assert shown[3].count("2025-04-0") >= 2, "the toll that grew has two steps"
    assert "The strike killed four people." in shown[4]
    with pytest.raises(names["duckdb"].ConnectionException):
        names["ledger"].execute("SELECT 1")


def test_it_is_stored_without_outputs_and_as_jupyter_reads_it() -> None:
    read = notebook()
    assert (read["nbformat"], read["nbformat_minor"]) == (4, 5)
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code_cells())
    assert len({cell["id"] for cell in read["cells"]}) == len(read["cells"])


def test_it_reads_views_and_never_tables() -> None:
    text = "".join("".join(cell["source"]) for cell in code_cells())
    assert "_v1" not in text
    assert sum(name in text for name in views()) >= 5
