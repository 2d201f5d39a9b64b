"""Options that several commands take, and the consoles that all write to."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from pipelines import arguments
from pipelines.terminal import make_console

OUT = make_console()
ERR = make_console(is_error=True)


_DEFAULT_FILE = Path("strikeledger.duckdb")
_SAMPLE_FILE = Path("sample.duckdb")
"""What ``make run`` writes."""


def warehouse_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--warehouse`` to a command that may create one."""
    return _warehouse(command, arguments.warehouse_argument)


def ledger_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--warehouse`` to a command for a ledger that is there. Where nobody names one, and only that of
    ``make run`` is in the working directory, it is that one."""
    return _warehouse(command, _ledger_argument)


def _ledger_argument(context: click.Context, parameter: click.Parameter, value: str) -> str:
    is_named = context.get_parameter_source(str(parameter.name)) is not ParameterSource.DEFAULT
    if not is_named and not _DEFAULT_FILE.exists() and _SAMPLE_FILE.exists():
        click.echo(f"reading {_SAMPLE_FILE}, the sample: there is no {_DEFAULT_FILE} here", err=True)
        value = str(_SAMPLE_FILE)
    return arguments.ledger_argument(context, parameter, value)


def _warehouse(command: Callable[..., Any], check: Callable[..., str]) -> Callable[..., Any]:
    return click.option(
        "--warehouse", metavar="URL", default=f"duckdb:///./{_DEFAULT_FILE}", show_default=True,
        callback=check, envvar="STRIKELEDGER_WAREHOUSE", show_envvar=True,
        help="Where the tables are: duckdb:///path/file.duckdb, the path of such a file, or "
        "bigquery://PROJECT/DATASET[?location=EU].",
    )(command)  # fmt: skip


def storage_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--storage``."""
    return click.option(
        "--storage", metavar="FOLDER", callback=arguments.storage_argument,
        envvar="STRIKELEDGER_STORAGE", show_envvar=True,
        help="Folder, or gs://BUCKET/PATH, for staged files and payloads of dead letters. Default: beside "
        "a DuckDB file; for BigQuery ./strikeledger-files.",
    )(command)  # fmt: skip


model_option = click.option(
    "--model", metavar="NAME", callback=arguments.model_argument, help="An installed spaCy model."
)
"""``--model``."""

take_beam_flags = click.argument("beam_flags", nargs=-1, type=click.UNPROCESSED, metavar="[-- BEAM FLAGS]")
"""Flags after ``--``."""
