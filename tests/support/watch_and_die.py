"""Runs ``strikeledger watch`` and kills its process, as a power cut would, at a given point.

``python watch_and_die.py POINT ARGUMENTS...``. Points:

* ``sent:N``: after message N was sent, before it is marked;
* ``marked:N``: after message N was marked;
* ``after:SECONDS``: at a time after the modules are loaded.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Any

import pipelines.watch
from pipelines.cli import main
from transforms.alerts import deliver


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_at(point: str) -> None:
    """Arrange that the process is killed at a point."""
    word, _, value = point.partition(":")
    if word == "after":
        timer = threading.Timer(float(value), die)
        timer.daemon = True
        timer.start()
        return
    name = "_send" if word == "sent" else "_count_sent"
    act = getattr(deliver._Outbox, name)
    calls = [0]

    def acted(self: Any, *rest: Any) -> None:
        act(self, *rest)
        calls[0] += 1
        if calls[0] == int(value):
            die()

    setattr(deliver._Outbox, name, acted)


if __name__ == "__main__":
    assert pipelines.watch.run_watch
    kill_at(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
