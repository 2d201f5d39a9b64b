"""The data of the dashboard: columns of values for all incidents, and details of some of them."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from schemas.sql_files import statement
from transforms.serving.snapshot_columns import counts_in_totals
from transforms.warehouse import Row, Warehouse

CHUNK_INCIDENTS = 500
"""The page unpacks the details of this many incidents at once, when a reader asks for one of them."""
_QUERY_INCIDENTS = 40 * CHUNK_INCIDENTS
"""The details of this many incidents are read by one query, so that not all of them are in memory."""
_EPOCH = dt.date(1970, 1, 1).toordinal()
_NULL = -1
"""Stands for null. All other numbers on the page are 0 or more."""

_CORE_COLUMNS = ("id", "day", "span", "place", "weapon", "actor", "status", "reports", "sources", "counted")
_KILLED = ("fatalities_low", "fatalities_best", "fatalities_high")
_INJURED = ("injured_low", "injured_best", "injured_high")
_NUMBER_COLUMNS = {
    "kl": "fatalities_low", "kb": "fatalities_best", "kh": "fatalities_high", "il": "injured_low",
    "ib": "injured_best", "ih": "injured_high", "cf": "child_fatalities", "ci": "child_injured",
}  # fmt: skip
_OTHER_COLUMNS = (
    "time_precision", "geonameid", "geo_precision", "targets", "revision", "sublocation_kind", "event_time",
    "flags", "possible_duplicate_of", "confidence", "status",
)  # fmt: skip
"""Columns that the page does not show and its downloads have."""
_DIRECTION_MARKS = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Characters that change the direction of the text after them. A name with one could reverse the words beside
it on the page (Unicode Standard Annex 9, https://www.unicode.org/reports/tr9/)."""


def without_direction_marks(text: str | None) -> str | None:
    """Return a text without characters that change its direction."""
    return None if text is None else text.translate(_DIRECTION_MARKS)


@dataclass
class _Numbering:
    """Numbers for distinct values, in the order in which they first appear."""

    numbers: dict[Any, int] = field(default_factory=dict)

    def number_of(self, value: Any) -> int:
        return self.numbers.setdefault(value, len(self.numbers))


@dataclass(frozen=True, slots=True)
class Ledger:
    """The incidents of a page, the latest first.

    ``core``: all incidents, as columns. ``rows``: the same incidents, for ``read_details``.
    """

    core: dict[str, Any]
    rows: Sequence[Row]


def read_incidents(warehouse: Warehouse, since: dt.date, until: dt.date) -> Ledger:
    """Return the incidents from one day to another, both included. A number that no outlet stated is -1."""
    rows = warehouse.query(statement(__file__, "incidents"), {"since": since, "until": until})
    country_names = {
        row["country"]: row["country_name"] for row in warehouse.query(statement(__file__, "countries"))
    }
    countries, weapons, actors, places, statuses = (_Numbering() for _ in range(5))
    others = {name: _Numbering() for name in _OTHER_COLUMNS}
    core: dict[str, list[Any]] = defaultdict(list)
    told: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        day = _day(row["event_date"])
        last = _day(row["event_date_end"]) if row["event_date_end"] else day
        place = (
            without_direction_marks(row["location"]), without_direction_marks(row["admin1"]),
            countries.number_of(row["country"]),
            row["latitude"], row["longitude"],
            without_direction_marks(row["sublocation"]),
        )  # fmt: skip
        core["id"].append(row["incident_id"].removeprefix("i-"))
        core["day"].append(day)
        core["span"].append(max(0, last - day))
        core["place"].append(places.number_of(place))
        core["weapon"].append(weapons.number_of(row["weapon"]))
        actor = without_direction_marks(row["actor"])
        core["actor"].append(_NULL if actor is None else actors.number_of(actor))
        core["status"].append(statuses.number_of(row["claim_status"]))
        is_counted = counts_in_totals(row["status"], row["first_reported_at"], last + _EPOCH)
        core["counted"].append(int(is_counted))
        core["reports"].append(row["number_of_reports"])
        core["sources"].append(row["number_of_sources"])
        for short, name in _NUMBER_COLUMNS.items():
            core[short].append(_NULL if row[name] is None else row[name])
        for name, numbering in others.items():
            told[name].append(numbering.number_of(_hashable(row[name])))
    columns = {name: core[name] for name in (*_CORE_COLUMNS, *_NUMBER_COLUMNS)}
    exported = [c.name for c in warehouse.columns("incidents") if not c.name.startswith("_")]
    return Ledger(
        columns
        | {
            "places": list(places.numbers),
            "countries": [[code, country_names.get(code, code)] for code in countries.numbers],
            "weapons": list(weapons.numbers),
            "actors": list(actors.numbers),
            "statuses": list(statuses.numbers),
            "others": {name: [told[name], list(others[name].numbers)] for name in others},
            "exported": exported,
            "chunk": CHUNK_INCIDENTS,
        },
        rows,
    )


def read_details(warehouse: Warehouse, rows: Sequence[Row]) -> Iterator[list[dict[str, Any]]]:
    """Yield the headline, toll history and reports of each incident.

    Args:
        warehouse: the tables.
        rows: the incidents. Their order is kept.

    Yields:
        The details of ``CHUNK_INCIDENTS`` incidents at a time.
    """
    remaining = iter(rows)
    while batch := list(islice(remaining, _QUERY_INCIDENTS)):
        ids = {"ids": [row["incident_id"] for row in batch]}
        steps: dict[str, list[Any]] = defaultdict(list)
        for row in warehouse.query(statement(__file__, "toll_histories"), ids):
            steps[row["incident_id"]].append([row["valid_from"], *_figures(row, _KILLED + _INJURED)])
        reports: dict[str, list[Any]] = defaultdict(list)
        for row in warehouse.query(statement(__file__, "reports"), ids):
            reports[row["incident_id"]].append(_report(row))
        for first in range(0, len(batch), CHUNK_INCIDENTS):
            yield [
                {
                    "h": without_direction_marks(row["headline"]),
                    "t": row["event_time"],
                    "s": steps[row["incident_id"]],
                    "r": reports[row["incident_id"]],
                }
                for row in batch[first : first + CHUNK_INCIDENTS]
            ]


def _report(row: Row) -> list[Any]:
    fields: dict[str, list[str]] = {}  # the fields that were read from each sentence
    for evidence in json.loads(row["evidence"]):
        if evidence["start"] is not None:  # null: the date was inferred from the publication time
            sentence = without_direction_marks(evidence["text"]) or ""
            fields.setdefault(sentence, []).append(evidence["field"])
    return [
        without_direction_marks(row["source_name"]), row["article_url"], row["published_at"],
        without_direction_marks(row["headline"]), _figures(row, _KILLED), _figures(row, _INJURED),
        [[names, sentence] for sentence, names in fields.items()],
    ]  # fmt: skip


def _figures(row: Row, names: Sequence[str]) -> list[int]:
    return [_NULL if value is None else value for value in map(row.__getitem__, names)]


def _day(text: str) -> int:
    return dt.date.fromisoformat(text).toordinal() - _EPOCH


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
