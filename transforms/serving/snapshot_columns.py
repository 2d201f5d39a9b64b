"""The columns of a snapshot that filters read: one number an incident, so that a filter is quick."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.identity import fold_name, parse_instant
from schemas.vocabulary import ClaimStatus, Status, Weapon

NOT_SAID = -1
"""Stands for null in a column of tolls."""
HISTORICAL_DAYS = 90
"""A strike that was first reported so long after it is history: outlets recall it."""
WEAPONS, STATUSES = tuple(Weapon), tuple(Status)
_COUNTED = frozenset({Status.AUTO, Status.CONFIRMED, Status.CORRECTED})
TOLLS = ("fatalities_low", "fatalities_best", "fatalities_high", "injured_low", "injured_high")
PLAIN = (
    "days", "last_days", "changed", "country", "weapon", "status", "counted", "disputed", "historical",
    "latitude", "longitude", "geo_precision", "place",
)  # fmt: skip
"""Columns of one number an incident, beside the tolls."""

Place = tuple[str | None, str]
"""Country and name."""
Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class SnapshotColumns:
    """All incidents, the latest first, those of one day by their id.

    ``days``, ``last_days``: ordinals. ``rising_days``: days with the opposite sign, which rise, so that they
    can be searched. ``longest``: days that the longest incident lasts. ``changed``: seconds since 1970.
    ``by_change``: the numbers in the order of change; ``changed_in_order``: their seconds. ``by_killed`` and
    ``killed_in_order``: the same for the lower limit of the killed with the opposite sign, so that the
    highest comes first. ``sorted_ids``: for beginnings of ids. ``counted``: whether totals hold an incident.
    ``places``: by the number in ``place``.
    """

    ids: Sequence[str]
    number_of: Mapping[str, int]
    sorted_ids: Sequence[str]
    days: Array
    rising_days: Array
    last_days: Array
    longest: int
    changed: Array
    by_change: Array
    changed_in_order: Array
    by_killed: Array
    killed_in_order: Array
    country: Array
    countries: Sequence[str]
    weapon: Array
    status: Array
    counted: Array
    disputed: Array
    historical: Array
    latitude: Array
    longitude: Array
    geo_precision: Array
    place: Array
    places: Sequence[Place]
    number_of_place: Mapping[Place, int]
    folded_places: Sequence[str]
    tolls: Mapping[str, Array]


@dataclass
class _Numbering:
    numbers: dict[Any, int] = field(default_factory=dict)

    def number_of(self, value: Any) -> int:
        return self.numbers.setdefault(value, len(self.numbers))


class ColumnsBuilder:
    """Collects rows of ``incidents``, in the order of the snapshot, into columns."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._numbers: dict[str, list[Any]] = {name: [] for name in (*PLAIN, *TOLLS)}
        self._countries, self._places = _Numbering(), _Numbering()

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, row: Mapping[str, Any]) -> None:
        """Add the next incident."""
        to = self._numbers
        status = row["status"] or Status.AUTO
        last = dt.date.fromisoformat(row["event_date_end"]).toordinal()
        is_late = is_historical(row["first_reported_at"], last)
        self._ids.append(row["incident_id"])
        to["days"].append(dt.date.fromisoformat(row["event_date"]).toordinal())
        to["last_days"].append(last)
        to["changed"].append(seconds_of(row["updated_at"]))
        to["country"].append(self._countries.number_of(row["country"] or ""))
        to["weapon"].append(WEAPONS.index(row["weapon"]))
        to["status"].append(STATUSES.index(status))
        to["historical"].append(is_late)
        to["counted"].append(counts_in_totals(row["status"], row["first_reported_at"], last))
        to["disputed"].append(row["claim_status"] == ClaimStatus.DISPUTED)
        to["latitude"].append(np.nan if row["latitude"] is None else row["latitude"])
        to["longitude"].append(np.nan if row["longitude"] is None else row["longitude"])
        to["geo_precision"].append(row["geo_precision"])
        to["place"].append(self._places.number_of((row["country"], row["location"])))
        for name in TOLLS:
            to[name].append(NOT_SAID if row[name] is None else row[name])

    def build(self) -> SnapshotColumns:
        """Return the columns."""
        kinds: dict[str, Any] = dict.fromkeys(("latitude", "longitude"), np.float64)
        kinds |= dict.fromkeys(("counted", "disputed", "historical"), np.bool_)
        kinds |= {
            "weapon": np.int8,
            "status": np.int8,
            "geo_precision": np.int8,
            "country": np.int16,
            "place": np.int32,
        }
        arrays: dict[str, Array] = {
            name: np.array(values, kinds.get(name, np.int64)) for name, values in self._numbers.items()
        }
        ids = self._ids
        names = Names(list(self._countries.numbers), list(self._places.numbers))
        ids_in_order = np.array(ids, dtype=np.str_)
        by_change, by_killed = (
            np.lexsort((ids_in_order, ranks)) for ranks in (arrays["changed"], falling_tolls(arrays))
        )
        return make_columns(ids, sorted(ids), arrays, by_change, by_killed, names)


