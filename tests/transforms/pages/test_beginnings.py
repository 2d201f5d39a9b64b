"""Words that only a screen reader speaks, beginnings of other stories, and the article's own beginning apart."""

from __future__ import annotations

import pytest

from transforms.pages.clean import clean_page
from transforms.pages.invisible import without_invisible

TITLE = "Brickworks burns after a night of shells"
OWN = [
    "Shells set the brickworks at the river on fire in the night to Tuesday, and two night watchmen were hurt.",
    "Firemen from three towns pumped water from the canal until noon, since the mains had no pressure left.",
    "The works had employed ninety people, most of whom now clear their own cellars in the lower quarter.",
    "A spokesman of the district said that the kilns were cold for weeks already and nothing had exploded there.",
]
MORE = [
    "An engineer walked through the drying sheds in the afternoon and wrote down which beams had to come out.",
    "Two of the chimneys will be blown up in spring, if the district finds the money and a firm that dares it.",
    "The canal company asked that nobody take sand from the banks, which had slipped in three places since May.",
]
STORY = "Harvest festival moves to the market hall"
LEAD = (
    "The harvest festival will be held under a roof for the first time in forty years, because the meadow by the old "
    "mill is still too wet for the tents, the brass band and the carousel. The mayor promised that the prize for the "
    "heaviest pumpkin would be given in spite of the dry summer, and that children would get in free on both days. "
    "Tickets are sold at the town hall and in the bakery on the square."
)


def text_of(body: str, after: str = "") -> list[str]:
    page = (
        f"<html><head><title>{TITLE}</title></head><body><div class='page'><h1>{TITLE}</h1>"
        f"{body}{after}</div></body></html>"
    )
    return clean_page(page.encode(), title=TITLE).text.split("\n")


def paragraphs(parts: list[str]) -> str:
    return "".join(f"<p>{part}</p>" for part in parts)


@pytest.mark.parametrize(
    "hidden",
    [
        '<span class="sr-only"> (opens in a new window)</span>',
        '<span class="visually-hidden">, external link</span>',
        "<span class='u-visuallyhidden'>, external</span>",
        '<span class="screen-reader-text">External link:</span>',
        '<i class="offscreen">link to another site</i>',
        '<span style="position:absolute;left:-10000px;top:auto">opens new tab</span>',
        '<span style="border:0;clip:rect(0 0 0 0);height:1px;width:1px">, opens new tab</span>',
        '<em style="display: none">not shown</em>',
    ],
)
def test_words_that_the_eye_does_not_see_are_no_text(hidden: str) -> None:
    linked = OWN[1].replace("the canal", f'<a href="https://canal.example/">the canal</a>{hidden}')
    assert text_of(f"<div class='body'>{paragraphs([OWN[0], linked, *OWN[2:]])}</div>") == OWN


@pytest.mark.parametrize(
    "shown",
    [
        '<span class="hidden-gem">the canal</span>',
        '<span class="clip">the canal</span>',
        '<b style="margin-left:-2px">the canal</b>',
        '<span style="color:#111">the canal</span>',
    ],
)
def test_words_that_are_shown_stay(shown: str) -> None:
    assert without_invisible(f"<p>from {shown} until noon</p>") == f"<p>from {shown} until noon</p>"


@pytest.mark.parametrize(
    "card",
    [
        "<div class='teaser'><div class='kicker'>Region</div><h3><a href='/harvest.html'>{0}</a></h3><p>{1}</p></div>",
        "<section><h4><a href='/n/17'>{0}</a></h4><p>{1}</p></section>",
        "<div class='x1'><div class='x2'><h2 class='x3'><a href='/harvest'>{0}</a></h2></div><div><p>{1}</p></div></div>",
    ],
)
def test_the_first_paragraph_of_another_story_in_a_card_is_left_out(card: str) -> None:
    box = card.format(STORY, LEAD)
    assert text_of(f"<div class='body'>{paragraphs(OWN[:2])}{box}{paragraphs(OWN[2:])}</div>") == OWN


def test_a_section_of_the_article_whose_heading_is_a_link_stays_where_it_repeats() -> None:
    parts = [
        (STORY, LEAD),
        ("Canal opens again for barges after the repair", LEAD.replace("festival", "regatta")),
    ]
    sections = "".join(
        f"<div class='s'><h3><a href='/{n}'>{t}</a></h3><p>{p}</p></div>" for n, (t, p) in enumerate(parts)
    )
    text = text_of(f"<div class='body'>{sections}</div>")
    assert LEAD in text


