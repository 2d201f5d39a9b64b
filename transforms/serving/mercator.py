"""The projection of the maps, and the outlines of the countries in it."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

_Point = tuple[int, int]
_MAX_LATITUDE = 84.0
"""The projection has no poles; north and south of this no strike is expected."""
_STEPS = 100
"""Steps of a degree in the outlines: one is about a kilometre."""
_LEAST_STEPS = 3
"""A point nearer than this to the one before is left out."""
_CUT = 90.0
"""A line that jumps farther than this to the side crosses the date line; it is not drawn."""


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """Return the point of a map: x in degrees to the east, y downward (Mercator's projection)."""
    held = math.radians(min(max(latitude, -_MAX_LATITUDE), _MAX_LATITUDE))
    return longitude, -math.degrees(math.log(math.tan(math.pi / 4 + held / 2)))


def outline_svg(topology: Mapping[str, Any], css: str = "") -> bytes:
    """Return the outlines of the countries as an image that pages refer to; its element is ``land``.

    Args:
        topology: the countries as TopoJSON (https://github.com/topojson/topojson-specification).
        css: the style that the image has in it.
    """
    style = f"<style>{css}</style>" if css else ""
    arcs = list(_arcs(topology))
    rings = "".join(
        _path(ring, arcs)
        for geometry in topology["objects"]["countries"]["geometries"]
        for ring in _rings(geometry)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-180 -180 360 360">{style}'
        f'<path id="land" transform="scale({1 / _STEPS})" vector-effect="non-scaling-stroke" d="{rings}"/>'
        "</svg>\n"
    ).encode()


def _arcs(topology: Mapping[str, Any]) -> Iterator[list[_Point]]:
    """Yield the lines of a topology, which stores them as differences of scaled integers."""
    (sx, sy), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points: list[_Point] = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            px, py = project(y * sy + dy, x * sx + dx)
            points.append((round(px * _STEPS), round(py * _STEPS)))
        yield [points[0], *_thinned(points), points[-1]]


def _thinned(points: list[_Point]) -> Iterator[_Point]:
    """Yield points between the first and the last one that are not too near to each other."""
    last = points[0]
    for x, y in points[1:-1]:
        if abs(x - last[0]) + abs(y - last[1]) >= _LEAST_STEPS:
            last = x, y
            yield last


def _rings(geometry: Mapping[str, Any]) -> Iterator[list[int]]:
    """Yield each ring of a geometry as numbers of arcs; ``~n`` is arc n in the opposite direction."""
    if geometry["type"] == "Polygon":
        yield from geometry["arcs"]
    elif geometry["type"] == "MultiPolygon":
        for polygon in geometry["arcs"]:
            yield from polygon


def _path(ring: list[int], arcs: list[list[_Point]]) -> str:
    points: list[_Point] = []
    for number in ring:
        points += arcs[number] if number >= 0 else arcs[~number][::-1]
    parts: list[str] = []
    last: _Point | None = None
    for x, y in points:
        if last == (x, y):
            continue
        if last is None or abs(x - last[0]) > _CUT * _STEPS:
            parts.append(f"M{x} {y}")
        else:
            parts.append(f"l{x - last[0]} {y - last[1]}")
        last = x, y
    return "".join(parts) if len(parts) > 2 else ""
