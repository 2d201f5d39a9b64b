"""What a page says of itself in its head."""

from __future__ import annotations

import pytest

from transforms.pages.clean import clean_page
from transforms.pages.page_kind import PageKind

STORY = "".join(f"<p>Sentence {n} of a story that tells what happened, at some length.</p>" for n in range(5))


def facts_of(head: str, body: str = STORY) -> PageKind:
    page = f"<html><head>{head}</head><body><article>{body}</article></body></html>"
    return clean_page(page.encode()).kind


def linked_data(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    ("head", "is_article"),
    [
        ("", None),
        ('<meta property="og:type" content="article">', True),
        ('<meta name="og:type" content=" Article ">', True),
        ('<meta property="og:type" content="article:news">', True),
        ('<meta property="og:type" content="website">', False),
        ('<meta property="og:type" content="video.other">', None),
        (linked_data('{"@type": "NewsArticle"}'), True),
        (
            linked_data('{"@graph": [{"@type": "WebSite"}, {"@type": ["Thing", "ReportageNewsArticle"]}]}'),
            True,
        ),
        (linked_data('[{"@type": "CollectionPage"}]'), False),
        (linked_data('{"@type": "WebSite", "about": {"@type": "NewsArticle"}}'), None),
        (linked_data('{"@type": "NewsArticle"}') + '<meta property="og:type" content="website">', True),
        (linked_data("{not json"), None),
        (linked_data("[" * 5_000), None),
        (linked_data('{"@type": 7, "@graph": "x"}'), None),
    ],
)
def test_a_page_says_whether_it_is_an_article(head: str, is_article: bool | None) -> None:
    assert facts_of(head).is_article is is_article


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ("", None),
        ('<link rel="canonical" href=" https://outlet.example/a ">', "https://outlet.example/a"),
        ('<link rel="alternate canonical" href="/a">', "/a"),
        ('<link rel="canonical" href=""><meta property="og:url" content="/b">', "/b"),
        ('<link rel="stylesheet" href="/a.css">', None),
    ],
)
def test_a_page_gives_its_own_address(head: str, canonical: str | None) -> None:
    assert facts_of(head).canonical == canonical


def test_the_share_of_words_outside_links_is_low_on_a_list_of_headlines() -> None:
    headlines = "".join(
        f"<li><a href='/{n}'>Two people killed in a strike on town {n}</a></li>" for n in range(40)
    )
    assert facts_of("").own_share == 1.0
    assert facts_of("", f"{STORY}<ul>{headlines}</ul>").own_share < 0.3
