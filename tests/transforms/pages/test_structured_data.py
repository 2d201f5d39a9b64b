"""Texts that a page holds only as data for machines."""

from __future__ import annotations

import json

import pytest

from transforms.pages.clean import clean_page
from transforms.pages.markup import ArticleUnreadable
from transforms.pages.second_opinion import keep_stated

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


OFFER = "Our evening letter explains one story of the day in five minutes, free of charge."


@pytest.mark.parametrize(
    "aside",
    [
        {"kind": "NewsletterBlock", "title": "The evening letter", "text": OFFER},
        {"kind": "promo", "headline": "Stay informed", "content": [{"text": OFFER}]},
        {"Title": "Join us", "html": f"<p>{OFFER}</p>"},
    ],
)
def test_a_block_with_a_title_between_paragraphs_is_no_text(aside: dict) -> None:
    blocks = [{"kind": "paragraph", "text": line} for line in LINES]
    story = {"title": TITLE, "blocks": [*blocks[:2], aside, *blocks[2:]]}
    assert clean_page(_page({"story": story}), title=TITLE).text == BODY


def test_sections_with_titles_are_text() -> None:
    story = {"title": TITLE, "blocks": [{"title": f"Part {n}", "text": line} for n, line in enumerate(LINES)]}
    assert clean_page(_page({"story": story}), title=TITLE).text == BODY


def test_pieces_of_a_chinese_sentence_are_joined_without_blanks() -> None:
    title, line = (
        "无人机袭击敖德萨市场",
        "当地官员说，敖德萨一家露天市场星期二上午遭到无人机袭击，造成五人死亡，另有十八人受伤。",
    )
    lines = [line, line.replace("五", "七")]
    pieces = [{"children": [{"text": part} for part in (own[:9], own[9:15], own[15:])]} for own in lines]
    state = {"story": {"title": title, "blocks": pieces}}
    page = _page(state).replace(TITLE.encode(), title.encode())
    assert clean_page(page, title=title).text == "\n".join(lines)


def test_a_short_story_under_its_title_is_read_and_not_the_longer_one_beside_it() -> None:
    story = {"title": TITLE, "blocks": [{"text": line} for line in LINES[:1]]}
    short = {"story": story, "others": [{"text": line.replace("bus", "shop")} for line in LINES]}
    story["blocks"].append({"text": "Nobody was hurt there, he said to us."})
    assert clean_page(_page(short), title=TITLE).text.split("\n")[0] == LINES[0]


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


STRAY = [
    "My cousin lives two streets away and says that forty people died there.",
    "The weather stays dry on Friday.",
]


def _with_body(shown: list[str], body: str) -> bytes:
    linked = json.dumps({"@type": "NewsArticle", "headline": TITLE, "articleBody": body})
    text = "".join(f"<p>{line}</p>" for line in shown)
    head = f"<title>{TITLE}</title><script type='application/ld+json'>{linked}</script>"
    return f"<html><head>{head}</head><body><article><h1>{TITLE}</h1>{text}</article></body></html>".encode()


def test_sentences_that_the_stated_body_lacks_are_left_out() -> None:
    lead = "Officials count the wounded of the port since noon and ask for blood of every group."
    page = _with_body([lead, *LINES[:2], STRAY[0], *LINES[2:], STRAY[1]], BODY)
    assert clean_page(page, title=TITLE).text.split("\n") == [lead, *LINES]


@pytest.mark.parametrize("body", ["", "--", "\n"])
def test_a_body_or_text_without_words_takes_nothing_away(body: str) -> None:
    assert keep_stated(LINES[0], body) == LINES[0]
    assert keep_stated(body, LINES[0]) == body
    assert keep_stated("", body) == ""


@pytest.mark.parametrize("body", ["\n".join(LINES[:2]), f"{LINES[0]}\n{LINES[1].replace('bus', 'shop')}", ""])
def test_a_body_that_is_a_part_or_another_text_takes_nothing_away(body: str) -> None:
    assert (
        clean_page(_with_body([*LINES, STRAY[1]], body), title=TITLE).text.split("\n")[: len(LINES)] == LINES
    )
    assert STRAY[1] in clean_page(_with_body([*LINES, STRAY[1]], body), title=TITLE).text
