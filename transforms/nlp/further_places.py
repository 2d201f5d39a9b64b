"""Further places and names for the gazetteer, which GeoNames' list of towns lacks.

``further_places.tsv``: districts, villages and small towns that news of wars names, and further spellings of towns.
``quarters.tsv``: quarters that news names without their city. Both are tables of tabs; their heads say what the columns are.
"""

from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from typing import Any

from schemas.identity import fold_name
from transforms.util.geo import kilometres

PlaceRow = tuple[tuple[Any, ...], set[str]]
"""A row of ``places`` of the gazetteer without its id, and all names of the place."""
SAME_KM = 3.5
"""Two places with one name within this distance are one: our lists are rounded to about a kilometre."""


def with_further_places(towns: Sequence[PlaceRow]) -> list[PlaceRow]:
    """Return the towns with their further names, and the further places behind them.

    Raises:
        ValueError: a line has too few columns, or a quarter is of a town that is not listed.
    """
    names: list[set[str]] = [set(own) for _, own in towns]
    by_name: dict[tuple[str, str], list[int]] = {}
    for n, (row, own) in enumerate(towns):
        for name in own:
            by_name.setdefault((row[2], fold_name(name)), []).append(n)
    new: list[PlaceRow] = []
    for country, admin1, name, aliases, latitude, longitude in _lines("further_places.tsv", 6):
        at = float(latitude), float(longitude)
        own = {name, *_listed(aliases)}
        same = [n for n in by_name.get((country, fold_name(name)), ()) if _are_near(towns[n], at)]
        if same:
            names[same[0]] |= own
        else:
            new.append(((None, name, country, admin1, *at, 0, None, "city", 0), own))
    for country, city, quarters in _lines("quarters.tsv", 3):
        cities = by_name.get((country, fold_name(city)))
        if not cities:
            raise ValueError(f"quarters.tsv: no town {city} in {country}")
        names[cities[0]] |= set(_listed(quarters))  # the most populous one stands first
    return [*((row, own) for (row, _), own in zip(towns, names, strict=True)), *new]


def _are_near(town: PlaceRow, at: tuple[float, float]) -> bool:
    return kilometres(town[0][4:6], at) <= SAME_KM


def _listed(names: str) -> Iterable[str]:
    return (name for name in names.split("|") if name)


def _lines(file: str, columns: int) -> Iterator[list[str]]:
    """Yield the lines of a table.

    Raises:
        ValueError: a line has another number of columns.
    """
    for line in (files("transforms.nlp") / file).read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        parts = line.split("\t")
        if len(parts) != columns:
            raise ValueError(f"{file}: {len(parts)} columns instead of {columns} in {line!r}")
        yield parts
