"""The user's list of feeds: a YAML file, an OPML file, or a URL or file with one feed URL a line."""

import re
import reprlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from apache_beam.io.filesystem import BeamIOError
from apache_beam.io.filesystems import FileSystems
from lxml import etree

from schemas.records import Feed
from transforms.util.errors import FetchFailed, UserError
from transforms.web.client import HttpFetcher
from transforms.web.failures import check_url
from transforms.web.messages import FetchPolicy, Request

_MAX_BYTES = 5_000_000
"""YAML and OPML are parsed as a whole: a larger list needs too much memory."""
_MAX_PLAIN_BYTES = 200_000_000
"""The limit for a plain list, one feed URL a line, which needs no parser."""
_FEED_KEYS = {"url", "name", "language"}


class FeedListInvalid(UserError):
    """A list of feeds that cannot be used."""


def read_feed_list(source: str, policy: FetchPolicy) -> list[Feed]:
    """Return the feeds of a list, each URL once, in the order of the list.

    Args:
        source: a path, an http(s) URL, or the URL of an object in a store such as gs://.
        policy: how to fetch a list that lies on the web.

    Raises:
        FeedListInvalid: it is missing, empty, or not a list of feeds.
    """
    text = _read(source, policy)
    if not text.strip():
        raise FeedListInvalid(f"the feed list {source} is empty")
    try:
        feeds = list(_parse(text, source))
    except FeedListInvalid:
        raise
    except (ValueError, yaml.YAMLError, etree.XMLSyntaxError) as error:
        raise FeedListInvalid(f"the feed list {source} cannot be read: {_one_line(error)}") from error
    by_url: dict[str, Feed] = {}
    for feed in feeds:
        by_url.setdefault(feed.feed_url, feed)
    if not by_url:
        raise FeedListInvalid(f"the feed list {source} names no feed")
    return list(by_url.values())


def _read(source: str, policy: FetchPolicy) -> str:
    if re.match(r"https?://", source):
        fetcher = HttpFetcher(policy)
        try:
            answer = fetcher.get_all([Request(source, _MAX_BYTES)])[0]
        finally:
            fetcher.close()
        if isinstance(answer, FetchFailed):
            raise FeedListInvalid(f"the feed list {source} cannot be fetched: {answer}")
        return answer.body.decode("utf-8-sig", "replace")
    if "://" in source:
        return _read_object(source)
    path = Path(source)
    try:
        limit = _MAX_PLAIN_BYTES if _is_plain(path) else _MAX_BYTES
        if path.stat().st_size > limit:
            raise FeedListInvalid(f"the feed list {source} is larger than {limit // 1_000_000} MB")
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise FeedListInvalid(f"no feed list at {source}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise FeedListInvalid(f"the feed list {source} cannot be read: {_one_line(error)}") from error


def _read_object(source: str) -> str:
    """Return the text of a list in an object store."""
    try:
        with FileSystems.open(source) as file:
            content: bytes = file.read(_MAX_BYTES + 1)
    except (OSError, BeamIOError, ValueError) as error:
        raise FeedListInvalid(f"the feed list {source} cannot be read: {_one_line(error)}") from error
    if len(content) > _MAX_BYTES:
        raise FeedListInvalid(f"the feed list {source} is larger than {_MAX_BYTES // 1_000_000} MB")
    return content.decode("utf-8-sig", "replace")


def _is_plain(path: Path) -> bool:
    """Return whether a file has one feed URL a line: it is not named as YAML and does not begin as XML."""
    if path.suffix.lower() in (".yaml", ".yml"):
        return False
    with path.open("rb") as file:
        return not file.read(1_000).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _parse(text: str, source: str) -> Iterable[Feed]:
    if text.lstrip().startswith("<"):
        return list(_from_opml(text))
    suffix = source.rpartition(".")[2].lower()
    if suffix in ("yaml", "yml"):
        return list(_from_yaml(text))
    lines = [line.strip() for line in text.splitlines()]
    return [_feed(line) for line in lines if line and not line.startswith("#")]


def _from_yaml(text: str) -> Iterable[Feed]:
    raw: Any = yaml.safe_load(text)
    if isinstance(raw, dict):
        unknown = set(raw) - {"feeds"}
        if unknown or "feeds" not in raw:
            raise FeedListInvalid(f"a feed list has the key 'feeds' only, not {sorted(raw)}")
        raw = raw["feeds"]
    if not isinstance(raw, list):
        raise FeedListInvalid(f"a feed list must be a list, not {type(raw).__name__}")
    for item in raw:
        if isinstance(item, str):
            yield _feed(item)
        elif isinstance(item, dict) and isinstance(item.get("url"), str):
            unknown = set(item) - _FEED_KEYS
            if unknown:
                raise FeedListInvalid(f"unknown key {sorted(unknown)[0]!r} at {item['url']}")
            yield _feed(item["url"], item.get("name"), item.get("language"))
        else:
            raise FeedListInvalid(f"a feed is a URL or has a 'url': {reprlib.repr(item)[:80]}")


def _from_opml(text: str) -> Iterable[Feed]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(text.encode(), parser)
    if root.tag.lower() != "opml":
        raise FeedListInvalid(f"an XML feed list must be OPML, not <{root.tag}>")
    for outline in root.iter("outline"):
        url = outline.get("xmlUrl")
        if url:
            yield _feed(url, outline.get("title") or None)


def _feed(url: str, name: str | None = None, language: str | None = None) -> Feed:
    try:
        check_url(url)
    except FetchFailed as error:
        raise FeedListInvalid(f"not a feed URL: {url[:120]!r} ({error})") from None
    if "@" in urlsplit(url).netloc:
        raise FeedListInvalid(f"a feed URL must not hold a user name or password: {urlsplit(url).hostname}")
    return Feed(url, str(name) if name else None, str(language) if language else None)


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
