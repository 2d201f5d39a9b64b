"""The place that a watch names, in the gazetteer."""

from collections.abc import Sequence

from transforms.nlp.gazetteer import Gazetteer, Place
from transforms.util.geo import kilometres

_SAME_PLACE_KM = 10.0
_CLEARLY_LARGER = 10
"""A town with this many times the people of every other one of its name is meant: Paris is that of France."""
_COUNTRY_PRECISION = 3
_HAMLET = 100
"""Where a country has this many times the people of a town of its name, the country is meant: a village
of Spain has the name Ukraine. Djibouti, Panama and Kuwait are cities all the same."""
_SHOWN = 4


def find_place(gazetteer: Gazetteer, name: str, countries: Sequence[str]) -> tuple[float, float]:
    """Return latitude and longitude of a town in degrees.

    Args:
        gazetteer: the places of the world.
        name: a name in any usual spelling.
        countries: codes of the countries that it may lie in; none: any.

    Raises:
        ValueError: there is no such place, it is a region or a country, or several places have the name.
    """
    every = [p for p in gazetteer.find(name) if not countries or p.country in countries]
    if not every and countries:
        every = list(gazetteer.find_alike(name, frozenset(countries)))
    located = [p for p in every if p.latitude is not None and p.longitude is not None]
    if not located:
        where = f" in {', '.join(countries)}" if countries else ""
        raise ValueError(f"the gazetteer has no place {name!r}{where}; write {{lat: ..., lon: ...}}")
    towns = sorted((p for p in located if p.geo_precision == 1), key=lambda p: -p.population)
    people = max((p.population for p in every if p.geo_precision == _COUNTRY_PRECISION), default=0)
    if not towns or towns[0].population * _HAMLET < people:
        raise ValueError(
            f"{name!r} is a region or a country, not a town; use 'country' or {{lat: ..., lon: ...}}"
        )
    first = towns[0]
    rivals = [p for p in towns[1:] if _is_rival(first, p)]
    if rivals:
        shown = "; ".join(map(_describe, [first, *rivals][:_SHOWN]))
        raise ValueError(
            f"several places are called {name!r}: {shown}; add 'country' or write {{lat: ..., lon: ...}}"
        )
    return _point(first)


def _is_rival(first: Place, other: Place) -> bool:
    """Return whether another place may be meant as well as the largest one."""
    is_elsewhere = kilometres(_point(first), _point(other)) > _SAME_PLACE_KM
    return is_elsewhere and other.population * _CLEARLY_LARGER >= first.population


def _describe(place: Place) -> str:
    region = f"{place.admin1}, " if place.admin1 else ""
    return f"{region}{place.country} {{lat: {place.latitude:.2f}, lon: {place.longitude:.2f}}}"


def _point(place: Place) -> tuple[float, float]:
    return float(place.latitude or 0.0), float(place.longitude or 0.0)
