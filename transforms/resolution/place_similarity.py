"""Places of reports: which are one place, and by which keys those that may be one are found."""

import math
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from schemas.identity import fold_name
from transforms.util.data_files import read_data
from transforms.util.geo import KM_PER_DEGREE, kilometres

NEAR_KM = 5.0
"""Block of the nearest kind: xSub and MELTT users take 1 to 5 km for one place."""
_NAMESAKE_KM = 60.0
"""Two places of one name that lie further apart are two: every oblast has its Mykolaivka."""
_PART_KM = 25.0
_POLAR, _MARGIN = 88.0, 0.999

SAME, PART, NEAR, NEXT_TOWN, OTHER = 1.0, 0.9, 0.8, 0.45, 0.0
_COARSER = 0.5
TOWN_PRECISION = 1


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a report puts its strike. ``keys``: two spots that may be one place share one of them."""

    name: str
    geonameid: int | None
    latitude: float | None
    longitude: float | None
    precision: int
    whole: str | None
    keys: tuple[str, ...]
    exact_keys: tuple[str, ...]


@cache
def city_parts() -> dict[tuple[str, str], str]:
    """Return (country, folded part) to the folded city, from ``city_parts.yaml``.

    Raises:
        ValueError: the data file has an unknown key, or one part in two cities but of one name.
    """
    raw = read_data((files("transforms.resolution") / "city_parts.yaml").read_text("utf-8"))
    if set(raw) != {"parts"}:
        raise ValueError(f"city_parts.yaml: unknown keys {sorted(set(raw) - {'parts'})}")
    found: dict[tuple[str, str], set[str]] = {}
    for country, cities in raw["parts"].items():
        for city, parts in cities.items():
            for part in parts:
                found.setdefault((country, fold_name(part)), set()).add(fold_name(city))
    # Every other city has a Shevchenkivskyi district: such a name alone says no city.
    return {key: next(iter(cities)) for key, cities in found.items() if len(cities) == 1}


@lru_cache(maxsize=65536)
def spot(
    location: str,
    geonameid: int | None,
    country: str | None,
    latitude: float | None,
    longitude: float | None,
    precision: int,
) -> Spot:
    """Return the spot of a place as a report gives it (degrees; precision 1 is a town or more exact)."""
    name = fold_name(location)
    whole = city_parts().get((country or "", name))
    exact = [f"n:{name}"] if name else []
    if geonameid is not None:
        exact.append(f"g:{geonameid}")
    keys = [*exact]
    if whole is not None:
        keys.append(f"n:{whole}")
    if latitude is not None and longitude is not None and precision <= TOWN_PRECISION:
        keys += _cells(latitude, longitude)
    return Spot(name, geonameid, latitude, longitude, precision, whole, tuple(keys), tuple(exact))


def _cells(latitude: float, longitude: float) -> list[str]:
    """Return four cells, of grids shifted by half a cell: two points within ``NEAR_KM`` share one.

    A row is two distances high; the columns of a row are as wide at its end nearer to the pole, so that
    they hold good at any latitude and across the 180th meridian.
    """
    height = 2 * NEAR_KM / KM_PER_DEGREE
    cells = []
    for shift in (0.0, 0.5):
        row = math.floor(latitude / height + shift)
        edge = max(abs(row - shift), abs(row + 1 - shift)) * height
        # Near the poles there is one cell a row: its parallels are too bent to cut, and nobody lives there.
        around = math.cos(math.radians(edge)) * 360 / height if edge < _POLAR else 1.0
        columns = max(1, math.floor(_MARGIN * around))
        place = (longitude + 180) / 360 * columns
        for side in (0.0, 0.5):
            cells.append(f"c:{shift}:{row}:{side}:{math.floor(place + side) % columns}")
    return cells


@lru_cache(maxsize=262144)
def place_score(a: Spot, b: Spot) -> float:
    """Return how surely two spots are one place, 0 to 1; 0 where they are not.

    Same name or id is one place (but for namesakes far apart), a quarter is its city, and a point
    within 5 km is near it; of two towns that both are listed, 5 km say little: at a front, villages
    that near are hit one by one.
    """
    away = _away(a, b)
    is_same = a.geonameid is not None and a.geonameid == b.geonameid
    if not is_same and a.name and a.name == b.name:
        is_same = away is None or away <= _NAMESAKE_KM
    if is_same:
        # "Kharkiv" the region and Kharkiv the city share a name, not a place.
        return SAME if (a.precision <= TOWN_PRECISION) == (b.precision <= TOWN_PRECISION) else _COARSER
    if away is not None and away > _PART_KM:
        return OTHER
    if (a.whole is not None and a.whole == b.name) or (b.whole is not None and b.whole == a.name):
        return PART
    if away is None or away > NEAR_KM or max(a.precision, b.precision) > TOWN_PRECISION:
        return OTHER
    is_listed = a.geonameid is not None and b.geonameid is not None
    return NEXT_TOWN if is_listed else NEAR


def place_words(score: float) -> str:
    """Return a place score in words."""
    if score >= SAME:
        return "same place"
    if score >= PART:
        return "part of the city"
    return "near by" if score > OTHER else "other place"


def _away(a: Spot, b: Spot) -> float | None:
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return None
    return kilometres((a.latitude, a.longitude), (b.latitude, b.longitude))
