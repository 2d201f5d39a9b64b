"""Offers and a site's words about itself in the markup of the report's paragraphs."""

from __future__ import annotations

import pytest

from transforms.pages.clean import clean_page

TITLE = "Missile hits grain store in Sumy"
REPORT = [
    "A missile hit a grain store in Sumy late on Monday, and two guards were killed, the mayor said.",
    "Firemen fought the blaze until dawn, and the missile left a crater beside the railway line.",
    "The owner of the store puts the damage at twenty million and wants to build again.",
    "Police found parts of the missile in three gardens, and a school stays closed.",
]


def _read(lines: list[str], site: str = "", tag: str = "p") -> list[str]:
    body = "".join(f"<{tag} class='t'>{line}</{tag}>" for line in lines)
    page = f"<html><head><title>{TITLE} | {site or 'News'}</title></head><body><div class='x'><h1>{TITLE}</h1>{body}</div></body></html>"
    return clean_page(page.encode(), title=TITLE).text.split("\n")


@pytest.mark.parametrize("tag", ["p", "div"])
@pytest.mark.parametrize(
    "offer",
    [
        "Become a member for the price of a coffee and help us to stay free for everyone.",
        "Our app brings alerts to your phone, even when the connection is weak.",
        "Get the morning briefing, free in your inbox",
        "If this reporting matters to you, please consider a monthly gift of five dollars.",
        "Because this work costs money, please support it with a small donation each month.",
        "We are a reader-funded newsroom of four and we carry no advertising.",
        "We rely on readers and donors, not on any party or business.",
        "Stay ahead of the biggest stories and the weather with the Harbour Ledger app.",
        "Get the Lake Nine app for breaking stories and live radar.",
        "Підтримайте редакцію, щоб ми могли працювати незалежно.",
        "Vous aimez notre travail ? Un don de quelques euros nous permet de continuer.",
        "Mit unserer App bleiben Sie auch unterwegs informiert.",
        "حمّل تطبيقنا على هاتفك لتصلك الأخبار العاجلة أولا بأول.",
    ],
)
def test_an_offer_among_paragraphs_is_left_out(offer: str, tag: str) -> None:
    assert _read([*REPORT[:2], offer, *REPORT[2:]], tag=tag) == REPORT


@pytest.mark.parametrize(
    "line",
    [
        "He wrote of it in his Telegram channel, where officials publish such news first.",
        "Мер написав про це у своєму телеграм-каналі близько опівночі.",
        "“Join us and help our neighbours, you can do it today,” a volunteer told people nearby.",
        "Support us, the mayor of Sumy asked of other towns after the missile had hit the store.",
        "Nobody else was hurt, doctors of the hospital told the agency on Tuesday.",
        "If this winter is like the last, the town needs help from its neighbours, the mayor said.",
        "If our allies support us, we can hold the line until spring, the governor said.",
        "Because this happened twice, members of the council left the hall, he said.",
        "People in the quarter had been warned in the Air Alert app ten minutes before.",
        "We are alive because the cellar held, said a woman whose windows had been blown out.",
        "The US said that it would send more help before winter comes.",
    ],
)
def test_a_paragraph_of_the_report_stays(line: str) -> None:
    lines = [*REPORT[:2], line, *REPORT[2:]]
    assert _read(lines) == lines


def test_what_the_site_says_of_itself_at_the_end_is_left_out() -> None:
    about = [
        "Harbour Post is an independent outlet.",
        "We are eleven people, and our work is paid by donors.",
    ]
    assert _read([*REPORT, *about], site="Harbour Post") == REPORT


@pytest.mark.parametrize(
    "last",
    [
        "A security official told Harbour Post that the enemy wanted to slow the harvest.",
        "A poll made for Harbour Post found that half of the residents think of moving.",
    ],
)
def test_a_last_paragraph_in_which_the_site_is_a_source_stays(last: str) -> None:
    assert _read([*REPORT, last], site="Harbour Post") == [*REPORT, last]


@pytest.mark.parametrize("role", ["complementary", "navigation", "contentinfo"])
def test_a_box_with_a_role_beside_the_text_is_left_out(role: str) -> None:
    other = "A missile hit the bus depot of Sumy too, and 40 guards were killed yesterday, the mayor said."
    box = f"<div role='{role}'><div class='t'>{other}</div></div>"
    halves = ["".join(f"<div class='t'>{line}</div>" for line in part) for part in (REPORT[:2], REPORT[2:])]
    body = f"<section name='articleBody'><h1>{TITLE}</h1>{box.join(halves)}</section>"
    page = f"<html><head><title>{TITLE}</title></head><body>{body}</body></html>"
    assert clean_page(page.encode(), title=TITLE).text.split("\n") == REPORT


def test_in_a_text_that_speaks_so_throughout_nothing_is_left_out() -> None:
    column = [
        REPORT[0],
        "You know how we sit in our cellars and count the hours of another night.",
        "We heard it from our kitchen, and you would have run as fast.",
        "Our children ask when you will come back from the east.",
        REPORT[3],
    ]
    assert _read(column) == column
