"""The texts of a snapshot: rows, reports, toll steps and words, in an SQLite file of this process alone.

Three hundred thousand incidents with their reports need more memory than a small server has. In a file the
system keeps in memory what is read often, and a row is found in some microseconds.
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from transforms.serving.report_store import ReportStore
from transforms.serving.unnamed_file import open_unnamed

Numbers = npt.NDArray[np.int64]
_SCHEMA = """
CREATE TABLE rows_by_number(n INTEGER PRIMARY KEY, row TEXT NOT NULL);
CREATE TABLE links(n INTEGER, report_id TEXT, version INTEGER, score REAL, reason TEXT,
  PRIMARY KEY (n, report_id)) WITHOUT ROWID;
CREATE TABLE steps(n INTEGER, revision INTEGER, step TEXT NOT NULL, PRIMARY KEY (n, revision)) WITHOUT ROWID;
CREATE TABLE retired(id TEXT PRIMARY KEY, successor TEXT) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(
  text, content='', detail=none, tokenize="unicode61 remove_diacritics 2");
"""
_NOT_A_WORD = re.compile(r"[\W_]+")
_MAX_WORDS = 12


class Details(NamedTuple):
    """Reports of an incident in the order of publication, and the steps of its toll."""

    reports: list[dict[str, Any]]
    steps: list[dict[str, Any]]


class SnapshotStore:
    """The file of one snapshot. ``n`` is the number of an incident in the snapshot's order, the latest first.

    Args:
        reports: where the reports are, which several snapshots share.
    """

    def __init__(self, reports: ReportStore) -> None:
        self._reports = reports
        self._db = open_unnamed(_SCHEMA)

    def __enter__(self) -> Self:
        """Begin to write."""
        self._db.execute("BEGIN")
        return self

    def __exit__(self, *error: object) -> None:
        """End to write."""
        self._db.execute("COMMIT")

    def add_incidents(self, rows: Iterable[tuple[int, str]], texts: Iterable[tuple[int, str]]) -> None:
        """Add incidents as JSON, and the text of each that is searched."""
        self._db.executemany("INSERT INTO rows_by_number VALUES (?, ?)", rows)
        self._db.executemany("INSERT INTO words(rowid, text) VALUES (?, ?)", texts)

    def add_links(self, links: Iterable[tuple[int, str, int, float | None, str | None]]) -> None:
        """Add reports of incidents: number, report, version of the article, score and reason of the match."""
        self._db.executemany("INSERT OR REPLACE INTO links VALUES (?, ?, ?, ?, ?)", links)

    def add_steps(self, steps: Iterable[tuple[int, int, str]]) -> None:
        """Add toll steps of incidents: number, revision, and the step as JSON."""
        self._db.executemany("INSERT OR REPLACE INTO steps VALUES (?, ?, ?)", steps)

    def add_retired(self, rows: Iterable[tuple[str, str | None]]) -> None:
        """Add ids that are no longer incidents, each with the incident that follows it."""
        self._db.executemany("INSERT OR REPLACE INTO retired VALUES (?, ?)", rows)

    def rows(self, numbers: Sequence[int]) -> list[str]:
        """Return incidents as JSON, in the order of their numbers as they are given."""
        found: dict[int, str] = {}
        for first in range(0, len(numbers), 500):
            some = numbers[first : first + 500]
            marks = ",".join("?" * len(some))
            found.update(
                self._db.execute(f"SELECT n, row FROM rows_by_number WHERE n IN ({marks})", some).fetchall()
            )
        return [found[n] for n in numbers]

    def details(self, number: int) -> Details:
        """Return the reports and toll steps of an incident."""
        (reports,) = self.reports([number])
        steps = self._db.execute("SELECT step FROM steps WHERE n = ? ORDER BY revision", [number])
        return Details(reports, [json.loads(step) for (step,) in steps])

    def reports(self, numbers: Sequence[int]) -> list[list[dict[str, Any]]]:
        """Return the reports of each of some incidents, in the order of publication.

        Args:
            numbers: the incidents, at most some hundred.
        """
        marks = ",".join("?" * len(numbers))
        links = self._db.execute(
            f"SELECT n, report_id, version, score, reason FROM links WHERE n IN ({marks})", numbers
        ).fetchall()
        found = self._reports.reports([(report_id, version) for _, report_id, version, _, _ in links])
        by_number: dict[int, list[dict[str, Any]]] = {number: [] for number in numbers}
        for number, report_id, version, score, reason in links:
            report = found.get((report_id, version))
            if report is not None:
                by_number[number].append(report | {"match_score": score, "match_reason": reason})
        for reports in by_number.values():
            reports.sort(key=lambda r: (r["published_at"] is None, r["published_at"] or "", r["report_id"]))
        return [by_number[number] for number in numbers]

    def is_retired(self, incident_id: str) -> bool:
        """Return whether an id was once an incident and no longer is."""
        return self._db.execute("SELECT 1 FROM retired WHERE id = ?", [incident_id]).fetchone() is not None

    def successor(self, incident_id: str) -> str | None:
        """Return the current incident that follows a retired id, None where none does."""
        row = self._db.execute("SELECT successor FROM retired WHERE id = ?", [incident_id]).fetchone()
        return None if row is None else row[0]

    def retired_ids(self) -> list[str]:
        """Return the ids that are no longer incidents, sorted."""
        return [row[0] for row in self._db.execute("SELECT id FROM retired ORDER BY id")]

    def search(self, text: str) -> Numbers:
        """Return the numbers of the incidents that hold all words of a text, or words that begin so."""
        words = _NOT_A_WORD.sub(" ", text).split()[:_MAX_WORDS]
        if not words:
            return np.empty(0, np.int64)
        query = " AND ".join(f'"{word}" *' for word in words)
        # A word may be in all incidents: one string of numbers is read in half the time of as many rows.
        (found,) = self._db.execute(
            "SELECT GROUP_CONCAT(rowid) FROM words WHERE words MATCH ?", [query]
        ).fetchone()
        return np.sort(np.fromstring(found or "", np.int64, sep=","))
