"""Keeps the snapshot current: looks at the warehouse now and then, and reads it anew when a run has
changed it. Where only people have, it reads what they changed."""

import gc
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines import pipeline_version
from pipelines.reasons import reason_of
from transforms.serving.read_snapshot import read_snapshot
from transforms.serving.report_store import ReportStore
from transforms.serving.snapshot import Snapshot
from transforms.serving.update_snapshot import read_changes, updated_snapshot
from transforms.warehouse import FileStamp, WarehouseBusy, file_stamp, open_copy, open_warehouse

_END_SECONDS = 0.1
"""How long a look at the warehouse may take when the server ends: less than the command line waits."""


class SnapshotKeeper:
    """The present snapshot of a warehouse.

    A DuckDB file is locked only while it is copied, so that no run has to wait for a server. Where the
    warehouse cannot be read, the last snapshot is served on.

    Args:
        url: the warehouse.
        every_s: how often it is looked at, seconds.
        now: returns the present instant, UTC.
        tell: says one line to who runs the server.
    """

    def __init__(
        self, url: str, every_s: float, now: Callable[[], str], tell: Callable[[str], object]
    ) -> None:
        self._url, self._every_s, self._now, self._tell = url, every_s, now, tell
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._reports = ReportStore()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._file: FileStamp | None = None
        # One process opens a DuckDB file either to read or to write, and closing it ends its lock.
        self._file_turn = threading.Lock()
        self._looking = threading.Lock()
        self.fault: str | None = None
        """Why the warehouse could not be read the last time, None where it could."""
        self.checked_at = now()
        """When the warehouse was last looked at with success, UTC."""
        self.snapshot: Snapshot = self._read()

    def start(self) -> None:
        """Look at the warehouse again and again in a thread, until ``close``."""
        self._thread = threading.Thread(target=self._keep, name="snapshots", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more, and delete what is on disk."""
        self._stop.set()
        if self._thread is not None and self._thread.is_alive():  # a signal may come while it is started
            self._thread.join(_END_SECONDS)
        if self._folder is not None:  # the thread may be in the middle of a reading, which nothing stops
            self._folder.cleanup()

    def refresh(self) -> bool:
        """Look at the warehouse now; return whether there is a newer snapshot.

        Raises:
            WarehouseError: the warehouse cannot be read.
        """
        seen = file_stamp(self._url)
        if seen is not None and seen == self._file:
            self.checked_at = self._now()
            return False
        with self._file_turn, open_warehouse(self._url, read_only=True) as opened:
            changes = read_changes(self.snapshot, opened)
        if changes is None:
            newer = self._read()
        else:
            now = self._now()
            newer = updated_snapshot(self.snapshot, changes, now, pipeline_version())
            self._file, self.checked_at = seen, now
            _pass_by()
        is_changed = newer.stamp != self.snapshot.stamp
        if is_changed:
            self.snapshot = newer
        return is_changed

    def _read(self) -> Snapshot:
        seen, now = file_stamp(self._url), self._now()
        # The folder is there only meanwhile, so that a server that is killed leaves none.
        self._folder = tempfile.TemporaryDirectory(prefix="strikeledger-serve-", ignore_cleanup_errors=True)
        with self._folder as folder, open_copy(self._url, Path(folder), self._file_turn) as opened:
            snapshot = read_snapshot(opened, now, pipeline_version(), self._reports)
        self._file, self.checked_at = seen, now  # what was written meanwhile is found the next time
        _settle_memory()
        return snapshot

    def _keep(self) -> None:
        while not self._stop.wait(self._every_s):
            self.look()

    def look(self) -> None:
        """Refresh; where the warehouse cannot be read, keep the snapshot and say why, once."""
        with self._looking:
            try:
                self.refresh()
                fault = None
            except Exception as error:  # noqa: BLE001  the last snapshot is better than no server
                fault = reason_of(error)
            if fault not in (None, self.fault):
                self._tell(f"serving the ledger as of {self.snapshot.made_at}: {fault}")
            self.fault = fault

    def look_for(self, wait_s: float) -> None:
        """Look now, and wait for the newer snapshot for some time. The look goes on after it."""
        looking = threading.Thread(target=self.look, name="look", daemon=True)
        looking.start()
        looking.join(wait_s)

    @contextmanager
    def file_turn(self, wait_s: float) -> Iterator[None]:
        """Leave the warehouse alone while the block writes to it from this process.

        Raises:
            WarehouseBusy: it is still being read after ``wait_s`` seconds.
        """
        if not self._file_turn.acquire(timeout=wait_s):
            raise WarehouseBusy(f"the warehouse is being read; waited {wait_s:.0f} s")
        try:
            yield
        finally:
            self._file_turn.release()


def _settle_memory() -> None:
    """Take all that is in memory now out of the garbage collector's sight, but for what is garbage.

    Else each of its full collections walks through the whole snapshot, in some 100 ms, and meanwhile nobody
    is answered. A snapshot that is replaced needs no collector: it holds no cycles.
    """
    gc.unfreeze()
    _pass_by()


def _pass_by() -> None:
    gc.collect()
    gc.freeze()
