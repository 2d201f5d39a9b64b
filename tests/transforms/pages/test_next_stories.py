"""Endless pages: the next stories, each in full, go; the sections of one story and a live page stay."""

from __future__ import annotations

import pytest
from lxml import html as lxml_html

from transforms.pages.boilerplate import remove_boilerplate, remove_next_stories
from transforms.pages.clean import clean_page

TITLE = "Rocket hits market in the valley town"
OWN = [
    "A rocket fell on the market of the valley town on Sunday morning and killed six people, doctors said.",
    "The stalls were full because the feast is on Tuesday, and most of the dead were women who sold herbs.",
    "Both sides accused each other within the hour; the range of hills from which it came is held by neither.",
    "The clinic has eleven beds. Four of the wounded were driven to the coast over a road without lights.",
    "A truce for the days of the feast had been agreed on Friday by elders of both banks of the river.",
]
OTHER_TITLE = "Harbour city lifts its bread ration"
OTHER = [
    f"In the {n} week of the shortage the harbour city has lifted its ration, and bakers say that flour is there."
    for n in ("second", "third", "fourth", "fifth")
]
HOST = "https://news.example"


def p(line: str) -> str:
    return f"<p>{line}</p>"


def ps(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def text_of(body: str, title: str = TITLE) -> list[str]:
    head = f"<title>{TITLE} | News</title><link rel='canonical' href='{HOST}/world/rocket-market'>"
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    return clean_page(page.encode(), title=title).text.split("\n")


def wrapper(title: str, lines: list[str], form: str) -> str:
    """Return one story of an endless page, as some system writes it."""
    slug = "rocket-market" if title == TITLE else "bread-ration"
    day = "<div class='meta'>By Mara Lind<span>Sunday, 4 May 2025</span></div>"
    if form == "address":
        return f"<div class='single' data-href='{HOST}/world/{slug}/'><h1>{title}</h1>{ps(lines)}</div>"
    if form == "title":
        return f"<section class='scroll-page' data-title='{title}'><h1>{title}</h1><div>{ps(lines)}</div></section>"
    if form == "id":
        return f"<div class='news-page'><h1>{title}</h1><div id='news-body'>{ps(lines)}</div></div>"
    if form == "day":
        return f"<div class='post-full'><header><h1>{title}</h1>{day}</header><div>{ps(lines)}</div></div>"
    if form == "about":
        return f"<div class='node full' about='/world/{slug}'><h2>{title}</h2><div class='f'>{ps(lines)}</div></div>"
    if form == "h1":
        ad = "<div class='slot'><span>Advertisement</span></div>"
        tags = "<div class='tags'><a href='/t/a'>Valley</a> <a href='/t/b'>Harbours</a></div>"
        return f"<div class='story'><h1 class='t'>{title}</h1><div class='b'>{ad.join(map(p, lines))}</div>{tags}</div>"
    if form == "level":
        tag = "h1" if title == TITLE else "h2"
        bar = "<div class='share'><button>Copy link</button><button>Print</button></div>"
        meta = (
            "<div class='m'><span>Lake News</span><time>4 May 2025, 18:02</time><span>2 min read</span></div>"
        )
        top = f"<div class='head'><{tag} class='title'>{title}</{tag}>{meta}{bar}</div>"
        return f"<article class='story'>{top}<div class='b'>{ps(lines)}</div></article>"
    if form == "deck":
        deck = "<p class='deck'>What is known so far of it, and what the people of the place have to say.</p>"
        top = f"<div class='top'><h1>{title}</h1>{deck}</div>"
        return f"<div class='item' data-url='{HOST}/world/{slug}'>{top}<div class='b'>{ps(lines)}</div></div>"
    assert form == "nested"
    inner = f"<div class='story'><h1>{title}</h1>{ps(lines)}</div>"
    return f"<div class='slot'><div class='loader' data-article-url='/world/{slug}'>{inner}</div></div>"


FORMS = ["address", "title", "id", "day", "about", "deck", "nested", "h1", "level"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("title", [TITLE, "Six dead at a market"])
def test_the_next_stories_of_an_endless_page_are_left_out(form: str, title: str) -> None:
    """Also where the feed's headline is not the page's."""
    longer = [*OTHER, *(line.replace("bakers", "millers") for line in OTHER)]
    others = wrapper(OTHER_TITLE, longer, form) + wrapper("Mill workers end their long strike", OTHER, form)
    found = text_of(f"<div class='col'>{wrapper(TITLE, OWN, form)}<div>Loading</div>{others}</div>", title)
    assert [line for line in found if "ration" in line] == []
    assert set(OWN) <= set(found)
    tree = lxml_html.document_fromstring(f"<div><div>{wrapper(TITLE, OWN, form)}{others}</div></div>")
    remove_next_stories(tree, (TITLE, ""))
    assert "ration" not in tree.text_content()
    assert OWN[-1] in tree.text_content()


def test_a_next_story_in_a_wrapper_of_its_own_is_left_out() -> None:
    own = f"<div class='content'><div class='node full'><h1>{TITLE}</h1>{ps(OWN)}</div></div>"
    linked = f"<h2><a href='/n/9'>{OTHER_TITLE}</a></h2>"
    other = f"<div class='after'><span>Up next</span><div class='node full'>{linked}{ps(OTHER)}</div></div>"
    assert text_of(f"<div>{own}{other}</div>") == OWN


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("data-url='/world/rocket-market'", "data-url='/world/rocket-market?page=2'"),
        ("data-url='/world/rocket-market#one'", "data-url='/world/rocket-market#two'"),
        ("data-url='/world/rocket-market/'", "data-url='/world/rocket-market/2'"),
        ("data-name='a'", "data-name='b'"),
    ],
)
def test_the_sections_of_one_story_stay(first: str, second: str) -> None:
    body = (
        f"<div class='chapter' {first}><h1>{TITLE}</h1>{ps(OWN)}</div>"
        f"<div class='chapter' {second}><h2>What the elders of the river say</h2>{ps(OTHER)}</div>"
    )
    found = text_of(f"<div>{body}</div>")
    assert {*OWN, *OTHER} <= set(found)


