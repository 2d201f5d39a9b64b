"""Feeds: bytes to entries. The one place that imports feedparser.

feedparser opens what looks like a path or a URL, whether it comes as ``str`` or as bytes, so it is
only ever given ``BytesIO``. Its HTML sanitiser is off: it is quadratic, and no HTML is rendered here.
"""

import gzip
import io
import re
import zlib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser
from charset_normalizer import from_bytes

from schemas.identity import digest, parse_instant
from schemas.records import Feed, FeedEntry
from transforms.faults import Unusable
from transforms.text import clean_text, one_line, strip_markup
from transforms.urls import NotAnArticleURL, canonical_url, request_url

MAX_ENTRIES = 2_000
_MAX_FEED_BYTES = 5 * 1024 * 1024
_NUMERIC = re.compile(rb"&#(x[0-9a-fA-F]{1,16}|[0-9]{1,16});?")
_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["'][^>]*\?>""")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_MAX_ATTRIBUTES = re.compile(rb"<[^<>]{200000,}")
_ENTITY = re.compile(rb"<!ENTITY")


class FeedUnreadable(Unusable):
    """A body that is no usable feed."""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """The entries of one feed document, and how many items were left out, by reason."""

    title: str | None
    entries: tuple[FeedEntry, ...]
    without_identity: int = 0
    repeated: int = 0
    beyond_cap: int = 0


def parse_feed(body: bytes, feed: Feed, charset: str | None = None) -> ParsedFeed:
    """Return the entries of an RSS 0.9x, 1.0, 2.0 or Atom document.

    Args:
        body: the document as it came, at most 5 MB.
        feed: the feed that it belongs to.
        charset: the charset of the HTTP header, if any.

    Raises:
        FeedUnreadable: it is not a feed.
    """
    prepared = _prepare(body, charset)
    try:
        parsed = feedparser.parse(io.BytesIO(prepared), sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise FeedUnreadable("parse_error", f"feedparser: {type(error).__name__}") from error
    if not parsed.get("version"):
        raise FeedUnreadable(*_what_it_is(prepared))
    items = parsed.entries[:MAX_ENTRIES]
    ids = [str(item.get("id") or "") for item in items]
    times = Counter(ids)
    unique = {i for i, n in times.items() if i and n == 1}
    title = one_line(strip_markup(str(parsed.feed.get("title", "")))) or None
    language = feed.language or _primary(str(parsed.feed.get("language", "")))
    found: list[FeedEntry] = []
    without_identity = repeated = 0
    seen: set[str] = set()
    for item, guid in zip(items, ids, strict=True):
        entry = _entry(item, guid if guid in unique else "", feed, title, language)
        if entry is None:
            without_identity += 1
        elif entry.entry_id in seen:
            repeated += 1
        else:
            seen.add(entry.entry_id)
            found.append(entry)
    beyond_cap = len(parsed.entries) - len(items)
    return ParsedFeed(title, tuple(found), without_identity, repeated, beyond_cap)


def _prepare(body: bytes, charset: str | None) -> bytes:
    if body[:2] == b"\x1f\x8b":
        try:
            body = gzip.GzipFile(fileobj=io.BytesIO(body)).read(_MAX_FEED_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise FeedUnreadable("not_a_feed", "damaged gzip") from error
    if len(body) > _MAX_FEED_BYTES:
        raise FeedUnreadable("body_too_large", "more than 5 MB")
    text = _decode(body, charset).lstrip("\ufeff \t\r\n")
    if not text:
        raise FeedUnreadable("empty_body", "the feed is empty")
    if text[0] != "<":
        known = text[0] in "{["
        raise FeedUnreadable(
            "unsupported_format" if known else "not_a_feed",
            "a JSON document" if known else "the document does not start with a tag",
        )
    data = _XML_DECLARATION.sub("", text).encode("utf-8", "replace")
    if _ENTITY.search(data):
        raise FeedUnreadable("parse_error", "the document declares entities of its own")
    if _MAX_ATTRIBUTES.search(data):
        raise FeedUnreadable("parse_error", "a tag of more than 200,000 characters")
    return b"<?xml version='1.0' encoding='utf-8'?>" + _NUMERIC.sub(_safe_reference, data)


def _decode(body: bytes, charset: str | None) -> str:
    """Decode: byte order mark, then strict UTF-8, then what is declared, then a guess; never UTF-7."""
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if body.startswith(mark):
            return body.decode(name, "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.match(body.lstrip()[:200])
    names = (declared.group(1).decode("ascii") if declared else None, charset)
    for candidate in filter(None, names):
        if candidate.lower().replace("-", "") not in ("utf7", "utf8"):
            try:
                return body.decode(candidate)
            except (LookupError, UnicodeDecodeError, ValueError):
                continue
    guess = from_bytes(body[:100_000]).best()
    return body.decode(guess.encoding if guess else "cp1252", "replace")


def _safe_reference(match: re.Match[bytes]) -> bytes:
    """Replace references to what is no character: feedparser raises on them and the feed is lost."""
    digits = match.group(1)
    code = int(digits[1:], 16) if digits[:1] == b"x" else int(digits)
    valid = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xDFFF < code <= 0x10FFFF
    return match.group(0) if valid else b"\xef\xbf\xbd"


def _what_it_is(body: bytes) -> tuple[str, str]:
    head = body[:2000].lower()
    if b"<html" in head or b"<!doctype html" in head:
        return "html_instead_of_feed", "an HTML page stands at the feed's address"
    return "not_a_feed", "neither RSS nor Atom"


def _entry(
    item: Any, guid: str, feed: Feed, feed_title: str | None, language: str | None
) -> FeedEntry | None:
    title = one_line(strip_markup(str(item.get("title", ""))))
    summary = strip_markup(str(item.get("summary", "")))[:20_000].strip() or None
    contents = [str(c.get("value", "")) for c in item.get("content", ()) if c.get("value")]
    content = max(map(strip_markup, contents), key=len, default="") or None
    link, flags = _link(item, guid, feed.feed_url)
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
    published, offset, suspect = _instant(item, "published", "created")
    updated, updated_offset, _ = _instant(item, "updated")
    if published is None:
        published, offset = updated, updated_offset
    if suspect:
        flags.append("date_suspect")
    return FeedEntry(
        feed_url=feed.feed_url,
        entry_id=digest("entry", feed.feed_url, identity),
        entry_hash=digest(title, summary, content, updated),
        article_url=article_url,
        link=link,
        source_name=feed.source_name or feed_title,
        title=title,
        summary=summary,
        content=content,
        author=one_line(str(item.get("author", "")), 200) or None,
        published_at=published,
        published_offset_minutes=offset,
        updated_at=updated,
        language=_primary(str(item.get("language", ""))) or language,
        flags=flags,
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


def _instant(item: Any, *names: str) -> tuple[str | None, int | None, bool]:
    """Return a date of an item as (UTC instant, offset in minutes, suspect).

    Strict: RFC 822 or RFC 3339 with a plausible offset. feedparser alone reads junk such as
    ``-0001-01-01`` as a date of this century, and no relative date is ever guessed.
    """
    for name in names:
        raw = str(item.get(name) or "").strip()
        if not raw:
            continue
        moment = parse_date(raw)
        if moment is None:
            return None, None, True
        offset = moment.utcoffset() or timedelta()
        return (
            moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            int(offset.total_seconds() // 60),
            False,
        )
    return None, None, False


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
            moment = parsedate_to_datetime(raw)
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
