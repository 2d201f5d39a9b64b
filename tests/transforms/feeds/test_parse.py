from __future__ import annotations

import gzip
import re
import sys
from pathlib import Path

import pytest

from schemas.records import Feed
from transforms.feeds.parse import FeedUnreadable, parse_feed

FEED = Feed("https://outlet.example/feed")
GOOD = "<item><title>Good</title><link>https://outlet.example/good</link></item>"


def rss(items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    return f"{head}<rss version='2.0'><channel><title>Outlet</title>{items}</channel></rss>".encode()


def titles(body: bytes) -> list[str]:
    return [e.title for e in parse_feed(body, FEED).entries]


def test_an_rss2_item_becomes_an_entry() -> None:
    body = rss(
        "<item><title>A &amp;amp; B</title><link>/x?utm_source=rss</link><guid isPermaLink='false'>7</guid>"
        "<pubDate>Fri, 04 Apr 2025 19:40:00 +0300</pubDate><description>&lt;p&gt;Sum.&lt;/p&gt;</description></item>"
    )
    parsed = parse_feed(body, FEED)
    (entry,) = parsed.entries
    assert parsed.title == "Outlet"
    assert (entry.title, entry.summary) == ("A & B", "Sum.")
    assert entry.article_url == "https://outlet.example/x"
    assert entry.link == "https://outlet.example/x?utm_source=rss"
    assert (entry.published_at, entry.published_offset_minutes) == ("2025-04-04T16:40:00Z", 180)
    assert entry.source_name == "Outlet"


def test_entries_with_the_same_guid_have_different_ids() -> None:
    items = "".join(
        f"<item><guid>same</guid><title>T{n}</title><link>https://outlet.example/{n}</link></item>"
        for n in range(3)
    )
    entries = parse_feed(rss(items), FEED).entries
    assert len({e.entry_id for e in entries}) == 3
    assert [e.entry_id for e in parse_feed(rss(items), FEED).entries] == [e.entry_id for e in entries]


def test_items_without_an_entry_are_counted() -> None:
    parsed = parse_feed(rss(GOOD + GOOD + "<item></item>"), FEED)
    assert (len(parsed.entries), parsed.repeated, parsed.without_identity) == (1, 1, 1)


@pytest.mark.parametrize(
    "poison",
    [
        "<item><title>a&#xD800;b</title><link>https://outlet.example/p</link></item>",
        "<item><title>a&#x110000;&#99999999999;</title><link>https://outlet.example/p</link></item>",
        "<item><title>nul&#0;</title><link>https://outlet.example/p</link></item>",
        "<item><title>A & B</title><link>https://outlet.example/p?a=1&b=2</link></item>",
        "<item><title>bad</title><link>javascript:alert(1)</link></item>",
        "<item><title>&eacute;&nbsp;</title><link>https://outlet.example/p</link></item>",
    ],
)
def test_a_bad_item_does_not_affect_the_others(poison: str) -> None:
    assert "Good" in titles(rss(poison + GOOD))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty_body"),
        (b"   ", "empty_body"),
        (b"/etc/passwd", "not_a_feed"),
        (b"http://169.254.169.254/", "not_a_feed"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "unsupported_format"),
        (b"<!doctype html><html><body>Sign in</body></html>", "html_instead_of_feed"),
        (b"<other/>", "not_a_feed"),
        (b"\x1f\x8bbroken", "not_a_feed"),
    ],
)
def test_a_document_that_is_not_a_feed_has_a_reason(body: bytes, reason: str) -> None:
    with pytest.raises(FeedUnreadable) as caught:
        parse_feed(body, FEED)
    assert caught.value.reason == reason


def test_a_body_that_looks_like_a_path_opens_no_file(tmp_path: object) -> None:
    opened: list[str] = []
    active = True

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if active and event == "open" and "passwd" in str(arguments[0]):
            opened.append(str(arguments[0]))

    sys.addaudithook(hook)
    with pytest.raises(FeedUnreadable):
        parse_feed(b"/etc/passwd", FEED)
    active = False
    assert opened == []


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (rss(GOOD.replace("Good", "café")), "café"),
        (rss(GOOD.replace("Good", "café"), "<?xml version='1.0' encoding='us-ascii'?>"), "café"),
        (rss(GOOD.replace("Good", "caf\u00e9")).decode().encode("latin-1"), "café"),
        (b"\xef\xbb\xbf\r\n" + rss(GOOD.replace("Good", "café")), "café"),
        (rss(GOOD.replace("Good", "café")).decode().encode("utf-16"), "café"),
        (gzip.compress(rss(GOOD.replace("Good", "café"))), "café"),
        (rss(GOOD, "<?xml version='1.0' encoding='klingon'?>"), "Good"),
    ],
)
def test_every_encoding_of_a_feed_is_read(body: bytes, title: str) -> None:
    assert titles(body) == [title]


def test_feedparser_gets_only_bytes_in_memory() -> None:
    """It opens text or bytes that look like a path or an address."""
    root = Path(__file__).parents[3]
    calls = [
        line.strip()
        for folder in ("schemas", "transforms", "pipelines")
        for path in (root / folder).rglob("*.py")
        for line in re.findall(r"feedparser\.parse\(\s*[^,]*", path.read_text("utf-8"))
    ]
    assert calls
    assert all("io.BytesIO(" in call for call in calls)
