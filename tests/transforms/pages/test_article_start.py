"""Where an article begins: bylines, days, subheadings, introductions in boxes, paragraphs without an end."""

from __future__ import annotations

import pytest

from transforms.pages.article_path import find_article_path
from transforms.pages.boilerplate_words import normalise_words
from transforms.pages.clean import clean_page
from transforms.pages.lines import PageLines
from transforms.pages.loose_text import wrap_loose_text
from transforms.pages.markup import parse_markup
from transforms.pages.paragraphs import find_paragraphs

TITLE = "Bombs hit grain stores of the river delta"
OWN = [
    "Bombs hit the grain stores of the river delta in the night to Friday, and four guards are dead, their union said.",
    "The rice of a whole district lay in the halls, which belong to a state board and had no roof since the storm.",
    "Pilots had been seen over the mouth of the river for three days, always at the hour when the tide comes in.",
    "A board member said that seed for the spring is safe because it is kept in the hills behind the monastery.",
]
OTHER_TITLE = "Weavers of the hill country win a prize abroad"
OTHER = [
    f"For the {n} time the weavers of the hill country have won a prize abroad, and again with a plain grey cloth."
    for n in ("second", "third", "fourth", "fifth")
]
HOST = "https://delta.example"


def ps(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def read(body: str) -> list[str]:
    page = f"<html><head><title>{TITLE} | Delta</title></head><body>{body}</body></html>"
    return clean_page(page.encode(), title=TITLE).text.split("\n")


@pytest.mark.parametrize(
    "byline",
    [
        "Staff and wire reports / Delta Daily / May 16, 2025, 09:05 IST",
        "By Ana Lima and Tom Berg of the Delta Daily newsroom, 16 May 2025 | 08:10",
        "Delta Daily correspondent in the port and agencies | Friday 16 May 2025 at 8.10pm",
    ],
)
@pytest.mark.parametrize("name", ["byline", "x7f3"])
def test_a_long_byline_is_no_prose(byline: str, name: str) -> None:
    """The next story of an endless page stayed, because the byline had gone as the first prose."""

    def story(title: str, lines: list[str], slug: str) -> str:
        top = f"<div class='h'><h1>{title}</h1></div><div class='{name}'>{byline}</div>"
        return f"<div class='story' data-url='{HOST}/{slug}'>{top}<div class='b'>{ps(lines)}</div></div>"

    assert read(f"<div>{story(TITLE, OWN, 'grain')}{story(OTHER_TITLE, OTHER, 'weavers')}</div>") == OWN


@pytest.mark.parametrize("day", ["Friday, 16 May 2025", "16.05.2025", "May 16, 2025"])
def test_a_day_before_the_text_is_left_out(day: str) -> None:
    text = f"<div class='item'><span class='when'>{day}</span><h2>{TITLE}</h2><div class='t'>{ps(OWN)}</div></div>"
    assert read(text) == OWN


def test_a_subheading_is_not_the_first_prose() -> None:
    """The text went as an appeal to its readers, because a subheading stood for its beginning."""
    own = ["We count four dead now, said the union.", "Our men had no shelter, it wrote.", *OWN]
    end = "<p><b>Give to us</b></p><p>You can help us to keep our boats and our paper afloat.</p><a href='/donate'>Give</a>"
    body = f"<h2 class='sub'>The halls belong to a state board and had no roof.</h2><div class='t'>{ps(own)}{end}</div>"
    assert set(OWN) <= set(read(f"<main><h1>{TITLE}</h1>{body}</main>"))


@pytest.mark.parametrize("tag", ["p", "div"])
@pytest.mark.parametrize(
    "summary", ["", "<div class='sum'><strong>Seed for the spring is safe, it says.</strong></div>"]
)
@pytest.mark.parametrize(
    "advert",
    ["", "<div class='ad'><div class='t'>Compare prices of boats and save up to a third.</div></div>"],
)
def test_an_introduction_in_a_box_of_its_own_is_text(tag: str, summary: str, advert: str) -> None:
    first = f"<div class='itemIntroText'><{tag}>{OWN[0]}</{tag}></div>"
    rest = f"<{tag}>{OWN[1]}</{tag}>{advert}" + "".join(f"<{tag}>{line}</{tag}>" for line in OWN[2:])
    body = f"<div class='item'><h2>{TITLE}</h2>{summary}{first}<div class='itemFullText'>{rest}</div></div>"
    assert [line for line in read(body) if line in OWN] == OWN


@pytest.mark.parametrize("box", ["aside", "section", "figure", "nav", "header"])
def test_a_paragraph_ends_where_a_block_begins(box: str) -> None:
    """Browsers end it there, and the parser did not: the paragraph went with the box."""
    offer = f"<{box} class='offer'><h3>Daily briefing</h3><p>Start your day with our briefing.<form><input></form></{box}>"
    text = f"<p>{OWN[0]}<p>{OWN[1]}{offer}<p>{OWN[2]}<p>{OWN[3]}"
    assert read(f"<article><h1>{TITLE}</h1>{text}</article>") == OWN


def test_what_stands_behind_the_block_comes_behind_it() -> None:
    tree, _ = parse_markup(
        "<html><body><div><p>one<aside>two</aside>three<nav>four</nav></p>five</div></body></html>"
    )
    assert tree.text_content() == "onetwothreefourfive"
    assert [e.tag for e in tree.find(".//div")] == ["p", "aside", "nav"]


def test_a_role_makes_a_heading() -> None:
    parts = "<div role='heading' aria-level='1'>A</div><span role='heading'>B</span><p role='heading' aria-level='9'>C</p>"
    tree, _ = parse_markup(f"<html><body>{parts}</body></html>")
    assert [e.tag for e in tree.find("body")] == ["h1", "h2", "p"]


@pytest.mark.parametrize(
    "before",
    [
        "<figure><figcaption>Guards stand before an empty hall in an undated picture.</figcaption></figure>",
        "<figure><div><p>Guards stand before an empty hall in an undated picture.</p></div></figure>",
        "<h2>The halls belong to a state board and have no roof since the storm.</h2>",
        "<div class='m'>Delta Daily newsroom and agencies, 16 May 2025, 08:10 in the morning</div>",
    ],
)
def test_the_first_prose_is_a_paragraph(before: str) -> None:
    tree, _ = parse_markup(f"<html><body><h1>{TITLE}</h1>{before}<div>{ps(OWN)}</div></body></html>")
    title = normalise_words(TITLE)
    first = find_article_path(tree, PageLines(tree, {title}), [title]).first_prose
    assert first is not None
    assert first.text_content() == OWN[0]


def test_where_all_is_subheadings_the_first_is_the_first_prose() -> None:
    text = "".join(f"<h4>{line}</h4>" for line in OWN)
    tree, _ = parse_markup(f"<html><body><h1>{TITLE}</h1><div>{text}</div></body></html>")
    title = normalise_words(TITLE)
    first = find_article_path(tree, PageLines(tree, {title}), [title]).first_prose
    assert first is not None
    assert first.text_content() == OWN[0]


def test_a_caption_is_not_the_first_prose() -> None:
    """An article that holds a teaser went as another story, because the caption had stood for its beginning."""
    picture = "<figure><img src='a.jpg'><figcaption>Guards stand before an empty hall in an undated picture.</figcaption></figure>"
    teaser = f"<div class='rel'><h3><a href='/w'>{OTHER_TITLE}</a></h3></div>"
    text = f"<article class='text'>{ps(OWN[:2])}{teaser}{ps(OWN[2:])}</article>"
    others = "".join(
        f"<article class='r'><h3><a href='/w/{n}'>{OTHER_TITLE}</a></h3><p>{OTHER[n]}</p></article>"
        for n in range(3)
    )
    assert (
        read(f"<main><h1>{TITLE}</h1><div class='top'>{picture}</div>{text}</main><div>{others}</div>") == OWN
    )


@pytest.mark.parametrize(
    "name", ["comments-open share-ready", "promo-free", "no-ads related-layout", "cookie-safe sidebar"]
)
@pytest.mark.parametrize("attribute", ["class", "id"])
def test_a_name_of_furniture_does_not_hide_the_text(name: str, attribute: str) -> None:
    text = (
        f"<div {attribute}='{name}'>" + "".join(f"<p class='ad-safe'>{line}</p>" for line in OWN) + "</div>"
    )
    cards = "".join(
        f"<article class='post'><h2><a href='/{n}'>{OTHER_TITLE}</a></h2><p>{OTHER[n]}</p></article>"
        for n in range(3)
    )
    assert read(f"<main>{cards}</main><div class='wrap'><h2>{TITLE}</h2>{text}</div>") == OWN


@pytest.mark.parametrize("tag", ["font", "span", "b"])
def test_a_styled_element_around_all_paragraphs_is_no_paragraph(tag: str) -> None:
    text = f"<{tag}>{ps(OWN)}</{tag}>"
    assert read(f"<table><tr><td><h1>{TITLE}</h1><div class='b'>{text}</div></td></tr></table>") == OWN


def test_the_rest_in_a_box_without_a_name_right_after_the_first_paragraph() -> None:
    text = f"<div class='newsHeading'>{OWN[0]} {OWN[1]}</div><div><p>{OWN[2]}</p><section>An offer</section><p>{OWN[3]}</p></div>"
    page = f"<article><h1>{TITLE}</h1><div class='newsText'>{text}</div><div class='newsPicture'><p>Found a slip? Tell us.</p></div></article>"
    assert read(page) == [f"{OWN[0]} {OWN[1]}", *OWN[2:]]


@pytest.mark.parametrize(
    "style", ["overflow:hidden", "display: none", "visibility:hidden", "max-height:9em;overflow-y: hidden"]
)
def test_a_box_that_cuts_the_text_off_holds_text(style: str) -> None:
    first, rest = ("".join(f"<div class='par'>{line}</div>" for line in part) for part in (OWN[:2], OWN[2:]))
    body = f"<div class='l'>{first}<div class='read-all' style='{style}'>{rest}</div></div>"
    assert read(f"<section><h1>{TITLE}</h1><section class='body'>{body}</section></section>") == OWN


def test_parts_of_a_text_in_boxes_of_other_names() -> None:
    parts = f"<div class='entry-body'>{ps(OWN[:1])}</div><div class='entry-more'>{ps(OWN[1:])}</div>"
    footer = "<p class='foot'>Posted by newsdesk on May 16, 2025 8:10 AM</p>"
    assert read(f"<div class='entry'><h3>{TITLE}</h3>{parts}{footer}</div>") == OWN


def test_a_class_of_its_own_makes_no_kind() -> None:
    """Build tools name each block: of a text only the first paragraph was known."""
    text = "".join(
        f"<div class='card'><div class='element text text_m{n}x{7 * n}'><div><p>{line}</p></div></div></div>"
        for n, line in enumerate(OWN)
    )
    body = f"<div class='story'><h1>{TITLE}</h1><div class='c'>{text}</div></div>"
    tree, _ = parse_markup(f"<html><body>{body}</body></html>")
    page = PageLines(tree, {normalise_words(TITLE)})
    found = find_paragraphs(tree, page, find_article_path(tree, page, [normalise_words(TITLE)]))
    assert found is not None
    assert [block.text_content() for block in found.blocks] == OWN


def test_lines_of_an_agency_are_paragraphs() -> None:
    text = "".join(
        f"<div class='take'><pre class='w'>{part}</pre></div>"
        for part in ("\n\n".join(OWN[:2]), "\n\n".join(OWN[2:]))
    )
    stream = "".join(
        f"<li class='item'><header><span>LAKE0{n} GEN</span><h3><a href='/{n}'>{OTHER_TITLE}</a></h3></header>"
        f"<pre class='w'>{OTHER[n]}\n\n{OTHER[n - 1]}</pre></li>"
        for n in range(4)
    )
    body = f"<div class='item'><h1>{TITLE}</h1>{text}</div><section><h2>On the wire</h2><ul>{stream}</ul></section>"
    assert read(body) == OWN


def test_code_in_a_report_stays_one_block() -> None:
    tree, _ = parse_markup(
        "<html><body><div><pre>if x:\n\n    return y and z and a and b and c\n</pre></div></body></html>"
    )
    wrap_loose_text(tree)
    assert tree.find(".//pre") is not None


def test_the_parts_between_empty_lines_of_a_pre_are_paragraphs() -> None:
    tree, _ = parse_markup(
        f"<html><body><div><pre>{OWN[0]}\n\n{OWN[1][:40]}\n{OWN[1][40:]}</pre></div></body></html>"
    )
    wrap_loose_text(tree)
    assert next(p.text_content() for p in tree.iter("p")) == OWN[0]
    assert len(list(tree.iter("p"))) == 2
