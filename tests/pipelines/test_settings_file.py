"""``strikeledger.toml``: a file's values count after variables and flags, and what no option takes is refused."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from conftest import Ledger
from sample_records import a_report
from store_reports import store_as_run as store

from pipelines.arguments import ConfigurationInvalid
from pipelines.cli import cli, main
from pipelines.settings_file import read_settings

Captured = pytest.CaptureFixture[str]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty working directory, without the variables of the one who tests."""
    for name in ("WAREHOUSE", "CONFIG", "FEEDS", "STORAGE"):
        monkeypatch.delenv(f"STRIKELEDGER_{name}", raising=False)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def filled(folder: Path, name: str, location: str) -> str:
    """Return the path of a ledger with one incident at a place."""
    ledger = Ledger(folder / name)
    store(ledger, a_report(1, location=location))
    return f"{folder}/{name}/ledger.duckdb"


def shown(capsys: Captured, *words: str) -> str:
    assert main([*words]) == 0
    return capsys.readouterr().out


def test_flags_go_before_variables_and_variables_before_the_file(
    capsys: Captured, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_file, of_variable, of_flag = (filled(folder, name, f"Town {name}") for name in ("a", "b", "c"))
    (folder / "strikeledger.toml").write_text(f'warehouse = "{of_file}"\n[show]\ncolumns = "place,killed"\n')
    assert "Town a" in shown(capsys, "show")
    assert "country" not in shown(capsys, "show")
    assert shown(capsys, "show", "--columns", "country").split() == ["country", "UA"]
    assert "Town a" in shown(
        capsys, "export", "incidents"
    )  # a key outside of a table counts for every command
    monkeypatch.setenv("STRIKELEDGER_WAREHOUSE", of_variable)
    assert "Town b" in shown(capsys, "show")
    assert "Town c" in shown(capsys, "show", "--warehouse", of_flag)


def test_another_file_is_named_by_flag_or_variable(
    capsys: Captured, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "strikeledger.toml").write_text("not read = ")
    for name in ("a", "b"):
        (folder / f"{name}.toml").write_text(f'warehouse = "{filled(folder, name, f"Town {name}")}"')
    monkeypatch.setenv("STRIKELEDGER_CONFIG", "a.toml")
    assert "Town a" in shown(capsys, "show")
    assert "Town b" in shown(capsys, "--config", "b.toml", "show")


def test_a_required_option_may_stand_in_the_file(capsys: Captured, folder: Path) -> None:
    (folder / "strikeledger.toml").write_text('[run]\nfeeds = "nowhere.txt"\n')
    assert main(["run"]) == 2
    assert "no feed list at nowhere.txt" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('warehous = "x.duckdb"', "strikeledger.toml: unknown key 'warehous'; did you mean 'warehouse'?"),
        ("colour = 1", "unknown key 'colour'; there are "),
        ('[shows]\ncolumns = "place"', "unknown key 'shows'; did you mean 'show'?"),
        ('[run]\nfeed = "x"', "unknown key 'feed' in [run]; did you mean 'feeds'?"),
        ('[run]\nallow-host = "127.0.0.1"', "allow-host in [run] must be a list of texts"),
        ('[run]\ndue = "yes"', "due in [run] must be true or false"),
        ("[run]\nfeeds = [1]", "feeds in [run] must be one text or number"),
        ("warehouse = true", "warehouse must be one text or number"),
        ("show = 1", "show must be a table, written [show]"),
        ("[run", "strikeledger.toml is not TOML: "),
        ("[show]\nlimit = -1", "-1"),
        ('warehouse = "nonsense"', "not a warehouse URL"),
    ],
)
def test_what_no_option_takes_is_one_line_whatever_the_command(
    capsys: Captured, folder: Path, text: str, says: str
) -> None:
    (folder / "strikeledger.toml").write_text(text)
    assert main(["show"]) == 2
    error = capsys.readouterr().err
    assert says in error and error.count("\n") == 1


def test_a_file_that_is_named_must_exist(capsys: Captured, folder: Path) -> None:
    assert main(["--config", "none.toml", "show"]) == 2
    assert "can't read none.toml: No such file" in capsys.readouterr().err
    assert read_settings(None, cli.commands) == {}
    (folder / "strikeledger.toml").write_bytes(b"\xff")
    with pytest.raises(ConfigurationInvalid, match="is not TOML"):
        read_settings(None, cli.commands)


def test_the_example_of_the_documentation_holds(folder: Path) -> None:
    page = (ROOT / "docs/reference/configuration.md").read_text("utf-8")
    (block,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (folder / "strikeledger.toml").write_text(block)
    settings = read_settings(None, cli.commands)
    assert settings["run"]["feeds"] == tomllib.loads(block)["run"]["feeds"]
    assert settings["show"]["warehouse"] == settings["serve"]["warehouse"]
