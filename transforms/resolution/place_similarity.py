"""How similar are the places of two reports?

A report gives a name, perhaps a GeoNames id, perhaps coordinates. ``place_score`` compares two such places.
The keys of a place let an index find every place that may be the same one, without comparing all pairs.
"""

import math
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from schemas.identity import fold_name
from transforms.util.data_files import read_data
from transforms.util.geo import KM_PER_DEGREE, kilometres
from transforms.util.transliteration import region_key

NEAR_KM = 5.0
"""Points up to this far apart may be one place: users of xSub and MELTT take 1 to 5 km for one place."""
SAME_NAME_MAX_KM = 60.0
"""Two places with one name that lie further apart are two places: every oblast has its Mykolaivka."""
CITY_PART_MAX_KM = 25.0
"""A quarter lies at most this far from the point of its city."""

POLAR_DEGREES = 88.0
"""From this latitude on, a row of the grid is one cell: its parallels bend too much for straight cells, and
nobody lives there."""
COLUMN_SHARE = 0.999
"""A row gets this share of the columns that would fit. So columns are a little wider than needed, and
rounding never separates two points that are near."""

SAME_PLACE, CITY_PART, NEAR_BY, NEIGHBOUR_TOWN, OTHER_PLACE = 1.0, 0.9, 0.8, 0.45, 0.0
"""The scores that ``place_score`` gives."""
TOWN_AND_REGION = 0.5
"""The score of a town and a region that share a name."""
TOWN_PRECISION, COUNTRY_PRECISION = 1, 3
"""``geo_precision`` of a town or something more exact, and of a country; higher numbers are coarser."""


@dataclass(frozen=True, slots=True)
class ReportedPlace:
    """The place of a strike as one report gives it.

    ``name`` is folded. ``city`` is the folded name of the city that this place is a part of, if it is one.
    ``keys`` are for an index: if two places may be the same, they have a key in common. ``name_keys``: those
    keys that come from the place's own name and id; of a region or country the key of its towns.
    ``region_keys``: of a town, the keys of its region and country. ``is_coarse``: the place is a whole region
    or country.
    """

    name: str
    geonameid: int | None
    latitude: float | None
    longitude: float | None
    precision: int
    city: str | None
    keys: tuple[str, ...]
    name_keys: tuple[str, ...]
    region_keys: tuple[str, ...]
    is_coarse: bool


@cache
def city_parts() -> dict[tuple[str, str], str]:
    """Return the folded city for each (country, folded part) of ``city_parts.yaml``.

    A part that several cities of a country have is left out: many Ukrainian cities have a Shevchenkivskyi
    district, so that name alone does not say which city.

    Raises:
        ValueError: the data file has an unknown key.
    """
    raw = read_data((files("transforms.resolution") / "city_parts.yaml").read_text("utf-8"))
    if set(raw) != {"parts"}:
        raise ValueError(f"city_parts.yaml: unknown keys {sorted(set(raw) - {'parts'})}")
    cities_of_part: dict[tuple[str, str], set[str]] = {}
    for country, parts_of_city in raw["parts"].items():
        for city, parts in parts_of_city.items():
            for part in parts:
                cities_of_part.setdefault((country, fold_name(part)), set()).add(fold_name(city))
    return {key: next(iter(cities)) for key, cities in cities_of_part.items() if len(cities) == 1}


@cache
def _region_words() -> frozenset[str]:
    """Return the words of ``regions.yaml``.

    Raises:
        ValueError: the data file has an unknown key.
    """
    raw = read_data((files("transforms.resolution") / "regions.yaml").read_text("utf-8"))
    if set(raw) != {"words"}:
        raise ValueError(f"regions.yaml: unknown keys {sorted(set(raw) - {'words'})}")
    return frozenset(map(fold_name, raw["words"]))


