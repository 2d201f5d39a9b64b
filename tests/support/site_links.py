"""The links of a site on disk: where each one leads, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import etree, html

_ATOM = "{http://www.w3.org/2005/Atom}"
_OWN_IMAGE = "data:,"


def links_of(page: Path) -> Iterator[tuple[str, bool]]:
    """Yield the links of a page or a feed, each with whether it says that it leads to another site."""
    if page.suffix == ".atom":
        for link in etree.parse(page).iter(f"{_ATOM}link"):
            yield link.get("href"), link.get("rel") == "related"
        return
    for element in html.parse(page).iter("*"):
        for name in ("href", "src", "action", "srcset", "data"):
            if element.get(name) is not None:
                yield element.get(name), "external" in (element.get("rel") or "").split()
        if (element.get("http-equiv") or "").lower() == "refresh":
            yield element.get("content").partition("url=")[2], False


def faults_of(site: Path) -> list[str]:
    """Return what is wrong with the links of a site: none may leave it, and all must lead to a file."""
    found = []
    ids: dict[Path, set[str]] = {}
    for page in [*site.rglob("*.html"), *site.rglob("*.atom")]:
        for link, is_elsewhere in links_of(page):
            parts = urlsplit(link)
            if link == _OWN_IMAGE or (is_elsewhere and parts.scheme in ("http", "https")):
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            if parts.scheme or parts.netloc or link.startswith("/"):
                found.append(f"{page}: {link} is not relative")
            elif not target.is_relative_to(site) or not target.is_file():
                found.append(f"{page}: {link} leads to nothing")
            elif target.suffix == ".html" and parts.fragment:
                if target not in ids:
                    ids[target] = {e.get("id") for e in html.parse(target).iter("*") if e.get("id")}
                if parts.fragment not in ids[target]:
                    found.append(f"{page}: {link} names no part of the page")
    return found
