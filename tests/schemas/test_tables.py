"""The JSON schema files are the contract: records, warehouse tables and views agree with them."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Optional, get_type_hints

import duckdb
import pytest

from schemas import records
from schemas.tables import Column, tables, views
from transforms.warehouse import open_warehouse
from transforms.warehouse.duckdb import column_type

TYPES: dict[Any, tuple[str, str]] = {
    str: ("STRING", "REQUIRED"),
    int: ("INTEGER", "REQUIRED"),
    float: ("FLOAT", "REQUIRED"),
    bool: ("BOOLEAN", "REQUIRED"),
    datetime.date: ("DATE", "REQUIRED"),
    Optional[str]: ("STRING", "NULLABLE"),
    Optional[int]: ("INTEGER", "NULLABLE"),
    Optional[float]: ("FLOAT", "NULLABLE"),
    Optional[datetime.date]: ("DATE", "NULLABLE"),
    Sequence[str]: ("STRING", "REPEATED"),
    Sequence[records.Evidence]: ("RECORD", "REPEATED"),
    Sequence[records.FieldConfidence]: ("RECORD", "REPEATED"),
    Sequence[records.DroppedFields]: ("RECORD", "REPEATED"),
}
SAME = {
    "articles_v1": records.Article,
    "reports_v1": records.Report,
    "incidents_v1": records.Incident,
    "incident_reports_v1": records.IncidentReport,
    "incident_history_v1": records.TollStep,
    "feed_state_v1": records.FeedState,
    "corrections_v1": records.Correction,
    "correction_effects_v1": records.CorrectionEffect,
    "corrected_incidents_v1": records.Incident,
    "corrected_incident_reports_v1": records.IncidentReport,
    "corrected_incident_history_v1": records.TollStep,
    "second_readings_v1": records.SecondReading,
    "second_reports_v1": records.SecondReport,
}
_STATE = {"is_current", "superseded_by"}
ONLY_IN_TABLE = {"incidents_v1": _STATE, "corrected_incidents_v1": _STATE}


@pytest.mark.parametrize("name", SAME)
def test_record_and_table_have_the_same_fields(name: str) -> None:
    hints = get_type_hints(SAME[name])
    columns = {c.name: c for c in tables()[name].columns if not c.name.startswith("_")}
    assert set(hints) == set(columns) - ONLY_IN_TABLE.get(name, set())
    for field in dataclasses.fields(SAME[name]):
        kind, mode = TYPES[hints[field.name]]
        column = columns[field.name]
        # an instant is a string in a record
        assert column.type == kind or (kind == "STRING" and column.type == "TIMESTAMP"), field.name
        assert column.mode == mode, field.name


@pytest.mark.parametrize("name", ["incidents", "incident_reports", "incident_history"])
def test_a_corrected_table_has_the_columns_of_its_table_in_their_order(name: str) -> None:
    """The views put both below each other."""
    own, base = (
        [c for c in tables()[t].columns if not c.name.startswith("_")]
        for t in (f"corrected_{name}_v1", f"{name}_v1")
    )
    assert own == base


def _all_columns(columns: Sequence[Column]) -> list[Column]:
    return [c for column in columns for c in (column, *_all_columns(column.fields))]


def test_every_column_is_described() -> None:
    for table in tables().values():
        for column in _all_columns(table.columns):
            assert column.description.strip().endswith("."), f"{table.name}.{column.name}"
        assert set(table.key) <= {c.name for c in table.columns}


def _columns_in(folder: Path) -> list[tuple[str, str, str]]:
    with duckdb.connect(str(folder / "x.duckdb"), read_only=True) as db:
        return db.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
        ).fetchall()


def test_warehouse_has_the_columns_and_ensuring_twice_does_nothing(tmp_path: Path) -> None:
    with open_warehouse(f"duckdb:///{tmp_path}/x.duckdb") as warehouse:
        assert len(warehouse.ensure()) == len(tables())
        assert warehouse.ensure() == []
    found = {(table, column): kind for table, column, kind in _columns_in(tmp_path)}
    for table in tables().values():
        for column in table.columns:
            have = found[table.name, column.name].replace('"', "")
            want = column_type(column).replace('"', "").replace("TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE")
            assert have == want


def test_a_missing_column_is_added_and_rows_are_kept(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/x.duckdb"
    with open_warehouse(url) as warehouse:
        warehouse.ensure()
        warehouse.load({}, ["INSERT INTO feed_state_v1 (feed_url, source_name) VALUES ('f', 'S')"], {})
        for view in views():
            warehouse.load({}, [f"DROP VIEW {view}"], {})
        warehouse.load({}, ["ALTER TABLE feed_state_v1 DROP COLUMN etag"], {})
        assert warehouse.ensure() == ["added feed_state_v1.etag"]
        assert warehouse.query("SELECT feed_url, etag FROM feed_state") == [{"feed_url": "f", "etag": None}]


def test_views_show_no_system_columns(tmp_path: Path) -> None:
    with open_warehouse(f"duckdb:///{tmp_path}/x.duckdb") as warehouse:
        warehouse.ensure()
    seen = [column for table, column, _ in _columns_in(tmp_path) if table in views()]
    assert seen
    assert not [name for name in seen if name.startswith("_")]
