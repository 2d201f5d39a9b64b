"""How well the feeds of a test suite are read, in the form of the test suite of feedparser.

    python -m benchmarks.feed_suite FOLDER...

Each file of such a suite is a feed. A comment in it gives HTTP headers and, as a Python expression, the
values that a right reader finds::

    <!--
    Header:      Content-type: application/atom+xml; charset=utf-8
    Expect:      not bozo and entries[0]['title'] == 'Example'
    -->

Three figures are printed: the number of files that were refused, by reason; of files over the limits of the
sandbox; of values that differ from the expected ones. Compared are what an entry has: title, summary,
content, link, author, language and dates, without their markup. Items with neither title, text nor link are
left out: they become no entries.
"""

import ast
import calendar
import contextlib
import re
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from schemas.records import Feed, FeedEntry
from transforms.feeds.parse import FeedUnreadable, ParsedFeed, parse_feed
from transforms.feeds.sanitise import decode_feed
from transforms.util.sandbox import LimitExceeded, Sandbox
from transforms.util.text import one_line, strip_markup
from transforms.util.urls import NotAnArticleURL, canonical_url

_ADDRESS = "http://127.0.0.1:8097/"
_HEADER = re.compile(r"^\s*Header:\s*([A-Za-z-]+):\s*(.*?)\s*$", re.MULTILINE)
_EXPECT = re.compile(r"^\s*Expect:\s*(.*?)\s*$", re.MULTILINE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_FIELD = re.compile(r"entries\[(\d+)\](?:\['|\.)(\w+)(?:'\])?")
_CONTENT = re.compile(r"entries\[(\d+)\](?:\['|\.)content(?:'\])?\[0\](?:\['|\.)value(?:'\])?")
_SUFFIXES = (".xml", ".atom", ".rss", ".rdf", ".json")
_TEXTS = ("title", "summary", "description", "author")
_DATES = {
    "published_parsed": "published_at",
    "updated_parsed": "updated_at",
    "created_parsed": "published_at",
}


@dataclass(frozen=True, slots=True)
class Expected:
    """A value that a file states. ``number``: of the entry; None: of the feed."""

    number: int | None
    name: str
    value: Any


@dataclass(slots=True)
class Figures:
    """What was found in the files of a suite."""

    files: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    over_limit: list[str] = field(default_factory=list)
    values: int = 0
    differing: list[str] = field(default_factory=list)


def expected_values(text: str) -> Iterator[Expected]:
    """Yield the values of a file that an entry of ours can have."""
    match = _EXPECT.search(text)
    try:
        tree = ast.parse(match.group(1), mode="eval") if match else None
    except SyntaxError:
        return
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
            found = _expected_of(node)
            if found is not None:
                yield found


def _expected_of(node: ast.Compare) -> Expected | None:
    try:
        value = ast.literal_eval(node.comparators[0])
    except ValueError:
        return None
    left = ast.unparse(node.left)
    if left == "feed['title']":
        return Expected(None, "title", value)
    if match := _CONTENT.fullmatch(left):
        return Expected(int(match[1]), "content", value)
    match = _FIELD.fullmatch(left)
    return Expected(int(match[1]), match[2], value) if match else None


def differs(parsed: ParsedFeed, expected: Expected, base: str) -> bool | None:
    """Return whether a document gives another value than expected; None: entries have no such value."""
    value = expected.value
    if expected.number is None:
        return (parsed.title or "") != _plain(value)
    entry = parsed.entries[expected.number] if expected.number < len(parsed.entries) else None
    if entry is None and parsed.without_identity:
        return None
    if expected.name in _DATES:
        return entry is None or getattr(entry, _DATES[expected.name]) != _instant(value)
    if expected.name == "language":
        return entry is None or entry.language != str(value).split("-")[0].lower()
    if expected.name == "link":
        return _link_differs(entry, str(value), base)
    if expected.name not in (*_TEXTS, "content") or not isinstance(value, str):
        return None
    if entry is None:
        return bool(_plain(value))
    names = (
        ("summary", "content") if expected.name in ("summary", "description", "content") else (expected.name,)
    )
    return _plain(value) not in [one_line(getattr(entry, name) or "", 100_000) for name in names]


def _link_differs(entry: FeedEntry | None, link: str, base: str) -> bool | None:
    try:
        return entry is None or entry.article_url != canonical_url(link, base)
    except NotAnArticleURL:
        return None


def _plain(value: Any) -> str:
    return one_line(strip_markup(str(value)), 100_000)


def _instant(value: Any) -> str | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(value), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (TypeError, ValueError, OverflowError):
        return None


def measure(folders: list[Path], sandbox: Sandbox) -> Figures:
    """Read all feeds below some folders and compare them with what they expect."""
    figures = Figures()
    jobs: list[tuple[Path, str, str, Future[ParsedFeed]]] = []
    for path in sorted(p for folder in folders for p in folder.rglob("*") if p.suffix in _SUFFIXES):
        body = path.read_bytes()
        text = decode_feed(body, None)
        headers = {name.lower(): value for name, value in _HEADER.findall(text)}
        charset = _CHARSET.search(headers.get("content-type", ""))
        address = headers.get("content-location", "")
        base = address if address.startswith("http") else _ADDRESS + path.name
        job = sandbox.submit(parse_feed, body, Feed(_ADDRESS), charset and charset.group(1), None, base)
        jobs.append((path, text, base, job))
    for path, text, base, job in jobs:
        figures.files += 1
        expected = list(expected_values(text))
        try:
            parsed = job.result()
        except FeedUnreadable as error:
            figures.refused[error.reason] += 1
            print(f"refused: {path} ({error})")
            continue
        except LimitExceeded:
            figures.over_limit.append(str(path))
            continue
        for value in expected:
            is_different = differs(parsed, value, base)
            if is_different is not None:
                figures.values += 1
            if is_different:
                figures.differing.append(f"{path}: {value.name} is not {value.value!r}")
    return figures


def main(arguments: list[str]) -> None:
    """Print the figures of the suites in some folders."""
    with contextlib.closing(Sandbox()) as sandbox:
        figures = measure([Path(folder) for folder in arguments], sandbox)
    for line in figures.differing:
        print(f"differs: {line}")
    for path in figures.over_limit:
        print(f"over the limit: {path}")
    print(f"refused: {figures.refused.total()} of {figures.files} files {dict(figures.refused)}")
    print(f"over the limit: {len(figures.over_limit)} of {figures.files} files")
    print(f"differing: {len(figures.differing)} of {figures.values} values")


if __name__ == "__main__":
    main(sys.argv[1:])
