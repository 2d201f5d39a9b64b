"""Completion in shells: the scripts are printed, and they get commands, options and names of tables."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from pipelines.cli import cli


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_script_of_a_shell_is_printed(shell: str) -> None:
    # In a process of its own, because the command ends it.
    done = subprocess.run(
        [sys.executable, "-c", "from pipelines.cli import main; raise SystemExit(main())"],
        env={"_STRIKELEDGER_COMPLETE": f"{shell}_source", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"_STRIKELEDGER_COMPLETE={shell}_complete" in done.stdout


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("strikeledger ex", {"explain", "export", "extract"}),
        ("strikeledger export inc", {"incidents", "incidents_acled", "incident_reports"}),
        ("strikeledger export tr", {"training"}),
        ("strikeledger show dead", {"dead-letters"}),
        ("strikeledger show --col", {"--columns"}),
        ("strikeledger export incidents --format x", {"xlsx"}),
    ],
)
def test_what_is_offered(words: str, offered: set[str]) -> None:
    *_, last = words.split()
    variables = {
        "_STRIKELEDGER_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1),
    }  # fmt: skip
    out = CliRunner().invoke(cli, prog_name="strikeledger", env=variables).output
    found = {line.partition(",")[2] for line in out.splitlines()}
    assert offered <= found
    assert all(name.startswith(last) for name in found)
