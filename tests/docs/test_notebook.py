"""The notebook in ``examples`` runs from top to bottom, without Jupyter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Ledger
from notebook import code_cells, run_cells
from sample_records import KHARKIV, SUMY, a_report
from store_reports import store_as_run as store

from schemas.records import Evidence
from schemas.tables import views

NOTEBOOK = Path(__file__).parents[2] / "examples/ledger.ipynb"


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
    shown = list(run_cells(NOTEBOOK, names))
    for place in ("Kryvyi Rih", "Kharkiv", "Sumy"):
        assert place in shown[1]
    assert "2025-04" in shown[2]
    assert shown[3].count("2025-04-0") >= 2, "the toll that grew has two steps"
    assert "The strike killed four people." in shown[4]
    with pytest.raises(names["duckdb"].ConnectionException):
        names["ledger"].execute("SELECT 1")


def test_it_is_stored_without_outputs_and_as_jupyter_reads_it() -> None:
    read = json.loads(NOTEBOOK.read_text("utf-8"))
    assert (read["nbformat"], read["nbformat_minor"]) == (4, 5)
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code_cells(NOTEBOOK))
    assert len({cell["id"] for cell in read["cells"]}) == len(read["cells"])


def test_it_reads_views_and_never_tables() -> None:
    text = "".join("".join(cell["source"]) for cell in code_cells(NOTEBOOK))
    assert "_v1" not in text
    assert sum(name in text for name in views()) >= 5
