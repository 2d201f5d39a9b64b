"""The pages of the server as files of a site, without what needs a server, such as filters and the API."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from schemas.vocabulary import Status
from transforms.serving import documents, html_pages
from transforms.serving.addresses import Addresses, PageOfList, folder_name, place_folders
from transforms.serving.find_incident_id import find_id
from transforms.serving.incident_view import view_incident
from transforms.serving.list_filter import ListFilter
from transforms.serving.selection import ListPage, Selection
from transforms.serving.snapshot import Snapshot
from transforms.serving.snapshot_columns import Place

PAGE_ROWS = 100
"""Strikes of one file of a list. A site has no filters, so its pages are longer than those of the server."""

_FEED = "api/incidents.atom"
_Render = Callable[[Selection, ListPage, PageOfList], bytes]


@dataclass(frozen=True, slots=True)
class SiteFile:
    """One file. ``path``: in the site, with slashes. ``pieces``: its bytes."""

    path: str
    pieces: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Site:
    """A site. ``incidents``: how many have a page. ``files``: each is made when it is asked for."""

    incidents: int
    files: Iterator[SiteFile]


def make_site(
    snapshot: Snapshot,
    since: dt.date | None = None,
    until: dt.date | None = None,
    page_rows: int = PAGE_ROWS,
    base_url: str | None = None,
) -> Site:
    """Return the site of a snapshot.

    Args:
        snapshot: the whole ledger, so that an incident also names neighbours that are not in the site.
        since: first day of its incidents, None for no limit.
        until: last day of its incidents, None for no limit.
        page_rows: strikes of one file of a list.
        base_url: where the site will lie, with a slash at its end. Only the feed needs it: a reader does not
            know where its document came from. None: its links are relative.
    """
    maker = _SiteMaker(snapshot, ListFilter(since=since, until=until), page_rows, base_url)
    return Site(len(maker.numbers), maker.files())


class _SiteMaker:
    def __init__(self, snapshot: Snapshot, wanted: ListFilter, page_rows: int, base_url: str | None) -> None:
        self._snapshot, self._wanted, self._page_rows = snapshot, wanted, page_rows
        self._base_url = base_url
        select = snapshot.selector.select
        listed = [int(n) for n in select(wanted).numbers]
        # The lists leave rejected incidents out, but a link to one from elsewhere must say what became of it.
        rejected = [int(n) for n in select(replace(wanted, status=Status.REJECTED)).numbers]
        columns = snapshot.columns
        self.numbers = sorted(listed + rejected)
        self._ids = [columns.ids[n] for n in self.numbers]
        self._listed = listed
        self._top = Addresses(
            root="",
            index="/index.html",
            is_site=True,
            place_folders=place_folders(columns.places),
            incidents=frozenset(self._ids),
        )

    def files(self) -> Iterator[SiteFile]:
        """Yield the files."""
        yield from self._lists()
        yield from self._incidents()
        yield from self._moved()
        yield from self._other_pages()
        yield from self._documents()

    def _lists(self) -> Iterator[SiteFile]:
        snapshot, wanted = self._snapshot, self._wanted
        yield from self._list(
            "", wanted,
            lambda selection, page, pages: html_pages.list_page(
                snapshot, wanted, selection, page, self._top, pages
            ),
        )  # fmt: skip
        for place in self._places_of(self.numbers):
            yield from self._place(place, self._top.place_folders[place])

    def _place(self, place: Place, folder: str) -> Iterator[SiteFile]:
        wanted, at = replace(self._wanted, exact_place=place), self._at(folder)
        yield from self._list(
            f"{folder}/", wanted,
            lambda selection, page, pages: html_pages.place_page(
                self._snapshot, place, wanted, selection, page, at, pages
            ),
        )  # fmt: skip

    def _list(self, folder: str, wanted: ListFilter, render: _Render) -> Iterator[SiteFile]:
        """Yield the files of a list. ``folder``: where they lie, with a slash at its end."""
        selection = self._snapshot.selector.select(wanted)
        rows = len(selection.ranks)
        count = max(1, -(-rows // self._page_rows))
        page = selection.page(None, self._page_rows)
        for number in range(1, count + 1):
            pages = PageOfList(number, count, rows, self._page_rows)
            yield SiteFile(f"{folder}{pages.file_of(number)}", [render(selection, page, pages)])
            page = selection.page(page.goes_on_after, self._page_rows)

    def _incidents(self) -> Iterator[SiteFile]:
        for incident_id in self._ids:
            folder = f"incidents/{folder_name(incident_id)}"
            view = view_incident(self._snapshot, incident_id)
            assert view is not None
            yield _page(folder, html_pages.incident_page(self._snapshot, view, self._at(folder)))

    def _moved(self) -> Iterator[SiteFile]:
        """Yield a page for each retired id that leads to an incident of the site."""
        for retired in self._snapshot.store.retired_ids():
            found = find_id(self._snapshot, retired)
            if found.is_same or found.incident_id is None or not self._top.has_incident(found.incident_id):
                continue
            folder = f"incidents/{folder_name(retired)}"
            yield _page(folder, html_pages.moved_page(self._snapshot, found.incident_id, self._at(folder)))

    def _other_pages(self) -> Iterator[SiteFile]:
        snapshot = self._snapshot
        counts = self._places_of(self._listed)
        yield _page("places", html_pages.places_page(snapshot, counts, self._at("places")))
        yield _page("sources", html_pages.sources_page(snapshot, self._at("sources")))
        yield _page("runs", html_pages.runs_page(snapshot, self._at("runs")))

    def _documents(self) -> Iterator[SiteFile]:
        snapshot = self._snapshot
        yield SiteFile("api/incidents.csv", documents.csv_pieces(snapshot, self._listed))
        yield SiteFile("api/incidents.geojson", documents.geojson_pieces(snapshot, self._listed))
        latest = documents.last_changed(snapshot, self._wanted)
        yield SiteFile(_FEED, [self._feed(latest)])

    def _feed(self, latest: list[int]) -> bytes:
        base = self._base_url
        at = self._at("api") if base is None else replace(self._top, root=base)
        address = None if base is None else base + _FEED
        return documents.list_feed(self._snapshot, latest, at, self._wanted.address(), address)

    def _places_of(self, numbers: Iterable[int]) -> Mapping[Place, int]:
        """Return the places of some incidents, each with how many there are."""
        columns = self._snapshot.columns
        return Counter(columns.places[int(columns.place[n])] for n in numbers)

    def _at(self, folder: str) -> Addresses:
        """Return the addresses as a page in a folder has them."""
        return replace(self._top, root="../" * (folder.count("/") + 1))


def _page(folder: str, content: bytes) -> SiteFile:
    return SiteFile(f"{folder}/index.html", [content])


def site_document(snapshot: Snapshot, site: Site, version: str) -> bytes:
    """Return what a site says of itself to programs."""
    said = {
        "incidents": site.incidents,
        "snapshot": {"stamp": snapshot.stamp, "made_at": snapshot.made_at},
        "version": version,
    }
    return json.dumps(said, indent=1).encode() + b"\n"
