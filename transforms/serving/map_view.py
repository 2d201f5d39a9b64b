"""A map as it is drawn: marks in the projection, with addresses, words and labels."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from transforms.serving.list_filter import Box
from transforms.serving.map_marks import Mark
from transforms.serving.mercator import project

_ASPECT = 2.0
_LEAST_WIDTH = 6.0
_WHOLE_WORLD = (-180.0, -100.0, 360.0, 180.0)
_MAX_LABELS = 8
_LABELS_UP_TO = 0.8
"""A label to the right of a circle farther to the right than this part of the width would be cut off."""


class DrawnMark(NamedTuple):
    """One circle with its link. ``label``: a name beside it, None where there is no room.

    ``is_label_left``: the circle is near the right edge, so its name stands to the left.
    """

    x: float
    y: float
    r: float
    group: str
    address: str
    title: str
    label: str | None
    is_label_left: bool


@dataclass(frozen=True, slots=True)
class MapView:
    """A map. ``box``: the view box of the SVG. ``unit``: a hundredth of its width, for sizes."""

    box: str
    unit: float
    marks: Sequence[DrawnMark]
    groups: Sequence[str]


def draw_map(
    marks: Sequence[Mark], name_of: Callable[[Mark], str], address_of: Callable[[Mark, Box], str]
) -> MapView:
    """Return the map of some marks.

    Args:
        marks: the largest first.
        name_of: returns the place of a mark.
        address_of: returns where a mark leads to: one incident, or the list of a box.
    """
    points = [project(mark.latitude, mark.longitude) for mark in marks]
    left, top, width, height = _view(points)
    unit = width / 100
    most = max((mark.killed for mark in marks), default=0) or 1
    labelled: list[tuple[float, float]] = []
    drawn = []
    for mark, (x, y) in zip(marks, points, strict=True):
        place = name_of(mark)
        killed = f"at least {mark.killed} killed" if mark.killed else "no confirmed toll"
        what = f"{mark.incidents} incidents" if mark.incidents > 1 else "1 incident"
        has_room = len(labelled) < _MAX_LABELS and all(
            abs(x - other_x) > 14 * unit or abs(y - other_y) > 3 * unit for other_x, other_y in labelled
        )
        if has_room:
            labelled.append((x, y))
        drawn.append(
            DrawnMark(
                x=round(x, 3),
                y=round(y, 3),
                r=round(unit * (0.5 + 2.0 * math.sqrt(mark.killed / most)), 4),
                group=mark.group,
                address=address_of(mark, Box(*mark.box)),
                title=f"{place}: {what}, {killed}",
                label=place if has_room else None,
                is_label_left=x > left + _LABELS_UP_TO * width,
            )
        )
    groups = sorted({mark.group for mark in marks})
    return MapView(f"{left:.3f} {top:.3f} {width:.3f} {height:.3f}", round(unit, 4), drawn, groups)


def _view(points: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    """Return left, top, width and height of the part that holds all points, with a margin."""
    if not points:
        return _WHOLE_WORLD
    xs, ys = [x for x, _ in points], [y for _, y in points]
    width = max((max(xs) - min(xs)) * 1.2, (max(ys) - min(ys)) * 1.2 * _ASPECT, _LEAST_WIDTH)
    height = width / _ASPECT
    return (min(xs) + max(xs)) / 2 - width / 2, (min(ys) + max(ys)) / 2 - height / 2, width, height
