"""Opening and closing a DuckDB file, so that no process or thread finds it half written.

A file has one owner process at a time. DuckDB's lock on it ends as soon as its process closes the file once,
whoever opened it (fcntl(2)). So a file that is open here is not looked into.
"""

import os
import threading
import time
import uuid
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path

import duckdb

from transforms.warehouse.base import WarehouseBusy
from transforms.warehouse.duckdb_errors import is_locked, meaning
from transforms.warehouse.duckdb_file import check_file, has_room, log_of
from transforms.warehouse.kept_copy import (
    can_keep,
    forget_copy,
    has_copy,
    is_returning,
    keep_copy,
    may_wait,
    return_copy,
    share_log,
)

_RETRY_S = 0.2
# Without these, DuckDB downloads an extension for a file that it does not know.
_OPEN_SETTINGS = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
_SETTINGS = (
    "SET TimeZone = 'UTC'",  # instants are read in the session's zone
    "SET enable_progress_bar = false",
)
_WRITING_SETTINGS = ("PRAGMA disable_checkpoint_on_shutdown", "SET wal_autocheckpoint = '1TB'")
"""Only ``close`` moves the log into the file. DuckDB 1.5.5 does so also after a commit that failed for want
of space, and may then leave a block half written: the file is damaged for good."""

_OPEN_LOCK = threading.Lock()
"""While one thread of a worker closes the file as its last user, another may open it. DuckDB then still
has the file attached and refuses it as a conflict (seen on Prism, and once in a thousand times where six
threads do nothing else)."""

_FileKey = tuple[int, int] | None
_USERS: Counter[_FileKey] = Counter()
"""How often this process has each file open, by device and number."""


class OpenFile:
    """A DuckDB file that is open, and ``db``, the connection to it.

    Args:
        path: the file; it is created unless it is only read.
        read_only: whether it is only read.
        wait_s: how long to wait while another process has it open, seconds.

    Raises:
        WarehouseBusy: another process has it open for longer.
        WarehouseError: it cannot be opened.
    """

    def __init__(self, path: Path, read_only: bool, wait_s: float) -> None:
        self._path = path
        deadline = time.monotonic() + wait_s
        while True:
            try:
                with _OPEN_LOCK:
                    self.db = self._connect(read_only)
                    for setting in _SETTINGS if read_only else (*_SETTINGS, *_WRITING_SETTINGS):
                        self.db.execute(setting)
                    self._key = _key_of(path)
                    _USERS[self._key] += 1
                self._is_open = True
                break
            except (duckdb.Error, OSError, MemoryError) as error:
                is_busy = isinstance(error, duckdb.IOException) and is_locked(error)
                if not is_busy and not isinstance(error, BlockingIOError):
                    raise meaning(path, error) from error
                if time.monotonic() > deadline:
                    raise WarehouseBusy(
                        f"{path} is in use by another process; waited {wait_s:.0f} s"
                    ) from error
                time.sleep(_RETRY_S)

    def _connect(self, read_only: bool) -> duckdb.DuckDBPyConnection:
        is_open_here = _USERS[_key_of(self._path)] > 0
        if not is_open_here:
            check_file(self._path)
        if not read_only:
            _create(self._path)
        if not is_open_here and has_copy(self._file):
            return self._connect_with_copy(read_only)
        db = _open_file(self._path, read_only)
        if is_open_here or not has_copy(self._file):
            return db
        db.close()  # a process ended in just this moment
        return self._connect_with_copy(read_only)

    def _connect_with_copy(self, read_only: bool) -> duckdb.DuckDBPyConnection:
        """Open a file beside which a copy was left: as it is if it is whole, else as the copy is."""
        try:
            if is_returning(self._file):
                raise duckdb.IOException("the file is damaged: only a part of its copy was written back")
            db = _open_file(self._path, read_only)
            try:
                _read_whole(db)
            except duckdb.Error:
                db.close()
                raise
        except duckdb.Error as error:
            if is_locked(error):
                raise
            try:
                return_copy(self._file)
            except PermissionError:
                raise error from None
            return _open_file(self._path, read_only)
        with suppress(OSError):
            forget_copy(self._file)
        return db

    @property
    def _file(self) -> Path:
        """The file itself, which links may lead to."""
        return Path(os.path.realpath(self._path))

    def close(self, is_sound: bool) -> None:
        """Close the file, once.

        Args:
            is_sound: whether all that was written went well. Then the log is moved into the file.
        """
        with _OPEN_LOCK, ExitStack() as held:
            if not self._is_open:
                return
            self._is_open = False
            _USERS[self._key] -= 1
            is_last = not _USERS[self._key]
            if is_sound and is_last:
                with suppress(OSError, duckdb.Error):  # the next user finds the log, and the copy
                    self._move_log(held)
            self.db.close()
            if is_sound and is_last:
                share_log(self._file)

    def _move_log(self, held: ExitStack) -> None:
        """Move the log into the file, where there is room.

        Args:
            held: closes the file after DuckDB has.
        """
        file = self._file
        if not has_room(file):
            return
        if log_of(file).exists():
            if may_wait(file):
                return
            if can_keep(file):
                keep_copy(file, held)
        self.db.execute("CHECKPOINT")
        forget_copy(file)


def _open_file(path: Path, read_only: bool) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(path), read_only=read_only, config=_OPEN_SETTINGS)


def _read_whole(db: duckdb.DuckDBPyConnection) -> None:
    """Read every value of every table.

    Raises:
        duckdb.Error: some of it is damaged.
    """
    for (name,) in db.execute("SELECT table_name FROM duckdb_tables()").fetchall():
        db.execute(f'SELECT BIT_XOR(HASH(t)) FROM "{name}" AS t').fetchall()


def _key_of(path: Path) -> _FileKey:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _create(path: Path) -> None:
    """Create an empty database, unless the file exists. It gets its name once it is complete.

    Else a full disk or a killed process leaves the beginning of a file, which every later run would find
    damaged.
    """
    if path.exists():
        return
    new = path.with_name(f".strikeledger-{uuid.uuid4().hex}.new")
    try:
        _open_file(new, False).close()
        try:
            os.link(new, path)  # unlike a renaming, it never replaces what another process made meanwhile
        except FileExistsError:
            return
        except OSError:  # a file system without links
            new.rename(path)
    finally:
        new.unlink(missing_ok=True)
