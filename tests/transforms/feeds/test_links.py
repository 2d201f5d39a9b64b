"""Which link of an item is the article's, and against which address it counts."""

from __future__ import annotations

import pytest

from schemas.records import Feed, FeedEntry
from transforms.feeds.links import LinkBase
from transforms.feeds.parse import parse_feed

LISTED = "https://feeds.outlet.example/world/rss.xml"
MOVED = "https://www.outlet.example/feeds/world/rss.xml"


def rss_entry(link: str, channel_link: str = "", address: str = LISTED, more: str = "") -> FeedEntry:
    channel = f"<link>{channel_link}</link>" if channel_link else ""
    body = (
        f"<rss version='2.0'><channel><title>O</title>{channel}"
        f"<item><title>Strike</title>{f'<link>{link}</link>' if link else ''}{more}</item></channel></rss>"
    )
    (entry,) = parse_feed(body.encode(), Feed(LISTED), address=address).entries
    return entry


def atom_entry(links: str, attributes: str = "", address: str = LISTED) -> FeedEntry:
    body = (
        f"<feed xmlns='http://www.w3.org/2005/Atom' {attributes}><title>O</title>"
        f"<entry><title>Strike</title><id>urn:1</id>{links}</entry></feed>"
    )
    (entry,) = parse_feed(body.encode(), Feed(LISTED), address=address).entries
    return entry


@pytest.mark.parametrize(
    ("link", "channel_link", "address", "url"),
    [
        ("/news/a", "", LISTED, "https://feeds.outlet.example/news/a"),
        ("news/a", "", LISTED, "https://feeds.outlet.example/world/news/a"),
        ("../news/a", "", LISTED, "https://feeds.outlet.example/news/a"),
        ("?id=7", "", LISTED, "https://feeds.outlet.example/world/rss.xml?id=7"),
        ("//cdn.example/a", "", LISTED, "https://cdn.example/a"),
        ("/news/a", "", MOVED, "https://www.outlet.example/news/a"),
        ("news/a", "", MOVED, "https://www.outlet.example/feeds/world/news/a"),
        ("/news/a", "https://www.outlet.example/", LISTED, "https://www.outlet.example/news/a"),
        ("/news/a", "https://www.outlet.example", LISTED, "https://www.outlet.example/news/a"),
        ("news/a", "https://www.outlet.example/en/", LISTED, "https://www.outlet.example/en/news/a"),
        ("/news/a", "<![CDATA[https://www.outlet.example/]]>", LISTED, "https://www.outlet.example/news/a"),
        ("/news/a", "/", LISTED, "https://feeds.outlet.example/news/a"),
        ("/news/a", "mailto:desk@outlet.example", LISTED, "https://feeds.outlet.example/news/a"),
        ("www.outlet.example/a", "", LISTED, "https://www.outlet.example/a"),
        ("www.outlet.example", "", LISTED, "https://www.outlet.example/"),
        ("outlet.example/a", "https://www.outlet.example/", LISTED, "https://outlet.example/a"),
        ("https:/outlet.example/a", "", LISTED, "https://outlet.example/a"),
        ("https//outlet.example/a", "", LISTED, "https://outlet.example/a"),
        ("http:outlet.example/a", "", LISTED, "http://outlet.example/a"),
        ("index.html", "", LISTED, "https://feeds.outlet.example/world/index.html"),
        ("www/a", "", LISTED, "https://feeds.outlet.example/world/www/a"),
        ("&lt;![CDATA[https://outlet.example/a]]&gt;", "", LISTED, "https://outlet.example/a"),
    ],
)
def test_a_relative_link_of_rss_counts_from_the_channel_else_from_the_final_address(
    link: str, channel_link: str, address: str, url: str
) -> None:
    assert rss_entry(link, channel_link, address).article_url == url


