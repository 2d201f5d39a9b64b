"""The addresses of the server and what answers each. All of it only reads; the desk of an editor is apart."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Scope

from pipelines import pipeline_version
from pipelines.server.http_replies import EMBED_HEADERS, Replies, long_reply, problem
from pipelines.server.rate_limit import RateLimit
from pipelines.server.request_guard import RequestGuard
from pipelines.server.snapshot_keeper import SnapshotKeeper
from pipelines.server.static_files import style, world_outline
from transforms.serving import documents, embed_pages, html_pages
from transforms.serving.addresses import Addresses
from transforms.serving.find_incident_id import find_id
from transforms.serving.incident_view import view_incident
from transforms.serving.list_cursor import decode_cursor, encode_cursor
from transforms.serving.list_filter import BadParameter, ListFilter, ListRequest, read_list_request
from transforms.serving.openapi import openapi_document
from transforms.serving.selection import ListPage, Selection
from transforms.serving.snapshot import Snapshot

if TYPE_CHECKING:  # it imports Beam, which a server without editors does not need
    from pipelines.server.edit_handlers import EditHandlers

PAGE_ROWS, API_ROWS = 50, 100
MOST_ROWS = 1_000
_FOR_PROGRAMS = ("/api", "/health")
_JSON = "application/json"
_HTML = "text/html"


@dataclass(frozen=True, slots=True)
class AppSettings:
    """How the server answers. ``rate``: requests a second of one client, 0 for no limit."""

    rate: float = 10.0
    only_loopback_hosts: bool = True


def make_app(keeper: SnapshotKeeper, settings: AppSettings, desk: "EditHandlers | None" = None) -> ASGIApp:
    """Return the application that answers from the snapshots of a keeper.

    Args:
        keeper: has the snapshots.
        settings: how the server answers.
        desk: what answers editors; None: nothing can be changed, and the addresses of the desk do not exist.
    """
    handlers = _Handlers(keeper, desk)
    routes = [
        *([] if desk is None else desk.routes()),
        Route("/", handlers.strikes),
        Route("/incidents/{incident_id}", handlers.incident),
        Route("/places/{country}/{name:path}", handlers.place),
        Route("/sources", handlers.sources),
        Route("/runs", handlers.runs),
        Route("/health", handlers.health),
        Route("/static/site.css", handlers.style),
        Route("/static/world.svg", handlers.world),
        Route("/api/openapi.json", handlers.openapi),
        Route("/api/incidents", handlers.api_list),
        Route("/api/incidents.geojson", handlers.api_geojson),
        Route("/api/incidents.csv", handlers.api_csv),
        Route("/api/incidents.atom", handlers.api_atom),
        Route("/api/incidents/{incident_id}", handlers.api_incident),
    ]
    app = Starlette(
        routes=routes,
        exception_handlers={
            BadParameter: handlers.bad_parameter,
            HTTPException: handlers.http_error,
            Exception: handlers.unexpected,
        },
    )
    limit = RateLimit(settings.rate, time.monotonic) if settings.rate else None
    return RequestGuard(app, limit, settings.only_loopback_hosts, handlers.error_of_scope)


@dataclass(frozen=True, slots=True)
class _List:
    """A list as an address asks for it."""

    asked: ListRequest
    selection: Selection
    page: ListPage


class _Handlers:
    def __init__(self, keeper: SnapshotKeeper, desk: "EditHandlers | None") -> None:
        self._keeper, self._replies, self._desk = keeper, Replies(), desk
        self._at = Addresses(has_desk=desk is not None)

    # -- pages --------------------------------------------------------------------------------------------

    async def strikes(self, request: Request) -> Response:
        snapshot = self._keeper.snapshot
        is_embedded, parameters = embed_pages.without_embed(request.query_params.multi_items())
        asked = read_list_request(parameters, MOST_ROWS)
        if is_embedded:
            return self._framed_list(request, snapshot, asked)
        found = _find(snapshot, asked, PAGE_ROWS)
        return self._replies.reply(
            request, snapshot.stamp, _HTML,
            lambda: html_pages.list_page(snapshot, asked.wanted, found.selection, found.page, self._at),
        )  # fmt: skip

    async def place(self, request: Request) -> Response:
        snapshot = self._keeper.snapshot
        place = html_pages.known_place(snapshot, request.path_params["country"], request.path_params["name"])
        if place is None:
            raise HTTPException(404, "the ledger has no strike at a place of this name")
        is_embedded, parameters = embed_pages.without_embed(request.query_params.multi_items())
        given = read_list_request(parameters, MOST_ROWS)
        if given.wanted != ListFilter():
            raise BadParameter("the page of a place takes cursor and limit; the list / takes filters")
        asked = replace(given, wanted=ListFilter(exact_place=place))
        if is_embedded:
            return self._framed_list(request, snapshot, asked)
        found = _find(snapshot, asked, PAGE_ROWS)
        return self._replies.reply(
            request, snapshot.stamp, _HTML,
            lambda: html_pages.place_page(
                snapshot, place, found.asked.wanted, found.selection, found.page, self._at
            ),
        )  # fmt: skip

    async def incident(self, request: Request) -> Response:
        snapshot = self._keeper.snapshot
        incident_id = request.path_params["incident_id"]
        elsewhere = _elsewhere(snapshot, incident_id, "/incidents/", request.url.query)
        if elsewhere is not None:
            return elsewhere
        is_embedded, _ = embed_pages.without_embed(request.query_params.multi_items())
        if is_embedded:
            return self._framed(request, snapshot, lambda: _embedded_incident(snapshot, incident_id))
        session = None if self._desk is None else self._desk.session_of(request)
        if self._desk is not None and session is not None:
            return self._desk.incident(session, incident_id)

        def make() -> bytes:
            view = view_incident(snapshot, incident_id)
            assert view is not None
            return html_pages.incident_page(snapshot, view, self._at)

        vary = {} if self._desk is None else {"Vary": "Accept-Encoding, Cookie"}
        return self._replies.reply(request, snapshot.stamp, _HTML, make, **vary)

    def _framed_list(self, request: Request, snapshot: Snapshot, asked: ListRequest) -> Response:
        found = _find(snapshot, asked, embed_pages.ROWS)
        place = asked.wanted.exact_place
        return self._framed(
            request, snapshot,
            lambda: embed_pages.embedded_list(
                snapshot, asked.wanted, found.selection, found.page, None if place is None else place[1]
            ),
        )  # fmt: skip

    def _framed(self, request: Request, snapshot: Snapshot, make: Callable[[], bytes]) -> Response:
        """Return a page that other sites may put in a frame. It is the same for editors and readers."""
        return self._replies.reply(request, snapshot.stamp, _HTML, make, **EMBED_HEADERS)

    async def sources(self, request: Request) -> Response:
        snapshot = self._keeper.snapshot
        _takes_no_parameter(request)
        return self._replies.reply(
            request, snapshot.stamp, _HTML, lambda: html_pages.sources_page(snapshot, self._at)
        )

    async def runs(self, request: Request) -> Response:
        snapshot = self._keeper.snapshot
        _takes_no_parameter(request)
        return self._replies.reply(
            request, snapshot.stamp, _HTML, lambda: html_pages.runs_page(snapshot, self._at)
        )

    async def style(self, request: Request) -> Response:
        return self._replies.reply(request, pipeline_version(), "text/css", style)

    async def world(self, request: Request) -> Response:
        return self._replies.reply(request, pipeline_version(), "image/svg+xml", world_outline)

    async def health(self, request: Request) -> Response:
        snapshot, fault = self._keeper.snapshot, self._keeper.fault
        latest = snapshot.run_list.runs[0] if snapshot.run_list.runs else None
        state = {
            "status": "ok" if fault is None else "stale",
            "incidents": len(snapshot.columns.ids),
            "snapshot": {"stamp": snapshot.stamp, "made_at": snapshot.made_at},
            "checked_at": self._keeper.checked_at,
            "fault": None if fault is None else "the warehouse could not be read; the log says why",
            "latest_run_finished_at": None if latest is None else latest["finished_at"],
            "version": pipeline_version(),
        }
        return Response(json.dumps(state) + "\n", 200, {"Cache-Control": "no-store"}, _JSON)

    # -- documents ----------------------------------------------------------------------------------------

    async def openapi(self, request: Request) -> Response:
        return self._replies.reply(
            request, pipeline_version(), _JSON,
            lambda: documents.json_text(openapi_document(pipeline_version(), API_ROWS, MOST_ROWS)).encode(),
        )  # fmt: skip

    async def api_list(self, request: Request) -> Response:
        snapshot = self._keeper.snapshot
        found = _find(snapshot, _asked(request), API_ROWS)
        headers = {} if (link := _next_link(request, found)) is None else {"Link": link}
        return self._replies.reply(
            request, snapshot.stamp, _JSON,
            lambda: documents.list_document(snapshot, found.selection, found.page).encode(), **headers,
        )  # fmt: skip

    async def api_incident(self, request: Request) -> Response:
        snapshot = self._keeper.snapshot
        incident_id = request.path_params["incident_id"]
        elsewhere = _elsewhere(snapshot, incident_id, "/api/incidents/")
        if elsewhere is not None:
            return elsewhere

        def make() -> bytes:
            view = view_incident(snapshot, incident_id)
            assert view is not None
            return documents.incident_document(view).encode()

        return self._replies.reply(request, snapshot.stamp, _JSON, make)

    async def api_geojson(self, request: Request) -> Response:
        snapshot = self._keeper.snapshot
        found = _find(snapshot, _asked(request), None)
        pieces = documents.geojson_pieces(snapshot, found.page.numbers)
        link = _next_link(request, found)
        return long_reply(request, snapshot.stamp, "application/geo+json", pieces, "incidents.geojson", link)

    async def api_csv(self, request: Request) -> Response:
        snapshot = self._keeper.snapshot
        found = _find(snapshot, _asked(request), None)
        pieces = documents.csv_pieces(snapshot, found.page.numbers)
        link = _next_link(request, found)
        return long_reply(request, snapshot.stamp, "text/csv", pieces, "incidents.csv", link)

    async def api_atom(self, request: Request) -> Response:
        snapshot = self._keeper.snapshot
        asked = _asked(request)
        if asked.cursor is not None:
            raise BadParameter("a feed takes no cursor: it has what changed last")
        numbers = documents.last_changed(snapshot, asked.wanted, asked.limit or documents.FEED_ROWS)
        root, query = str(request.base_url), asked.wanted.address()
        address = f"{root}api/incidents.atom" + (f"?{query}" if query else "")
        return self._replies.reply(
            request, snapshot.stamp, "application/atom+xml",
            lambda: documents.list_feed(snapshot, numbers, Addresses(root), query, address),
        )  # fmt: skip

    # -- errors -------------------------------------------------------------------------------------------

    async def bad_parameter(self, request: Request, error: Exception) -> Response:
        return self.error_of_scope(request.scope, 400, str(error), {})

    async def http_error(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        only = (
            "this server only reads: GET and HEAD"
            if self._desk is None
            else "this address takes no such method"
        )
        words = {404: "there is nothing at this address", 405: only}
        is_ours = error.detail != HTTPStatus(error.status_code).phrase
        detail = error.detail if is_ours else words.get(error.status_code, error.detail)
        return self.error_of_scope(request.scope, error.status_code, detail, dict(error.headers or {}))

    async def unexpected(self, request: Request, error: Exception) -> Response:
        return self.error_of_scope(request.scope, 500, "this answer could not be made; the log says why", {})

    def error_of_scope(self, scope: Scope, status: int, detail: str, headers: dict[str, str]) -> Response:
        """Return what is wrong, in the form in which the address answers."""
        title = HTTPStatus(status).phrase
        headers = {**headers, "Cache-Control": "no-store"}
        if scope["path"].startswith(_FOR_PROGRAMS):
            return problem(status, title, detail, **headers)
        body = html_pages.error_page(self._keeper.snapshot, title, detail, self._at)
        return Response(body, status, headers, _HTML)


def _embedded_incident(snapshot: Snapshot, incident_id: str) -> bytes:
    view = view_incident(snapshot, incident_id)
    assert view is not None
    return embed_pages.embedded_incident(snapshot, view)


def _asked(request: Request) -> ListRequest:
    return read_list_request(request.query_params.multi_items(), MOST_ROWS)


def _takes_no_parameter(request: Request) -> None:
    if request.query_params:
        raise BadParameter("this page takes no parameter")


def _find(snapshot: Snapshot, asked: ListRequest, rows: int | None) -> _List:
    """Return the list that is asked for. ``rows``: of a page where no limit is given, None for all."""
    selection = snapshot.selector.select(asked.wanted)
    after = None if asked.cursor is None else decode_cursor(asked.cursor, selection.order)
    limit = asked.limit or rows or max(1, len(selection.ranks))
    return _List(asked, selection, selection.page(after, limit))


def _next_link(request: Request, found: _List) -> str | None:
    """Return the header that leads to the next page (RFC 8288), None on the last one."""
    after = found.page.goes_on_after
    if after is None:
        return None
    query = found.asked.wanted.address(limit=found.asked.limit, cursor=encode_cursor(after))
    return f'<{request.url.path}?{query}>; rel="next"'


def _elsewhere(snapshot: Snapshot, incident_id: str, folder: str, query: str = "") -> Response | None:
    """Return where an incident is, None where it is here. ``query``: of the address, which goes with it.

    Raises:
        HTTPException: there is no such incident, or nothing follows it.
    """
    found = find_id(snapshot, incident_id)
    if found.is_same:
        return None
    if found.incident_id is not None:
        # Not for ever: an undone correction or a late article brings an id back.
        tail = f"?{query}" if query else ""
        return RedirectResponse(f"{folder}{found.incident_id}{tail}", 302)
    if found.was_one:
        raise HTTPException(410, "this id is no longer an incident: its reports are gone")
    raise HTTPException(404, "the ledger has no incident with this id")
