"""The same articles in pages of many builds: all of the article comes out, and nothing else."""

from __future__ import annotations

import pytest
from layouts import FOREIGN, LAYOUTS
from newsroom import Newsroom

from transforms.pages.clean import clean_page


@pytest.mark.parametrize("name", LAYOUTS)
def test_an_article_comes_out_of_every_layout_whole_and_alone(name: str) -> None:
    articles = Newsroom().articles
    for n, article in enumerate(articles):
        others = [articles[(n + k) % len(articles)] for k in (3, 8, 13)]
        page = LAYOUTS[name](article, others)
        text = clean_page(page.encode(), title=article["title"], summary=article["summary"]).text
        own = [" ".join(p.split()) for p in article["paragraphs"]]
        assert text.split("\n") == own, article["id"]
        body = "\n".join(own)
        for foreign in (*FOREIGN, *(o["title"] for o in others), *(o["summary"] for o in others)):
            assert foreign in body or foreign not in text, article["id"]
