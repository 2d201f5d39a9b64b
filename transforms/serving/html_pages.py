"""The pages, rendered on the server. All text of the ledger is escaped: feeds may be hostile."""

import datetime as dt
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple
from urllib.parse import quote

from jinja2 import Environment, FunctionLoader, StrictUndefined

from schemas.identity import fold_name
from schemas.rows import Row
from schemas.vocabulary import ClaimStatus, Status, Weapon
from transforms.serving.excerpts import excerpt_of, web_address
from transforms.serving.incident_view import IncidentView
from transforms.serving.list_cursor import encode_cursor
from transforms.serving.list_filter import Box, ListFilter
from transforms.serving.list_totals import TollRange
from transforms.serving.map_marks import Mark
from transforms.serving.map_view import MapView, draw_map
from transforms.serving.selection import ListPage, Selection
from transforms.serving.snapshot import Snapshot
from transforms.serving.snapshot_columns import Place, is_historical
from transforms.serving.toll_line import HEIGHT, WIDTH, toll_line
from transforms.util.readable import dates, duration, minute, text_or_dash, toll, words

_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
"""Characters that a reader does not see, or that turn the words beside them."""
_OUTCOMES = ("entries_written", "entries_duplicate", "entries_dropped", "entries_dead_letter")


def _visible(value: Any) -> Any:
    # A page has a thousand values, and nearly all are plain.
    if type(value) is not str or (value.isascii() and value.isprintable()):
        return value
    return _HIDDEN.sub("", value)


def _template(name: str) -> str:
    return (files("transforms.serving") / "templates" / name).read_text("utf-8")


class _ListLine(NamedTuple):
    """What a list shows of one incident, as its template unpacks it: looking up each value by its name in
    the template takes half of the time of a page."""

    is_rejected: bool
    incident_id: str
    dates: str
    place_address: str
    location: str
    country: str
    weapon: str
    actor: str
    killed: str
    injured: str
    sources: int
    status: str


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FunctionLoader(_template), autoescape=True, undefined=StrictUndefined, finalize=_visible,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.filters |= {
        "words": words, "minute": minute, "dash": text_or_dash, "duration": duration, "number": _number,
        "link": web_address, "range": _range,
    }  # fmt: skip
    made.globals |= {"toll": toll, "dates": dates, "place_address": place_address}
    return made


def _number(value: int) -> str:
    return f"{value:,}"


def _range(total: TollRange) -> str:
    """Return a sum of tolls in words: "43 to 60", "at least 43"."""
    if total.high is None:
        return f"at least {total.low:,}"
    return f"{total.low:,}" if total.low == total.high else f"{total.low:,} to {total.high:,}"


def place_address(country: str | None, location: str) -> str:
    """Return the address of a place's page; ZZ stands for no country."""
    return f"/places/{country or 'ZZ'}/{quote(location, safe='')}"


def _render(name: str, snapshot: Snapshot, **values: Any) -> bytes:
    template = _environment().get_template(name)
    return template.render(snapshot=snapshot, **values).encode()


# -- lists --------------------------------------------------------------------------------------------------


def list_page(snapshot: Snapshot, wanted: ListFilter, selection: Selection, page: ListPage) -> bytes:
    """Return the page of a list: filters, totals, map and rows."""
    return _render(
        "list.html",
        snapshot,
        title="Strikes",
        wanted=wanted,
        weapons=list(Weapon),
        statuses=list(Status),
        country_options=_country_options(snapshot),
        **_list_values(snapshot, wanted, selection, page, "/"),
    )


def place_page(
    snapshot: Snapshot, place: Place, wanted: ListFilter, selection: Selection, page: ListPage
) -> bytes:
    """Return the page of a place."""
    country, location = place
    values = _list_values(snapshot, wanted, selection, page, place_address(country, location))
    return _render(
        "place.html", snapshot, title=location, location=location,
        country=snapshot.countries.get(country or "", country), **values,
    )  # fmt: skip


