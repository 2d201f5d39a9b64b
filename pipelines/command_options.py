"""Options that several commands take, and the consoles that all write to."""

from collections.abc import Callable
from typing import Any

import click

from pipelines import arguments
from pipelines.terminal import make_console

OUT = make_console()
ERR = make_console(is_error=True)


def warehouse_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--warehouse``."""
    return click.option(
        "--warehouse", metavar="URL", default="duckdb:///./strikeledger.duckdb", show_default=True,
        callback=arguments.warehouse_argument, envvar="STRIKELEDGER_WAREHOUSE", show_envvar=True,
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
