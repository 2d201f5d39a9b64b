"""Links of items: against which address a relative one counts, and which of several is the article's."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from transforms.util.text import clean_text
from transforms.util.urls import NotAnArticleURL, canonical_url, request_url

# feedparser resolves links itself. The base that it gets has a scheme and a host that no feed uses, so a
# result that begins with them was relative. Its path is that of the real base, so that the dots of "../a"
# count.
_RELATIVE_ORIGIN = "wais://relative.invalid"
_RELATIVE_SCHEME = "wais://"
# "https:/outlet.example/a", "https:outlet.example/a", "https//outlet.example/a"; of the last, joining leaves
# one slash.
_BROKEN_SCHEME = re.compile(r"(https?)(?::/?|//?)(?=[\w-]+\.)", re.IGNORECASE)
_ONLY_SCHEME = re.compile(r"https?:/*", re.IGNORECASE)
_HTML_TYPES = ("text/html", "application/xhtml+xml", "")


@dataclass(frozen=True, slots=True)
class LinkBase:
    """The address against which the links of one document count.

    ``address``: absolute, http or https; or the id of a feed without an address, against which no relative
    link counts.
    """

    address: str

    @property
    def marked(self) -> str:
        """The base that feedparser gets."""
        parts = urlsplit(self.address)
        query = f"?{parts.query}" if parts.query else ""
        path = parts.path if parts.path.startswith("/") else "/"
        return f"{_RELATIVE_ORIGIN}{path}{query}"

    def relative_part(self, link: str) -> str | None:
        """Return what the document wrote for a link that feedparser resolved; None for an absolute link."""
        if not link.startswith(_RELATIVE_SCHEME):
            return None
        if not link.startswith(_RELATIVE_ORIGIN):
            return link.removeprefix("wais:")
        path = link.removeprefix(_RELATIVE_ORIGIN)
        folder = urlsplit(self.address).path.rpartition("/")[0] + "/"
        return path.removeprefix(folder) if folder != "/" else path.removeprefix("/")

    def written(self, guid: str) -> str:
        """Return a guid as the document wrote it, so that no identity depends on the address that
        answered."""
        relative = self.relative_part(guid)
        return guid if relative is None else relative

    def resolve(self, link: str) -> str:
        """Return the absolute form of a link that feedparser resolved, or that the document wrote."""
        relative = self.relative_part(link)
        if relative is not None:
            if absolute := self._with_scheme(relative):
                return absolute
            link = link.removeprefix(_RELATIVE_ORIGIN) if not relative.startswith("//") else relative
        elif _ONLY_SCHEME.fullmatch(link):
            return link  # joining would give the address of the feed
        elif broken := _BROKEN_SCHEME.match(link):
            link = f"{broken.group(1)}://{link[broken.end() :]}"
        return urljoin(self.address, link)

    def _with_scheme(self, relative: str) -> str | None:
        """Return a link that only lacks its scheme, such as "www.outlet.example/a", with it."""
        if broken := _BROKEN_SCHEME.match(relative):
            return f"{broken.group(1)}://{relative[broken.end() :]}"
        parts = urlsplit(self.address)
        own = (parts.hostname or "").removeprefix("www.")
        first = relative.split("/", 1)[0].lower()
        is_host = re.fullmatch(r"www\.[\w-]+(?:\.[\w-]+)+(?::\d+)?", first) or (
            "." in own and first.removeprefix("www.") == own
        )
        return f"{parts.scheme}://{relative}" if is_host else None


@dataclass(frozen=True, slots=True)
class ItemLink:
    """The link of an item.

    ``address``: what to request, or the link as it is where it cannot be an article's. ``article_url``: its
    canonical form, None where it cannot be an article's. ``flags``: what was unusual about it.
    """

    address: str | None
    article_url: str | None
    flags: tuple[str, ...] = ()


def find_link(item: Any, guid: str, base: LinkBase) -> ItemLink:
    """Return the link of an item.

    The first link that can be an article's address is chosen: alternate links in HTML, other alternate links,
    the guid where it is an address. Where none can be, the first one is returned.

    Args:
        item: the item, as feedparser returns it.
        guid: its guid; empty where it has none or shares it.
        base: the address against which its links count.
    """
    # An empty link resolves to the address of the feed.
    written = (link for link in _candidates(item) if link.split("#")[0] != base.marked)
    links = list(dict.fromkeys(base.resolve(link) for link in written))
    flags: tuple[str, ...] = ()
    if re.match(r"https?://", guid):
        flags = () if links else ("link_from_guid",)
        links.append(clean_text(guid))
    reasons: list[str] = []
    for link in links:
        try:
            article_url = canonical_url(link)
            return ItemLink(request_url(link, base.address), article_url, flags)
        except NotAnArticleURL as error:
            reasons.append(error.reason)
    return ItemLink(links[0], None, (*flags, reasons[0])) if links else ItemLink(None, None, ("no_link",))


def _candidates(item: Any) -> Iterator[str]:
    alternates = [
        link
        for link in item.get("links", ())
        if link.get("rel", "alternate") == "alternate" and link.get("href")
    ]
    for link in _html_first(alternates):
        yield _clean_link(link["href"])
    if item.get("link"):
        yield _clean_link(item["link"])


def _clean_link(link: Any) -> str:
    """Return a link without the marks of an escaped CDATA section, which feedparser takes for a part of
    it."""
    return clean_text(re.sub(r"(?:%3C|<)!\[CDATA\[|\]\](?:%3E|>)", "", str(link), flags=re.IGNORECASE))


def _html_first(links: Iterable[Any]) -> list[Any]:
    return sorted(links, key=lambda link: str(link.get("type", "")).split(";")[0] not in _HTML_TYPES)
