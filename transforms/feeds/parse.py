"""Feeds: bytes to entries. The only module that imports feedparser.

feedparser opens a text that looks like a path or a URL, whether it is ``str`` or bytes. So it only ever gets
``BytesIO``. Its HTML sanitiser is off: it takes quadratic time, and this project renders no HTML of feeds.
"""

import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import feedparser

from schemas.identity import digest
from schemas.records import Feed, FeedEntry
from transforms.feeds.dates import AHEAD_FLAG, SUSPECT_FLAG, ItemDate, confirms, read_item_date
from transforms.feeds.sanitise import FeedDocument, FeedUnreadable, prepare_feed
from transforms.util.text import clean_text, one_line, strip_markup
from transforms.util.urls import NotAnArticleURL, canonical_url, request_url

_MAX_TITLE_CHARACTERS = 1_000
_MAX_SUMMARY_CHARACTERS = 20_000
_MAX_CONTENT_CHARACTERS = 200_000
_MAX_AUTHOR_CHARACTERS = 200
_PERIOD_SECONDS = {
    "hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000,
}  # fmt: skip
_FEEDPARSER_FAULTS = (
    ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError,
)  # fmt: skip
_XML_DECLARATION = b"<?xml version='1.0' encoding='utf-8'?>"
_NESTED_ITEM = re.compile(r"<item\b[^>]*>(?:(?!</item).)*<item\b", re.S)


@dataclass(frozen=True, slots=True)
class RefusedItem:
    """An item that cannot be read. ``raw``: its text, cut."""

    entry_id: str
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """The entries of one feed document, and what else it holds.

    ``without_identity``, ``repeated``, ``beyond_cap``: the number of items that became no entry, because they
    have no text and no link, because they have the identity of an earlier item, or because the document has
    more items than are read. ``refused``: items that cannot be read. ``period_s``: how often the feed says it
    is worth polling, in seconds, from ``ttl`` or ``sy:updatePeriod``.
    """

    title: str | None
    entries: tuple[FeedEntry, ...]
    without_identity: int = 0
    repeated: int = 0
    beyond_cap: int = 0
    refused: tuple[RefusedItem, ...] = ()
    period_s: float | None = None


def parse_feed(
    body: bytes,
    feed: Feed,
    charset: str | None = None,
    seen_at: str | None = None,
    server_time: str | None = None,
) -> ParsedFeed:
    """Return the entries of an RSS 0.9x, 1.0, 2.0 or Atom document.

    A hostile document can take unlimited time and memory, so callers run this in ``transforms.util.sandbox``.

    Args:
        body: the document as it was sent.
        feed: the feed that it belongs to.
        charset: the charset of the HTTP header, if any.
        seen_at: when it was fetched, ISO 8601; a date more than 48 hours later is not credible.
        server_time: when its server said that it was fetched, ISO 8601, if it said so.

    Raises:
        FeedUnreadable: it is not a feed.
    """
    document = prepare_feed(body, charset)
    refused = [_refuse_item(feed, reason, raw) for reason, raw in document.refused]
    try:
        parsed = _run_feedparser(document.text)
    except _FEEDPARSER_FAULTS:
        parsed, items, unreadable = _parse_item_by_item(document, feed)
        refused += unreadable
    else:
        items = parsed.entries
    if not parsed.get("version"):
        raise _explain_not_a_feed(document.text)
    guids = [str(item.get("id") or "") for item in items]
    uses = Counter(guids)
    reader = _ItemReader(
        feed=feed,
        feed_title=one_line(strip_markup(str(parsed.feed.get("title", "")))) or None,
        language=feed.language or _language_tag(str(parsed.feed.get("language", ""))),
        seen_at=seen_at,
        is_clock_confirmed=confirms(server_time, seen_at),
        document_flags=("nested_item",) if _NESTED_ITEM.search(document.text) else (),
    )
    entries: dict[str, FeedEntry] = {}
    without_identity = repeated = 0
    for item, guid in zip(items, guids, strict=True):
        # A guid that several items share identifies none of them.
        entry = reader.read(item, guid if uses[guid] == 1 else "")
        if entry is None:
            without_identity += 1
        elif entry.entry_id in entries:
            repeated += 1
        else:
            entries[entry.entry_id] = entry
    return ParsedFeed(
        title=reader.feed_title,
        entries=tuple(entries.values()),
        without_identity=without_identity,
        repeated=repeated,
        beyond_cap=document.beyond_cap,
        refused=tuple(refused),
        period_s=_read_period(parsed.feed),
    )


def _run_feedparser(text: str) -> Any:
    data = _XML_DECLARATION + text.encode("utf-8", "replace")
    return feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)


def _parse_item_by_item(document: FeedDocument, feed: Feed) -> tuple[Any, list[Any], list[RefusedItem]]:
    """Return the channel, the items, and the items that cannot be read.

    Each item is parsed alone, so that an item on which feedparser raises does not cost its neighbours.
    """
    head, raw_items, tail = document.items()
    try:
        channel = _run_feedparser(head + tail)
    except _FEEDPARSER_FAULTS as error:
        raise FeedUnreadable("parse_error", f"feedparser: {type(error).__name__}") from error
    items: list[Any] = []
    unreadable: list[RefusedItem] = []
    for raw in raw_items:
        try:
            items += _run_feedparser(head + raw + tail).entries
        except _FEEDPARSER_FAULTS:
            unreadable.append(_refuse_item(feed, "parse_error", raw))
    return channel, items, unreadable


