"""Title, author and time of publication, where feed and page say different things or nothing."""

from __future__ import annotations

import dataclasses

import pytest

from schemas.records import FeedEntry
from transforms.pages.article_facts import merge_facts
from transforms.pages.clean import CleanPage, clean_page

FETCHED = "2025-04-05T08:00:00Z"
ENTRY = FeedEntry(
    **{
        field.name: None
        for field in dataclasses.fields(FeedEntry)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }
    | {"title": "", "flags": []}
)
TEXT = "".join(
    f"<p>Paragraph {n} of the story tells what happened in the town on that day.</p>" for n in range(5)
)


def _facts(page: CleanPage, **feed: object) -> tuple[str | None, int | None, tuple[str, ...]]:
    facts = merge_facts(dataclasses.replace(ENTRY, **feed), page, FETCHED)
    return facts.published_at, facts.published_offset_minutes, facts.flags


@pytest.mark.parametrize(
    ("published", "at", "offset", "flags"),
    [
        ("2025-04-04T09:12:00+03:00", "2025-04-04T06:12:00Z", 180, ("date_from_page",)),
        ("2025-04-04T09:12:00Z", "2025-04-04T09:12:00Z", 0, ("date_from_page",)),
        ("2025-04-04T09:12:00.123-05:00", "2025-04-04T14:12:00Z", -300, ("date_from_page",)),
        ("Fri, 04 Apr 2025 09:12:00 GMT", "2025-04-04T09:12:00Z", 0, ("date_from_page",)),
        ("2025-04-04T09:12:00", "2025-04-04T09:12:00Z", 0, ("date_from_page", "date_without_zone")),
        ("2025-04-04", "2025-04-04T00:00:00Z", 0, ("date_from_page", "date_without_time")),
        ("20250404", "2025-04-04T00:00:00Z", 0, ("date_from_page", "date_without_time")),
        ("April 4, 2025", "2025-04-04T00:00:00Z", 0, ("date_from_page", "date_without_time")),
        ("2025-04-05", "2025-04-05T00:00:00Z", 0, ("date_from_page", "date_without_time")),
        ("2025-04-06", None, None, ()),  # it has begun nowhere when the page was fetched
        ("0001-01-01T00:00:00Z", None, None, ()),
        ("2031-01-01T00:00:00Z", None, None, ()),
        ("yesterday", None, None, ()),
        ("", None, None, ()),
    ],
)
def test_the_date_of_the_page_counts_where_the_feed_has_none(
    published: str, at: str | None, offset: int | None, flags: tuple[str, ...]
) -> None:
    assert _facts(CleanPage("Text.", None, published=published)) == (at, offset, flags)


@pytest.mark.parametrize(
    ("feed", "updated", "at", "flags"),
    [
        ("2025-04-04T08:00:00Z", None, "2025-04-04T08:00:00Z", ()),
        ("2025-04-02T08:00:00Z", None, "2025-04-02T08:00:00Z", ("date_differs",)),
        ("2025-04-02T08:00:00Z", "2025-03-30T08:00:00Z", "2025-04-04T06:12:00Z", ("date_from_page",)),
        ("2025-04-04T08:00:00Z", "2025-04-04T07:00:00Z", "2025-04-04T08:00:00Z", ()),
        ("2025-04-04T00:00:00Z", None, "2025-04-04T06:12:00Z", ("date_from_page",)),
        ("2025-04-02T00:00:00Z", None, "2025-04-02T00:00:00Z", ("date_differs",)),
    ],
)
def test_the_date_of_the_feed_counts_unless_it_contradicts_itself(
    feed: str, updated: str | None, at: str, flags: tuple[str, ...]
) -> None:
    page = CleanPage("Text.", None, published="2025-04-04T09:12:00+03:00")
    found = _facts(page, published_at=feed, published_offset_minutes=0, updated_at=updated)
    assert (found[0], found[2]) == (at, flags)


def test_title_and_author_of_the_page_count_where_the_feed_has_none() -> None:
    page = CleanPage("Text.", "Drone hits bus", authors="O. Petrenko")
    facts = merge_facts(ENTRY, page, FETCHED)
    assert (facts.title, facts.author) == ("Drone hits bus", "O. Petrenko")
    assert facts.flags == ("title_from_page", "author_from_page")
    facts = merge_facts(dataclasses.replace(ENTRY, title="Bus hit", author="Desk"), page, FETCHED)
    assert (facts.title, facts.author, facts.flags) == ("Bus hit", "Desk", ())


LD = '<script type="application/ld+json">{}</script>'


