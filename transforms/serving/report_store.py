"""The reports of all snapshots. A report is a fact: a newer snapshot adds some and changes hardly any, so
they are not read anew with each."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from transforms.serving.unnamed_file import open_unnamed

_SCHEMA = """
CREATE TABLE reports(id TEXT, version INTEGER, report TEXT NOT NULL, PRIMARY KEY (id, version)) WITHOUT ROWID;
"""


class ReportStore:
    """Reports by their id and the version of their article, in a file of this process alone.

    ``written_until``: reports that the warehouse wrote before this instant are here; None if there are none.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._db = open_unnamed(folder, _SCHEMA)
        self.written_until: str | None = None

    def add(self, reports: Iterable[tuple[str, int, str]]) -> None:
        """Add reports or replace them: id, version of the article, and the row as JSON."""
        self._db.execute("BEGIN")
        try:
            self._db.executemany("INSERT OR REPLACE INTO reports VALUES (?, ?, ?)", reports)
        finally:
            self._db.execute("COMMIT")

    def report(self, report_id: str, version: int) -> dict[str, Any] | None:
        """Return a report, None where it is not here."""
        row = self._db.execute(
            "SELECT report FROM reports WHERE id = ? AND version = ?", [report_id, version]
        ).fetchone()
        return None if row is None else json.loads(row[0])
