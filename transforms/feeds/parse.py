"""Feeds: bytes to entries. The one place that imports feedparser.

feedparser opens what looks like a path or a URL, whether it comes as ``str`` or as bytes, so it is
only ever given ``BytesIO``. Its HTML sanitiser is off: it is quadratic, and no HTML is rendered here.
"""

import io
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser

from schemas.identity import digest, parse_instant
from schemas.records import Feed, FeedEntry
from transforms.feeds.sanitise import FeedDocument, FeedUnreadable, prepare_feed
from transforms.util.text import clean_text, one_line, strip_markup
from transforms.util.urls import NotAnArticleURL, canonical_url, request_url

_MAX_TITLE = 1_000
_MAX_SUMMARY = 20_000
_MAX_CONTENT = 200_000
_MAX_DATE = 100
_LATEST_H = 48  # a feed may be ahead of us by its offset and its clock, not by more
_PERIODS_S = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_FAULTS = (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError)
_HEAD = b"<?xml version='1.0' encoding='utf-8'?>"


@dataclass(frozen=True, slots=True)
class RefusedItem:
    """An item that can't be read, with the words of it."""

    entry_id: str
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """The entries of one feed document, the items that became none, and how often it says to ask.

    ``period_s``: seconds, of ``ttl`` or ``sy:updatePeriod``.
    """

    title: str | None
    entries: tuple[FeedEntry, ...]
    without_identity: int = 0
    repeated: int = 0
    beyond_cap: int = 0
    refused: tuple[RefusedItem, ...] = ()
    period_s: float | None = None


def parse_feed(body: bytes, feed: Feed, charset: str | None = None, seen_at: str | None = None) -> ParsedFeed:
    """Return the entries of an RSS 0.9x, 1.0, 2.0 or Atom document.

    A document can cost what no limit in here bounds, so callers run this in ``transforms.util.sandbox``.

    Args:
        body: the document as it came.
        feed: the feed that it belongs to.
        charset: the charset of the HTTP header, if any.
        seen_at: when it was seen; a date more than 48 hours later is not believed.

    Raises:
        FeedUnreadable: it is not a feed.
    """
    document = prepare_feed(body, charset)
    refused = [_refused(feed, reason, raw) for reason, raw in document.refused]
    try:
        parsed, items = _parse(document.text), None
    except _FAULTS:
        parsed, items = _parse_item_by_item(document, feed, refused)
    if not parsed.get("version"):
        raise FeedUnreadable(*_what_it_is(document.text))
    items = parsed.entries if items is None else items
    ids = [str(item.get("id") or "") for item in items]
    times = Counter(ids)
    unique = {i for i, n in times.items() if i and n == 1}
    title = one_line(strip_markup(str(parsed.feed.get("title", "")))) or None
    language = feed.language or _primary(str(parsed.feed.get("language", "")))
    flags = ["nested_item"] if re.search(r"<item\b[^>]*>(?:(?!</item).)*<item\b", document.text, re.S) else []
    found: list[FeedEntry] = []
    without_identity = repeated = 0
    seen: set[str] = set()
    for item, guid in zip(items, ids, strict=True):
        entry = _entry(item, guid if guid in unique else "", feed, title, language, seen_at, flags)
        if entry is None:
            without_identity += 1
        elif entry.entry_id in seen:
            repeated += 1
        else:
            seen.add(entry.entry_id)
            found.append(entry)
    return ParsedFeed(
        title,
        tuple(found),
        without_identity,
        repeated,
        document.beyond_cap,
        tuple(refused),
        _period(parsed.feed),
    )


def _parse(text: str) -> Any:
    data = _HEAD + text.encode("utf-8", "replace")
    return feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)


def _parse_item_by_item(
    document: FeedDocument, feed: Feed, refused: list[RefusedItem]
) -> tuple[Any, list[Any]]:
    """Parse each item alone, so that the one that feedparser raises on costs no neighbour."""
    head, raw_items, tail = document.items()
    try:
        parsed = _parse(head + tail)
    except _FAULTS as error:
        raise FeedUnreadable("parse_error", f"feedparser: {type(error).__name__}") from error
    items: list[Any] = []
    for raw in raw_items:
        try:
            items += _parse(head + raw + tail).entries
        except _FAULTS:
            refused.append(_refused(feed, "parse_error", raw))
    return parsed, items


def _refused(feed: Feed, reason: str, raw: str) -> RefusedItem:
    return RefusedItem(digest("refused", feed.feed_url, raw), reason, raw[:_MAX_SUMMARY])


def _period(channel: Any) -> float | None:
    """Return how often a feed says it is worth asking, seconds. Values such as "0.1" and "always" occur."""
    ttl = re.fullmatch(r"\s*(\d{1,6})\s*", str(channel.get("ttl", "")))
    if ttl and int(ttl.group(1)):
        return float(ttl.group(1)) * 60
    period = _PERIODS_S.get(str(channel.get("sy_updateperiod", "")).strip().lower())
    times = re.fullmatch(r"\s*(\d{1,4})\s*", str(channel.get("sy_updatefrequency", "1")))
    return period / max(1, int(times.group(1))) if period and times else None


