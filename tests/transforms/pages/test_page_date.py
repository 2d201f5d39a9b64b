"""The time of publication that a page declares."""

from __future__ import annotations

import pytest

from transforms.pages.markup import parse_markup
from transforms.pages.page_date import find_page_date

STAMP = "2025-04-04T19:40:00+03:00"
CASES = [
    (f'<meta property="article:published_time" content="{STAMP}">', STAMP),
    (f'<meta name="datePublished" content="{STAMP}">', STAMP),
    (f'<meta itemprop="datePublished" content=" {STAMP} ">', STAMP),
    (f'<script type="application/ld+json">{{"@graph": [{{"datePublished": "{STAMP}"}}]}}</script>', STAMP),
    (f'<script type="application/ld+json">[{{"a": {{"datePublished": "{STAMP}"}}}}]</script>', STAMP),
    (f'<time itemprop="datePublished" datetime="{STAMP}">Friday</time>', STAMP),
    (f'<time pubdate datetime="{STAMP}">Friday</time>', STAMP),
    (
        f'<meta name="date" content="2020-01-01"><meta property="article:published_time" content="{STAMP}">',
        STAMP,
    ),
    (f'<time datetime="{STAMP}">another article</time>', None),
    (f'<meta property="article:modified_time" content="{STAMP}">', None),
    (f"<p>Published {STAMP}</p>", None),
    ('<meta property="article:published_time" content="">', None),
    ('<script type="application/ld+json">{"datePublished": </script>', None),
    ('<script type="application/ld+json">{"datePublished": 7}</script>', None),
    ('<script type="application/ld+json">' + "[" * 5_000 + "</script>", None),
]


@pytest.mark.parametrize(("markup", "date"), CASES, ids=range(len(CASES)))
def test_only_what_a_page_declares_counts(markup: str, date: str | None) -> None:
    tree, _ = parse_markup(f"<html><head>{markup}</head><body><p>text</p></body></html>")
    assert find_page_date(tree) == date
