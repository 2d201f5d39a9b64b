"""The options of the commands that fetch."""

from collections.abc import Callable
from typing import Any

import click


def fetch_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of fetching to a command."""
    allow = click.option(
        "--allow-host", "allow_hosts", multiple=True, metavar="HOST[:PORT]",
        help="Let the fetch guard reach this private or loopback host. Repeatable.",
    )  # fmt: skip
    delay = click.option(
        "--host-delay", type=float, metavar="SECONDS",
        help="Spacing of requests to one host. Default: 5, and 0 for an allowed loopback address.",
    )  # fmt: skip
    budget = click.option(
        "--host-budget", type=float, metavar="SECONDS",
        help="Time that a run spends on one host; its other pages wait for the next run. Default: 300, of "
        "which 15 beyond the usual delay.",
    )  # fmt: skip
    quota = click.option(
        "--payload-quota", metavar="SIZE",
        help="Size of all documents that dead letters keep in files, such as 500MB. Default: 1GB.",
    )  # fmt: skip
    return allow(delay(budget(quota(command))))
