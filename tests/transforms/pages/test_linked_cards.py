"""Cards that lead to another story twice, boxes of the site about itself, and calls in the markup of the text."""

from __future__ import annotations

import pytest

from transforms.pages.article_path import find_article_path
from transforms.pages.boilerplate_words import normalise_words
from transforms.pages.clean import clean_page
from transforms.pages.lines import PageLines
from transforms.pages.linked_cards import find_story_lists
from transforms.pages.markup import parse_markup

TITLE = "Rockets fall on the bus station of the lake town"
OWN = [
    "Two rockets fell on the bus station of the lake town on Monday evening and killed nine people, a nurse said.",
    "The second one came down while drivers carried the wounded to the hall, where there was still some light.",
    "Each of the two armies on the far shore named the other, and neither has shown where it stood that night.",
    "A ferry took the worst hurt across the lake because the road to the clinic had been mined in the spring.",
    "Nobody was on the night bus, which had left early.",
]
OTHER = "Potters open a school on the island"
TOLD = [
    "Potters of the island have opened a school in the old salt house, where eleven girls and a monk learn now.",
    "The clay comes from the northern bay, and the kiln was a gift of the fishermen who had no use for bricks.",
]
SITE = "https://lake.example"


def ps(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def text_of(parts: list[str], after: str = "", head: str = "") -> list[str]:
    body = "".join(f"<p>{part}</p>" if not part.startswith("<") else part for part in parts)
    page = (
        f"<html><head><title>{TITLE} | Lake Times</title></head><body><div class='page'><h1>{TITLE}</h1>{head}"
        f"<div class='body'>{body}</div>{after}</div></body></html>"
    )
    return clean_page(page.encode(), title=TITLE).text.split("\n")


CARDS = {
    "row": (
        "<table><tr><td><b>21:10</b></td><td><a href='{a}'><b>{t}</b></a><br>{p}<div><a href='{a}'>Details</a></div>"
        "</td></tr></table>"
    ),
    "section": (
        "<section class='item'><header><span>From elsewhere</span></header><div><a href='{a}'><strong>{t}</strong></a>"
        "<div class='rte'>{p}</div></div><footer><a href='{a}'>Open the story (7 parts)</a></footer></section>"
    ),
    "heading": "<div class='c'><h3><a href='{a}'>{t}</a></h3>{p}<a class='more' href='{a}#top'>Read on</a></div>",
}


@pytest.mark.parametrize("form", CARDS)
@pytest.mark.parametrize("place", ["inside", "after"])
def test_a_card_that_leads_to_another_story_twice_goes_however_long_it_is(form: str, place: str) -> None:
    card = CARDS[form].format(a=f"{SITE}/potters", t=OTHER, p=ps(TOLD))
    if place == "inside":
        found = text_of([*OWN[:2], card, *OWN[2:]])
    else:
        found = text_of(OWN, f"<div class='list'>{card}</div>")
    assert found == OWN


def find_items(body: str) -> list[str]:
    tree, _ = parse_markup(f"<html><body><h1>{TITLE}</h1>{body}</body></html>")
    page = PageLines(tree, {normalise_words(TITLE)})
    path = find_article_path(tree, page, [normalise_words(TITLE)])
    return [item.get("id") for item in find_story_lists(tree, page, path)]


@pytest.mark.parametrize(
    ("number", "heading", "expected"),
    [
        (3, f"<h4><a href='/s'>{OTHER}</a></h4>", ["i0", "i1", "i2"]),
        (3, f"<header><span>LAKE01 GEN</span><h3><a href='/s'>{OTHER}</a></h3></header>", ["i0", "i1", "i2"]),
        (2, f"<h4><a href='/s'>{OTHER}</a></h4>", []),
        (3, f"<h4>{OTHER}</h4>", []),
        (3, "<h4><a href='/s'>In brief</a></h4>", []),
        (3, f"<p>{TOLD[1]}</p><h4><a href='/s'>{OTHER}</a></h4>", []),
    ],
)
def test_items_of_a_list_of_stories(number: int, heading: str, expected: list[str]) -> None:
    items = "".join(f"<li id='i{n}'>{heading}{ps(TOLD)}</li>" for n in range(number))
    assert find_items(f"<div class='b'>{ps(OWN)}</div><div class='s'><ul>{items}</ul></div>") == expected
    assert find_items(f"<div class='b'>{ps(OWN[:1])}<ul>{items}</ul></div>") == []


@pytest.mark.parametrize("number", [3, 5])
def test_stories_in_a_list_go_however_long_they_are(number: int) -> None:
    items = "".join(
        f"<li class='s'><h4><a href='/s/{n}'>{OTHER} {n}</a></h4>{ps(TOLD)}</li>" for n in range(number)
    )
    assert text_of(OWN, f"<div class='more'><ul>{items}</ul></div>") == OWN


def test_a_list_that_is_the_article_stays() -> None:
    told = ps([*TOLD, *OWN[1:4]])
    items = "".join(f"<div class='s'><h4><a href='/s/{n}'>{OTHER} {n}</a></h4>{told}</div>" for n in range(3))
    assert TOLD[0] in text_of([OWN[0], items])


def test_an_article_that_links_one_page_twice_stays() -> None:
    link = f"<a href='{SITE}/ferry'>"
    linked = [
        f"A {link}ferry that took the worst hurt</a> across the lake is old.",
        f"It is {link}the ferry</a> of May.",
    ]
    found = text_of([*OWN[:3], *linked, *OWN[3:]])
    assert len(found) == len(OWN) + 2


BOXES = [
    (
        "How we report on the war",
        "Each report is read by two editors before it goes out, and figures are compared.",
    ),
    (
        "About our reporters",
        "All of them live in the region, and three have been with the paper since it began.",
    ),
    (
        "Why you can trust Lake Times",
        "The paper belongs to those who write it and takes no money from governments.",
    ),
    (
        "Support our journalism",
        "Reports from the lake cost money: fuel, boats, a guard, a doctor on the telephone.",
    ),
    (
        "Our standards",
        "Names of victims are printed only after their families have been told by somebody else.",
    ),
]


@pytest.mark.parametrize(("heading", "line"), BOXES)
@pytest.mark.parametrize(
    "form", ["<div class='box'><h4>{}</h4><p>{}</p></div>", "<aside><h3>{}</h3><p>{}</p></aside>"]
)
def test_a_box_in_which_the_site_tells_of_itself_goes(heading: str, line: str, form: str) -> None:
    assert text_of([*OWN[:2], form.format(heading, line), *OWN[2:]]) == OWN


def test_a_section_of_the_report_under_a_like_heading_stays() -> None:
    section = f"<div class='box'><h4>How the rockets were made</h4><p>{TOLD[1]}</p></div>"
    assert TOLD[1] in text_of([*OWN[:2], section, *OWN[2:]])


CALLS = [
    "Do you have a tip from the lake? Write to our newsroom and a reporter will call you back.",
    "Sign the petition: boats are not a target, and those who sail them are not soldiers either.",
    "Send us your photos and videos of the storm, of markets and of weddings.",
    "Get three months of full access for the price of a cup of tea.",
    "You can make a gift of any size to keep the boats and the paper afloat.",
    "Turn on notifications to know of sirens before your neighbours do.",
    "Help us to keep a reporter on the far shore through the winter.",
    "Note to readers: comments on reports of this kind open after a day.",
    "Earn your salary from home, click here to see how others are doing it.",
    "Spotted a mistake? Select the words and press two keys.",
    "Create a free account to follow the lake and to join the conversation.",
    "Please switch off your ad blocker, because advertising pays for the boats.",
    "For media enquiries, write to the press office during working hours.",
    "If you are affected by what you have read, our counsellors can be reached day and night.",
    "In today's episode of our podcast, a ferryman tells of thirty years on the lake.",
    "Unlimited access to articles from all shores with one account.",
    "The lake needs reporters. Help us to keep one there.",
]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("place", [2, 5])
def test_a_call_in_the_markup_of_the_text_goes(call: str, place: int) -> None:
    assert text_of([*OWN[:place], call, *OWN[place:]]) == OWN


@pytest.mark.parametrize(
    "line",
    [
        "\u201cHelp us to bury them before the heat comes,\u201d a deacon said to the soldiers at the bridge.",
        "Get out of the boats, drivers had shouted, and some of the passengers did so, the nurse remembered.",
        "Do you know who is in there, a woman asked each of the men who came out of the bus station.",
    ],
)
def test_what_somebody_in_the_report_calls_stays(line: str) -> None:
    assert line in text_of([*OWN[:3], line, *OWN[3:]])


def test_a_line_that_a_rule_refused_does_not_come_back() -> None:
    """The choice of lines had added it again, because it looks like a paragraph."""
    asked = [
        "Good journalism costs a lot of money, and only good journalism can keep a country from falling asleep.",
        "For free access to the best reporting of the region, we ask you to consider a modest gift to this work.",
        "By giving today, you are helping to sustain a journalism of relevance and to keep it open to everyone.",
    ]
    end = "<hr><h3>Support Lake Times and its journalism of integrity</h3>" + ps(asked)
    assert [line for line in text_of([*OWN, end]) if "journalism" in line or "gift" in line] == []


def test_the_first_paragraph_of_an_inner_article_does_not_come_back() -> None:
    card = f"<article class='teaser'><h3><a href='/p'>{OTHER}</a></h3><div class='body'><p>{TOLD[0]}</p></div></article>"
    body = f"<div class='body'>{ps(OWN[:2])}</div><div class='body'>{card}</div><div class='body'>{ps(OWN[2:])}</div>"
    page = f"<html><body><article><h1>{TITLE}</h1>{body}</article></body></html>"
    assert clean_page(page.encode(), title=TITLE).text.split("\n") == OWN
