"""Runs a command of the command line with a clock that another process sets, and short waits for locks.

``python run_in_a_bad_world.py CLOCK ARGUMENTS...``. The file CLOCK holds the seconds by which the clock is wrong.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from types import SimpleNamespace

LOCK_WAIT_SECONDS = 1.0


class WrongClock(dt.datetime):
    """The clock of the day, wrong by what the file says."""

    file: Path

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> WrongClock:
        error_s = float(cls.file.read_text() or 0)
        return super().now(tz) + dt.timedelta(seconds=error_s)


if __name__ == "__main__":
    import pipelines.hold_lease
    from pipelines.cli import main
    from transforms.util import clock

    WrongClock.file = Path(sys.argv.pop(1))
    clock.dt = SimpleNamespace(datetime=WrongClock, UTC=dt.UTC)  # type: ignore[assignment]
    pipelines.hold_lease.LOCK_WAIT_SECONDS = LOCK_WAIT_SECONDS
    sys.exit(main())
