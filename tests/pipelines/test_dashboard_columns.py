"""The columns of the dashboard's downloads: those of ``export incidents``."""

from __future__ import annotations

import datetime as dt
import re
from importlib.resources import files

from conftest import Ledger
from sample_records import a_report
from store_reports import store_as_run

from pipelines.dashboard.content import read_incidents
from pipelines.export import export_rows
from transforms.warehouse import open_warehouse


def test_the_page_knows_every_column_that_its_downloads_have(ledger: Ledger) -> None:
    store_as_run(ledger, a_report(1))
    with open_warehouse(ledger.url, read_only=True) as warehouse:
        core = read_incidents(warehouse, dt.date.min, dt.date.max).core
        columns, (row,) = export_rows(warehouse, "incidents")
    assert core["exported"] == [c.name for c in columns]
    script = (files("pipelines.dashboard") / "page.js").read_text("utf-8")
    cells = script[script.index("const CELLS = {") : script.index("for (const [name, [numbers")]
    details = script[script.index("const DETAIL_CELLS = {") : script.index("const exported")]
    known = set(re.findall(r"(\w+): \(", cells + details)) | set(re.findall(r"(\w+):", cells))
    assert known | set(core["others"]) == set(core["exported"])
    for name, (numbers, values) in core["others"].items():
        value = values[numbers[0]]
        assert (list(value) if isinstance(value, tuple) else value) == row[name]
