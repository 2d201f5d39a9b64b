"""Feeds: bytes to entries. RSS, Atom, JSON Feed and news sitemaps are read."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.identity import digest
from schemas.records import Feed, FeedEntry
from transforms.feeds.dates import AHEAD_FLAG, SUSPECT_FLAG, ItemDate, confirms, read_item_date
from transforms.feeds.items import FeedItems
from transforms.feeds.json_feed import read_json_feed
from transforms.feeds.links import ItemLink, LinkBase, find_link
from transforms.feeds.news_sitemap import is_sitemap, read_news_sitemap
from transforms.feeds.sanitise import MAX_ENTRIES, FeedUnreadable, prepare_feed, read_feed_text
from transforms.feeds.titles import without_comment_count
from transforms.feeds.xml_feed import read_xml_feed
from transforms.util.text import one_line, strip_markup

__all__ = ["FeedUnreadable", "ParsedFeed", "RefusedItem", "parse_feed"]

_MAX_TITLE_CHARACTERS = 1_000
_MAX_SUMMARY_CHARACTERS = 20_000
_MAX_CONTENT_CHARACTERS = 200_000
_MAX_AUTHOR_CHARACTERS = 200
_PERIOD_SECONDS = {
    "hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000,
}  # fmt: skip
_CDATA_MARK = re.compile(r"<!\[CDATA\[|\]\]>")


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
    address: str | None = None,
    server_time: str | None = None,
) -> ParsedFeed:
    """Return the entries of an RSS 0.9x, 1.0, 2.0 or Atom document, a JSON Feed or a news sitemap.

    A hostile document can take unlimited time and memory, so callers run this in ``transforms.util.sandbox``.

    Args:
        body: the document as it was sent.
        feed: the feed that it belongs to.
        charset: the charset of the HTTP header, if any.
        seen_at: when it was fetched, ISO 8601; a date more than 48 hours later is not credible.
        address: the address that answered, after redirects; None: that of the feed.
        server_time: when its server said that it was fetched, ISO 8601, if it said so.

    Raises:
        FeedUnreadable: it is not a feed.
    """
    document = _read_document(read_feed_text(body, charset), address or feed.feed_url)
    refused = [_refuse_item(feed, reason, raw) for reason, raw in document.refused]
    refused += [_refuse_item(feed, "parse_error", raw) for raw in document.unreadable]
    items = document.items[:MAX_ENTRIES]
    reader = _ItemReader(
        feed=feed,
        feed_title=one_line(_plain(document.channel, "title")) or None,
        language=feed.language or _language_tag(str(document.channel.get("language", ""))),
        seen_at=seen_at,
        is_clock_confirmed=confirms(server_time, seen_at),
        document_flags=document.flags,
    )
    guids = _identifying_guids(items, document.base)
    links = [find_link(item, guid, document.base) for item, guid in zip(items, guids, strict=True)]
    uses = Counter(link.article_url for link in links)
    entries: dict[str, FeedEntry] = {}
    without_identity = repeated = 0
    for item, guid, link in zip(items, guids, links, strict=True):
        entry = reader.read(item, guid, link, shares_link=uses[link.article_url] > 1)
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
        beyond_cap=document.beyond_cap + len(document.items) - len(items),
        refused=tuple(refused),
        period_s=_read_period(document.channel),
    )


def _read_document(text: str, address: str) -> FeedItems:
    if text[0] in "{[":
        return read_json_feed(text, address)
    document = prepare_feed(text)
    return read_news_sitemap(document, address) if is_sitemap(document) else read_xml_feed(document, address)


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


@dataclass(frozen=True, slots=True)
class _ItemReader:
    """Reads the items of one document. What all of them share is in its fields."""

    feed: Feed
    feed_title: str | None
    language: str | None
    seen_at: str | None
    is_clock_confirmed: bool
    document_flags: tuple[str, ...]

    def read(
        self, item: Mapping[str, Any], guid: str, link: ItemLink, *, shares_link: bool
    ) -> FeedEntry | None:
        """Return the entry of an item, or None where the item has nothing that identifies it.

        Args:
            item: the item, with the names of feedparser.
            guid: its guid; empty where it has none or shares it.
            link: its link.
            shares_link: another item has the same link.
        """
        whole_title = _plain(item, "title")
        title = one_line(whole_title, _MAX_TITLE_CHARACTERS)
        summary = _plain(item, "summary")[:_MAX_SUMMARY_CHARACTERS].strip() or None
        content = _longest_content(item)
        flags = [*link.flags, *self.document_flags]
        if len(whole_title) > _MAX_TITLE_CHARACTERS:
            flags.append("title_cut")
        identity = guid or link.article_url or title or summary or content
        if not guid and link.article_url and shares_link:  # such as bulletins that all point to one page
            identity = "\n".join((link.article_url, title or summary or ""))
        if not identity:
            return None
        published, updated = self._read_dates(item)
        if published.raw is not None:
            flags.append(SUSPECT_FLAG)
        if published.is_ahead and not self.is_clock_confirmed:
            flags.append(AHEAD_FLAG)
        # The number of comments in a title changes with each poll and says nothing of the article.
        story = without_comment_count(title)
        return FeedEntry(
            feed_url=self.feed.feed_url,
            entry_id=digest("entry", self.feed.feed_url, identity),
            entry_hash=digest(story, summary, content, updated.at),
            article_url=link.article_url,
            link=link.address,
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
            alias=digest("alias", story.lower(), published.at) if title and published.at else None,
            published_raw=published.raw,
        )

    def _read_dates(self, item: Mapping[str, Any]) -> tuple[ItemDate, ItemDate]:
        """Return when an item was published and updated. The update replaces a missing publication."""
        published = self._read_date(item, "published", "created")
        # Where one of the two dates is missing, feedparser's get() returns the other one in its place.
        updated = self._read_date(item, "updated") if "updated" in set(item) else ItemDate()
        if published.at is None and published.raw is None:
            published = updated
        return published, updated

    def _read_date(self, item: Mapping[str, Any], *names: str) -> ItemDate:
        """Return the date of the first of these fields that is not empty."""
        texts = (_without_cdata(str(item.get(name) or "")).strip() for name in names)
        raw = next(filter(None, texts), None)
        return ItemDate() if raw is None else read_item_date(raw, self.seen_at)


def _identifying_guids(items: Sequence[Mapping[str, Any]], base: LinkBase) -> list[str]:
    """Return the guid of each item as the document wrote it. A guid that several items share identifies
    none."""
    guids = [base.written(_without_cdata(str(item.get("id") or ""))) for item in items]
    uses = Counter(guids)
    return [guid if uses[guid] == 1 else "" for guid in guids]


def _plain(fields: Mapping[str, Any], name: str) -> str:
    """Return the text of a field of HTML."""
    return strip_markup(_without_cdata(str(fields.get(name) or "")))


def _without_cdata(value: str) -> str:
    """Return a text without the marks of CDATA that it holds. Some feeds escape them, so that they are
    text."""
    return _CDATA_MARK.sub("", value)


def _longest_content(item: Mapping[str, Any]) -> str | None:
    values = [_plain(part, "value") for part in item.get("content", ())]
    return max(values, key=len, default="")[:_MAX_CONTENT_CHARACTERS] or None


def _language_tag(tag: str) -> str | None:
    """Return the primary subtag of a language tag, "en" of "en-GB", or None where it is not a tag."""
    match = re.match(r"[A-Za-z]{2,3}(?=$|[-_])", tag.strip())
    return match.group(0).lower() if match else None
