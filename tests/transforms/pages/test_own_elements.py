"""Elements that a site has defined itself: paragraphs, cards and links with a hyphen in their tags."""

from __future__ import annotations

import pytest

from transforms.pages import own_elements
from transforms.pages.boilerplate_words import count_words
from transforms.pages.clean import clean_page
from transforms.pages.markup import parse_markup

TITLE = "Mortar bombs hit a school for nurses"
OWN = [
    "Mortar bombs hit a school for nurses in the old port on Monday; two of its teachers died, the city said.",
    "Lessons had ended early because of a feast, and only the kitchen and one classroom were in use then.",
    "The general whose men hold the far bank did not answer questions that were sent to his office twice.",
    "A first count had named three dead, of whom one is alive and was found in another clinic by her son.",
]
OTHER = "Farmers of the delta sell their rice at a loss"
LEAD = "The price has halved since the port was closed, and the mills take in no more before the autumn."


def linked(line: str) -> str:
    words = line.split(" ")
    return " ".join((*words[:5], f"<a href='/tag/x'>{' '.join(words[5:7])}</a>", *words[7:]))


def page_of(paragraph: str, around: str) -> bytes:
    text = "".join(paragraph.format(linked(line)) for line in OWN)
    cards = (
        f"<story-card><a href='/o'><card-title>{OTHER}</card-title></a><card-text>{LEAD}</card-text></story-card>"
        * 3
    )
    body = around.format(f"<h1>{TITLE}</h1>{text}")
    page = f"<html><head><title>{TITLE}</title></head><body><site-header><a href='/'>Start</a></site-header>{body}"
    return f"{page}<related-stories>{cards}</related-stories></body></html>".encode()


@pytest.mark.parametrize(
    "around", ["<story-body>{}</story-body>", "<div class='a'>{}</div>", "<article>{}</article>"]
)
@pytest.mark.parametrize(
    "paragraph",
    [
        "<story-paragraph>{}</story-paragraph>",
        "<x-p class='p'>{}</x-p>",
        "<story-block><story-text>{}</story-text></story-block>",
        "<story-block><p>{}</p></story-block>",
    ],
)
def test_a_link_does_not_break_a_paragraph_of_a_sites_own(paragraph: str, around: str) -> None:
    assert clean_page(page_of(paragraph, around), title=TITLE).text.split("\n") == OWN


def test_an_own_element_in_a_line_stays_in_the_line() -> None:
    line = "The <glossary-term>mortar</glossary-term> stood on the <x-link><a href='/b'>far bank</a></x-link>, they said."
    tree, _ = parse_markup(f"<html><body><div><p>{line}</p><x-box><p>{line}</p></x-box></div></body></html>")
    assert [e.tag for e in tree.body.iter()] == ["body", "div", *(["p", "span", "span", "a", "div"] * 2)[:-1]]
    assert tree.body.find(".//span").get("class") == "glossary-term"


def test_the_work_is_linear_in_the_number_of_elements(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each element had looked at all its siblings: 6,000 paragraphs took eight seconds."""

    def count(number: int) -> int:
        seen = 0

        def counted(text: str | None) -> int:
            nonlocal seen
            seen += 1
            return count_words(text)

        monkeypatch.setattr(own_elements, "count_words", counted)
        parse_markup("<html><body>" + "<x-a><x-b>A word.</x-b></x-a>" * number + "</body></html>")
        return seen

    assert count(800) < 2.2 * count(400)