class Names(NamedTuple):
    """The names that stand for the codes of countries and places."""

    countries: Sequence[str]
    places: Sequence[Place]


def make_columns(
    ids: Sequence[str],
    sorted_ids: Sequence[str],
    numbers: Mapping[str, Array],
    by_change: Array,
    by_killed: Array,
    names: Names,
    folded: Mapping[Place, str] | None = None,
) -> SnapshotColumns:
    """Return columns.

    Args:
        ids: in the order of the snapshot.
        sorted_ids: the same, sorted.
        numbers: what is known of each incident, also each toll, by the name of its column.
        by_change: the numbers in the order of change.
        by_killed: the numbers in the order of the killed, the most first.
        names: of countries and places.
        folded: the folded names of places that are known already.
    """
    arrays, known = dict(numbers), folded or {}
    return SnapshotColumns(
        ids=ids,
        number_of={incident_id: n for n, incident_id in enumerate(ids)},
        sorted_ids=sorted_ids,
        rising_days=-arrays["days"],
        longest=int((arrays["last_days"] - arrays["days"]).max(initial=0)),
        by_change=by_change,
        changed_in_order=arrays["changed"][by_change],
        by_killed=by_killed,
        killed_in_order=falling_tolls(arrays)[by_killed],
        countries=names.countries,
        places=names.places,
        number_of_place={place: n for n, place in enumerate(names.places)},
        folded_places=[known.get(place) or fold_name(place[1]) for place in names.places],
        tolls={name: arrays.pop(name) for name in TOLLS},
        **arrays,
    )


def falling_tolls(numbers: Mapping[str, Array]) -> Array:
    """Return numbers that rise as tolls fall. An unknown toll is stored below 0, so it comes last."""
    return -numbers["fatalities_low"]


def counts_in_totals(status: str | None, first_reported_at: str | None, last_day: int) -> bool:
    """Return whether totals hold an incident: neither in review, nor rejected, nor first reported late.

    Args:
        status: of the incident, None for ``auto``.
        first_reported_at: the instant of the first report.
        last_day: the ordinal of the last day on which it can have happened.
    """
    return (status or Status.AUTO) in _COUNTED and not is_historical(first_reported_at, last_day)


def is_historical(first_reported_at: str | None, last_day: int) -> bool:
    """Return whether a strike was first reported so long after it that it is history.

    Args:
        first_reported_at: the instant of the first report.
        last_day: the ordinal of the last day on which it can have happened.
    """
    if first_reported_at is None:
        return False
    return dt.date.fromisoformat(first_reported_at[:10]).toordinal() - last_day > HISTORICAL_DAYS


def seconds_of(instant: str | None) -> int:
    """Return an instant as seconds since 1970; 0 where it is not known."""
    found = parse_instant(instant) if instant else None
    return int(found.timestamp()) if found else 0
