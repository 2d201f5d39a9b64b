"""RSS and Atom documents. The only module that imports feedparser.

feedparser opens a text that looks like a path or a URL, whether it is ``str`` or bytes. So it only ever gets
``BytesIO``. Its HTML sanitiser is off: it takes quadratic time, and this project renders no HTML of feeds.
"""

import io
from typing import Any
from urllib.parse import urljoin

import feedparser

from transforms.feeds.items import FeedItems
from transforms.feeds.links import LinkBase
from transforms.feeds.sanitise import FeedDocument, FeedUnreadable
from transforms.feeds.structure import root_name

_FAULTS = (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError)
_XML_DECLARATION = b"<?xml version='1.0' encoding='utf-8'?>"


def read_xml_feed(document: FeedDocument, address: str) -> FeedItems:
    """Return the channel and the items of an RSS 0.9x, 1.0, 2.0 or Atom document.

    Args:
        document: the document.
        address: the address that answered.

    Raises:
        FeedUnreadable: it is not a feed.
    """
    base = _find_base(document, address)
    unreadable: tuple[str, ...] = ()
    try:
        parsed = _run_feedparser(document.text, base)
        items = list(parsed.entries)
    except _FAULTS:
        parsed, items, unreadable = _parse_item_by_item(document, base)
    else:
        # feedparser gives up in the middle of some malformed documents. No item may be lost uncounted.
        if _is_feed(parsed, document) and len(items) < len(document.item_places):
            parsed, items, unreadable = _parse_item_by_item(document, base)
    if not _is_feed(parsed, document):
        raise _explain_not_a_feed(document.text)
    return FeedItems(
        channel=parsed.feed,
        items=items,
        base=base,
        unreadable=unreadable,
        refused=document.refused,
        beyond_cap=document.beyond_cap,
        flags=("nested_item",) if document.has_nested_items else (),
    )


def _is_feed(parsed: Any, document: FeedDocument) -> bool:
    """Return whether feedparser knows the format, or the root is a channel, as in CDF and in RSS that was
    cut."""
    return bool(parsed.get("version")) or root_name(document.text) == "channel"


def _run_feedparser(text: str, base: LinkBase) -> Any:
    data = _XML_DECLARATION + text.encode("utf-8", "replace")
    return feedparser.parse(
        io.BytesIO(data),
        response_headers={"content-location": base.marked},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _find_base(document: FeedDocument, address: str) -> LinkBase:
    """Return the address against which the links of a document count.

    Atom and ``xml:base`` say that it is the address that answered (RFC 3986, 5.1.3). RSS does not say. There
    the link of the channel counts: feeds are often served from another host than the pages.
    """
    base = LinkBase(address)
    head, _, tail = document.items()
    if "xml:base" in document.text or not document.item_places:
        return base
    try:
        channel = _run_feedparser(head + tail, base)
    except _FAULTS:
        return base
    link = str(channel.feed.get("link", "")).strip()
    if not str(channel.get("version", "")).startswith("rss") or not link.lower().startswith(
        ("http://", "https://")
    ):
        return base
    try:
        return LinkBase(urljoin(link, "#").removesuffix("#"))
    except ValueError:
        return base


def _parse_item_by_item(document: FeedDocument, base: LinkBase) -> tuple[Any, list[Any], tuple[str, ...]]:
    """Return the channel, the items, and the items that cannot be read.

    Each item is parsed alone, so that an item on which feedparser raises does not cost its neighbours.
    """
    head, raw_items, tail = document.items()
    try:
        channel = _run_feedparser(head + tail, base)
    except _FAULTS as error:
        raise FeedUnreadable("parse_error", f"feedparser: {type(error).__name__}") from error
    items: list[Any] = []
    unreadable: list[str] = []
    for raw in raw_items:
        try:
            found = list(_run_feedparser(head + raw + tail, base).entries)
        except _FAULTS:
            found = []
        items += found
        unreadable += [] if found else [raw]
    return channel, items, tuple(unreadable)


def _explain_not_a_feed(text: str) -> FeedUnreadable:
    head = text[:2000].lower()
    if "<html" in head or "<!doctype html" in head or "<body" in head:
        return FeedUnreadable("html_instead_of_feed", "an HTML page stands at the feed's address")
    return FeedUnreadable("not_a_feed", "neither RSS nor Atom")
