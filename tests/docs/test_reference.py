"""The reference of the commands is current and shows every command with every option."""

from __future__ import annotations

import re

import click
import pytest
from doc_examples import ROOT

from pipelines.cli import cli
from pipelines.reference import reference

PAGE = ROOT / "docs/reference/commands.md"


def section(name: str) -> str:
    found = re.search(
        rf"^## {re.escape(name)}\n(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert found, name
    return found[1]


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == reference(), "run: make reference"


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_option_is_shown_with_its_meaning(name: str) -> None:
    shown = section(name)
    for parameter in cli.commands[name].params:
        if not isinstance(parameter, click.Option):
            continue
        for flag in (*parameter.opts, *parameter.secondary_opts):
            row = re.search(rf"^\| .*`{re.escape(flag)}[ `].* \| .* \| (.+) \|$", shown, re.MULTILINE)
            assert row and row[1].strip(), flag


def test_every_argument_is_shown() -> None:
    for name, command in cli.commands.items():
        for parameter in command.params:
            if isinstance(parameter, click.Argument):
                assert parameter.make_metavar(click.Context(command)) in section(name), name


def test_options_of_the_program_are_shown() -> None:
    shown = section("Options before the command")
    assert all(f"`{flag}`" in shown or f"`{flag} " in shown for p in cli.params for flag in p.opts)
