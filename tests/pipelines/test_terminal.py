"""What the commands print: no text from outside steers the terminal, and no encoding ends a command."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Ledger
from rich.console import Console
from rich.table import Table

from pipelines.cli import main
from pipelines.terminal import make_console, neutral
from transforms.warehouse import open_warehouse

HARMFUL = [
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x9b31m",
    "\x08\x08",
    "\r",
    "\u202e",
    "\u2066",
    "\u200f",
    "\ufeff",
    "\x85",
]


@pytest.mark.parametrize("text", HARMFUL)
def test_no_way_of_printing_lets_a_harmful_character_through(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    console = make_console(width=80)
    table = Table(f"heading {text}")
    table.add_row(f"cell {text} end")
    console.print(f"plain {text} end")
    console.print(f"[bold]markup[/] {text} end")
    console.print(f"raw {text} end", markup=False, soft_wrap=True)
    console.print(table)
    printed = out.getvalue()
    for character in text:
        if not character.isprintable():
            assert character not in printed
    assert printed.count("end") == 4


def test_colours_of_the_console_itself_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    console = make_console(width=80)
    console._color_system = Console(force_terminal=True, color_system="standard")._color_system
    console._force_terminal = True
    console.print("[bold]markup[/] \x1b[31mred")
    assert "\x1b[1mmarkup" in out.getvalue()
    assert "\x1b[31m" not in out.getvalue()


def test_texts_that_people_write_stay_as_they_are() -> None:
    text = "Харків – غزة\t“двоє” 👩‍👩‍👧\nnext"
    assert neutral(text) == text


def plant(ledger: Ledger, name: str) -> None:
    """Give a row of each kind that the commands show a hostile text."""
    assert main(["init", "--warehouse", ledger.url]) == 0
    with open_warehouse(ledger.url) as warehouse:
        warehouse.execute(
            "INSERT INTO feed_state_v1 (feed_url, source_name, last_status, last_polled_at, consecutive_failures, "
            "next_poll_reason, entries_seen) VALUES (@url, @name, 'ok', @at, 0, @name, 3)",
            {"url": f"https://o.example/{name}", "name": name, "at": "2025-04-05T12:00:00Z"},
        )


def test_show_prints_a_hostile_feed_without_its_escapes(
    ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    plant(ledger, "bad\x1b[2J\u202e\x9bname")
    capsys.readouterr()
    assert main(["show", "feeds", "--warehouse", ledger.url]) == 0
    out = capsys.readouterr().out
    assert "bad" in out
    assert not set("\x1b\u202e\x9b") & set(out)


def test_an_error_message_is_neutral(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", "/nonexistent/\x1b[2J\u202e"]) == 2
    assert main(["show", "\x1b[31mx"]) == 2
    assert main(["explain", "x", "--warehouse", "\u202e\x9b://"]) == 2
    assert not set("\x1b\u202e\x9b") & set(capsys.readouterr().err)


@pytest.mark.parametrize(
    "settings",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
)
def test_ascii_output_has_replaced_characters_and_does_not_fail(
    settings: dict[str, str], ledger: Ledger
) -> None:
    plant(ledger, "Газета – 報")
    environment = {"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": os.environ["PATH"], **settings}

    def run(*arguments: str, text: str = "") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "pipelines.cli", *arguments],
            env=environment, input=text.encode(), capture_output=True, timeout=120,
        )  # fmt: skip

    shown = run("show", "feeds", "--warehouse", ledger.url)
    assert shown.returncode == 0, shown.stderr
    assert b"?????? ? ?" in shown.stdout
    refused = run("extract", "/nonexistent/ж")
    assert (refused.returncode, refused.stderr.count(b"\n")) == (2, 1)
    # JSON lines are data: they are UTF-8 in every locale.
    line = '{"url": "https://o.example/1", "title": "Drone kills two in Nikopol – Газета", "text": "A Russian drone killed two people in Nikopol."}'
    extracted = run("extract", text=line)
    assert extracted.returncode == 0, extracted.stderr
    assert "Nikopol – Газета" in extracted.stdout.decode()
