"""Which run an element belongs to.

A batch is one run. In a stream every pane is a run, and the window of an element names its pane.
"""

import datetime as dt
from typing import Any

from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import Timestamp

from schemas.step_records import RunContext

PANE_SECONDS = 1
"""Length of a pane's window. No two panes begin within one second."""


def run_of(job: RunContext, window: Any) -> RunContext:
    """Return the run of an element: the job itself, or in a stream the pane of the element's window.

    A pane's id follows from its window, so a bundle that Beam repeats belongs to the same run.
    """
    if isinstance(window, GlobalWindow):
        return job
    return pane_of(job, window.start)


def pane_of(job: RunContext, start: Timestamp) -> RunContext:
    """Return the run of the pane whose window begins at an instant."""
    at = dt.datetime.fromtimestamp(start.seconds(), dt.UTC)
    return RunContext(f"{job.run_id}-{at:%Y%m%dT%H%M%S}", at.strftime("%Y-%m-%dT%H:%M:%SZ"))