@pytest.mark.parametrize(
    ("head", "published", "authors"),
    [
        (
            LD.format('{"@type": "NewsArticle", "datePublished": "2025-04-04T09:12:00+03", "author": {"name": "O. Petrenko"}}'),
            "2025-04-04T09:12:00+03:00",
            "O. Petrenko",
        ),
        (
            LD.format('{"@graph": [{"@type": "WebPage", "datePublished": "2001-01-01"}, {"@type": ["ReportageNewsArticle"], "datePublished": "2025-04-04T09:12Z", "author": [{"name": "A. Bo"}, "C. Dee"]}]}'),
            "2025-04-04T09:12Z",
            "A. Bo, C. Dee",
        ),
        (LD.format('{"@type": "NewsArticle", "datePublished": "2025-04-04T09:12:00Z", "author": "https://x.example/a"}'), "2025-04-04T09:12:00Z", None),
        (LD.format('[{"@type": "Organization"}, {"@type": "BlogPosting", "datePublished": "2025-04-04"}]'), "2025-04-04", None),
        (LD.format('{"@type": "NewsArticle", "datePublished": "2025-04-04"}') + '<meta property="article:published_time" content="2025-04-04T09:12:00Z">', "2025-04-04T09:12:00Z", None),
        (LD.format("{broken"), None, None),
        (LD.format("[" * 5_000), None, None),
        ('<meta property="article:published_time" content="2025-04-04T09:12:00Z"><meta name="author" content="By O. Petrenko">', "2025-04-04T09:12:00Z", "O. Petrenko"),
        ('<meta itemprop="datePublished" content="2025-04-04">', "2025-04-04", None),
        ('<meta name="author" content="info@paper.example">', None, None),
        ('<meta name="date" content="0001-01-01T00:00:00Z"><meta name="pubdate" content="2025-04-04T09:12:00Z">', "2025-04-04T09:12:00Z", None),
        ("", None, None),
    ],
)  # fmt: skip
def test_a_page_states_its_date_and_its_authors(
    head: str, published: str | None, authors: str | None
) -> None:
    page = clean_page(
        f"<html><head>{head}</head><body><article><h1>T</h1>{TEXT}</article></body></html>".encode()
    )
    assert (page.published, page.authors) == (published, authors)


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Drone hits bus near port</title>", "<h1>Log In</h1><h1>Drone hits bus near port</h1>", "Drone hits bus near port"),
        ("<title>Drone hits bus near port | Harbour Press</title>", "<h1>Harbour Press</h1>", "Drone hits bus near port"),
        ("<title>Harbour Press - Drone hits bus near port</title>", "<div><h1>World</h1></div><h2>Drone hits bus near port</h2>", "Drone hits bus near port"),
        ("<title>Harbour Press</title><meta property='og:title' content='Drone hits bus near port'>", "<h1>BRENT 71.20 +0.4%</h1>", "Drone hits bus near port"),
        ("<title>x</title>" + LD.format('{"@type": "NewsArticle", "headline": "Drone hits bus near port"}'), "<h1>Subscribe</h1>", "Drone hits bus near port"),
        ("", "<h1>Drone hits bus near port</h1>", "Drone hits bus near port"),
        ("", "<h1>Sign in</h1><h1>Drone hits bus near port</h1>", "Drone hits bus near port"),
        ("<title>Безпілотник влучив у автобус — Новини</title>", "<h1>Новини</h1><h1>Безпілотник влучив у автобус</h1>", "Безпілотник влучив у автобус"),
        ("<title>Bus hit: what we know | HP</title>", "<h1>Drone hits bus: what we know so far of the bus hit near the port</h1>", "Bus hit: what we know"),
        ("", "", None),
    ],
)  # fmt: skip
def test_the_title_is_the_headline_not_a_label_of_the_site(head: str, body: str, title: str | None) -> None:
    page = clean_page(f"<html><head>{head}</head><body>{body}<div>{TEXT}</div></body></html>".encode())
    assert page.title == title


@pytest.mark.parametrize(
    ("line", "published", "authors"),
    [
        ("<div class='byline'>By <a rel='author' href='/a'>Olena Petrenko</a></div>", None, "Olena Petrenko"),
        ("<p class='author'>Olena Petrenko Monday</p>", None, "Olena Petrenko"),
        ("<p class='author'>Theresa May</p>", None, "Theresa May"),
        ("<div class='post-meta'><span class='date'>April 4, 2025</span></div>", "2025-04-04", None),
        ("<time class='x' datetime='2025-04-04'>4 April</time>", "2025-04-04", None),
        ("<p>No line.</p>", None, None),
    ],
)
def test_a_line_of_the_page_shows_them_where_the_head_states_nothing(
    line: str, published: str | None, authors: str | None
) -> None:
    page = clean_page(
        f"<html><head><title>T</title></head><body><article><h1>T</h1>{line}{TEXT}</article></body></html>".encode()
    )
    assert (page.published, page.authors) == (published, authors)


def test_what_the_head_states_counts_before_the_line() -> None:
    head = '<meta property="article:published_time" content="2025-04-03T09:12:00Z"><meta name="author" content="A. Bo">'
    body = f"<article><h1>T</h1><p class='author'>Olena Petrenko</p><p class='date'>April 4, 2025</p>{TEXT}</article>"
    page = clean_page(f"<html><head>{head}</head><body>{body}</body></html>".encode())
    assert (page.published, page.authors) == ("2025-04-03T09:12:00Z", "A. Bo")
