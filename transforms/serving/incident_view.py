"""What the page and the document of one incident say: its reports, its toll over time, its neighbours."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from schemas.records import Report
from schemas.rows import Row, row_to_record
from schemas.vocabulary import Status
from transforms.resolution.assign import order_of
from transforms.resolution.neighbours import DatedReports, separation_of
from transforms.resolution.vetting import vet_reports
from transforms.serving.snapshot import Snapshot
from transforms.serving.snapshot_columns import STATUSES

_NEIGHBOUR_DAYS = 3
_NEIGHBOUR_DEGREES = 0.25
"""Degrees of latitude and longitude, about 25 km, as for ``explain``."""
MAX_NEIGHBOURS = 8
_MAX_REPORTS_COMPARED = 20


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another incident near the place and the days of one. ``score``: how likely they are one strike; None
    where their reports could not match."""

    row: Row
    score: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One incident with all that is known of it.

    ``row``: as in the view ``incidents``. ``reports``: rows of ``reports`` with score and
    reason of the match.
    ``steps``: of the toll. ``more_neighbours``: how many are left out.
    """

    row: Row
    reports: Sequence[Row]
    steps: Sequence[Row]
    decisions: Sequence[Row]
    neighbours: Sequence[Neighbour]
    more_neighbours: int


def view_incident(snapshot: Snapshot, incident_id: str) -> IncidentView | None:
    """Return a current incident, None where there is no such one."""
    number = snapshot.columns.number_of.get(incident_id)
    if number is None:
        return None
    near = _near(snapshot, number)
    shown = near[:MAX_NEIGHBOURS]
    text, *texts = snapshot.store.rows([number, *shown])
    details = snapshot.store.details(number)
    return IncidentView(
        row=json.loads(text),
        reports=details.reports,
        steps=details.steps,
        decisions=snapshot.decisions.get(incident_id, ()),
        neighbours=_neighbours(snapshot, details.reports, shown, map(json.loads, texts)),
        more_neighbours=len(near) - len(shown),
    )


def _near(snapshot: Snapshot, number: int) -> list[int]:
    """Return the numbers of the neighbours, the nearest first."""
    columns = snapshot.columns
    first = int(columns.days[number]) - _NEIGHBOUR_DAYS
    last = int(columns.last_days[number]) + _NEIGHBOUR_DAYS
    begin = int(np.searchsorted(columns.rising_days, -last, "left"))
    end = int(np.searchsorted(columns.rising_days, -(first - columns.longest), "right"))
    here = slice(begin, max(begin, end))
    away_x = np.abs(columns.longitude[here] - columns.longitude[number])
    away_y = np.abs(columns.latitude[here] - columns.latitude[number])
    is_same = columns.place[here] == columns.place[number]
    is_near = (away_x <= _NEIGHBOUR_DEGREES) & (away_y <= _NEIGHBOUR_DEGREES)
    found = np.flatnonzero((is_same | is_near) & (columns.last_days[here] >= first))
    distance = np.where(is_same[found], 0.0, np.nan_to_num(away_x[found] + away_y[found], nan=9.0))
    found += begin
    days = np.abs(columns.days[found] - columns.days[number])
    return [n for n in found[np.lexsort((found, days, distance))].tolist() if n != number]


def _neighbours(
    snapshot: Snapshot, own_reports: Sequence[Row], numbers: Sequence[int], rows: Iterable[Row]
) -> list[Neighbour]:
    """Return why each of some incidents is another strike than the one of some reports."""
    own = _dated(own_reports)
    status = snapshot.columns.status
    compared = [n for n in numbers if STATUSES[int(status[n])] != Status.REJECTED]
    reports = dict(zip(compared, snapshot.store.reports(compared), strict=True))

    def neighbour(number: int, row: Row) -> Neighbour:
        if number not in reports:
            return Neighbour(row, None, "a person rejected it")
        other = _dated(reports[number])
        if own.first() is None or other.first() is None:
            return Neighbour(row, None, "its reports give no date to compare")
        separation = separation_of(own, other)
        return Neighbour(row, separation.score, separation.reason)

    return [neighbour(number, row) for number, row in zip(numbers, rows, strict=True)]


def _dated(rows: Sequence[Row]) -> DatedReports:
    """Return the first reports, which are those that decided whether two incidents are one."""
    compared = rows[:_MAX_REPORTS_COMPARED]
    ordered = sorted(compared, key=lambda r: order_of(r["published_at"], r["article_url"], r["report_id"]))
    return DatedReports(report for row in ordered for report in vet_reports([row_to_record(Report, row)])[0])
