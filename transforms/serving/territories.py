"""Territories of which it is disputed to what state they belong, such as the Golan Heights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from transforms.util.data_files import read_data

_KEYS = {"name", "states", "outline", "regions", "countries"}
Point = tuple[float, float]
"""Latitude and longitude, degrees."""


@dataclass(frozen=True, slots=True)
class Territory:
    """A disputed territory: its name, the codes of the states that hold or claim it, and what lies in it."""

    name: str
    states: tuple[str, ...]
    outline: tuple[Point, ...] = ()
    regions: frozenset[tuple[str, str]] = frozenset()
    countries: frozenset[str] = frozenset()

    def holds(self, place: Mapping[str, Any]) -> bool:
        """Return whether a place lies here: an incident, or anything with its columns."""
        country = place["country"]
        if country in self.countries or (country, place["admin1"]) in self.regions:
            return True
        if not self.outline or place["latitude"] is None or place["longitude"] is None:
            return False
        # the point of a region or a country says nothing of where in it the strike was
        is_town = place["geo_precision"] == 1 and country in (*self.states, None)
        return is_town and _is_within((place["latitude"], place["longitude"]), self.outline)


def territory_of(place: Mapping[str, Any]) -> Territory | None:
    """Return the disputed territory in which a place lies, or None.

    Args:
        place: country, admin1, latitude, longitude and geo_precision, as in ``incidents``.
    """
    return next((territory for territory in territories() if territory.holds(place)), None)


def name_of_territory(place: Mapping[str, Any]) -> str:
    """Return the name of the disputed territory in which a place lies, empty where it lies in none."""
    found = territory_of(place)
    return found.name if found is not None else ""


@cache
def territories() -> tuple[Territory, ...]:
    """Return the territories of the data file.

    Raises:
        ValueError: an entry has an unknown key, or nothing that says what lies in it.
    """
    return read_territories(read_data((files("transforms.serving") / "territories.yaml").read_text("utf-8")))


def read_territories(raw: Sequence[Mapping[str, Any]]) -> tuple[Territory, ...]:
    """Return the territories of the content of a data file. Raises ValueError as ``territories``."""
    found = []
    for entry in raw:
        if not {"name", "states"} < set(entry) <= _KEYS:
            raise ValueError(f"territories.yaml: {entry} needs name, states, and one of {sorted(_KEYS)}")
        found.append(
            Territory(
                name=entry["name"],
                states=tuple(entry["states"]),
                outline=tuple((float(lat), float(lon)) for lat, lon in entry.get("outline", ())),
                regions=frozenset((country, region) for country, region in entry.get("regions", ())),
                countries=frozenset(entry.get("countries", ())),
            )
        )
    return tuple(found)


def _is_within(point: Point, outline: Sequence[Point]) -> bool:
    """Return whether a point is in an outline: a line to the east crosses it an odd number of times."""
    latitude, longitude = point
    is_inside = False
    for (lat1, lon1), (lat2, lon2) in zip(outline, (*outline[1:], outline[0]), strict=True):
        if (lat1 > latitude) != (lat2 > latitude):
            crossing = lon1 + (latitude - lat1) / (lat2 - lat1) * (lon2 - lon1)
            is_inside ^= longitude < crossing
    return is_inside
