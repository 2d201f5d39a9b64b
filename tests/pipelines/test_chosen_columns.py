"""``--columns`` of ``show`` and ``export``."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from conftest import Ledger
from sample_records import a_report
from store_reports import store_as_run as store

from pipelines.cli import main

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    ledger = Ledger(tmp_path_factory.mktemp("filled"))
    store(ledger, a_report(1))
    return ledger


def test_show_prints_the_named_columns_in_their_order(capsys: Captured, filled: Ledger) -> None:
    columns = "killed, place,as reported,latitude,targets"
    assert main(["show", "--columns", columns, "--warehouse", filled.url]) == 0
    heading, row = capsys.readouterr().out.splitlines()
    assert heading.split() == ["killed", "place", "as", "reported", "latitude", "targets"]
    assert "Kryvyi Rih" in row and "47.9" in row and "UA" not in row


def test_each_format_of_export_has_the_named_columns_in_their_order(
    capsys: Captured, filled: Ledger, tmp_path: Path
) -> None:
    names = ["location", "incident_id", "latitude", "longitude"]
    command = ["export", "incidents", "--columns", ",".join(names), "--warehouse", filled.url]
    assert main(command) == 0
    assert list(json.loads(capsys.readouterr().out)) == names
    assert main([*command, "--format", "csv"]) == 0
    assert next(csv.reader(io.StringIO(capsys.readouterr().out))) == names
    assert main([*command, "--out", str(tmp_path / "x.parquet")]) == 0
    assert pq.read_schema(tmp_path / "x.parquet").names == [*names, "geometry"]
    assert "x.parquet: 1 row\n" in capsys.readouterr().out


def test_a_feature_keeps_its_point_where_only_other_columns_are_named(
    capsys: Captured, filled: Ledger
) -> None:
    flags = ["--columns", "location", "--format", "geojson", "--warehouse", filled.url]
    assert main(["export", "incidents", *flags]) == 0
    (feature,) = json.loads(capsys.readouterr().out)["features"]
    assert feature["properties"] == {"location": "Kryvyi Rih"}
    assert feature["geometry"]["type"] == "Point"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["show", "--columns", "place,moon"], "incidents has no column 'moon'; there are date, place, country"),
        (["show", "--columns", "place,place"], "names 'place' twice"),
        (["export", "incidents", "--columns", "place"], "incidents has no column 'place'; there are incident_id"),
        (["export", "incidents", "--columns", "_row_hash"], "no column '_row_hash'"),
        (["export", "runs", "--format", "geojson"], "only tables with coordinates"),
        (["show", "checks", "--columns", "check"], "show checks takes no filter and no --columns"),
        (["show", "checks", "--limit", "1"], "show checks takes no filter and no --columns"),
        (["export", "training", "--columns", "text"], "no other filter and no --columns"),
        (["export", "training", "--country", "UA"], "no other filter and no --columns"),
    ],
)  # fmt: skip
def test_what_a_table_does_not_have_is_one_line(
    capsys: Captured, filled: Ledger, command: list[str], says: str
) -> None:
    assert main([*command, "--warehouse", filled.url]) == 2
    error = capsys.readouterr().err
    assert says in error and error.count("\n") == 1
