"""Which ledger a command reads without ``--warehouse``, and what it says while a first run writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Ledger
from sample_records import a_report
from store_reports import store_as_run as store

from pipelines.cli import main
from pipelines.hold_lease import is_run_going, lock_file

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("STRIKELEDGER_WAREHOUSE", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def a_ledger(folder: Path, name: str, location: str) -> None:
    ledger = Ledger(folder / f"work-{name}")
    store(ledger, a_report(1, location=location))
    (ledger.folder / "ledger.duckdb").rename(folder / name)


@pytest.mark.parametrize("command", [["show"], ["export", "incidents"]])
def test_the_sample_is_read_where_it_is_the_only_ledger(
    capsys: Captured, folder: Path, command: list[str]
) -> None:
    a_ledger(folder, "sample.duckdb", "Sampletown")
    assert main(command) == 0
    captured = capsys.readouterr()
    assert "Sampletown" in captured.out
    assert captured.err == "reading sample.duckdb, the sample: there is no strikeledger.duckdb here\n"
    a_ledger(folder, "strikeledger.duckdb", "Owntown")
    assert main(command) == 0
    captured = capsys.readouterr()
    assert "Owntown" in captured.out and captured.err == ""


def test_a_ledger_that_is_named_is_never_replaced_by_the_sample(capsys: Captured, folder: Path) -> None:
    a_ledger(folder, "sample.duckdb", "Sampletown")
    assert main(["show", "--warehouse", "duckdb:///./strikeledger.duckdb"]) == 1
    assert "no warehouse at" in capsys.readouterr().err


def test_a_run_never_writes_into_the_sample(capsys: Captured, folder: Path) -> None:
    a_ledger(folder, "sample.duckdb", "Sampletown")
    before = (folder / "sample.duckdb").read_bytes()
    assert main(["init"]) == 0
    assert (folder / "strikeledger.duckdb").exists()
    assert (folder / "sample.duckdb").read_bytes() == before


def test_show_says_that_a_first_run_is_writing(capsys: Captured, ledger: Ledger) -> None:
    with lock_file(ledger.url):
        assert main(["show", "--warehouse", ledger.url]) == 1
        error = capsys.readouterr().err
        assert "its first run is writing; try again later" in error and error.count("\n") == 1
    assert main(["init", "--warehouse", ledger.url]) == 0
    capsys.readouterr()
    with lock_file(ledger.url):
        assert main(["show", "--warehouse", ledger.url]) == 0
    captured = capsys.readouterr()
    assert captured.out == "no incidents yet\n"
    assert captured.err == "a run is writing now; its rows will be here when it ends\n"
    assert main(["show", "--warehouse", ledger.url]) == 0
    assert capsys.readouterr().err == ""


def test_looking_for_a_run_leaves_no_lock(ledger: Ledger) -> None:
    assert not is_run_going(ledger.url)
    assert list(ledger.folder.iterdir()) == []
    assert not is_run_going("bigquery://a-project/dataset")


@pytest.mark.parametrize("flag", ["-v", "--verbose"])
def test_verbose_says_how_far_a_run_is_also_in_a_pipe(
    capsys: Captured, ledger: Ledger, feeds: list[str], tmp_path: Path, flag: str
) -> None:
    (tmp_path / "feeds.txt").write_text(feeds[0])
    assert main([*ledger.run_arguments(str(tmp_path / "feeds.txt")), flag]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "starting"
    assert lines[-1].startswith("feeds 1  pages ")
    assert main(["resolve", "--warehouse", ledger.url]) == 0
    assert capsys.readouterr().err == ""
