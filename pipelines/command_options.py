"""Options that several commands take."""

from collections.abc import Callable
from typing import Any

import click


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


take_beam_flags = click.argument("beam_flags", nargs=-1, type=click.UNPROCESSED, metavar="[-- BEAM FLAGS]")


def fetch_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--allow-host`` and ``--host-delay``."""
    allow = click.option(
        "--allow-host", "allow_hosts", multiple=True, metavar="HOST[:PORT]",
        help="Let the fetch guard reach this private or loopback host. Repeatable.",
    )  # fmt: skip
    delay = click.option(
        "--host-delay", type=float, metavar="SECONDS",
        help="Spacing of requests to one host. Default: 5, and 0 for an allowed loopback address.",
    )  # fmt: skip
    return allow(delay(command))
