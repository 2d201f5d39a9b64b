"""The toll over time as a step line: each report of a new figure is a step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.identity import parse_instant

WIDTH, HEIGHT = 640.0, 160.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 24.0, 14.0, 28.0


@dataclass(frozen=True, slots=True)
class LinePoint:
    """One step: where it is drawn, its figure as people read it, and its number in the toll history."""

    x: float
    y: float
    figure: str
    revision: int


@dataclass(frozen=True, slots=True)
class TollLine:
    """A line of steps. ``path``: of an SVG. ``most``: the top of the scale, which begins at 0."""

    path: str
    points: Sequence[LinePoint]
    most: int
    first: str
    last: str


def toll_line(steps: Sequence[Mapping[str, Any]], kind: str) -> TollLine | None:
    """Return the line of a toll, None where there is no second step or nothing was stated.

    Args:
        steps: rows of ``incident_history`` in order.
        kind: ``fatalities`` or ``injured``.
    """
    figures = [(step, _figure(step, kind)) for step in steps]
    stated = [(step, figure) for step, figure in figures if figure is not None]
    if len(stated) < 2:
        return None
    moments = _moments([step["valid_from"] for step, _ in stated])
    most = max(1, *(figure for _, figure in stated))
    across, down = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
    points = [
        LinePoint(
            x=round(_LEFT + moment * across, 1),
            y=round(_TOP + (1 - figure / most) * down, 1),
            figure=f"{figure}+" if step[f"{kind}_high"] is None else str(figure),
            revision=step["revision"],
        )
        for moment, (step, figure) in zip(moments, stated, strict=True)
    ]
    path = f"M{points[0].x} {points[0].y}" + "".join(f"H{p.x}V{p.y}" for p in points[1:])
    path += f"H{WIDTH - _RIGHT / 2}"
    first, last = (str(step["valid_from"] or "")[:10] for step in (stated[0][0], stated[-1][0]))
    return TollLine(path, points, most, first, last)


def _figure(step: Mapping[str, Any], kind: str) -> int | None:
    """Return the number that a line shows: the best figure, else the lower limit, else the upper one."""
    for end in ("best", "low", "high"):
        value = step[f"{kind}_{end}"]
        if value is not None:
            return int(value)
    return None


def _moments(instants: Sequence[str | None]) -> list[float]:
    """Return where instants lie between the first and the last, 0 to 1; evenly where one is not known."""
    found = [parse_instant(instant) for instant in instants]
    seconds = [moment.timestamp() for moment in found if moment is not None]
    length = seconds[-1] - seconds[0] if seconds else 0.0
    if len(seconds) < len(found) or length <= 0:
        return [n / (len(found) - 1) for n in range(len(found))]
    return [min(max((second - seconds[0]) / length, 0.0), 1.0) for second in seconds]
