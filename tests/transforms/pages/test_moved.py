"""Redirects to the front page or a section, and redirects that lead to the article all the same."""

from __future__ import annotations

import pytest

from transforms.pages.moved import is_moved_to_front_page
from transforms.pages.page_kind import PageKind

STORY = "https://www.outlet.example/world/2026/11/two-killed-in-nikopol"
PLAIN = PageKind()
ARTICLE = PageKind(is_article=True)
SITE = PageKind(is_article=False)
LINKS = PageKind(own_share=0.2)
FRONT = PageKind("https://www.outlet.example/", False, 0.2)


@pytest.mark.parametrize(
    ("requested", "final", "facts"),
    [
        (STORY, "https://www.outlet.example/", PLAIN),
        (STORY, "https://www.outlet.example", PLAIN),
        (STORY, "https://outlet.example/index.html", PLAIN),
        (STORY, "https://www.outlet.example/en/", PLAIN),
        (STORY, "https://www.outlet.example/home?from=404", PLAIN),
        (STORY, "https://new-outlet.example/", PLAIN),
        (STORY, "https://www.outlet.example/", PageKind("https://www.outlet.example/", True)),
        (STORY, "https://www.outlet.example/world/", PLAIN),
        (STORY, "https://www.outlet.example/world/2026/11/", PLAIN),
        (STORY, "https://www.outlet.example/news", PLAIN),
        (STORY, "https://www.outlet.example/category/world", PLAIN),
        (STORY, "https://www.outlet.example/nikopol", LINKS),
        (STORY, STORY, FRONT),
        ("https://outlet.example/?p=123", "https://outlet.example/", PLAIN),
        ("https://outlet.example/a", "https://outlet.example/", PLAIN),
        ("https://outlet.example/news/12345", "https://outlet.example/news", PLAIN),
        ("https://outlet.example/en/12345-two-killed.html", "https://outlet.example/en", PLAIN),
        ("http://127.0.0.1:8765/outlet.example/a/12345", "http://127.0.0.1:8765/outlet.example/", PLAIN),
    ],
)
def test_a_redirect_away_from_the_article_is_noticed(requested: str, final: str, facts: PageKind) -> None:
    assert is_moved_to_front_page(requested, final, facts)


@pytest.mark.parametrize(
    ("requested", "final", "facts"),
    [
        (STORY, STORY, PLAIN),
        (STORY, f"{STORY}/", LINKS),
        (STORY, f"{STORY}/", SITE),
        (f"{STORY}?utm_source=rss", STORY, PLAIN),
        (f"{STORY}/amp/", STORY, SITE),
        (STORY.replace("https://www.", "http://m."), STORY, SITE),
        (STORY.replace("outlet.example", "outlet.example/en"), STORY, PLAIN),
        (STORY, STORY.replace("/world/2026/11/", "/"), PLAIN),
        (STORY, "https://www.new-outlet.example/two-killed-in-nikopol", PLAIN),
        ("https://outlet.example/a1", "https://outlet.example/b2", PLAIN),
        ("https://outlet.example/12345", "https://outlet.example/12345/two-killed", PLAIN),
        ("https://outlet.example/12345/two-killed", "https://outlet.example/12345", PLAIN),
        ("https://outlet.example/?p=123", "https://outlet.example/?p=123", PLAIN),
        ("https://outlet.example/?p=123", "https://outlet.example/2026/11/story", PLAIN),
        ("https://outlet.example/story-123", "https://outlet.example/?p=123", PLAIN),
        ("https://outlet.example/", "https://outlet.example/", FRONT),
        ("https://outlet.example", "https://www.outlet.example/en/", PLAIN),
        ("https://short.example/x", "https://outlet.example/2026/11/story", PLAIN),
        (STORY, "https://www.outlet.example/", ARTICLE),
        (STORY, STORY, PageKind("https://www.outlet.example/", True, 0.2)),
        (STORY, STORY, PageKind("https://www.outlet.example/", False, 0.8)),
        (f"{STORY}/12345", STORY, PLAIN),
    ],
)
def test_a_redirect_to_the_article_is_none_away_from_it(requested: str, final: str, facts: PageKind) -> None:
    assert not is_moved_to_front_page(requested, final, facts)
