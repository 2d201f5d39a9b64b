"""The texts of a snapshot: rows, reports, toll steps and words, in an SQLite file of this process alone.

Three hundred thousand incidents with their reports need more memory than a small server has. In a file the
system keeps in memory what is read often, and a row is found in some microseconds.
"""

import json
import re
from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from transforms.serving.report_store import ReportStore
from transforms.serving.unnamed_file import open_unnamed

Numbers = npt.NDArray[np.int64]
_SCHEMA = """
CREATE TABLE rows_by_key(n INTEGER PRIMARY KEY, row TEXT NOT NULL);
CREATE TABLE links(n INTEGER, report_id TEXT, version INTEGER, score REAL, reason TEXT,
  PRIMARY KEY (n, report_id)) WITHOUT ROWID;
CREATE TABLE steps(n INTEGER, revision INTEGER, step TEXT NOT NULL, PRIMARY KEY (n, revision)) WITHOUT ROWID;
CREATE TABLE retired(id TEXT, edition INTEGER, is_retired INTEGER, successor TEXT,
  PRIMARY KEY (id, edition)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(
  text, content='', detail=none, tokenize="unicode61 remove_diacritics 2");
"""
_NOT_A_WORD = re.compile(r"[\W_]+")
_MAX_WORDS = 12


class Details(NamedTuple):
    """Reports of an incident in the order of publication, and the steps of its toll."""

    reports: list[dict[str, Any]]
    steps: list[dict[str, Any]]


class _Order(NamedTuple):
    """The keys of the incidents of an edition by their numbers, and their numbers by key, -1 where there is
    none."""

    keys: Numbers
    numbers: Numbers

    def numbers_of(self, keys: Numbers) -> Numbers:
        """Return the numbers of those keys that the edition has."""
        numbers = self.numbers[keys[keys < len(self.numbers)]]
        return numbers[numbers >= 0]