@lru_cache(maxsize=65536)
def reported_place(
    location: str,
    geonameid: int | None,
    country: str | None,
    latitude: float | None,
    longitude: float | None,
    precision: int,
    admin1: str | None = None,
) -> ReportedPlace:
    """Return the place with its keys. Coordinates are in degrees; precision 1 is a town or more exact."""
    name = fold_name(location)
    if is_coarse(location, admin1, precision):
        key = (
            _country_key(country)
            if precision == COUNTRY_PRECISION
            else _region_key(country, admin1 or location)
        )
        return ReportedPlace(
            name, geonameid, latitude, longitude, precision, None, (key,), (key,), (), is_coarse=True
        )
    city = city_parts().get((country or "", name))
    name_keys = [f"n:{name}"] if name else []
    if geonameid is not None:
        name_keys.append(f"g:{geonameid}")
    keys = [*name_keys]
    if city is not None:
        keys.append(f"n:{city}")
    if latitude is not None and longitude is not None and precision <= TOWN_PRECISION:
        keys += _cell_keys(latitude, longitude)
    of_region = (_region_key(country, admin1),) if admin1 else ()
    region_keys = (*of_region, _country_key(country))
    return ReportedPlace(
        name, geonameid, latitude, longitude, precision, city, tuple(keys), tuple(name_keys), region_keys,
        is_coarse=False,
    )  # fmt: skip


def is_coarse(location: str, admin1: str | None, precision: int) -> bool:
    """Return whether a place is a whole region or country. A district of a region is none.

    >>> is_coarse("Kharkiv Oblast", "Kharkiv", 2), is_coarse("Kupiansk", "Kharkiv", 2)
    (True, False)
    """
    if precision <= TOWN_PRECISION:
        return False
    if precision == COUNTRY_PRECISION or admin1 is None:
        return True
    words = fold_name(location).split()
    is_named_so = bool(words) and words[-1] in _region_words()
    return is_named_so or region_key(location) == region_key(admin1)


def _country_key(country: str | None) -> str:
    return f"r:{country or ''}"


def _region_key(country: str | None, region: str) -> str:
    return f"r:{country or ''}:{region_key(region)}"


def _cell_keys(latitude: float, longitude: float) -> list[str]:
    """Return the keys of the four grid cells that hold a point.

    The four grids are shifted against each other by half a cell. A cell is at least 2 * ``NEAR_KM`` high and
    wide, so two points within ``NEAR_KM`` are in one cell of at least one grid. Columns are counted around
    the whole globe and measured at the end of the row that is nearer to the pole, where they are narrowest.
    So this holds at any latitude and across the 180th meridian.
    """
    height = 2 * NEAR_KM / KM_PER_DEGREE
    keys = []
    for row_shift in (0.0, 0.5):
        row = math.floor(latitude / height + row_shift)
        polar_edge = max(abs(row - row_shift), abs(row + 1 - row_shift)) * height
        cells_around_globe = (
            math.cos(math.radians(polar_edge)) * 360 / height if polar_edge < POLAR_DEGREES else 1.0
        )
        columns = max(1, math.floor(COLUMN_SHARE * cells_around_globe))
        position = (longitude + 180) / 360 * columns
        for column_shift in (0.0, 0.5):
            column = math.floor(position + column_shift) % columns
            keys.append(f"c:{row_shift}:{row}:{column_shift}:{column}")
    return keys


@lru_cache(maxsize=262144)
def place_score(a: ReportedPlace, b: ReportedPlace) -> float:
    """Return how surely two reported places are the same place, 0 to 1; 0 means two places.

    Places with one GeoNames id are the same, and so are places with one name unless they lie far apart. A
    quarter matches its city. A point within 5 km is near by. Two towns that both have an id get a low score
    at that distance: near a front, neighbouring villages are hit in separate strikes.
    """
    km = distance_km(a, b)
    is_same = a.geonameid is not None and a.geonameid == b.geonameid
    if not is_same and a.name and a.name == b.name:
        is_same = km is None or km <= SAME_NAME_MAX_KM
    if is_same:
        # Kharkiv the region and Kharkiv the city share a name but are two places.
        are_alike = (a.precision <= TOWN_PRECISION) == (b.precision <= TOWN_PRECISION)
        return SAME_PLACE if are_alike else TOWN_AND_REGION
    if km is not None and km > CITY_PART_MAX_KM:
        return OTHER_PLACE
    if (a.city is not None and a.city == b.name) or (b.city is not None and b.city == a.name):
        return CITY_PART
    if km is None or km > NEAR_KM or max(a.precision, b.precision) > TOWN_PRECISION:
        return OTHER_PLACE
    both_have_ids = a.geonameid is not None and b.geonameid is not None
    return NEIGHBOUR_TOWN if both_have_ids else NEAR_BY


def distance_km(a: ReportedPlace, b: ReportedPlace) -> float | None:
    """Return the kilometres between two places, None where one has no coordinates."""
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return None
    return kilometres((a.latitude, a.longitude), (b.latitude, b.longitude))
