"""``run --every``: one run after another, for months. Failed runs are counted, and the next one is tried."""

import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from pipelines.output_file import OutputFailed, OutputInvalid, check_folder_of, written_whole
from pipelines.reasons import reason_of
from transforms.util.clock import utc_now
from transforms.util.errors import UserError
from transforms.warehouse import WarehouseDamaged

MAX_FAILURES = 10
SHORTEST_PAUSE_S = 1.0
"""Where runs take longer than their interval, this pause lets other commands have the warehouse. They ask for
it a few times a second; without a pause one waited for 30 s in vain."""


class TooManyFailures(RuntimeError):
    """Several runs in a row failed; the message is one line for a person."""


@dataclass(frozen=True, slots=True)
class Repetition:
    """How runs are repeated.

    Attributes:
        every_s: seconds between the starts of two runs. A longer run is followed by the next one soon.
        max_failures: give up after this many failures in a row.
        health: file that says how the runs go; None: none is written.
    """

    every_s: float
    max_failures: int = MAX_FAILURES
    health: Path | None = None


def repeat(
    run: Callable[[], Sequence[str]],
    how: Repetition,
    stop: Event,
    say: Callable[[str], None],
    show: Callable[[str], None],
) -> None:
    """Run again and again until ``stop`` is set.

    Args:
        run: one run; it returns the lines of its summary.
        how: the interval and the limits.
        stop: set when no further run should begin.
        say: prints one line about a failure.
        show: prints one line of a summary.

    Raises:
        TooManyFailures: too many runs in a row failed.
        UserError: the health file has no folder, or a run found its arguments unusable.
        WarehouseDamaged: the warehouse cannot be read.
    """
    if how.health is not None:
        check_folder_of(how.health)
    health = _Health(how, say)
    failures = 0
    while not stop.is_set():
        began = time.monotonic()
        health.write("running")
        try:
            lines = run()
        except (UserError, WarehouseDamaged) as error:  # the next run would find the same
            health.write("ended", failures_in_row=failures + 1, last_error=reason_of(error))
            raise
        except Exception as error:  # a full disk, a busy warehouse, no network, a fault of ours
            failures += 1
            reason = reason_of(error)
            if failures >= how.max_failures:
                health.write("ended", failures_in_row=failures, last_error=reason)
                raise TooManyFailures(f"{failures} runs in a row failed; the last one: {reason}") from error
            with suppress(OSError):  # the log may be on the disk that is full
                say(f"the run failed, {failures} in a row of at most {how.max_failures}: {reason}")
            health.write("waiting", failures_in_row=failures, last_error=reason)
        else:
            failures = 0
            health.succeed()
            with suppress(OSError):
                for line in lines:
                    show(line)
        shortest = min(how.every_s, SHORTEST_PAUSE_S)
        stop.wait(max(shortest, how.every_s - (time.monotonic() - began)))
    health.write("ended")


class _Health:
    """The file that a supervisor reads. It is replaced as a whole, so it is never half written."""

    def __init__(self, how: Repetition, say: Callable[[str], None]) -> None:
        self._path = how.health
        self._say = say
        self._succeeded: float | None = None
        self._content: dict[str, Any] = {
            "state": "running", "written_at": None, "every_s": how.every_s, "last_success_at": None,
            "lag_s": None, "failures_in_row": 0, "last_error": None,
        }  # fmt: skip

    def succeed(self) -> None:
        self._succeeded = time.monotonic()
        self.write("waiting", last_success_at=utc_now(), failures_in_row=0, last_error=None)

    def write(self, state: str, **change: Any) -> None:
        """Write the file. Where that fails, say so: the ledger is worth more than this file."""
        if self._path is None:
            return
        lag = None if self._succeeded is None else round(time.monotonic() - self._succeeded)
        self._content |= {"state": state, "written_at": utc_now(), "lag_s": lag, **change}
        try:
            with written_whole(self._path) as file:
                file.write(json.dumps(self._content).encode() + b"\n")
        except (OutputFailed, OutputInvalid) as error:
            with suppress(OSError):
                self._say(str(error))