def _what_it_is(text: str) -> tuple[str, str]:
    head = text[:2000].lower()
    if "<html" in head or "<!doctype html" in head or "<body" in head:
        return "html_instead_of_feed", "an HTML page stands at the feed's address"
    return "not_a_feed", "neither RSS nor Atom"


def _entry(
    item: Any,
    guid: str,
    feed: Feed,
    feed_title: str | None,
    language: str | None,
    seen_at: str | None,
    common_flags: list[str],
) -> FeedEntry | None:
    whole_title = strip_markup(str(item.get("title", "")))
    title = one_line(whole_title, _MAX_TITLE)
    summary = strip_markup(str(item.get("summary", "")))[:_MAX_SUMMARY].strip() or None
    contents = [str(c.get("value", "")) for c in item.get("content", ()) if c.get("value")]
    content = max(map(strip_markup, contents), key=len, default="")[:_MAX_CONTENT] or None
    link, flags = _link(item, guid, feed.feed_url)
    flags += common_flags
    if len(whole_title) > _MAX_TITLE:
        flags.append("title_cut")
    article_url = None
    if link is not None:
        try:
            article_url = canonical_url(link, feed.feed_url)
            link = request_url(link, feed.feed_url)
        except NotAnArticleURL as error:
            flags.append(error.reason)
    identity = guid or article_url or title or summary
    if not identity:
        return None
    published = _instant(item, seen_at, "published", "created")
    # feedparser lends an item without the one date the other.
    updated = _instant(item, seen_at, "updated") if dict.__contains__(item, "updated") else _Date()
    if published.at is None and published.raw is None:
        published = updated
    if published.raw is not None:
        flags.append("date_suspect")
    return FeedEntry(
        feed_url=feed.feed_url,
        entry_id=digest("entry", feed.feed_url, identity),
        entry_hash=digest(title, summary, content, updated.at),
        article_url=article_url,
        link=link,
        source_name=feed.source_name or feed_title,
        title=title,
        summary=summary,
        content=content,
        author=one_line(str(item.get("author", "")), 200) or None,
        published_at=published.at,
        published_offset_minutes=published.offset_minutes,
        updated_at=updated.at,
        language=_primary(str(item.get("language", ""))) or language,
        flags=flags,
        alias=digest("alias", title.lower(), published.at) if title and published.at else None,
        published_raw=published.raw,
    )


def _link(item: Any, guid: str, base: str) -> tuple[str | None, list[str]]:
    for link in item.get("links", ()):
        if link.get("rel", "alternate") == "alternate" and link.get("href"):
            return clean_text(str(link["href"])), []
    if item.get("link"):
        return clean_text(str(item["link"])), []
    if re.match(r"https?://", guid):
        return clean_text(guid), ["link_from_guid"]
    return None, ["no_link"]


def _primary(tag: str) -> str | None:
    match = re.match(r"[A-Za-z]{2,3}(?=$|[-_])", tag.strip())
    return match.group(0).lower() if match else None


@dataclass(frozen=True, slots=True)
class _Date:
    """A date of an item: the instant in UTC and the offset it was written in, or what could not be
    believed."""

    at: str | None = None
    offset_minutes: int | None = None
    raw: str | None = None


def _instant(item: Any, seen_at: str | None, *names: str) -> _Date:
    """Return a date of an item.

    Strict: RFC 822 or RFC 3339 with a plausible offset, from 2000 to two days from when it was seen.
    feedparser alone reads junk such as ``-0001-01-01`` as a date of this century, and no relative date
    is ever guessed.
    """
    for name in names:
        raw = str(item.get(name) or "").strip()
        if not raw:
            continue
        moment, seen = parse_date(raw), parse_instant(seen_at)
        if moment is None or (seen is not None and moment > seen + timedelta(hours=_LATEST_H)):
            return _Date(raw=one_line(raw, _MAX_DATE) or "?")
        offset = moment.utcoffset() or timedelta()
        at = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return _Date(at, int(offset.total_seconds() // 60))
    return _Date()


_ISO = re.compile(r"^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)? ?(Z|[+-]\d\d:?\d\d)?)?$")
_RFC822 = re.compile(
    r"^(?:[A-Za-z]{3,9},? +)?\d{1,2} +[A-Za-z]{3,9}\.? +\d{2,4} +\d{1,2}:\d\d(?::\d\d)? +"
    r"(?:[A-Za-z]{1,5}|[+-]\d{4})$"
)


def parse_date(raw: str) -> datetime | None:
    """Return the instant of an RFC 3339 or RFC 822 date, or None: strict, from 2000, offsets -12 to +14 h."""
    moment: datetime | None = None
    try:
        if _ISO.match(raw):
            moment = parse_instant(raw.replace(" ", "T", 1).replace(" ", ""))
        elif _RFC822.match(raw):
            moment = parsedate_to_datetime(raw)  # takes 0001 for 2001
            if re.search(r"\b0\d{3} ", raw):
                return None
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=UTC)  # RFC 5322: -0000 and unknown names
    except (ValueError, TypeError, OverflowError):
        return None
    if moment is None:
        return None
    offset = moment.utcoffset() or timedelta()
    if not timedelta(hours=-12) <= offset <= timedelta(hours=14):
        return None
    try:
        return moment if moment.astimezone(UTC).year >= 2000 else None
    except OverflowError:
        return None
