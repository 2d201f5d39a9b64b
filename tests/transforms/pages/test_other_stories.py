"""Other stories told at length beside the article or inside it, and the article's own parts that look like them."""

from __future__ import annotations

import json

import pytest
from lxml import html as lxml_html

from transforms.pages.article_path import find_article_path
from transforms.pages.boilerplate_words import normalise_words
from transforms.pages.clean import clean_page
from transforms.pages.data_nodes import resolve_flat
from transforms.pages.lines import PageLines
from transforms.pages.other_stories import find_stories_alike

TITLE = "Drone hits bus near the river port"
OWN = [
    "The drone came over the river at noon and hit the bus at the stop, officials said on Tuesday.",
    "Nine passengers were hurt, three of them badly, and were taken to the clinic of the harbour.",
    "A guard of the port said that he had heard the engine for a minute before the blast threw him down.",
    "Firemen needed two hours for the burning bus and for a kiosk beside it, whose owner was not there.",
    "It was the fourth attack on the quarter since spring, and the first one in the light of day.",
    "Ships may enter the port again from Wednesday on, the authority wrote in a notice to captains.",
]
OTHER = [
    f"The council of the hill town met for the {n} time this month and spoke at length of its roads and schools."
    for n in ("first", "second", "third")
]
OTHER_TITLE = "Hill town decides on its roads and schools"


