from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.util.text import clean_text, one_line, strip_markup
from transforms.util.urls import NotAnArticleURL, canonical_url, request_url


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://News.Example/a?utm_source=rss&b=2&a=1#top", "https://news.example/a?a=1&b=2"),
        ("http://news.example:80/a/../b/./c", "http://news.example/b/c"),
        ("https://user:pw@news.example/a", "https://news.example/a"),
        ("https://news.example/amp/story", "https://news.example/story"),
        ("https://news.example/story/amp", "https://news.example/story"),
        ("https://news.example", "https://news.example/"),
        ("http://127.0.0.1:8800/x.example/1?utm_medium=feed", "http://127.0.0.1:8800/x.example/1"),
    ],
)
def test_urls_of_one_article_have_one_canonical_form(link: str, expected: str) -> None:
    assert canonical_url(link) == expected


def test_relative_links_are_joined_with_the_address_of_their_feed() -> None:
    assert canonical_url("/a b", "https://news.example/feed/") == "https://news.example/a%20b"
    assert canonical_url("//cdn.example/x", "https://news.example/") == "https://cdn.example/x"
    assert request_url("/a?utm_x=1#f", "https://u:p@news.example/") == "https://news.example/a?utm_x=1"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "mailto:a@b", "http://", "http://["]
)
def test_links_that_are_no_article_urls_are_refused(link: str) -> None:
    with pytest.raises(NotAnArticleURL):
        canonical_url(link)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60), st.text(max_size=30))
def test_canonical_form_is_idempotent(path: str, query: str) -> None:
    try:
        once = canonical_url(f"https://news.example/{path}?{query}")
    except NotAnArticleURL:
        return
    assert canonical_url(once) == once


@given(st.text(max_size=300), st.integers(1, 200))
def test_cleaning_text_twice_changes_nothing_and_the_length_is_limited(value: str, limit: int) -> None:
    cleaned = clean_text(value, limit)
    assert clean_text(cleaned, limit) == cleaned
    assert len(cleaned) <= limit
    assert json.loads(json.dumps(cleaned.encode("utf-8").decode())) == cleaned
    assert "\x00" not in cleaned


def test_markup_becomes_text() -> None:
    assert strip_markup("<p>One &amp; two</p><p>three<script>alert(1)</script></p>") == "One & two\n\nthree"
    assert one_line("a\n\n b\u200bc") == "a bc"
    assert strip_markup("5 < 6 and 7 > 3") == "5 < 6 and 7 > 3"
