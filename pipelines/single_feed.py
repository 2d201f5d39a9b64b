"""A feed in the place of a list of feeds: RSS, Atom, a JSON Feed or a news sitemap."""

import json
import re
from html import unescape
from typing import Any

from schemas.identity import sha256_hex
from schemas.records import Feed
from transforms.util.errors import UserError
from transforms.web.messages import MAX_FEED_BYTES

_BEGINS = (b"<", b"{", b"\x1f\x8b", b"\xff\xfe", b"\xfe\xff")
"""How a feed begins; the third with gzip, the last ones in UTF-16. Other documents need no reader of feeds,
which loads NumPy."""
_BLANK = b"\xef\xbb\xbf \t\r\n"
_ROOTS = frozenset({"rss", "rdf", "feed", "urlset"})
_JSON_FEED = "https://jsonfeed.org/version/"
_HEAD_CHARACTERS = 100_000
_FIRST_ITEM = re.compile(r"<(?:\w+:)?(?:item|entry)\b")
_LINK = re.compile(r"<(?:\w+:)?link\b[^<>]*>")
_SELF = re.compile(r"""\brel\s*=\s*["']self["']""")
_WITH_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]+)"|'([^']+)')""")


class FeedTooLarge(UserError):
    """A file holds a feed without an address, and more bytes than a feed may have."""


def read_single_feed(data: bytes, source: str) -> Feed | str | None:
    """Return what a document says of the feed that it is: its address; or, where it says none, the feed
    itself with its document. None where it is no feed.

    The id of a feed without an address is made from the document alone, so that the same file gives the same
    ledger on each machine, and no path of a machine is published.

    Args:
        data: the document.
        source: where it was read. An address is polled itself. A file may say its address: a link with
            ``rel="self"``, or ``feed_url`` of a JSON Feed.

    Raises:
        FeedTooLarge: a feed without an address has more bytes than a polled one may have.
    """
    if not data.lstrip(_BLANK).startswith(_BEGINS):
        return None
    from transforms.feeds.sanitise import FeedUnreadable, read_feed_text
    from transforms.feeds.structure import root_name

    try:
        text = read_feed_text(data)
    except FeedUnreadable:
        return None
    json_feed = _json_feed(text)
    if json_feed is None and root_name(text) not in _ROOTS:
        return None
    if re.match(r"https?://", source):
        return source
    own = _self_link(text) if json_feed is None else json_feed.get("feed_url")
    if isinstance(own, str) and _WITH_SCHEME.match(own.strip()):
        return own.strip()
    if len(data) > MAX_FEED_BYTES:
        raise FeedTooLarge(
            f"{source} is a feed that does not say its address, and it has more than "
            f"{MAX_FEED_BYTES // 2**20} MB; give the address, or a list of addresses"
        )
    return Feed(f"urn:sha256:{sha256_hex(data)}", document=data)


def _json_feed(text: str) -> dict[str, Any] | None:
    if not text.startswith("{"):
        return None
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return None
    is_feed = isinstance(read, dict) and str(read.get("version", "")).startswith(_JSON_FEED)
    return read if is_feed else None


def _self_link(text: str) -> str | None:
    """Return the address that the head of a feed says is its own. Links of its items are others."""
    head = _FIRST_ITEM.split(text[:_HEAD_CHARACTERS], maxsplit=1)[0]
    for link in _LINK.findall(head):
        found = _HREF.search(link)
        if found and _SELF.search(link):
            return unescape(found.group(1) or found.group(2))
    return None
