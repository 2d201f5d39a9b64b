"""Commands that start with the signals of a shell, however the tests were started."""

from __future__ import annotations

import signal
from collections.abc import Callable

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def with_own_signals(ignored: signal.Signals | None = None) -> Callable[[], None]:
    """Return what a new process runs first: it hears all signals but ``ignored``, as nohup ignores SIGHUP.

    The tests themselves may run in the background of a shell or under nohup, which ignore SIGINT or SIGHUP.
    """

    def set_signals() -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN if number == ignored else signal.SIG_DFL)

    return set_signals
