"""The user's list of feeds: a YAML file, an OPML file, a URL or file with one feed URL a line, or one feed.

A feed that cannot be used does not stop the others. Only a list without any usable feed is refused. What only
one kind of list needs is imported there, so that a list that is missing is refused at once.
"""

import io
import re
import reprlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipelines.arguments import object_store_fault
from pipelines.json_lines import BadLine, outcome_of_lines, read_lines
from pipelines.single_feed import read_single_feed
from schemas.records import Feed
from transforms.util.errors import FetchFailed, UserError
from transforms.util.text import one_line
from transforms.web.guard import check_url
from transforms.web.messages import FetchPolicy, Request

_MAX_BYTES = 5_000_000
"""YAML and OPML are parsed as a whole: a larger list needs too much memory."""
_MAX_PLAIN_BYTES = 200_000_000
"""The limit for a plain list, one feed URL a line, which needs no parser."""
_FEED_KEYS = {"url", "name", "language"}
_BLANK = b"\xef\xbb\xbf \t\r\n"
"""What may stand before the first word of a list: a byte order mark and white space."""
_USER_INFORMATION = re.compile(r"//[^/?#]*@")


class FeedListInvalid(UserError):
    """A list of feeds that cannot be used, or a feed of it."""


class _Unreadable(ValueError):
    """A document that its parser refuses. The message is one line."""


def read_feed_list(source: str, policy: FetchPolicy, tell: Callable[[str], None] | None = None) -> list[Feed]:
    """Return the feeds of a list, each URL once, in the order of the list.

    Args:
        source: a path, an http(s) URL, or the URL of an object in a store such as gs://. Instead of a list, a
            feed may be there, which is then the only one.
        policy: how to fetch a list that lies on the web.
        tell: called with a message for each feed that cannot be used, where others can, and with their
            number; and for a feed that is not polled, because it says no address.

    Raises:
        FeedListInvalid: the list is missing, empty, no list of feeds, or without a usable feed.
        FeedTooLarge: a file is a feed that does not say its address, and too large.
    """
    data = _read(source, policy)
    if not data.strip(_BLANK):
        raise FeedListInvalid(f"the feed list {source} is empty")
    only_one = None if _is_yaml(source) else read_single_feed(data, source)
    if isinstance(only_one, Feed):
        if tell is not None:
            tell(f"{source} is a feed that does not say its address: it is read from there, and never polled")
        return [only_one]
    if only_one is not None:
        return [_feed(only_one)]
    bad_lines: list[BadLine] = []
    by_url: dict[str, Feed] = {}
    used = 0
    try:
        for number, item in _items(data, source, bad_lines):
            try:
                feed = _feed(item)
            except FeedListInvalid as error:
                bad_lines.append((number, str(error)))
                continue
            used += 1
            by_url.setdefault(feed.feed_url, feed)
    except _Unreadable as error:
        raise FeedListInvalid(f"the feed list {source} cannot be read: {error}") from error
    messages = outcome_of_lines(bad_lines, used)
    if not by_url:
        reason = messages[0] if messages else "it names none"
        raise FeedListInvalid(f"the feed list {source} names no feed that can be used: {reason}")
    for message in messages:
        if tell is not None:
            tell(f"{source}: {message}")
    return list(by_url.values())


def _read(source: str, policy: FetchPolicy) -> bytes:
    if re.match(r"https?://", source):
        return _fetch(source, policy)
    if "://" in source:
        return _read_object(source)
    path = Path(source)
    try:
        limit = _MAX_PLAIN_BYTES if _is_plain(path) else _MAX_BYTES
        if path.stat().st_size > limit:
            raise FeedListInvalid(f"the feed list {source} is larger than {limit // 1_000_000} MB")
        return path.read_bytes()
    except FileNotFoundError:
        raise FeedListInvalid(f"no feed list at {source}") from None
    except (OSError, ValueError) as error:
        if isinstance(error, FeedListInvalid):
            raise
        raise FeedListInvalid(f"the feed list {source} cannot be read: {_one_line(error)}") from error


def _fetch(source: str, policy: FetchPolicy) -> bytes:
    """Return a list that lies on the web."""
    try:
        check_url(source)
    except FetchFailed as error:
        raise FeedListInvalid(f"not the URL of a feed list: {source[:120]!r} ({error})") from None
    from transforms.web.client import HttpFetcher

    fetcher = HttpFetcher(policy)
    try:
        answer = fetcher.get_all([Request(source, _MAX_BYTES)])[0]
    finally:
        fetcher.close()
    if isinstance(answer, FetchFailed):
        raise FeedListInvalid(f"the feed list {source} cannot be fetched: {answer}")
    return answer.body


