"""Puts the review desk together."""

import time
from collections.abc import Callable

from pipelines.server.decision_writer import DecisionWriter
from pipelines.server.edit_handlers import SECONDS_A_TRY, TRIES_AT_ONCE, Desk, EditHandlers
from pipelines.server.editor_sessions import EditorSessions
from pipelines.server.rate_limit import RateLimit
from pipelines.server.snapshot_keeper import SnapshotKeeper


def make_desk(
    keeper: SnapshotKeeper,
    warehouse_url: str,
    storage: str | None,
    token: str,
    tell: Callable[[str], object],
    now: Callable[[], float] = time.monotonic,
) -> EditHandlers:
    """Return what answers editors.

    Args:
        keeper: has the snapshots, and takes a new one after each decision.
        warehouse_url: where decisions are stored.
        storage: folder of staged files, None for the default.
        token: what opens the desk.
        tell: says one line to who runs the server.
        now: returns the seconds of a clock that never goes back.
    """
    tries = RateLimit(1 / SECONDS_A_TRY, now, TRIES_AT_ONCE)
    writer = DecisionWriter(keeper, warehouse_url, storage)
    return EditHandlers(Desk(writer, EditorSessions(now), token, tries, tell))