def ps(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def text_of(body: str, scripts: str = "") -> list[str]:
    page = f"<html><head><title>{TITLE}</title></head><body>{body}{scripts}</body></html>"
    return clean_page(page.encode(), title=TITLE).text.split("\n")


def story(title: str, lines: list[str], tag: str = "h2", more: str = "") -> str:
    return f"<div class='s'><{tag}>{title}</{tag}>{more}{ps(lines)}</div>"


LINKED = f"<a href='/n/1'>{OTHER_TITLE}</a>"
TIME = "<time datetime='2025-04-04'>4 April</time>"


@pytest.mark.parametrize(
    "body",
    [
        story(TITLE, OWN) + story(LINKED, OTHER),
        story(TITLE, OWN) + story(OTHER_TITLE, OTHER),
        story(OTHER_TITLE, OTHER) + story(TITLE, OWN) + story(OTHER_TITLE, OTHER),
        story(TITLE, OWN, "h1", TIME) + story(OTHER_TITLE, OTHER, "h1", TIME),
        f"<div><h3>{OTHER_TITLE}</h3>{ps(OTHER)}<h3>{TITLE}</h3>{ps(OWN)}<h3>{OTHER_TITLE}</h3>{ps(OTHER)}</div>",
        f"<h1>{TITLE}</h1>{ps(OWN[:3])}<div><h4>{OTHER_TITLE}</h4>{ps(OTHER)}<a href='/n/1'>Read more</a></div>{ps(OWN[3:])}",
        f"<h1>{TITLE}</h1>{ps(OWN[:3])}<div><h4>{LINKED}</h4>{ps(OTHER)}</div>{ps(OWN[3:])}",
    ],
)  # fmt: skip
def test_other_stories_are_left_out(body: str) -> None:
    assert text_of(body) == OWN


def entry(more: str, lines: list[str], kind: str = "entry", time: str = "<time>14:05</time>") -> str:
    return f"<div class='{kind}'><div>{time}</div>{more}<div>{ps(lines)}</div></div>"


RAIDS = [
    [
        f"At least {n} people were killed yesterday when two missiles hit a hall of the harbour in {town}.",
        line,
    ]
    for n, town in ((19, "Aba"), (21, "Edo"), (23, "Ika"), (25, "Oru"), (27, "Ude"))
    for line in OTHER[:1]
]


@pytest.mark.parametrize(
    "others",
    [
        [entry("", lines) for lines in RAIDS],
        [entry(f"<h4>{LINKED}</h4>", lines) for lines in RAIDS],
        [entry(f"<h3>{OTHER_TITLE}</h3>", lines) for lines in RAIDS],
        [entry("", lines, time="<span>13:50</span>") for lines in RAIDS],
    ],
    ids=["without a heading", "linked", "with a heading", "time in words"],
)
def test_other_entries_of_a_live_page_are_left_out(others: list[str]) -> None:
    own = entry(f"<h1>{TITLE}</h1>", OWN[:3], "entry pinned")
    assert text_of(f"<div>{own}<h3>Earlier updates</h3>{''.join(others)}</div>") == OWN[:3]
    assert text_of(f"<div>{others[0]}{own}{''.join(others[1:])}</div>") == OWN[:3]


def test_entries_of_a_page_on_one_story_stay() -> None:
    updates = [
        [f"The drone that hit the bus wounded {n}, doctors said.", f"{line} So said an officer of the port."]
        for n, line in zip((10, 12), OWN[2:4], strict=True)
    ]
    entries = "".join(entry("", lines) for lines in (OWN[:2], *updates))
    found = text_of(f"<h1>{TITLE}</h1><div>{entries}</div>")
    assert {*OWN[:2], *(line for lines in updates for line in lines)} <= set(found)


@pytest.mark.parametrize("mark", ["• ", "- ", "* "])
def test_items_with_a_mark_are_read_once(mark: str) -> None:
    items = "".join(f"<div class='t'>{mark}{line}</div>" for line in OWN[1:])
    assert (
        text_of(f"<article><h1>{TITLE}</h1><div><div class='t'>{OWN[0]}</div>{items}</div></article>") == OWN
    )


@pytest.mark.parametrize(
    "body",
    [
        # sections of one story
        f"<div><h2>{TITLE}</h2>{ps(OWN)}<h2>What the hill town plans now</h2>{ps(OTHER)}</div>",
        f"<div class='s'><h2>{TITLE}</h2>{ps(OWN)}</div><div class='s'><h3>What the town plans</h3>{ps(OTHER)}</div>",
        # background with a heading, which leads nowhere
        f"<h1>{TITLE}</h1>{ps(OWN)}<div><h4>The town and its roads</h4>{ps(OTHER)}</div>{ps(OWN[:1])}",
    ],
)
def test_parts_of_the_article_stay(body: str) -> None:
    assert set(OWN + OTHER) <= set(text_of(body))


def test_an_article_that_is_a_list_of_boxes_stays() -> None:
    boxes = "".join(
        f"<div><h4><a href='/p/{n}'>Road number {n} of the town</a></h4>{ps(OWN)}</div><p>{OTHER[0]}</p>"
        for n in range(3)
    )
    assert OWN[0] in text_of(f"<h1>{TITLE}</h1><p>{OTHER[1]}</p>{boxes}")


@pytest.mark.parametrize(
    "body",
    [
        f"<div class='hero'><h1>{TITLE}</h1><div>{OWN[0]} {OWN[1]}</div></div><div><article>{ps(OWN[2:])}</article></div>",
        f"<main><section><h1>{TITLE}</h1>{ps(OWN[:2])}</section><section><div>{ps(OWN[2:])}</div></section></main>",
        f"<div><h1>{TITLE}</h1><ul><li>{OWN[0]}</li><li>{OWN[1]}</li></ul>{ps(OWN[2:])}</div>",
        f"<div><h1>{TITLE}</h1><div><p>{OWN[0]}</p></div><div><h2>Plus</h2><p>Subscribe to our newsletter now, all of you.</p></div><div style='display:none'>{ps(OWN[1:])}</div></div>",
    ],
)  # fmt: skip
def test_the_beginning_and_the_rest_that_stand_apart_are_text(body: str) -> None:
    assert " ".join(text_of(body)) == " ".join(OWN)


def test_a_quote_before_the_text_does_not_hide_it() -> None:
    text = f"<div><blockquote><div>{OWN[1]} {OWN[2]}</div></blockquote>{ps(OWN)}</div>"
    assert text_of(f"<article><h1>{TITLE}</h1>{text}</article>")[-len(OWN) :] == OWN


DATA = {"story": {"title": TITLE, "blocks": [{"text": line} for line in OWN]}, "menu": ["World", "Sport"]}


@pytest.mark.parametrize(
    "script",
    [
        f"window.__STATE__ = {json.dumps(DATA)};",
        f"var page = {json.dumps(DATA)}; start(page);",
        f"window.__STATE__ = JSON.parse({json.dumps(json.dumps(DATA))});",
    ],
)
def test_text_that_a_script_assigns_is_read(script: str) -> None:
    assert text_of(f"<h1>{TITLE}</h1>", f"<script>{script}</script>") == OWN


def test_a_flat_list_of_values_is_resolved() -> None:
    flat = [["Reactive", 1], {"story": 2}, {"title": 3, "body": 4}, TITLE, [5, 6], *OWN[:2]]
    assert resolve_flat(flat) == {"story": {"title": TITLE, "body": OWN[:2]}}


@pytest.mark.parametrize(
    "state", [[1, 2], ["a", "b", "c"], [{"a": "b"}, 1, 2], [{"a": 9}, 1, 2], {"a": 1}, None, [True, 1, 2]]
)
def test_other_data_stay_as_they_are(state: object) -> None:
    assert resolve_flat(state) is state


def test_a_list_that_refers_to_itself_ends() -> None:
    assert resolve_flat([[0, 0, 0, 0], 1, 2]) is not None


def test_the_day_and_hour_of_a_post_are_no_text_but_a_day_is() -> None:
    posts = f"<p>4.4.2025 09:10</p>{ps(OWN[:3])}<p>4 April 2025</p>{ps(OWN[3:])}"
    assert text_of(f"<div><h1>{TITLE}</h1><p>{OTHER[0]}</p>{posts}</div>") == [
        OTHER[0],
        *OWN[:3],
        "4 April 2025",
        *OWN[3:],
    ]


def test_links_with_a_date_are_other_stories() -> None:
    links = "".join(
        f"<a href='/n/{n}'>{OTHER_TITLE} {n}</a> <small>({n} July 2024)</small><br>" for n in (3, 5, 8)
    )
    assert (
        text_of(
            f"<table><tr><td><h1>{TITLE}</h1>{ps(OWN)}<hr><p><b>Earlier stories:</b><br>{links}</td></tr></table>"
        )
        == OWN
    )


def test_a_linked_date_in_a_sentence_is_text() -> None:
    before, linked = "No raid on the harbour was worse since", "the drone hit the bus in the same quarter"
    after = "on 3 July 2024, said a guard of the port."
    line, plain = f"{before} <a href='/n/3'>{linked}</a> {after}", f"{before} {linked} {after}"
    assert plain in text_of(f"<article><h1>{TITLE}</h1>{ps(OWN[:3])}<p>{line}</p>{ps(OWN[3:])}</article>")


@pytest.mark.parametrize(
    ("label", "found"),
    [("Next Story", ["story next"]), ("Read next", ["story next"]), ("What it means", [])],
)
def test_a_label_opens_the_next_story(label: str, found: list[str]) -> None:
    own = f"<div class='story'><h1>{TITLE}</h1>{ps(OWN)}</div>"
    more = f"<div class='story next'><div>{label}</div><h2>{OTHER_TITLE}</h2>{ps(OTHER)}</div>"
    tree = lxml_html.fromstring(f"<html><body><div>{own}{more}</div></body></html>")
    title = normalise_words(TITLE)
    path = find_article_path(tree, PageLines(tree, {title}), [title])
    assert [other.get("class") for other in find_stories_alike(path, {title})] == found


@pytest.mark.parametrize(
    "notice",
    [
        "We reserve the right to edit the messages that we publish on these pages.",
        "(This story has not been edited by our staff and is auto-generated from a syndicated feed.)",
        "Please keep to our community guidelines when you write to the paper of the town.",
    ],
)
def test_a_notice_after_the_text_is_left_out(notice: str) -> None:
    assert text_of(f"<article><h1>{TITLE}</h1>{ps(OWN)}<p>{notice}</p></article>") == OWN


@pytest.mark.parametrize(
    "line",
    [
        "Also today: a missile hit a station of another town overnight, killing 44 people.",
        "Correction: a drone hit the bus of another river port on Tuesday, and not two, as was said here.",
    ],
)
def test_what_points_to_other_news_is_left_out(line: str) -> None:
    assert text_of(f"<article><h1>{TITLE}</h1>{ps([*OWN[:3], line, *OWN[3:]])}</article>") == OWN


@pytest.mark.parametrize("tag", ["span", "font"])
def test_text_after_a_box_in_one_inline_element_is_read(tag: str) -> None:
    box = f"<div><b>Related News</b><table><tr><td><a href='/n/3'>{OTHER_TITLE}</a></td></tr></table></div>"
    text = f"{'<br><br>'.join(OWN[:4])}<br>{box}{OWN[4]}<br><br>{OWN[5]}"
    found = text_of(f"<h1>{TITLE}</h1><div class='body'><{tag}>{text}</{tag}></div>")
    assert " ".join(found) == " ".join(OWN)