def test_the_entries_of_a_live_page_stay() -> None:
    entries = "".join(
        f"<div class='entry' data-url='{HOST}/live/{n}'><span>{10 + n}:15</span><h2>What is said in street {n}</h2>"
        f"<p>{line}</p><p>It is not yet known, in street {n}, who has fired and from where.</p></div>"
        for n, line in enumerate(OTHER)
    )
    found = text_of(f"<div><div class='top'><h1>{TITLE}</h1><p>{OWN[0]}</p></div>{entries}</div>")
    assert set(OTHER) <= set(found)


def test_the_paragraph_after_a_list_that_is_a_part_of_the_article_stays() -> None:
    items = "".join(f"<li><p>{line}</p></li>" for line in OWN[1:4])
    body = f"<h1>{TITLE}</h1><h2>{OTHER[0]}</h2><p>{OWN[0]}</p><ol class='points'>{items}</ol><p>{OWN[4]}</p>"
    tree = lxml_html.document_fromstring(f"<html><body><div class='text'>{body}</div></body></html>")
    remove_boilerplate(tree, (TITLE, ""))
    assert OWN[4] in tree.text_content()


def test_sections_of_one_story_with_an_h1_each_stay() -> None:
    sections = [("The market", OWN[1:2]), ("Who fired from the hills", OWN[2:3]), ("A truce", OWN[3:])]
    parts = "".join(
        f"<div class='s'><h1 class='t'>{title}</h1>{ps(lines)}</div>" for title, lines in sections
    )
    found = text_of(
        f"<div class='col'><div class='s'><h1 class='t'>{TITLE}</h1>{ps(OWN[:1])}</div>{parts}</div>"
    )
    assert [line for line in found if line in OWN] == OWN