@pytest.mark.parametrize(
    "boxes",
    [
        ("itemIntro", "itemFullText"),
        ("post-lead", "entry-content"),
        ("chapo", "article-body"),
        ("excerpt", "post-content"),
    ],
)
@pytest.mark.parametrize("number", [2, 3, 6])
def test_the_beginning_in_a_box_of_its_own_belongs_to_the_text(boxes: tuple[str, str], number: int) -> None:
    rest = [*OWN[1:], *MORE][:number]
    body = f"<div class='{boxes[0]}'><p>{OWN[0]}</p></div><div class='{boxes[1]}'>{paragraphs(rest)}</div>"
    assert text_of(f"<div class='item'>{body}</div>") == [OWN[0], *rest]


def test_what_is_cut_off_is_not_added_to_a_short_article() -> None:
    teasers = "".join(
        f"<article class='node teaser'><header><h2><a href='/{n}'>{STORY}</a></h2><span>Submitted on Sun, 03/14/2021 - "
        f"07:30</span></header><div class='content'><div class='field body'><p>{LEAD[:200]}…</p></div></div></article>"
        for n in range(3)
    )
    own = paragraphs(OWN[:2])
    article = (
        f"<article class='node full'><div class='content'><div class='field body'>{own}</div></div></article>"
    )
    text = text_of(article, f"<div class='views'><h2>Further on</h2>{teasers}</div>")
    assert text == OWN[:2]


@pytest.mark.parametrize(
    "line",
    [
        "Reporting by Ada Novak; Editing by Jo Marsh and Pim de Vries",
        "(Additional reporting by Ada Novak in Brno, writing by Jo Marsh)",
        "Compiled by Pim de Vries.",
        "With additional input from two agencies",
    ],
)
def test_who_wrote_and_edited_is_no_paragraph(line: str) -> None:
    assert text_of(f"<div class='body'>{paragraphs([*OWN, line])}</div>") == OWN


@pytest.mark.parametrize(
    "line",
    [
        "Our <b>Evening Letter</b> newsletter has all that matters today. Sign up <a href='/newsletters/evening'>here</a>.",
        "<i>Subscribe to the morning briefing and find the news in your inbox at six: <a href='/signup'>yes, please</a></i>",
    ],
)
def test_an_offer_of_letters_between_the_paragraphs_is_left_out(line: str) -> None:
    assert text_of(f"<div class='body'>{paragraphs([*OWN[:2], line, *OWN[2:]])}</div>") == OWN


ASKS = [
    "You have read this report to its end, and we are glad of it: our three reporters wrote it without any owner's order.",
    "Our paper has no rich friends, so each visit to the lower quarter is paid for by readers like you.",
    "Please think about giving what a loaf of bread costs you, each month or only once.",
]


@pytest.mark.parametrize(
    "box",
    [
        "<div class='ask'><h3>A word from the desk</h3>{0}<p><a class='b' href='/donate'>Give now</a></p><hr></div>",
        "<div id='m7'><div class='inner'><h4>Stand by us</h4>{0}<p>Thank you,<br>Ida Brandt, editor</p>"
        "<a href='/membership/'>Join the circle</a> <a href='/login'>Already in?</a></div></div>",
        "<section>{0}<div><a href='https://pay.example/support?x=1'>Support us</a></div></section>",
    ],
)
@pytest.mark.parametrize("number", [2, 4])
def test_an_appeal_of_several_paragraphs_under_the_article_is_left_out(box: str, number: int) -> None:
    assert (
        text_of(f"<div class='body'>{paragraphs(OWN[:number])}{box.format(paragraphs(ASKS))}</div>")
        == OWN[:number]
    )


def test_a_statement_in_the_first_person_stays() -> None:
    said = [
        "We heard the first shell before the siren, and our neighbours ran down with their bags in their hands.",
        "You could see the kilns burn from the bridge, and nobody dared to cross it until the light came.",
    ]
    box = f"<div class='witness'><h4>What a watchman saw</h4>{paragraphs(said)}</div>"
    link = (
        "<p>The district asks for <a href='/support-fund'>help for the works</a> and has opened a fund.</p>"
    )
    text = text_of(f"<div class='body'>{paragraphs(OWN)}{box}{link}</div>")
    assert all(line in text for line in said)