class SnapshotStore:
    """The file of one snapshot, or of several editions of it.

    An incident has a number, its place in the snapshot's order, the latest first, and a key, under which the
    file has it. In the first edition both are the same. A later edition adds rows under new keys and leaves
    the others, so that whoever reads an earlier edition reads on.

    Args:
        reports: where the reports are, which several snapshots share.
    """

    def __init__(self, reports: ReportStore) -> None:
        self._reports = reports
        self._db = open_unnamed(_SCHEMA)
        self._edition = 0
        self._order: _Order | None = None

    def next_key(self) -> int:
        """Return the first key that no edition has."""
        (key,) = self._db.execute("SELECT COALESCE(MAX(n), -1) + 1 FROM rows_by_key").fetchone()
        return int(key)

    def keys(self) -> Numbers:
        """Return the keys of all incidents in their order."""
        return np.arange(self.next_key()) if self._order is None else self._order.keys

    def next_edition(self, keys: Numbers) -> "SnapshotStore":
        """Return the next edition, whose new rows are to be added.

        Args:
            keys: of its incidents in their order.
        """
        made = copy(self)
        # What remains of an attempt that failed.
        self._db.execute("DELETE FROM retired WHERE edition > ?", [self._edition])
        numbers = np.full(int(keys.max(initial=-1)) + 1, -1, np.int64)
        numbers[keys] = np.arange(len(keys))
        made._edition, made._order = self._edition + 1, _Order(keys, numbers)
        return made

    def _keys_of(self, numbers: Sequence[int]) -> Sequence[int]:
        return numbers if self._order is None else self._order.keys[numbers].tolist()

    def __enter__(self) -> Self:
        """Begin to write."""
        self._db.execute("BEGIN")
        return self

    def __exit__(self, *error: object) -> None:
        """End to write."""
        self._db.execute("COMMIT")

    def add_incidents(self, rows: Iterable[tuple[int, str]], texts: Iterable[tuple[int, str]]) -> None:
        """Add incidents by their keys: as JSON, and the text of each that is searched."""
        self._db.executemany("INSERT INTO rows_by_key VALUES (?, ?)", rows)
        self._db.executemany("INSERT INTO words(rowid, text) VALUES (?, ?)", texts)

    def add_links(self, links: Iterable[tuple[int, str, int, float | None, str | None]]) -> None:
        """Add reports of incidents: key, report, version of the article, score and reason of the match."""
        self._db.executemany("INSERT OR REPLACE INTO links VALUES (?, ?, ?, ?, ?)", links)

    def add_steps(self, steps: Iterable[tuple[int, int, str]]) -> None:
        """Add toll steps of incidents: key, revision, and the step as JSON."""
        self._db.executemany("INSERT OR REPLACE INTO steps VALUES (?, ?, ?)", steps)

    def add_retired(self, rows: Iterable[tuple[str, str | None]]) -> None:
        """Add ids that are no longer incidents, each with the incident that follows it."""
        self._set_retired((incident_id, True, successor) for incident_id, successor in rows)

    def add_not_retired(self, ids: Iterable[str]) -> None:
        """Add ids that an earlier edition may have as retired and this one has not."""
        self._set_retired((incident_id, False, None) for incident_id in ids)

    def _set_retired(self, rows: Iterable[tuple[str, bool, str | None]]) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO retired VALUES (?, ?, ?, ?)",
            ((i, self._edition, *row) for i, *row in rows),
        )

    def rows(self, numbers: Sequence[int]) -> list[str]:
        """Return incidents as JSON, in the order of their numbers as they are given."""
        found: dict[int, str] = {}
        keys = self._keys_of(numbers)
        for first in range(0, len(keys), 500):
            some = keys[first : first + 500]
            marks = ",".join("?" * len(some))
            found.update(
                self._db.execute(f"SELECT n, row FROM rows_by_key WHERE n IN ({marks})", some).fetchall()
            )
        return [found[key] for key in keys]

    def details(self, number: int) -> Details:
        """Return the reports and toll steps of an incident."""
        (reports,) = self.reports([number])
        return Details(reports, self.steps(number))

    def steps(self, number: int) -> list[dict[str, Any]]:
        """Return the toll steps of an incident, in their order."""
        keys = self._keys_of([number])
        found = self._db.execute("SELECT step FROM steps WHERE n = ? ORDER BY revision", keys)
        return [json.loads(step) for (step,) in found]

    def reports(self, numbers: Sequence[int]) -> list[list[dict[str, Any]]]:
        """Return the reports of each of some incidents, in the order of publication.

        Args:
            numbers: the incidents, at most some hundred.
        """
        keys, marks = self._keys_of(numbers), ",".join("?" * len(numbers))
        links = self._db.execute(
            f"SELECT n, report_id, version, score, reason FROM links WHERE n IN ({marks})", keys
        ).fetchall()
        found = self._reports.reports([(report_id, version) for _, report_id, version, _, _ in links])
        by_key: dict[int, list[dict[str, Any]]] = {key: [] for key in keys}
        for key, report_id, version, score, reason in links:
            report = found.get((report_id, version))
            if report is not None:
                by_key[key].append(report | {"match_score": score, "match_reason": reason})
        for reports in by_key.values():
            reports.sort(key=lambda r: (r["published_at"] is None, r["published_at"] or "", r["report_id"]))
        return [by_key[key] for key in keys]

    def is_retired(self, incident_id: str) -> bool:
        """Return whether an id was once an incident and no longer is."""
        return self._retired(incident_id)[0]

    def successor(self, incident_id: str) -> str | None:
        """Return the incident that follows a retired id, None where none does."""
        return self._retired(incident_id)[1]

    def _retired(self, incident_id: str) -> tuple[bool, str | None]:
        row = self._db.execute(
            "SELECT is_retired, successor FROM retired WHERE id = ? AND edition <= ? "
            "ORDER BY edition DESC LIMIT 1",
            [incident_id, self._edition],
        ).fetchone()
        return (False, None) if row is None else (bool(row[0]), row[1])

    def retired_ids(self) -> list[str]:
        """Return the ids that are no longer incidents, sorted."""
        rows = self._db.execute(
            "SELECT DISTINCT id FROM retired WHERE edition <= ? ORDER BY id", [self._edition]
        )
        return [row[0] for row in rows.fetchall() if self.is_retired(row[0])]

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
        keys = np.fromstring(found or "", np.int64, sep=",")
        return np.sort(keys if self._order is None else self._order.numbers_of(keys))
