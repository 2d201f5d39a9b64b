"""SQLite files of this process alone."""

import os
import sqlite3
import tempfile
from pathlib import Path

_MAPPED_BYTES = 2**34


def open_unnamed(schema: str) -> sqlite3.Connection:
    """Return a new database whose file has no name: the system deletes it when the process ends.

    The file lies where the system keeps files for a short time.

    Threads may share the connection; SQLite lets one in at a time.

    Args:
        schema: SQL that creates its tables.
    """
    handle, name = tempfile.mkstemp(prefix="strikeledger-", suffix=".sqlite")
    os.close(handle)
    # Statements are not kept: from Python 3.12 on, threads that share one read each other's rows.
    db = sqlite3.connect(name, check_same_thread=False, isolation_level=None, cached_statements=0)
    # No journal and no waiting for the disk: after a crash nobody reads the file.
    db.execute("PRAGMA journal_mode = OFF")
    db.execute("PRAGMA synchronous = OFF")
    db.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")  # the system keeps in memory what is read often
    db.executescript(schema)
    Path(name).unlink()
    return db
