"""Where pages lead: to addresses of a server, or to files of a site under any path or on a disk."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote

from schemas.identity import digest, fold_name
from transforms.serving.snapshot_columns import Place

_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 .'-]{0,78}[A-Za-z0-9])?")
"""Names that every file system and every web host takes as they are."""
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?|.*\.html?")
"""Names that Windows keeps for devices, and names of pages."""
_MAX_LETTERS = 60


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses that a page links to. Those of a server by default.

    ``root``: what leads from the page to the first one, with a slash at its end. ``index``: what follows the
    address of a page. ``is_site``: the pages are files, so nothing answers a form. ``place_folders``: where
    the files of each place lie. ``incidents``: those that have a page, None for all. ``has_desk``: editors
    can sign in and decide.
    """

    root: str = "/"
    index: str = ""
    is_site: bool = False
    place_folders: Mapping[Place, str] = field(default_factory=dict)
    incidents: Container[str] | None = None
    has_desk: bool = False

    def page(self, path: str) -> str:
        """Return the address of a page: ``sources``, or an empty path for the first one."""
        return self.root + (f"{path}{self.index}" if path else self.index.lstrip("/"))

    def file(self, path: str) -> str:
        """Return the address of a file that is no page."""
        return self.root + path

    def has_incident(self, incident_id: str) -> bool:
        """Return whether an incident has a page."""
        return self.incidents is None or incident_id in self.incidents

    def incident(self, incident_id: str) -> str:
        """Return the address of an incident."""
        name = folder_name(incident_id) if self.is_site else incident_id
        return self.page(f"incidents/{name}")

    def place(self, country: str | None, location: str) -> str:
        """Return the address of a place; ZZ stands for no country."""
        if self.is_site:
            return self.page(quote(self.place_folders[country, location]))
        return self.page(f"places/{country or 'ZZ'}/{_quoted(location)}")


@lru_cache(maxsize=10_000)
def _quoted(location: str) -> str:
    # A page names some places many times.
    return quote(location, safe="")


SERVER = Addresses()


@dataclass(frozen=True, slots=True)
class PageOfList:
    """One file of a list that is written in several, which lie in one folder.

    ``number``: of the page, from 1. ``pages``: how many there are. ``rows``: of the whole list.
    ``rows_of_page``: the most that a page has.
    """

    number: int
    pages: int
    rows: int
    rows_of_page: int

    @property
    def first_row(self) -> int:
        """Return the number of the first row on the page, from 1."""
        return (self.number - 1) * self.rows_of_page + 1

    @property
    def last_row(self) -> int:
        """Return the number of the last row on the page."""
        return min(self.number * self.rows_of_page, self.rows)

    def file_of(self, number: int) -> str:
        """Return the file name of a page of this list."""
        return "index.html" if number == 1 else f"page-{number}.html"


def folder_name(name: str) -> str:
    """Return a folder name for a text of the ledger, which may hold anything, slashes and dots too.

    >>> folder_name("Kryvyi Rih")
    'Kryvyi Rih'
    """
    if _PLAIN.fullmatch(name) and not _RESERVED.fullmatch(name):
        return name
    letters = re.sub(r"[^a-z0-9]+", "-", fold_name(name))[:_MAX_LETTERS].strip("-")
    return f"{letters or 'name'}-{digest('folder', name)[:8]}"


def place_folders(places: Iterable[Place]) -> dict[Place, str]:
    """Return the folder of each place in a site.

    Some file systems take two names for one if they differ in case only, so one of them gets another name.
    """
    folders: dict[Place, str] = {}
    taken: set[str] = set()
    for country, location in sorted(places, key=lambda p: (p[0] or "", p[1]), reverse=True):
        parent = f"places/{folder_name(country) if country else 'ZZ'}"
        folder = f"{parent}/{folder_name(location)}"
        if folder.casefold() in taken:
            folder = f"{parent}/name-{digest('folder', country or '', location)[:16]}"
        taken.add(folder.casefold())
        folders[country, location] = folder
    return folders
