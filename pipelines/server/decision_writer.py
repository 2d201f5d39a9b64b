"""Stores what an editor decides on a page, by the function that ``correct`` and ``review`` use."""

from dataclasses import dataclass

from pipelines.correct import Changed, correct
from pipelines.server.snapshot_keeper import SnapshotKeeper
from transforms.corrections.decision import Decision

WAIT_SECONDS = 5.0
"""How long to wait for another writer. An editor waits in front of a page, and can try again."""
SHOW_SECONDS = 3.0
"""How long to wait for the snapshot that has the change. That takes half a second in a ledger of 100,000
incidents, but longer where a run has changed it too, and an editor should not wait for that."""


@dataclass(frozen=True, slots=True)
class DecisionWriter:
    """Writes to one warehouse. ``storage``: folder of staged files, None for the default."""

    keeper: SnapshotKeeper
    warehouse_url: str
    storage: str | None = None

    def store(self, incident_id: str, decision: Decision, editor: str, as_seen: str) -> Changed:
        """Store a decision, derive what it changes, and take a snapshot that has it.

        Args:
            incident_id: what the decision is about.
            decision: what the editor decides.
            editor: who.
            as_seen: the mark of the incident that the editor saw.

        Raises:
            NotFound, CorrectionRefused, WarehouseError: nothing was stored.
        """
        with self.keeper.file_turn(WAIT_SECONDS):
            changed = correct(
                self.warehouse_url, self.storage, incident_id, decision, editor,
                as_seen=as_seen, wait_s=WAIT_SECONDS,
            )  # fmt: skip
        self.keeper.look_for(SHOW_SECONDS)
        return changed
