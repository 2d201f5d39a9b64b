"""Pages that other sites may put in a frame: slim, without forms, and with one link, to the whole page."""

from collections.abc import Iterator

from transforms.serving.addresses import SERVER
from transforms.serving.html_pages import incident_values, list_values, render, title_of
from transforms.serving.incident_view import IncidentView
from transforms.serving.list_filter import BadParameter, ListFilter
from transforms.serving.selection import ListPage, Selection
from transforms.serving.snapshot import Snapshot

PARAMETER = "embed"
ROWS = 10
"""Strikes of a list in a frame, where no limit is given."""


def without_embed(parameters: list[tuple[str, str]]) -> tuple[bool, list[tuple[str, str]]]:
    """Return whether a page is asked for as an embedded one, and the other parameters of its address.

    Raises:
        BadParameter: the parameter stands twice or is not 1.
    """
    given = [value for name, value in parameters if name == PARAMETER]
    if given not in ([], ["1"]):
        raise BadParameter(f"{PARAMETER} takes 1, once")
    return bool(given), [(name, value) for name, value in parameters if name != PARAMETER]


def embedded_list(
    snapshot: Snapshot, wanted: ListFilter, selection: Selection, page: ListPage, place: str | None = None
) -> bytes:
    """Return a list as it is shown in a frame.

    Args:
        snapshot: where the rows are.
        wanted: the filters.
        selection: what they want.
        page: the rows of the frame.
        place: the name of the place whose strikes these are, None for a list of several places.
    """
    values = list_values(snapshot, wanted, selection, page, SERVER, None)
    heading = ", ".join(("Strikes" if place is None else place, *_said(wanted, snapshot)))
    return render(
        "embed_list.html", snapshot, SERVER, title=heading, heading=heading, full=values["first"], **values
    )


def _said(wanted: ListFilter, snapshot: Snapshot) -> Iterator[str]:
    """Yield what a filter leaves, in words: a frame shows no form that says it."""
    if wanted.country is not None:
        yield snapshot.countries.get(wanted.country, wanted.country)
    yield from filter(None, (wanted.place, wanted.text))
    yield from (value.replace("_", " ") for value in (wanted.weapon, wanted.status) if value is not None)
    if wanted.min_killed:
        yield f"at least {wanted.min_killed} killed"
    if wanted.geo_precision is not None:
        yield ("places known to the town", "known to the region", "known to the country")[
            wanted.geo_precision - 1
        ]
    if wanted.bbox is not None:
        yield f"within {wanted.bbox.written()}"
    if wanted.changed_since is not None:
        yield f"changed since {wanted.changed_since}"
    if wanted.since is not None:
        yield f"from {wanted.since}"
    if wanted.until is not None:
        yield f"to {wanted.until}"


def embedded_incident(snapshot: Snapshot, view: IncidentView) -> bytes:
    """Return an incident as it is shown in a frame."""
    full = SERVER.incident(view.row["incident_id"])
    values = incident_values(snapshot, view)
    return render(
        "embed_incident.html", snapshot, SERVER, title=title_of(view), full=full, desk=None, **values
    )
