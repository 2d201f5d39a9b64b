"""News sitemaps: the list of the latest articles that many outlets keep instead of a feed.

https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

import html
import re
from typing import Any

from lxml import etree

from transforms.feeds.items import FeedItems
from transforms.feeds.links import LinkBase
from transforms.feeds.sanitise import MAX_ENTRIES, FeedDocument, FeedUnreadable
from transforms.feeds.structure import root_name


def is_sitemap(document: FeedDocument) -> bool:
    """Return whether the root of a document is that of a sitemap."""
    return root_name(document.text) == "urlset"


def read_news_sitemap(document: FeedDocument, address: str) -> FeedItems:
    """Return the channel and the items of a news sitemap. Each address of it is an item.

    Args:
        document: the document.
        address: the address that answered.

    Raises:
        FeedUnreadable: it lists pages, but no news.
    """
    parser = etree.XMLParser(recover=True, no_network=True, resolve_entities=False, remove_comments=True)
    root = etree.fromstring(document.text.encode("utf-8", "replace"), parser)
    pages = [_fields_of(element) for element in root if _name(element) == "url"] if root is not None else []
    if not any("title" in page or "publication_date" in page for page in pages):
        raise FeedUnreadable("not_a_feed", "a sitemap without news")
    first = next(page for page in pages if "title" in page or "publication_date" in page)
    return FeedItems(
        channel={"title": html.escape(first.get("name", "")), "language": first.get("language", "")},
        items=[_read_item(page) for page in pages[:MAX_ENTRIES]],
        base=LinkBase(address),
        beyond_cap=max(0, len(pages) - MAX_ENTRIES),
    )


def _fields_of(page: Any) -> dict[str, str]:
    """Return the text of each element of a page's entry by its name. Its picture and video have names of
    theirs."""
    fields: dict[str, str] = {}
    for element in page.iter():
        namespace = str(etree.QName(element).namespace or "")
        if len(element) == 0 and element.text and not re.search(r"/(?:sitemap-)?(?:image|video)/", namespace):
            fields.setdefault(_name(element), element.text.strip())
    return fields


def _name(element: Any) -> str:
    return str(etree.QName(element).localname).lower() if isinstance(element.tag, str) else ""


def _read_item(page: dict[str, str]) -> dict[str, Any]:
    item: dict[str, Any] = {
        "title": html.escape(page.get("title", ""), quote=False),
        "links": [{"rel": "alternate", "href": page.get("loc", "")}],
        "published": page.get("publication_date", ""),
        "language": page.get("language", ""),
    }
    if page.get("lastmod"):
        item["updated"] = page["lastmod"]
    return item