def _read_object(source: str) -> bytes:
    """Return a list in an object store. Beam is imported only here, because it takes seconds."""
    fault = object_store_fault(source)
    if fault:
        raise FeedListInvalid(f"the feed list {source} cannot be read: {fault}")
    from apache_beam.io.filesystem import BeamIOError
    from apache_beam.io.filesystems import FileSystems

    try:
        with FileSystems.open(source) as file:
            content: bytes = file.read(_MAX_BYTES + 1)
    except (OSError, BeamIOError, ValueError) as error:
        raise FeedListInvalid(f"the feed list {source} cannot be read: {_one_line(error)}") from error
    if len(content) > _MAX_BYTES:
        raise FeedListInvalid(f"the feed list {source} is larger than {_MAX_BYTES // 1_000_000} MB")
    return content


def _is_plain(path: Path) -> bool:
    """Return whether a file has one feed URL a line: it is not named as YAML and does not begin as XML."""
    if path.suffix.lower() in (".yaml", ".yml"):
        return False
    with path.open("rb") as file:
        return not file.read(1_000).lstrip(_BLANK).startswith(b"<")


def _is_yaml(source: str) -> bool:
    return source.rpartition(".")[2].lower() in ("yaml", "yml")


def _items(data: bytes, source: str, bad_lines: list[BadLine]) -> Iterator[tuple[int, Any]]:
    """Yield what a list holds in the place of each feed, with its number from 1.

    The number is that of the line in a list of lines, and the position in the list of the other formats.
    """
    if data.lstrip(_BLANK).startswith(b"<"):
        yield from enumerate(_from_opml(data), start=1)
    elif _is_yaml(source):
        yield from enumerate(_from_yaml(data), start=1)
    else:
        unix_lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        for number, line in read_lines(io.BytesIO(unix_lines), bad_lines):
            if not line.strip().startswith("#"):
                yield number, line.strip()


def _from_yaml(data: bytes) -> list[Any]:
    import yaml

    try:
        raw: Any = yaml.safe_load(data)
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise _Unreadable(_one_line(error)) from error
    if isinstance(raw, dict):
        unknown = set(raw) - {"feeds"}
        if unknown or "feeds" not in raw:
            raise FeedListInvalid(f"a feed list has the key 'feeds' only, not {sorted(map(str, raw))}")
        raw = raw["feeds"]
    if not isinstance(raw, list):
        raise FeedListInvalid(f"a feed list must be a list, not {type(raw).__name__}")
    return raw


def _from_opml(data: bytes) -> Iterator[Any]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data.lstrip(_BLANK), parser)
    except (ValueError, etree.XMLSyntaxError) as error:
        raise _Unreadable(_one_line(error)) from error
    if root.tag.lower() != "opml":
        raise FeedListInvalid(f"an XML feed list must be OPML, or one RSS or Atom feed, not <{root.tag}>")
    for outline in root.iter("outline"):
        if outline.get("xmlUrl"):
            yield {"url": outline.get("xmlUrl"), "name": outline.get("title")}


def _feed(item: Any) -> Feed:
    """Return the feed that an item of a list names.

    Raises:
        FeedListInvalid: it names none.
    """
    if isinstance(item, str):
        item = {"url": item}
    if not isinstance(item, dict) or not isinstance(item.get("url"), str):
        raise FeedListInvalid(f"a feed is a URL or has a 'url': {reprlib.repr(item)[:80]}")
    url, name, language = item["url"], item.get("name"), item.get("language")
    shown = _USER_INFORMATION.sub("//…@", url)[:120]
    try:
        check_url(url)
    except FetchFailed as error:
        raise FeedListInvalid(f"not a feed URL: {shown!r} ({error})") from None
    if "@" in urlsplit(url).netloc:
        raise FeedListInvalid(f"a feed URL must not hold a user name or password: {urlsplit(url).hostname}")
    unknown = set(item) - _FEED_KEYS
    if unknown:
        raise FeedListInvalid(f"unknown key {min(map(str, unknown))!r} at {shown}")
    return Feed(url, _short_text(name), _short_text(language))


def _short_text(value: Any) -> str | None:
    return one_line(str(value)) or None if value is not None else None


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
