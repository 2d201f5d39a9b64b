"""The reports of all snapshots. A report is a fact: a newer snapshot adds some and changes hardly any, so
they are not read anew with each."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from transforms.serving.unnamed_file import open_unnamed

_KEYS_AT_ONCE = 500
_SCHEMA = """
CREATE TABLE kept_reports(id TEXT, version INTEGER, report TEXT NOT NULL, PRIMARY KEY (id, version));
"""


class ReportStore:
    """Reports by their id and the version of their article, in a file of this process alone.

    ``written_until``: reports that the warehouse wrote before this instant are here; None if there are none.
    """

    def __init__(self) -> None:
        self._db = open_unnamed(_SCHEMA)
        self.written_until: str | None = None

    def add(self, reports: Iterable[tuple[str, int, str]]) -> None:
        """Add reports or replace them: id, version of the article, and the row as JSON."""
        self._db.execute("BEGIN")
        try:
            self._db.executemany("INSERT OR REPLACE INTO kept_reports VALUES (?, ?, ?)", reports)
        finally:
            self._db.execute("COMMIT")

    def reports(self, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], dict[str, Any]]:
        """Return those of some reports that are here.

        Args:
            keys: their ids and versions.
        """
        found = {}
        for first in range(0, len(keys), _KEYS_AT_ONCE):
            ids = [report_id for report_id, _ in keys[first : first + _KEYS_AT_ONCE]]
            marks = ",".join("?" * len(ids))
            rows = self._db.execute(
                f"SELECT id, version, report FROM kept_reports WHERE id IN ({marks})", ids
            )
            found.update({(row[0], row[1]): row[2] for row in rows})
        return {key: json.loads(found[key]) for key in keys if key in found}
