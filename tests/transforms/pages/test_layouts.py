"""The sample articles in many page layouts: cleaning returns the whole article and nothing else."""

from __future__ import annotations

import pytest
from layouts import FOREIGN, LAYOUTS
from newsroom import Newsroom

from transforms.pages.clean import clean_page


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_gives_the_whole_article_and_nothing_else(name: str) -> None:
    articles = Newsroom().articles
    for n, article in enumerate(articles):
        others = [articles[(n + k) % len(articles)] for k in (3, 8, 13)]
        page = LAYOUTS[name](article, others)
        text = clean_page(page.encode(), title=article["title"], summary=article["summary"]).text
        own = [" ".join(p.split()) for p in article["paragraphs"]]
        if name == "dek_and_feed":
            own.insert(0, article["summary"])  # the page shows it, and it may say what the paragraphs do not
        assert text.split("\n") == own, article["id"]
        body = "\n".join(own)
        for foreign in (*FOREIGN, *(o["title"] for o in others), *(o["summary"] for o in others)):
            assert foreign in body or foreign not in text, article["id"]
