"""The time of publication that a page states about itself."""

import json
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

_META_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "date",
    "dc.date.issued",
    "dcterms.issued",
    "parsely-pub-date",
)
"""Values of ``property``, ``name`` and ``itemprop``, in lower case, the most reliable first."""
_MAX_JSON_CHARACTERS = 200_000
_MAX_NODES = 2_000
_MAX_RAW_CHARACTERS = 100


def find_page_date(tree: HtmlElement) -> str | None:
    """Return the text of the date at which a page says it was published, or None.

    Only what the page declares for machines counts: meta elements, JSON-LD and ``time`` elements that are
    marked as the publication. A date in the text may be that of the strike, or of another article.
    """
    for raw in (*_from_meta(tree), *_from_json(tree), *_from_time(tree)):
        text = " ".join(raw.split())
        if text:
            return text[:_MAX_RAW_CHARACTERS]
    return None


def _from_meta(tree: HtmlElement) -> list[str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        for attribute in ("property", "name", "itemprop"):
            name = (element.get(attribute) or "").strip().lower()
            if name in _META_NAMES and element.get("content"):
                found.setdefault(name, str(element.get("content")))
    return [found[name] for name in _META_NAMES if name in found]


def _from_json(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter("script"):
        if (element.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            document = json.loads((element.text_content() or "")[:_MAX_JSON_CHARACTERS])
        except (ValueError, RecursionError):
            continue
        for node in _nodes(document):
            if isinstance(node.get("datePublished"), str):
                yield node["datePublished"]


def _nodes(document: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON-LD document, the outer ones first, up to a limit."""
    waiting, seen = [document], 0
    while waiting and seen < _MAX_NODES:
        node, seen = waiting.pop(0), seen + 1
        if isinstance(node, dict):
            yield node
            waiting += [value for value in node.values() if isinstance(value, dict | list)]
        elif isinstance(node, list):
            waiting += node


def _from_time(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter("time"):
        is_marked = (element.get("itemprop") or "").lower() == "datepublished" or "pubdate" in element.attrib
        if is_marked and element.get("datetime"):
            yield str(element.get("datetime"))
