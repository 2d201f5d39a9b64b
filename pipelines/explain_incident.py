"""Why an incident is as it is: its fields with their sentences, its reports, the steps of its toll, and its
neighbours with the reason why each is another incident."""

import datetime as dt
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.explain_fields import fields, first_row, table_of_fields
from schemas.records import Report
from schemas.rows import row_to_record
from schemas.sql_files import statement
from transforms.resolution.neighbours import why_apart
from transforms.resolution.vetting import vet_reports
from transforms.serving.shown_decisions import (
    decisions_by_incident,
    holding_decisions,
    shown_decisions,
)
from transforms.util.readable import NOT_STATED, dates, minute, text_or_dash, toll, words
from transforms.warehouse import Row, Warehouse

_NEIGHBOUR_DAYS = dt.timedelta(days=3)
_NEIGHBOUR_DEGREES = 0.25
"""Degrees of latitude and longitude, about 25 km: two outlets may place one strike this far apart."""
_MAX_NEIGHBOURS = 20
_NOT_WRAPPED = ("report", "published", "from", "killed", "injured", "score", "date", "incident")
_SHORT_ID = 10
"""Letters of a report's id that a person types after ``--split``."""
_FIELDS_THAT_AGREE: dict[str, tuple[str, ...]] = {
    "location": ("location", "geonameid"),
    "event_date_start": ("event_date_start", "event_date_end"),
    "fatalities_low": ("fatalities_low", "fatalities_high"),
    "injured_low": ("injured_low", "injured_high"),
}
"""The columns in which a report must agree with its incident, so that its sentence explains the field. By
default it is the field's own column."""


def explain_incident(warehouse: Warehouse, incident_id: str, console: Console) -> None:
    """Print the explanation of an incident, or of the current incident that superseded it.

    Raises:
        NothingToExplain: there is no such incident.
    """
    row = _incident(warehouse, incident_id)
    if row["superseded_by"]:
        console.print(f"{incident_id} was superseded by {row['superseded_by']}", markup=False)
        row = _incident(warehouse, row["superseded_by"])
    reports = _reports(warehouse, [row["incident_id"]])
    corrections = warehouse.query(
        statement(__file__, "corrections_of_incident"), {"incident_id": row["incident_id"]}
    )
    here = {report["report_id"]: row["incident_id"] for report in reports}
    made = decisions_by_incident(corrections, here).get(row["incident_id"], [])
    _print_fields(row, reports, made, console)
    _print_reports(reports, console)
    _print_toll_history(warehouse, row, reports, console)
    _print_corrections(made, console)
    if row["is_current"]:
        _print_neighbours(warehouse, row, reports, console)


def _incident(warehouse: Warehouse, incident_id: str) -> Row:
    rows = warehouse.query(statement(__file__, "incident"), {"incident_id": incident_id})
    return first_row(rows, f"no incident {incident_id!r}")


def _reports(warehouse: Warehouse, incident_ids: Sequence[str]) -> list[Row]:
    return warehouse.query(statement(__file__, "reports_of_incidents"), {"incident_ids": incident_ids})


def _print_fields(row: Row, reports: Sequence[Row], made: Sequence[Row], console: Console) -> None:
    table = table_of_fields(f"incident {row['incident_id']}")
    by_person = {
        c["field"]: f"set by {c['made_by']}: {c['why'] or ''}" for c in holding_decisions(made) if c["field"]
    }
    for name, value, field in fields({**row, "weapon_name": None}):
        sentence = "" if value == NOT_STATED else _sentence(row, reports, field)
        table.add_row(name, escape(value), "", escape(by_person.get(field, sentence)))
    if row["flags"]:
        table.add_row("flags", ", ".join(map(words, row["flags"])), "", row["possible_duplicate_of"] or "")
    if row["status"] is not None:
        table.add_row("status", words(row["status"]), f"{row['confidence']:.2f}", "")
    console.print(table)
    console.print()


def _sentence(row: Row, reports: Sequence[Row], field: str) -> str:
    """Return the sentence of the first report that has the same value of a field as the incident.

    Main reports come before those that mention the incident as background. Where no report agrees, all are
    searched.
    """
    names = _FIELDS_THAT_AGREE.get(field, (field,))
    agreeing = [r for r in reports if all(r[name] == row[name] for name in names)]
    for report in sorted(agreeing or reports, key=lambda r: not r["is_main"]):
        for evidence in report["evidence"] or ():
            if evidence["field"] == field:
                return f"{report['source_name'] or 'unknown source'}: {' '.join(evidence['text'].split())}"
    return ""


