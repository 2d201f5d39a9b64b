"""The reference of the commands, made from the click group by ``python -m pipelines.reference``."""

import sys
from collections.abc import Iterator, Sequence

import click

from pipelines.cli import cli

_HEAD = """# Commands

Generated from `pipelines/cli.py` by `make reference`. A test fails if this page and the commands differ.

`strikeledger COMMAND` and `python -m pipelines.cli COMMAND` are the same. Every command takes `-h` and
`--help`. For the exit statuses, the names of warehouses and the formats of feed lists, see
[configuration](configuration.md).
"""
_TABLE_HEAD = "| option | default | meaning |\n|---|---|---|"


def reference() -> str:
    """Return the reference of all commands as Markdown."""
    commands = sorted(cli.commands.items())
    lines = [_HEAD, *_overview(commands), "## Options before the command\n", *_options(cli)]
    for name, command in commands:
        lines += [f"## {name}\n", *_command(name, command)]
    return "\n".join(lines).rstrip() + "\n"


def _overview(commands: Sequence[tuple[str, click.Command]]) -> Iterator[str]:
    yield "| command | does |\n|---|---|"
    for name, command in commands:
        yield f"| [`{name}`](#{name}) | {_one_line(command.help)} |"
    yield ""


def _command(name: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    usage = " ".join(["strikeledger", name, *command.collect_usage_pieces(context)])
    yield f"{_one_line(command.help)}\n\n```\n{usage}\n```\n"
    for parameter in command.params:
        if isinstance(parameter, click.Argument) and isinstance(parameter.default, str):
            meaning = " (standard input)" if parameter.default == "-" else ""
            yield f"Without an argument: `{parameter.default}`{meaning}.\n"
    yield from _options(command)


def _options(command: click.Command) -> Iterator[str]:
    yield _TABLE_HEAD
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            yield _row(parameter)
    yield ""


def _row(option: click.Option) -> str:
    value = "" if option.is_flag else f" {option.metavar or option.opts[-1].lstrip('-').upper()}"
    names = ", ".join(f"`{name}{value}`" for name in option.opts)
    default = f"`{option.default}`" if option.show_default else ""
    return f"| {names} | {default} | {' '.join(_meaning(option))} |"


def _meaning(option: click.Option) -> Iterator[str]:
    if option.help:
        yield _one_line(option.help)
    if isinstance(option.type, click.Choice):
        yield f"One of {', '.join(f'`{choice}`' for choice in option.type.choices)}."
    if isinstance(option.type, click.IntRange):
        at_most = f" to {option.type.max}" if option.type.max is not None else " on"
        yield f"From {option.type.min}{at_most}."
    if option.show_envvar:
        yield f"Variable: `{option.envvar}`."
    if option.required:
        yield "Required."


def _one_line(text: str | None) -> str:
    """Return a text as one cell of a table."""
    return " ".join((text or "").split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(reference())
