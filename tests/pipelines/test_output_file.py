"""Files that commands write for a user: whole, or as they were."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Ledger
from full_disk import full_disk
from sample_records import a_report
from store_reports import store

from pipelines.cli import main
from pipelines.output_file import OutputFailed, OutputInvalid, written_whole
from schemas.rows import record_to_json


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """Return a ledger with reports, which no test changes."""
    ledger = Ledger(tmp_path_factory.mktemp("filled"))
    store(ledger, [a_report(n) for n in range(3)])
    return ledger


COMMANDS = [
    ["export", "incidents"], ["export", "reports", "--format", "csv"],
    ["export", "incidents", "--format", "parquet"], ["export", "incidents", "--format", "geojson"],
    ["export", "incidents", "--format", "xlsx"], ["dashboard"],
]  # fmt: skip


def run_to(out: Path, ledger: Ledger, command: list[str]) -> int:
    return main([*command, "--out", str(out), "--warehouse", ledger.url])


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_full_disk_leaves_the_old_file_and_no_other(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, filled: Ledger, command: list[str]
) -> None:
    out = tmp_path / "out"
    out.write_text("the old file")
    with full_disk(300):
        status = run_to(out, filled, command)
    err = capsys.readouterr().err
    assert (status, err.count("\n")) == (1, 1)
    # a workbook is written through temporary files, whose disk may be the full one
    assert ("no space left on a disk" if "xlsx" in command else f"can't write {out}: File too large") in err
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert out.read_text() == "the old file"
    assert run_to(out, filled, command) == 0
    assert out.stat().st_size > 300
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("parent", ["missing", "missing/deep", "link", "file"])
def test_a_missing_folder_is_named_and_not_made(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, filled: Ledger, command: list[str], parent: str
) -> None:
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    assert run_to(tmp_path / parent / "out", filled, command) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "no folder" in err
    assert str(tmp_path) in err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "link"]


def test_a_folder_is_no_file(capsys: pytest.CaptureFixture[str], tmp_path: Path, filled: Ledger) -> None:
    assert run_to(tmp_path, filled, ["export", "incidents"]) == 2
    assert f"can't write {tmp_path}: it is a folder" in capsys.readouterr().err


def test_export_checks_the_path_before_the_work(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    arguments = ["export", "incidents", "--out", str(tmp_path / "missing" / "out")]
    assert main([*arguments, "--warehouse", f"duckdb:///{tmp_path}/none.duckdb"]) == 2
    assert "no folder" in capsys.readouterr().err


def test_a_link_stays_a_link_and_its_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link, target = tmp_path / "link", tmp_path / "real" / "file"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    with written_whole(link) as file:
        file.write(b"new")
        assert target.read_text() == "old"
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    with written_whole(tmp_path / "new"):
        pass
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_block_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for before in (None, "old"):
        if before is not None:
            out.write_text(before)
        with pytest.raises(ValueError, match="broken"), written_whole(out) as file:
            file.write(b"half")
            raise ValueError("broken")
        assert (out.read_text() if out.exists() else None) == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_device_and_a_pipe_are_written_to_directly(tmp_path: Path) -> None:
    with written_whole(Path(os.devnull)) as file:
        file.write(b"gone")
    assert not Path(os.devnull).is_file()
    with (
        pytest.raises(OutputFailed, match="No space left on device"),
        written_whole(Path("/dev/full")) as file,
    ):
        file.write(b"x")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        with written_whole(pipe) as file:
            file.write(b"through")
        assert reader.communicate()[0] == b"through"


def test_a_name_of_the_longest_length_serves(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 255)
    with written_whole(path) as file:
        file.write(b"x")
    assert path.read_text() == "x"


def test_resolve_replaces_its_files_as_a_whole(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    reports, out = tmp_path / "reports.jsonl", tmp_path / "out"
    reports.write_text("".join(record_to_json(a_report(n)) + "\n" for n in range(3)))
    command = ["resolve", "--reports", str(reports), "--out"]
    assert main([*command, str(out)]) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert len(json.loads(before["incidents.jsonl"])["source_urls"]) == 3
    capsys.readouterr()
    reports.write_text("".join(record_to_json(a_report(n)) + "\n" for n in range(9)))
    with full_disk(100):
        assert main([*command, str(out)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    for wrong in (tmp_path / "missing" / "out", reports):
        assert main([*command, str(wrong)]) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "reports.jsonl"]


@pytest.mark.slow
@pytest.mark.parametrize("command", [["export", "reports"], ["show", "reports"], ["--help"]], ids=" ".join)
def test_a_standard_output_that_is_full_is_one_line(filled: Ledger, command: list[str]) -> None:
    where = [] if command == ["--help"] else ["--warehouse", filled.url]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "pipelines.cli", *command, *where], stdout=full, stderr=subprocess.PIPE, check=False
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.decode().count("\n") == 1
    assert "No space left on device" in done.stderr.decode()


def test_a_path_that_cannot_be_written_to(tmp_path: Path) -> None:
    with pytest.raises(OutputInvalid, match="no folder /proc/none"), written_whole(Path("/proc/none/out")):
        pass
    with pytest.raises(OutputFailed, match="can't write /proc/out"), written_whole(Path("/proc/out")):
        pass


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("x.csv", b"incident_id,"), ("x.CSV", b"incident_id,"), ("x.jsonl", b'{"'), ("x.ndjson", b'{"'), ("x", b'{"'),
        ("x.parquet", b"PAR1"), ("x.xlsx", b"PK\x03\x04"), ("x.geojson", b'{"type": "FeatureCollection"'),
    ],
)  # fmt: skip
def test_the_format_follows_the_ending_of_the_file(
    tmp_path: Path, filled: Ledger, name: str, begins: bytes
) -> None:
    out = tmp_path / name
    assert run_to(out, filled, ["export", "incidents"]) == 0
    assert out.read_bytes().startswith(begins)
    assert run_to(out, filled, ["export", "incidents", "--format", "geojson"]) == 0
    assert out.read_bytes().startswith(b'{"type": "FeatureCollection"')


@pytest.mark.parametrize("name", ["x.xls", "x.json", "x.csv.gz"])
def test_an_ending_that_says_no_format_is_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, filled: Ledger, name: str
) -> None:
    out = tmp_path / name
    assert run_to(out, filled, ["export", "incidents"]) == 2
    error = capsys.readouterr().err
    assert (
        "says no format; use .jsonl, .ndjson, .csv, .xlsx, .parquet, .geojson, or name it by --format"
        in error
    )
    assert error.count("\n") == 1 and not out.exists()
    assert run_to(out, filled, ["export", "incidents", "--format", "csv"]) == 0
