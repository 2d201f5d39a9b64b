"""The pages, rendered on the server. All text of the ledger is escaped: feeds may be hostile."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from schemas.identity import fold_name
from schemas.rows import Row
from schemas.vocabulary import ClaimStatus, Status, Weapon
from transforms.serving.addresses import SERVER, Addresses, PageOfList
from transforms.serving.excerpts import excerpt_of
from transforms.serving.incident_view import IncidentView
from transforms.serving.list_cursor import encode_cursor
from transforms.serving.list_filter import Box, ListFilter
from transforms.serving.map_marks import Mark
from transforms.serving.map_view import MapView, draw_map
from transforms.serving.page_templates import environment
from transforms.serving.selection import ListPage, Selection
from transforms.serving.shown_decisions import shown_decisions
from transforms.serving.snapshot import Snapshot
from transforms.serving.snapshot_columns import Place, is_historical
from transforms.serving.territories import name_of_territory, territory_of
from transforms.serving.toll_line import HEIGHT, WIDTH, toll_line
from transforms.util.readable import dates, text_or_dash, toll, words

_OUTCOMES = ("entries_written", "entries_duplicate", "entries_dropped", "entries_dead_letter")


class _ListLine(NamedTuple):
    """What a list shows of one incident, as its template unpacks it: looking up each value by its name in
    the template takes half of the time of a page."""

    is_rejected: bool
    address: str
    dates: str
    place_address: str
    location: str
    country: str
    territory: str
    weapon: str
    actor: str
    killed: str
    injured: str
    sources: int
    status: str


def render(name: str, snapshot: Snapshot, at: Addresses, **values: Any) -> bytes:
    """Return a page from its template."""
    template = environment().get_template(name)
    return template.render(snapshot=snapshot, at=at, **values).encode()


# -- lists --------------------------------------------------------------------------------------------------


def list_page(
    snapshot: Snapshot,
    wanted: ListFilter,
    selection: Selection,
    page: ListPage,
    at: Addresses = SERVER,
    pages: PageOfList | None = None,
) -> bytes:
    """Return the page of a list: filters, totals, map and rows.

    Args:
        snapshot: where the rows are.
        wanted: the filters.
        selection: what they want.
        page: the rows of this page.
        at: where its links lead.
        pages: which file of a site this is; only the first one has the map.
    """
    return render(
        "list.html",
        snapshot,
        at,
        title=_title("Strikes", pages),
        weapons=list(Weapon),
        statuses=list(Status),
        country_options=_country_options(snapshot),
        **list_values(snapshot, wanted, selection, page, at, pages),
    )


def place_page(
    snapshot: Snapshot,
    place: Place,
    wanted: ListFilter,
    selection: Selection,
    page: ListPage,
    at: Addresses = SERVER,
    pages: PageOfList | None = None,
) -> bytes:
    """Return the page of a place. The arguments are those of ``list_page``."""
    country, location = place
    values = list_values(snapshot, wanted, selection, page, at, pages)
    territories = {line.territory for line in values["lines"]}
    return render(
        "place.html", snapshot, at, title=_title(location, pages), location=location,
        country=snapshot.countries.get(country or "", country),
        territory=territories.pop() if len(territories) == 1 else "", **values,
    )  # fmt: skip


def _title(title: str, pages: PageOfList | None) -> str:
    return title if pages is None or pages.number == 1 else f"{title}, page {pages.number}"


def known_place(snapshot: Snapshot, country: str, name: str) -> Place | None:
    """Return a place as the ledger writes it, None where it has no strike there.

    Args:
        snapshot: where it is looked for.
        country: its code as an address has it.
        name: its name; case and accents do not matter where no place has exactly this one.
    """
    columns, code = snapshot.columns, None if country.upper() == "ZZ" else country.upper()
    if (code, name) in columns.number_of_place:
        return code, name
    folded = fold_name(name)
    for place, known in zip(columns.places, columns.folded_places, strict=True):
        if known == folded and place[0] == code:
            return place
    return None


def list_values(
    snapshot: Snapshot,
    wanted: ListFilter,
    selection: Selection,
    page: ListPage,
    at: Addresses,
    pages: PageOfList | None,
) -> dict[str, Any]:
    """Return what the templates say of a list. The arguments are those of ``list_page``."""
    after = None if pages else page.goes_on_after
    query = "" if pages else wanted.address()
    address = at.page("") if wanted.exact_place is None else at.place(*wanted.exact_place)
    return {
        "wanted": wanted,
        "pages": pages,
        "lines": [_line(json.loads(text), at) for text in snapshot.store.rows(page.numbers)],
        "totals": selection.totals,
        "map": None if pages and pages.number > 1 else _map(snapshot, wanted, selection.marks, at),
        "query": f"?{query}" if query else "",
        "next": None if after is None else f"{address}?{wanted.address(cursor=encode_cursor(after))}",
        "first": f"{address}?{query}" if query else address,
    }


def _line(row: Row, at: Addresses) -> _ListLine:
    claim = "" if row["claim_status"] == ClaimStatus.REPORTED else f", {row['claim_status']}"
    return _ListLine(
        is_rejected=row["status"] == Status.REJECTED,
        address=at.incident(row["incident_id"]),
        dates=dates(row),
        place_address=at.place(row["country"], row["location"]),
        location=row["location"],
        country=row["country"] or "",
        territory=name_of_territory(row),
        weapon=words(row["weapon"]),
        actor=text_or_dash(row["actor"]),
        killed=toll(row, "fatalities"),
        injured=toll(row, "injured"),
        sources=row["number_of_sources"],
        status=words(row["status"]) + claim,
    )


def _map(snapshot: Snapshot, wanted: ListFilter, marks: Sequence[Mark], at: Addresses) -> MapView:
    columns = snapshot.columns
    others = replace(wanted, bbox=None, changed_since=None, order=None, exact_place=None).address()

    def name_of(mark: Mark) -> str:
        return columns.places[int(columns.place[mark.number_shown])][1]

    def address_of(mark: Mark, box: Box) -> str:
        if mark.incidents == 1:
            return at.incident(columns.ids[mark.number_shown])
        if at.is_site:  # a file answers no box
            return at.place(*columns.places[int(columns.place[mark.number_shown])])
        return f"/?{others}{'&' if others else ''}bbox={box.written().replace(',', '%2C')}"

    return draw_map(marks, name_of, address_of)


def _country_options(snapshot: Snapshot) -> Sequence[tuple[str, str]]:
    codes = [code for code in snapshot.columns.countries if code]
    return sorted(((c, snapshot.countries.get(c, c)) for c in codes), key=lambda option: option[1])


# -- one incident ----------------------------------------------------------------------------------------


def incident_page(snapshot: Snapshot, view: IncidentView, at: Addresses = SERVER) -> bytes:
    """Return the page of an incident."""
    values = incident_values(snapshot, view)
    return render("incident.html", snapshot, at, title=title_of(view), desk=None, **values)


def title_of(view: IncidentView) -> str:
    """Return the title of the page of an incident."""
    return f"{view.row['location']}, {dates(view.row)}"


def incident_values(snapshot: Snapshot, view: IncidentView) -> dict[str, Any]:
    """Return what the templates say of an incident."""
    row = view.row
    lines = {
        word: line
        for word, kind in (("killed", "fatalities"), ("injured", "injured"))
        if (line := toll_line(view.steps, kind)) is not None
    }
    by_report = {report["report_id"]: report for report in view.reports}
    return {
        "row": row,
        "view": view,
        "country": snapshot.countries.get(row["country"] or "", row["country"]),
        "territory": territory_of(row),
        "is_late": is_historical(row["first_reported_at"], _last_day(row)),
        "lines": lines,
        "line_size": (WIDTH, HEIGHT),
        "steps": [(step, by_report.get(step["report_id"] or "")) for step in view.steps],
        "decisions": shown_decisions(view.decisions),
        "reports": [(report, excerpt_of(report)) for report in view.reports],
    }


def _last_day(row: Row) -> int:
    return dt.date.fromisoformat(row["event_date_end"]).toordinal()


# -- other pages -----------------------------------------------------------------------------------------


def sources_page(snapshot: Snapshot, at: Addresses = SERVER) -> bytes:
    """Return what each outlet reported."""
    return render("sources.html", snapshot, at, title="Sources", outlets=snapshot.run_list.outlets)


def runs_page(snapshot: Snapshot, at: Addresses = SERVER) -> bytes:
    """Return the last runs with their counts."""
    runs = [
        (row, row["entries_in"] == sum(row[outcome] for outcome in _OUTCOMES))
        for row in snapshot.run_list.runs
    ]
    return render("runs.html", snapshot, at, title="Runs", runs=runs)


def places_page(snapshot: Snapshot, counts: Mapping[Place, int], at: Addresses) -> bytes:
    """Return the places of a site by country, each with the number of its strikes."""
    countries: dict[str, list[tuple[str | None, str, int]]] = {}
    for (country, location), count in counts.items():
        name = snapshot.countries.get(country, country) if country else "No country"
        countries.setdefault(name, []).append((country, location, count))
    ordered = [
        (name, sorted(places, key=lambda p: fold_name(p[1]))) for name, places in sorted(countries.items())
    ]
    return render("places.html", snapshot, at, title="Places", countries=ordered)


def moved_page(snapshot: Snapshot, incident_id: str, at: Addresses) -> bytes:
    """Return the page of a retired id in a site, which leads to the incident that follows it."""
    return render("moved.html", snapshot, at, title="This incident has moved", incident_id=incident_id)


def error_page(snapshot: Snapshot, title: str, detail: str, at: Addresses = SERVER) -> bytes:
    """Return the page of an error: what is wrong, in one line."""
    return render("error.html", snapshot, at, title=title, detail=detail)
