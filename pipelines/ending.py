"""How a command ends: its exit status, and the one line that says why it failed."""

import os
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress

import click

from pipelines.command_options import ERR
from pipelines.reasons import reason_of
from pipelines.stopping import STOP
from transforms.util.errors import UserError

DONE, FAILED, UNUSABLE, INTERRUPTED = 0, 1, 2, 130


def say(message: str) -> None:
    """Print one line of this program on standard error."""
    ERR.print(f"strikeledger: {' '.join(message.split())}", markup=False, soft_wrap=True)


def exit_status(command: Callable[[], object], debug: bool) -> int:
    """Run a command and return its exit status. Where it fails, print why; ``debug``: with the traceback."""
    try:
        command()
        sys.stdout.flush()  # or a full disk is noticed after the last chance to say so
        STOP.end_if_told()  # a library may have swallowed what the signal raised
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        return UNUSABLE
    except click.ClickException as error:
        return _fail(error.format_message(), UNUSABLE, debug)
    except (click.Abort, KeyboardInterrupt):
        return _fail("stopped", INTERRUPTED, False)
    except SystemExit as error:
        STOP.end_if_told()
        return error.code if isinstance(error.code, int) else FAILED
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except UserError as error:
        return _fail(str(error), UNUSABLE, debug)
    except Exception as error:  # noqa: BLE001  whatever else fails is one line too, not a traceback
        _forget_output()
        return _fail(reason_of(error), FAILED, debug)
    return DONE


def _fail(message: str, status: int, debug: bool) -> int:
    STOP.end_if_told()  # the line about the signal has been printed
    if debug:
        traceback.print_exc()
    say(message)
    return status


def _forget_output() -> None:
    """Drop what standard output cannot take. Else Python tries again at its end, with exit status 120."""
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