@pytest.mark.parametrize(
    ("base", "link", "url"),
    [
        ("", "/a", "https://www.outlet.example/a"),
        ("xml:base='https://outlet.example/en/'", "a", "https://outlet.example/en/a"),
        ("xml:base='en/'", "a", "https://www.outlet.example/feeds/world/en/a"),
        ("xml:base='/en/'", "a", "https://www.outlet.example/en/a"),
    ],
)
def test_a_relative_link_of_atom_counts_from_the_base_else_from_the_final_address(
    base: str, link: str, url: str
) -> None:
    assert atom_entry(f"<link href='{link}'/>", base, MOVED).article_url == url


def test_the_base_of_an_entry_or_of_its_content_does_not_count_for_the_next_entry() -> None:
    body = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>O</title>"
        "<entry xml:base='https://a.example/x/'><title>a</title><id>urn:a</id><link href='a'/>"
        "<content type='xhtml' xml:base='https://cdn.example/x/'><div xmlns='http://www.w3.org/1999/xhtml'>t</div>"
        "</content></entry><entry><title>b</title><link href='/b'/><id>urn:b</id></entry></feed>"
    )
    urls = [entry.article_url for entry in parse_feed(body.encode(), Feed(LISTED)).entries]
    assert urls == ["https://a.example/x/a", "https://feeds.outlet.example/b"]


GOOD = "<link rel='alternate' type='text/html' href='https://outlet.example/a'/>"


@pytest.mark.parametrize(
    "other",
    [
        "<link href='mailto:desk@outlet.example'/>",
        "<link href='at://did:plc:x/post/1'/>",
        "<link href='tel:+380000'/>",
        "<link href=''/>",
        "<link href='#top'/>",
        "<link href='javascript:void(0)'/>",
        "<link href='https://'/>",
        "<link href='http://[broken/'/>",
        "<link rel='self' href='https://outlet.example/self'/>",
        "<link rel='enclosure' href='https://outlet.example/photo.jpg'/>",
        "<link rel='alternate' type='application/json' href='https://outlet.example/a.json'/>",
        "<link rel='alternate' type='application/atom+xml' href='https://outlet.example/a.atom'/>",
    ],
)
def test_the_alternate_link_over_http_is_chosen(other: str) -> None:
    for links in (other + GOOD, GOOD + other):
        assert atom_entry(links).article_url == "https://outlet.example/a"


@pytest.mark.parametrize(
    ("link", "guid", "url", "flags"),
    [
        ("", "<guid>https://outlet.example/g</guid>", "https://outlet.example/g", []),
        ("", "<guid isPermaLink='false'>https://outlet.example/g</guid>", "https://outlet.example/g", ["link_from_guid"]),
        ("mailto:x@outlet.example", "<guid isPermaLink='false'>https://outlet.example/g</guid>", "https://outlet.example/g", []),
        ("javascript:x", "", None, ["bad_scheme"]),
        ("", "<guid isPermaLink='false'>7</guid>", None, ["no_link"]),
    ],
)  # fmt: skip
def test_a_guid_that_is_an_address_stands_for_a_missing_link(
    link: str, guid: str, url: str | None, flags: list[str]
) -> None:
    entry = rss_entry(link, more=guid)
    assert (entry.article_url, list(entry.flags)) == (url, flags)


@pytest.mark.parametrize("guid", ["7", "/7", "tag-7", "urn:uuid:7", "?p=7", "https://outlet.example/7"])
@pytest.mark.parametrize("attribute", ["", " isPermaLink='false'", " isPermaLink='true'"])
def test_the_identity_of_an_entry_does_not_depend_on_the_address_that_answered(
    guid: str, attribute: str
) -> None:
    """A feed that redirects on one day and not on the next keeps its entries."""
    element = f"<guid{attribute}>{guid}</guid>"
    link = "https://outlet.example/story"
    assert rss_entry(link, more=element).entry_id == rss_entry(link, address=MOVED, more=element).entry_id


def test_against_the_id_of_a_feed_without_an_address_no_relative_link_counts() -> None:
    base = LinkBase("urn:sha256:ab12")
    assert base.marked == "wais://relative.invalid/"
    assert base.relative_part("wais://relative.invalid/a.html") == "a.html"
    assert base.resolve("wais://relative.invalid/a.html") == "/a.html"
    assert base.resolve("https://one.example/a") == "https://one.example/a"
