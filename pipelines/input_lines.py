"""Input that a user names, line by line: opening it, and saying what is wrong with it."""

from collections.abc import Callable, Sequence
from typing import Any

import click
from rich.console import Console

_FAILED = 1


def open_named(opener: Callable[[str], Any], name: str) -> Any:
    """Return what an opener gives for a name.

    Raises:
        click.UsageError: it cannot be opened.
    """
    try:
        return opener(name)
    except OSError as error:
        raise click.UsageError(f"can't read {name}: {error.strerror}") from None


def report_lines(name: str, messages: Sequence[str], used: int, console: Console) -> None:
    """Print what is wrong with single lines. The command fails only where no line could be used.

    Raises:
        SystemExit: no line could be used.
    """
    for message in messages:
        console.print(f"{name}: {message}", markup=False, soft_wrap=True)
    if messages and not used:
        raise SystemExit(_FAILED)
