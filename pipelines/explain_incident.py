"""Why an incident is as it is: each field with its sentence, each report, each step of the toll, and the
near neighbours that were kept out."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.explain_fields import fields, one, table_of_fields
from pipelines.show import dates, toll
from schemas.records import Report
from schemas.rows import row_to_record
from transforms.resolution.neighbours import why_apart
from transforms.resolution.vetting import vet_reports
from transforms.warehouse import Warehouse

Row = Mapping[str, Any]
_NEAR_DAYS = 3
# Degrees of latitude and longitude, some 25 km: as far as an outlet's idea of a place may wander.
_NEAR_DEGREES = 0.25
_MOST = 20

_REPORTS = """
SELECT r.*, l.incident_id, l.match_score, l.match_reason FROM incident_reports AS l
JOIN reports AS r ON r.report_id = l.report_id WHERE l.incident_id IN UNNEST(@ids)
ORDER BY r.published_at, r.report_id
"""
_NEIGHBOURS = """
SELECT * FROM incidents WHERE incident_id <> @id AND event_date_start <= @last AND event_date_end >= @first
  AND (geonameid = @geonameid OR location = @location
    OR (ABS(latitude - @latitude) <= @near AND ABS(longitude - @longitude) <= @near))
ORDER BY event_date_start, incident_id
"""
# What has to agree for a report to be the one that a field came from.
_AGREE: dict[str, tuple[str, ...]] = {
    "location": ("location", "geonameid"),
    "event_date_start": ("event_date_start", "event_date_end"),
    "fatalities_low": ("fatalities_low", "fatalities_high"),
    "injured_low": ("injured_low", "injured_high"),
}


def explain_incident(warehouse: Warehouse, incident_id: str, console: Console) -> None:
    """Print why an incident is as it is.

    Raises:
        NothingToExplain: there is no such incident.
    """
    sql = "SELECT * FROM incidents_all WHERE incident_id = @value"
    row = one(warehouse, sql, incident_id, "no incident")
    if row["superseded_by"]:
        console.print(f"{incident_id} is now told as {row['superseded_by']}", markup=False)
        row = one(warehouse, sql, row["superseded_by"], "no incident")
    reports = warehouse.query(_REPORTS, {"ids": [row["incident_id"]]})
    _print_fields(row, reports, console)
    _print_reports(reports, console)
    _print_history(warehouse, row, reports, console)
    if row["is_current"]:
        _print_neighbours(warehouse, row, reports, console)


def _print_fields(row: Row, reports: Sequence[Row], console: Console) -> None:
    table = table_of_fields(f"incident {row['incident_id']}")
    for name, value, field in fields({**row, "weapon_name": None}):
        said = "" if value == "–" else _sentence(row, reports, field)
        table.add_row(name, escape(value), "", escape(said))
    console.print(table)
    console.print()


def _sentence(row: Row, reports: Sequence[Row], field: str) -> str:
    """Return the words of the first report that says of a field what the incident says."""
    agreeing = [r for r in reports if all(r[n] == row[n] for n in _AGREE.get(field, (field,)))]
    for report in sorted(agreeing or reports, key=lambda r: not r["is_main"]):
        for evidence in report["evidence"] or ():
            if evidence["field"] == field:
                return f"{report['source_name'] or 'unknown source'}: {' '.join(evidence['text'].split())}"
    return ""


def _titled(title: str, *headings: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, title=title, title_justify="left")
    narrow = ("published", "from", "killed", "injured", "score", "date", "incident")
    for heading in headings:
        table.add_column(heading, no_wrap=heading in narrow)
    return table


def _minute(value: object) -> str:
    return "–" if value is None else str(value)[:16].replace("T", " ")


def _print_reports(reports: Sequence[Row], console: Console) -> None:
    table = _titled("reports", "published", "source", "date", "killed", "injured", "score", "why it is in")
    for report in reports:
        table.add_row(
            _minute(report["published_at"]), escape(report["source_name"] or "–"), dates(report),
            toll(report, "fatalities"), toll(report, "injured"), f"{report['match_score']:.2f}",
            escape(report["match_reason"]),
        )  # fmt: skip
    console.print(table)
    console.print()


def _print_history(warehouse: Warehouse, row: Row, reports: Sequence[Row], console: Console) -> None:
    sql = "SELECT * FROM incident_history WHERE incident_id = @id ORDER BY revision"
    source = {r["report_id"]: r["source_name"] or "–" for r in reports}
    table = _titled("toll", "from", "killed", "injured", "children killed", "as told by")
    for step in warehouse.query(sql, {"id": row["incident_id"]}):
        children = step["child_fatalities"]
        table.add_row(
            _minute(step["valid_from"]), toll(step, "fatalities"), toll(step, "injured"),
            "–" if children is None else str(children), escape(source.get(step["report_id"], "–")),
        )  # fmt: skip
    console.print(table)
    console.print()


def _print_neighbours(warehouse: Warehouse, row: Row, reports: Sequence[Row], console: Console) -> None:
    near = dt.timedelta(days=_NEAR_DAYS)
    found = warehouse.query(
        _NEIGHBOURS,
        {
            "id": row["incident_id"], "geonameid": row["geonameid"], "location": row["location"],
            "first": dt.date.fromisoformat(row["event_date_start"]) - near,
            "last": dt.date.fromisoformat(row["event_date_end"]) + near,
            "latitude": row["latitude"], "longitude": row["longitude"], "near": _NEAR_DEGREES,
        },
    )  # fmt: skip
    if not found:
        console.print("no other incident near by in those days", style="dim")
        return
    theirs: dict[str, list[Row]] = {}
    for report in warehouse.query(_REPORTS, {"ids": [n["incident_id"] for n in found[:_MOST]]}):
        theirs.setdefault(report["incident_id"], []).append(report)
    table = _titled("kept out", "date", "place", "killed", "score", "why it is another", "incident")
    own = _usable(reports)
    for neighbour in found[:_MOST]:
        apart = why_apart(own, _usable(theirs[neighbour["incident_id"]]))
        table.add_row(
            dates(neighbour), escape(neighbour["location"]), toll(neighbour, "fatalities"),
            "–" if apart.score is None else f"{apart.score:.2f}", escape(apart.reason),
            neighbour["incident_id"],
        )  # fmt: skip
    console.print(table)
    if len(found) > _MOST:
        console.print(f"and {len(found) - _MOST} more", style="dim")


def _usable(rows: Sequence[Row]) -> list[Report]:
    return vet_reports(row_to_record(Report, row) for row in rows)[0]