def _refuse_item(feed: Feed, reason: str, raw: str) -> RefusedItem:
    return RefusedItem(digest("refused", feed.feed_url, raw), reason, raw[:_MAX_SUMMARY_CHARACTERS])


def _read_period(channel: Any) -> float | None:
    """Return how often a feed says it is worth polling, in seconds.

    ``ttl`` holds minutes; ``sy:updatePeriod`` names a period and ``sy:updateFrequency`` how often in it.
    Values such as "0.1" and "always" occur; they are ignored.
    """
    ttl = re.fullmatch(r"\s*(\d{1,6})\s*", str(channel.get("ttl", "")))
    if ttl and int(ttl.group(1)):
        return float(ttl.group(1)) * 60
    period_s = _PERIOD_SECONDS.get(str(channel.get("sy_updateperiod", "")).strip().lower())
    frequency = re.fullmatch(r"\s*(\d{1,4})\s*", str(channel.get("sy_updatefrequency", "1")))
    return period_s / max(1, int(frequency.group(1))) if period_s and frequency else None


def _explain_not_a_feed(text: str) -> FeedUnreadable:
    head = text[:2000].lower()
    if "<html" in head or "<!doctype html" in head or "<body" in head:
        return FeedUnreadable("html_instead_of_feed", "an HTML page stands at the feed's address")
    return FeedUnreadable("not_a_feed", "neither RSS nor Atom")


@dataclass(frozen=True, slots=True)
class _ItemReader:
    """Reads the items of one document. What all of them share is in its fields."""

    feed: Feed
    feed_title: str | None
    language: str | None
    seen_at: str | None
    is_clock_confirmed: bool
    document_flags: tuple[str, ...]

    def read(self, item: Any, guid: str) -> FeedEntry | None:
        """Return the entry of an item, or None where the item has nothing that identifies it.

        Args:
            item: the item, as feedparser returns it.
            guid: its guid; empty where it has none or shares it.
        """
        whole_title = strip_markup(str(item.get("title", "")))
        title = one_line(whole_title, _MAX_TITLE_CHARACTERS)
        summary = strip_markup(str(item.get("summary", "")))[:_MAX_SUMMARY_CHARACTERS].strip() or None
        content = _longest_content(item)
        link, flags = _find_link(item, guid)
        flags += self.document_flags
        if len(whole_title) > _MAX_TITLE_CHARACTERS:
            flags.append("title_cut")
        article_url = None
        if link is not None:
            try:
                article_url = canonical_url(link, self.feed.feed_url)
                link = request_url(link, self.feed.feed_url)
            except NotAnArticleURL as error:
                flags.append(error.reason)
        identity = guid or article_url or title or summary
        if not identity:
            return None
        published, updated = self._read_dates(item)
        if published.raw is not None:
            flags.append(SUSPECT_FLAG)
        if published.is_ahead and not self.is_clock_confirmed:
            flags.append(AHEAD_FLAG)
        return FeedEntry(
            feed_url=self.feed.feed_url,
            entry_id=digest("entry", self.feed.feed_url, identity),
            entry_hash=digest(title, summary, content, updated.at),
            article_url=article_url,
            link=link,
            source_name=self.feed.source_name or self.feed_title,
            title=title,
            summary=summary,
            content=content,
            author=one_line(str(item.get("author", "")), _MAX_AUTHOR_CHARACTERS) or None,
            published_at=published.at,
            published_offset_minutes=published.offset_minutes,
            updated_at=updated.at,
            language=_language_tag(str(item.get("language", ""))) or self.language,
            flags=flags,
            alias=digest("alias", title.lower(), published.at) if title and published.at else None,
            published_raw=published.raw,
        )

    def _read_dates(self, item: Any) -> tuple[ItemDate, ItemDate]:
        """Return when an item was published and updated. The update replaces a missing publication."""
        published = self._read_date(item, "published", "created")
        # Where one of the two dates is missing, feedparser's get() returns the other one in its place.
        updated = self._read_date(item, "updated") if dict.__contains__(item, "updated") else ItemDate()
        if published.at is None and published.raw is None:
            published = updated
        return published, updated

    def _read_date(self, item: Any, *names: str) -> ItemDate:
        """Return the date of the first of these fields that is not empty."""
        texts = (str(item.get(name) or "").strip() for name in names)
        raw = next(filter(None, texts), None)
        return ItemDate() if raw is None else read_item_date(raw, self.seen_at)


def _longest_content(item: Any) -> str | None:
    values = [str(part.get("value", "")) for part in item.get("content", ()) if part.get("value")]
    return max(map(strip_markup, values), key=len, default="")[:_MAX_CONTENT_CHARACTERS] or None


def _find_link(item: Any, guid: str) -> tuple[str | None, list[str]]:
    """Return the link of an item, and flags of what was unusual about it."""
    for link in item.get("links", ()):
        if link.get("rel", "alternate") == "alternate" and link.get("href"):
            return clean_text(str(link["href"])), []
    if item.get("link"):
        return clean_text(str(item["link"])), []
    if re.match(r"https?://", guid):
        return clean_text(guid), ["link_from_guid"]
    return None, ["no_link"]


def _language_tag(tag: str) -> str | None:
    """Return the primary subtag of a language tag, "en" of "en-GB", or None where it is not a tag."""
    match = re.match(r"[A-Za-z]{2,3}(?=$|[-_])", tag.strip())
    return match.group(0).lower() if match else None