def _table(title: str, *headings: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading, no_wrap=heading in _NOT_WRAPPED)
    return table


def _print_reports(reports: Sequence[Row], console: Console) -> None:
    table = _table(
        "reports",
        "report",
        "published",
        "source",
        "date",
        "killed",
        "injured",
        "score",
        "why it belongs here",
    )
    for report in reports:
        table.add_row(
            report["report_id"][:_SHORT_ID],
            minute(report["published_at"]), escape(report["source_name"] or NOT_STATED), dates(report),
            toll(report, "fatalities"), toll(report, "injured"), f"{report['match_score']:.2f}",
            escape(report["match_reason"]),
        )  # fmt: skip
    console.print(table)
    for report in reports:
        console.print(
            f"{report['report_id'][:_SHORT_ID]}  {report['article_url']}", markup=False, soft_wrap=True
        )
    console.print()


def _print_toll_history(warehouse: Warehouse, row: Row, reports: Sequence[Row], console: Console) -> None:
    sources = {r["report_id"]: r["source_name"] or NOT_STATED for r in reports}
    table = _table("toll", "from", "killed", "injured", "children killed", "reported by")
    steps = warehouse.query(statement(__file__, "toll_history"), {"incident_id": row["incident_id"]})
    for step in steps:
        table.add_row(
            minute(step["valid_from"]), toll(step, "fatalities"), toll(step, "injured"),
            text_or_dash(step["child_fatalities"]),
            step["correction_id"] or escape(sources.get(step["report_id"], NOT_STATED)),
        )  # fmt: skip
    console.print(table)
    console.print()


def _print_corrections(made: Sequence[Row], console: Console) -> None:
    if not made:
        return
    table = _table("corrections", "made", "by", "what", "effect", "why", "correction")
    for decision in shown_decisions(made):
        first = decision.row
        table.add_row(
            minute(first["made_at"]),
            escape(first["made_by"]),
            escape(decision.what),
            ", ".join(map(words, decision.effects)),
            escape(" ".join(filter(None, (first["why"], first["source_url"])))),
            first["correction_id"],
        )
    console.print(table)
    console.print()


def _print_neighbours(warehouse: Warehouse, row: Row, reports: Sequence[Row], console: Console) -> None:
    neighbours = warehouse.query(
        statement(__file__, "neighbours"),
        {
            "incident_id": row["incident_id"], "geonameid": row["geonameid"], "location": row["location"],
            "first": dt.date.fromisoformat(row["event_date_start"]) - _NEIGHBOUR_DAYS,
            "last": dt.date.fromisoformat(row["event_date_end"]) + _NEIGHBOUR_DAYS,
            "latitude": row["latitude"], "longitude": row["longitude"], "max_degrees": _NEIGHBOUR_DEGREES,
        },
    )  # fmt: skip
    if not neighbours:
        console.print("no other incident near this place and these dates", style="dim")
        return
    shown = neighbours[:_MAX_NEIGHBOURS]
    their_reports: dict[str, list[Row]] = {}
    for report in _reports(warehouse, [n["incident_id"] for n in shown]):
        their_reports.setdefault(report["incident_id"], []).append(report)
    table = _table("neighbours", "date", "place", "killed", "score", "why it is another incident", "incident")
    own = _usable(reports)
    for neighbour in shown:
        separation = why_apart(own, _usable(their_reports[neighbour["incident_id"]]))
        table.add_row(
            dates(neighbour), escape(neighbour["location"]), toll(neighbour, "fatalities"),
            NOT_STATED if separation.score is None else f"{separation.score:.2f}", escape(separation.reason),
            neighbour["incident_id"],
        )  # fmt: skip
    console.print(table)
    if len(neighbours) > _MAX_NEIGHBOURS:
        console.print(f"and {len(neighbours) - _MAX_NEIGHBOURS} more", style="dim")


def _usable(rows: Sequence[Row]) -> list[Report]:
    return vet_reports(row_to_record(Report, row) for row in rows)[0]
