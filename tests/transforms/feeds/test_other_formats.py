"""JSON Feed and news sitemaps are feeds too."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.records import Feed
from transforms.feeds.parse import FeedUnreadable, ParsedFeed, parse_feed

FEED = Feed("https://outlet.example/feeds/news")
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def parse_json(
    items: object, version: str = "https://jsonfeed.org/version/1.1", **fields: object
) -> ParsedFeed:
    document = {"version": version, "title": "Outlet <1>", "items": items, **fields}
    return parse_feed(json.dumps(document).encode(), FEED)


ITEM: dict[str, Any] = {
    "id": "7",
    "url": "https://outlet.example/a",
    "title": "Toll <under 5> & rising",
    "summary": "Two people were killed.",
    "content_html": "<p>Two people were <b>killed</b>.</p>",
    "date_published": "2026-11-24T12:00:00+02:00",
    "date_modified": "2026-11-24T13:00:00+02:00",
    "authors": [{"name": "A. Writer"}, {"name": "B. Writer"}],
    "language": "uk-UA",
}


def test_an_item_of_json_feed_becomes_an_entry() -> None:
    parsed = parse_json([ITEM])
    (entry,) = parsed.entries
    assert (parsed.title, entry.source_name) == ("Outlet <1>", "Outlet <1>")
    assert (entry.title, entry.summary) == ("Toll <under 5> & rising", "Two people were killed.")
    assert entry.content == "Two people were killed ."
    assert (entry.article_url, entry.link) == ("https://outlet.example/a",) * 2
    assert (entry.published_at, entry.updated_at) == ("2026-11-24T10:00:00Z", "2026-11-24T11:00:00Z")
    assert (entry.author, entry.language) == ("A. Writer, B. Writer", "uk")


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"id": 7}, "title", ITEM["title"]),
        ({"url": None, "external_url": "https://other.example/b"}, "article_url", "https://other.example/b"),
        ({"url": "/b"}, "article_url", "https://outlet.example/b"),
        (
            {"url": "mailto:x@y.example", "external_url": "https://o.example/b"},
            "article_url",
            "https://o.example/b",
        ),
        ({"content_html": None, "content_text": "1 < 2 & 3"}, "content", "1 < 2 & 3"),
        ({"authors": None, "author": {"name": "C. Writer"}}, "author", "C. Writer"),
        ({"authors": "nobody"}, "author", None),
        ({"title": None}, "title", ""),
        ({"title": {"a": 1}}, "title", ""),
        ({"date_published": "yesterday"}, "published_raw", "yesterday"),
        ({"date_published": None}, "published_at", "2026-11-24T11:00:00Z"),
        ({"language": 5}, "language", None),
    ],
)
def test_odd_items_of_json_feed_are_read(change: dict[str, object], field: str, value: object) -> None:
    (entry,) = parse_json([{**ITEM, **change}]).entries
    assert getattr(entry, field) == value


def test_every_item_of_json_feed_is_an_entry_or_counted() -> None:
    parsed = parse_json([ITEM, ITEM, "text", None, {}, {**ITEM, "id": "8"}])
    counted = (len(parsed.entries), parsed.repeated, parsed.without_identity, len(parsed.refused))
    assert counted == (2, 1, 1, 2)
    many = parse_json([{**ITEM, "id": str(n)} for n in range(2_005)])
    assert (len(many.entries), many.beyond_cap) == (2_000, 5)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize(
    "version",
    [
        "https://jsonfeed.org/version/1",
        "https://jsonfeed.org/version/1.1",
        "http://www.jsonfeed.org/version/1",
    ],
)
def test_both_versions_of_json_feed_are_read_in_every_encoding(encoding: str, version: str) -> None:
    body = json.dumps({"version": version, "items": [{**ITEM, "title": "Удар"}]}, ensure_ascii=False)
    assert [entry.title for entry in parse_feed(body.encode(encoding), FEED).entries] == ["Удар"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"version": "https://jsonfeed.org/version/1"}', "unsupported_format"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": {}}', "unsupported_format"),
        (b'{"version": 5, "items": []}', "unsupported_format"),
        (b"[]", "unsupported_format"),
        (b"{", "not_a_feed"),
        (b"[" * 100_000, "not_a_feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [' + b"9" * 10_000 + b"]}", "not_a_feed"),
    ],
)
def test_other_json_has_a_reason(body: bytes, reason: str) -> None:
    with pytest.raises(FeedUnreadable) as caught:
        parse_feed(body, FEED)
    assert caught.value.reason == reason


def page(link: str, news: str = "", more: str = "") -> str:
    return f"<url><loc>{link}</loc>{f'<news:news>{news}</news:news>' if news else ''}{more}</url>"


def news(title: str, date: str = "2026-11-24T12:00:00+02:00") -> str:
    return (
        "<news:publication><news:name>Outlet</news:name><news:language>uk</news:language></news:publication>"
        f"<news:publication_date>{date}</news:publication_date><news:title>{title}</news:title>"
    )


def sitemap(pages: str, prefix: str = "", root: str = "urlset") -> bytes:
    return (
        f'{prefix}<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="{NEWS}" '
        f'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">{pages}</{root}>'
    ).encode()


@pytest.mark.parametrize(
    "prefix",
    [
        "",
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        "<!-- made by a plugin -->",
        "<?xml-stylesheet href='x.xsl'?>\n",
    ],
)
def test_a_news_sitemap_is_read(prefix: str) -> None:
    image = "<image:image><image:loc>https://cdn.example/1.jpg</image:loc><image:title>Photo</image:title></image:image>"
    parsed = parse_feed(
        sitemap(page("https://outlet.example/a", news("Strike &amp; fire"), image), prefix), FEED
    )
    (entry,) = parsed.entries
    assert (parsed.title, entry.language) == ("Outlet", "uk")
    assert (entry.title, entry.article_url) == ("Strike & fire", "https://outlet.example/a")
    assert entry.published_at == "2026-11-24T10:00:00Z"


def test_a_picture_before_the_news_gives_neither_title_nor_address() -> None:
    image = "<image:image><image:loc>https://cdn.example/1.jpg</image:loc><image:title>Photo</image:title></image:image>"
    body = sitemap(
        f"<url>{image}<loc>https://outlet.example/a</loc><news:news>{news('Strike')}</news:news></url>"
    )
    (entry,) = parse_feed(body, FEED).entries
    assert (entry.title, entry.article_url) == ("Strike", "https://outlet.example/a")


def test_every_page_of_a_news_sitemap_is_an_entry_or_counted() -> None:
    pages = [page(f"https://outlet.example/{n}", news(f"<![CDATA[Strike {n}]]>")) for n in range(2_003)]
    parsed = parse_feed(sitemap("".join(pages)), FEED)
    assert (len(parsed.entries), parsed.beyond_cap) == (2_000, 3)
    mixed = parse_feed(sitemap(pages[0] + page("https://outlet.example/about") + "<url/>" + pages[0]), FEED)
    assert (len(mixed.entries), mixed.without_identity, mixed.repeated) == (2, 1, 1)


def test_a_damaged_news_sitemap_keeps_what_can_be_read() -> None:
    body = sitemap(
        page("https://outlet.example/a", news("A & B")) + page("https://outlet.example/b", news("C"))
    )
    assert [entry.article_url for entry in parse_feed(body[:-30], FEED).entries] == [
        "https://outlet.example/a", "https://outlet.example/b",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        sitemap(page("https://outlet.example/a")),
        sitemap("<sitemap><loc>https://outlet.example/s.xml</loc></sitemap>", root="sitemapindex"),
        sitemap(""),
    ],
)
def test_a_sitemap_without_news_is_not_a_feed(body: bytes) -> None:
    with pytest.raises(FeedUnreadable) as caught:
        parse_feed(body, FEED)
    assert caught.value.reason == "not_a_feed"
