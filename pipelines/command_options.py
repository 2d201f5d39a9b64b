"""Options that several commands take, and the consoles that all write to."""

from collections.abc import Callable
from typing import Any

import click
from rich.console import Console

OUT = Console(highlight=False)
ERR = Console(stderr=True, highlight=False)


def warehouse_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--warehouse``."""
    return click.option(
        "--warehouse", metavar="URL", default="duckdb:///./strikeledger.duckdb", show_default=True,
        help="Where the tables are: duckdb:///path/file.duckdb or bigquery://PROJECT/DATASET[?location=EU].",
    )(command)  # fmt: skip


def storage_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--storage``."""
    return click.option(
        "--storage", metavar="FOLDER",
        help="Folder, or gs://BUCKET/PATH, for staged files and payloads of dead letters. Default: beside "
        "a DuckDB file; for BigQuery ./strikeledger-files.",
    )(command)  # fmt: skip
