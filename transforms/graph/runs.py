"""Which run an element belongs to. A batch is one run; in a stream every pane is one, told by its window."""

import datetime as dt
from typing import Any

from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import Timestamp

from schemas.records import RunContext

PANE_S = 1
"""Seconds that the window of a pane spans; no two panes begin within one."""


def run_of(job: RunContext, window: Any) -> RunContext:
    """Return the run of an element: the job itself, or in a stream the pane of the element's window.

    A pane's id follows from its window, so a bundle that is done again speaks of the same run.
    """
    if isinstance(window, GlobalWindow):
        return job
    return pane_of(job, window.start)


def pane_of(job: RunContext, start: Timestamp) -> RunContext:
    """Return the run of the pane whose window begins at an instant."""
    at = dt.datetime.fromtimestamp(start.seconds(), dt.UTC)
    return RunContext(f"{job.run_id}-{at:%Y%m%dT%H%M%S}", at.strftime("%Y-%m-%dT%H:%M:%SZ"))
