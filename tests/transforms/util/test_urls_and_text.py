from __future__ import annotations

import json
from pathlib import Path

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


PAIRS = json.loads((Path(__file__).parent / "address_pairs.json").read_text())
STORY = "https://www.outlet.example/2026/11/story"


@pytest.mark.parametrize("link", PAIRS[f"same article as {STORY}"])
def test_an_address_that_says_that_it_is_the_same_article_has_the_same_canonical_form(link: str) -> None:
    assert canonical_url(link) == STORY
    assert canonical_url(canonical_url(link)) == STORY


@pytest.mark.parametrize("link", PAIRS["likely the same, needs proof (final address or canonical link)"])
def test_an_address_that_is_only_likely_the_same_keeps_its_own_canonical_form(link: str) -> None:
    assert canonical_url(link) == link


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (f"{STORY}/amp", STORY),
        (f"{STORY}/amp/amp/", STORY),
        (f"{STORY}.amp.html", f"{STORY}.html"),
        ("https://amp.outlet.example/2026/11/story", STORY),
        (f"{STORY}?cmp=RSS&CMPID=x&NS_source=feed", STORY),
        (f"{STORY}?partner=rss_world", STORY),
        (f"{STORY}?source=newsletter&via=Twitter", STORY),
        (f"{STORY}?_ga=1.2&_gl=1*a&id=7", f"{STORY}?id=7"),
        ("https://www.google.co.uk/amp/s/www.outlet.example/2026/11/story?utm_source=x", STORY),
        ("https://www.google.com/amp/www.outlet.example/2026/11/story", STORY.replace("https", "http")),
        ("https://www-outlet-example.cdn.ampproject.org/c/s/www.outlet.example/2026/11/story", STORY),
        (
            "https://www-outlet-example.cdn.ampproject.org/v/s/www.outlet.example/2026/11/story?amp_js_v=0.1",
            STORY,
        ),
        ("https://www.bing.com/amp/s/www.outlet.example/2026/11/story", STORY),
        ("https://www.google.com/amp/s/www.google.com/amp/s/www.outlet.example/2026/11/story", STORY),
        # These only look like copies or trackers.
        ("https://outlet.example/lamp", "https://outlet.example/lamp"),
        ("https://outlet.example/example", "https://outlet.example/example"),
        ("https://outlet.example/.amp", "https://outlet.example/.amp"),
        ("https://outlet.example/champ/story", "https://outlet.example/champ/story"),
        ("https://outlet.example/a?source=12345", "https://outlet.example/a?source=12345"),
        ("https://outlet.example/a?from=2026-11-24", "https://outlet.example/a?from=2026-11-24"),
        ("https://www.google.com/search?q=amp", "https://www.google.com/search?q=amp"),
        ("https://outlet.example/amp/s/www.other.example/x", "https://outlet.example/s/www.other.example/x"),
    ],
)
def test_only_what_surely_names_the_same_article_is_removed(link: str, expected: str) -> None:
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
