"""Texts that a page holds only as data for machines."""

from __future__ import annotations

import json

import pytest

from transforms.pages.clean import clean_page
from transforms.pages.markup import ArticleUnreadable

TITLE = "Drone hits bus near port"
LINES = [
    f"The {n} witness told reporters that a drone had hit the bus at the stop beside the port on Tuesday."
    for n in ("first", "second", "third", "fourth")
]
BODY = "\n".join(LINES)
MENU = [{"title": f"Section {n} of the paper", "url": f"/s/{n}"} for n in range(200)]
CARDS = [
    {"title": f"Story {n}", "slug": f"s-{n}", "text": f"Forty people died in story {n}, they said."}
    for n in range(9)
]
LEGAL = "The publisher keeps all rights to the pictures and the texts of this site, as the law says. " * 9


def _page(state: object, shown: str = "<div id='root'></div>", kind: str = "application/json") -> bytes:
    script = f'<script id="__NEXT_DATA__" type="{kind}">{json.dumps(state)}</script>'
    return f"<html><head><title>{TITLE}</title></head><body>{shown}{script}</body></html>".encode()


@pytest.mark.parametrize(
    "story",
    [
        {"title": TITLE, "body": LINES},
        {"headline": TITLE, "content": "".join(f"<p>{line}</p>" for line in LINES)},
        {"title": TITLE, "text": "\n\n".join(LINES)},
        {"title": TITLE, "blocks": [{"type": "paragraph", "text": line} for line in LINES]},
        {"title": TITLE, "blocks": [{"type": "p", "data": {"text": f"{line} <b></b>"}} for line in LINES]},
        {"title": TITLE, "content": [{"nodeType": "paragraph", "content": [{"value": part} for part in line.partition(" a ")]} for line in LINES]},
        {"head": {"title": TITLE}, "main": {"paragraphs": LINES}},
    ],
    ids=["strings", "html", "plain", "blocks", "data", "rich text", "title apart"],
)  # fmt: skip
def test_the_text_in_the_data_of_an_application_is_read(story: dict) -> None:
    state = {"props": {"menu": MENU, "legal": LEGAL, "story": story, "related": CARDS}}
    page = clean_page(_page(state), title=TITLE)
    assert page.text == BODY
    assert "structured_data" in page.flags


@pytest.mark.parametrize(
    "state",
    [{"menu": MENU}, {"related": CARDS}, {"text": "short."}, [], "x", {"menu": [f"Section {n}" for n in range(9_000)]}],
)  # fmt: skip
def test_menus_and_cards_in_the_data_are_no_text(state: object) -> None:
    with pytest.raises(ArticleUnreadable):
        clean_page(_page(state), title=TITLE)


def test_a_page_that_shows_its_text_is_read_from_what_it_shows() -> None:
    shown = "<article><h1>T</h1>" + "".join(f"<p>{line}</p>" for line in LINES) + "</article>"
    page = clean_page(
        _page(
            {"story": {"title": TITLE, "body": ["Other words of other people in another text."] * 9}}, shown
        )
    )
    assert (page.text, page.flags) == (BODY, ())


@pytest.mark.parametrize("shown", ["", f"<h1>{TITLE}</h1><p>{LINES[0]}</p>"], ids=["nothing", "teaser"])
@pytest.mark.parametrize(
    "wrap", [lambda a: a, lambda a: [a], lambda a: {"@graph": [{"@type": "WebSite"}, a]}]
)
def test_the_body_of_linked_data_is_read_where_the_page_shows_less(shown: str, wrap: object) -> None:
    article = {"@type": "NewsArticle", "headline": TITLE, "articleBody": BODY}
    script = f"<script type='application/ld+json'>{json.dumps(wrap(article))}</script>"
    page = f"<html><head><title>{TITLE}</title>{script}</head><body>{shown}</body></html>"
    assert clean_page(page.encode(), title=TITLE).text == BODY


def test_a_summary_in_linked_data_does_not_replace_the_shown_text() -> None:
    article = {"@type": "NewsArticle", "headline": TITLE, "articleBody": " ".join(LINES[:2])}
    script = f"<script type='application/ld+json'>{json.dumps(article)}</script>"
    shown = "".join(f"<p>{line}</p>" for line in LINES)
    page = f"<html><head>{script}</head><body><article><h1>{TITLE}</h1>{shown}</article></body></html>"
    assert clean_page(page.encode(), title=TITLE).text == BODY
