"""What the dashboard shows, as columns of numbers and words: every incident, and details of the latest."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from transforms.warehouse import Row, Warehouse

CHUNK = 500
_BATCH = 40 * CHUNK
_EPOCH = dt.date(1970, 1, 1).toordinal()

_INCIDENTS = """
SELECT incident_id, event_date, event_date_end, location, admin1, country, latitude, longitude, weapon, actor,
  fatalities_low, fatalities_best, fatalities_high, injured_low, injured_best, injured_high,
  child_fatalities, child_injured, claim_status, number_of_reports, number_of_sources, headline
FROM incidents
WHERE event_date BETWEEN @since AND @until
ORDER BY event_date DESC, incident_id
"""
_HISTORY = """
SELECT incident_id, valid_from, fatalities_low, fatalities_best, fatalities_high,
  injured_low, injured_best, injured_high
FROM incident_history WHERE incident_id IN UNNEST(@ids) ORDER BY incident_id, revision
"""
_REPORTS = """
SELECT l.incident_id, r.source_name, r.article_url, r.published_at, r.headline,
  TO_JSON_STRING(r.evidence) AS evidence,
  r.fatalities_low, r.fatalities_best, r.fatalities_high, r.injured_low, r.injured_best, r.injured_high
FROM incident_reports AS l JOIN reports AS r ON r.report_id = l.report_id
WHERE l.incident_id IN UNNEST(@ids) ORDER BY l.incident_id, r.published_at, r.report_id
"""
_KILLED = ("fatalities_low", "fatalities_best", "fatalities_high")
_INJURED = ("injured_low", "injured_best", "injured_high")
_NUMBERS = {
    "kl": "fatalities_low", "kb": "fatalities_best", "kh": "fatalities_high", "il": "injured_low",
    "ib": "injured_best", "ih": "injured_high", "cf": "child_fatalities", "ci": "child_injured",
}  # fmt: skip
# Characters that turn the direction of what follows them: a name made of them would disguise its neighbours
# (Unicode Standard Annex 9).
_DIRECTIONS = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def plain(text: str | None) -> str | None:
    """Return text without marks that turn its direction."""
    return None if text is None else text.translate(_DIRECTIONS)


@dataclass
class _Words:
    """Words by number, in the order in which they were first seen."""

    numbers: dict[Any, int] = field(default_factory=dict)

    def of(self, word: Any) -> int:
        return self.numbers.setdefault(word, len(self.numbers))


@dataclass(frozen=True, slots=True)
class Ledger:
    """The incidents of a page, latest first: ``core`` for all, ``rows`` to ask for details of some."""

    core: dict[str, Any]
    rows: Sequence[Row]


def read_incidents(warehouse: Warehouse, since: dt.date, until: dt.date) -> Ledger:
    """Return all incidents of the days as columns; a number that nobody told is -1."""
    rows = warehouse.query(_INCIDENTS, {"since": since, "until": until})
    names = {
        row["country"]: row["country_name"]
        for row in warehouse.query("SELECT country, country_name FROM countries")
    }
    countries, weapons, actors, places, statuses = _Words(), _Words(), _Words(), _Words(), _Words()
    core: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        day = _day(row["event_date"])
        last = _day(row["event_date_end"]) if row["event_date_end"] else day
        place = (
            plain(row["location"]), plain(row["admin1"]), countries.of(row["country"]),
            _rounded(row["latitude"]), _rounded(row["longitude"]),
        )  # fmt: skip
        core["id"].append(row["incident_id"].removeprefix("i-"))
        core["day"].append(day)
        core["span"].append(max(0, last - day))
        core["place"].append(places.of(place))
        core["weapon"].append(weapons.of(row["weapon"]))
        core["actor"].append(-1 if row["actor"] is None else actors.of(plain(row["actor"])))
        core["status"].append(statuses.of(row["claim_status"]))
        core["reports"].append(row["number_of_reports"])
        core["sources"].append(row["number_of_sources"])
        for short, name in _NUMBERS.items():
            core[short].append(-1 if row[name] is None else row[name])
    columns = {
        name: core[name]
        for name in (
            "id",
            "day",
            "span",
            "place",
            "weapon",
            "actor",
            "status",
            "reports",
            "sources",
            *_NUMBERS,
        )
    }
    return Ledger(
        columns
        | {
            "places": list(places.numbers),
            "countries": [[code, names.get(code, code)] for code in countries.numbers],
            "weapons": list(weapons.numbers),
            "actors": list(actors.numbers),
            "statuses": list(statuses.numbers),
            "chunk": CHUNK,
        },
        rows,
    )


def read_details(warehouse: Warehouse, rows: Sequence[Row]) -> Iterator[list[dict[str, Any]]]:
    """Yield the headline, toll history and reports of incidents, ``CHUNK`` at a time, in their order."""
    batches = iter(rows)
    while batch := list(islice(batches, _BATCH)):
        ids = {"ids": [row["incident_id"] for row in batch]}
        steps: dict[str, list[Any]] = defaultdict(list)
        for row in warehouse.query(_HISTORY, ids):
            steps[row["incident_id"]].append([row["valid_from"], *_figures(row, _KILLED + _INJURED)])
        reports: dict[str, list[Any]] = defaultdict(list)
        for row in warehouse.query(_REPORTS, ids):
            reports[row["incident_id"]].append(_report(row))
        for first in range(0, len(batch), CHUNK):
            yield [
                {
                    "h": plain(row["headline"]),
                    "s": steps[row["incident_id"]],
                    "r": reports[row["incident_id"]],
                }
                for row in batch[first : first + CHUNK]
            ]


def _report(row: Row) -> list[Any]:
    fields: dict[str, list[str]] = {}
    for evidence in json.loads(row["evidence"]):
        if evidence["start"] is not None:  # a date may rest on the publication time alone
            fields.setdefault(plain(evidence["text"]) or "", []).append(evidence["field"])
    return [
        plain(row["source_name"]), row["article_url"], row["published_at"], plain(row["headline"]),
        _figures(row, _KILLED), _figures(row, _INJURED), [[names, text] for text, names in fields.items()],
    ]  # fmt: skip


def _figures(row: Row, names: Sequence[str]) -> list[int]:
    return [-1 if value is None else value for value in map(row.__getitem__, names)]


def _day(text: str) -> int:
    return dt.date.fromisoformat(text).toordinal() - _EPOCH


def _rounded(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, 4)
