"""JSON Feed, versions 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import html
import json
from collections.abc import Mapping
from typing import Any

from transforms.feeds.items import FeedItems
from transforms.feeds.links import LinkBase
from transforms.feeds.sanitise import MAX_ENTRIES, FeedUnreadable

_VERSION = "jsonfeed.org/version/1"


def read_json_feed(text: str, address: str) -> FeedItems:
    """Return the channel and the items of a JSON Feed.

    Args:
        text: the document.
        address: the address that answered.

    Raises:
        FeedUnreadable: it is another JSON document, or not JSON.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FeedUnreadable("not_a_feed", "damaged JSON") from error
    if not isinstance(document, dict) or _VERSION not in str(document.get("version", "")):
        raise FeedUnreadable("unsupported_format", "a JSON document that is not a JSON Feed")
    items = document.get("items")
    if not isinstance(items, list):
        raise FeedUnreadable("unsupported_format", "a JSON Feed without items")
    read = [item for item in items[:MAX_ENTRIES] if isinstance(item, dict)]
    home = _text(document, "home_page_url")
    return FeedItems(
        channel={"title": html.escape(_text(document, "title")), "language": _text(document, "language")},
        items=[_read_item(item) for item in read],
        base=LinkBase(home if home.startswith(("http://", "https://")) else address),
        unreadable=tuple(json.dumps(item) for item in items[:MAX_ENTRIES] if not isinstance(item, dict)),
        beyond_cap=max(0, len(items) - MAX_ENTRIES),
    )


def _read_item(item: Mapping[str, Any]) -> dict[str, Any]:
    links = [
        {"rel": "alternate", "href": link} for name in ("url", "external_url") if (link := _text(item, name))
    ]
    content = _text(item, "content_html") or html.escape(_text(item, "content_text"), quote=False)
    return {
        "id": _text(item, "id"),
        "title": html.escape(_text(item, "title"), quote=False),
        "links": links,
        "summary": html.escape(_text(item, "summary"), quote=False),
        "content": [{"value": content}] if content else [],
        "published": _text(item, "date_published"),
        "updated": _text(item, "date_modified"),
        "author": _authors(item),
        "language": _text(item, "language"),
    }


def _authors(item: Mapping[str, Any]) -> str:
    """Return the names of the authors: version 1.1 has a list, version 1.0 one object."""
    authors = item.get("authors")
    found = authors if isinstance(authors, list) else [item.get("author")]
    return ", ".join(name for author in found if isinstance(author, dict) and (name := _text(author, "name")))


def _text(fields: Mapping[str, Any], name: str) -> str:
    """Return a field as text, or nothing where it is missing or no plain value. A guid may be a number."""
    value = fields.get(name)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