def known_place(snapshot: Snapshot, country: str, name: str) -> Place | None:
    """Return a place as the ledger writes it, None where it has no strike there.

    Args:
        snapshot: where it is looked for.
        country: its code as an address has it.
        name: its name; case and accents do not matter where no place has exactly this one.
    """
    columns, code = snapshot.columns, None if country.upper() == "ZZ" else country.upper()
    if (code, name) in columns.places:
        return code, name
    folded = fold_name(name)
    for place, known in zip(columns.places, columns.folded_places, strict=True):
        if known == folded and place[0] == code:
            return place
    return None


def _list_values(
    snapshot: Snapshot, wanted: ListFilter, selection: Selection, page: ListPage, address: str
) -> dict[str, Any]:
    after = page.goes_on_after
    query = wanted.address()
    return {
        "lines": [_line(json.loads(text)) for text in snapshot.store.rows(page.numbers)],
        "totals": selection.totals,
        "map": _map(snapshot, wanted, selection.marks),
        "query": f"?{query}" if query else "",
        "next": None if after is None else f"{address}?{wanted.address(cursor=encode_cursor(after))}",
    }


def _line(row: Row) -> _ListLine:
    claim = "" if row["claim_status"] == ClaimStatus.REPORTED else f", {row['claim_status']}"
    return _ListLine(
        is_rejected=row["status"] == Status.REJECTED,
        incident_id=row["incident_id"],
        dates=dates(row),
        place_address=place_address(row["country"], row["location"]),
        location=row["location"],
        country=row["country"] or "",
        weapon=words(row["weapon"]),
        actor=text_or_dash(row["actor"]),
        killed=toll(row, "fatalities"),
        injured=toll(row, "injured"),
        sources=row["number_of_sources"],
        status=words(row["status"]) + claim,
    )


def _map(snapshot: Snapshot, wanted: ListFilter, marks: Sequence[Mark]) -> MapView:
    columns = snapshot.columns
    others = replace(wanted, bbox=None, changed_since=None, exact_place=None).address()

    def name_of(mark: Mark) -> str:
        return columns.places[int(columns.place[mark.number_shown])][1]

    def address_of(mark: Mark, box: Box) -> str:
        if mark.incidents == 1:
            return f"/incidents/{columns.ids[mark.number_shown]}"
        return f"/?{others}{'&' if others else ''}bbox={quote(box.written())}"

    return draw_map(marks, name_of, address_of)


def _country_options(snapshot: Snapshot) -> Sequence[tuple[str, str]]:
    codes = [code for code in snapshot.columns.countries if code]
    return sorted(((c, snapshot.countries.get(c, c)) for c in codes), key=lambda option: option[1])


# -- one incident ----------------------------------------------------------------------------------------


def incident_page(snapshot: Snapshot, view: IncidentView) -> bytes:
    """Return the page of an incident."""
    row = view.row
    lines = {
        word: line
        for word, kind in (("killed", "fatalities"), ("injured", "injured"))
        if (line := toll_line(view.steps, kind)) is not None
    }
    by_report = {report["report_id"]: report for report in view.reports}
    return _render(
        "incident.html",
        snapshot,
        title=f"{row['location']}, {dates(row)}",
        row=row,
        view=view,
        country=snapshot.countries.get(row["country"] or "", row["country"]),
        is_late=is_historical(row["first_reported_at"], _last_day(row)),
        lines=lines,
        line_size=(WIDTH, HEIGHT),
        steps=[(step, by_report.get(step["report_id"] or "")) for step in view.steps],
        reports=[(report, excerpt_of(report)) for report in view.reports],
    )


def _last_day(row: Row) -> int:
    return dt.date.fromisoformat(row["event_date_end"]).toordinal()


# -- other pages -----------------------------------------------------------------------------------------


def sources_page(snapshot: Snapshot) -> bytes:
    """Return what each outlet reported."""
    return _render("sources.html", snapshot, title="Sources", outlets=snapshot.run_list.outlets)


def runs_page(snapshot: Snapshot) -> bytes:
    """Return the last runs with their counts."""
    runs = [
        (row, row["entries_in"] == sum(row[outcome] for outcome in _OUTCOMES))
        for row in snapshot.run_list.runs
    ]
    return _render("runs.html", snapshot, title="Runs", runs=runs)


def error_page(snapshot: Snapshot, title: str, detail: str) -> bytes:
    """Return the page of an error: what is wrong, in one line."""
    return _render("error.html", snapshot, title=title, detail=detail)
