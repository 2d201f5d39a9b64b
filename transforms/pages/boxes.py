"""Boxes that a heading opens, such as "Most read" or "3 comments"."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from transforms.pages.boilerplate_words import (
    WORD,
    count_words,
    ends_as_sentence,
    load_boilerplate_words,
    normalise_words,
)
from transforms.pages.lines import FRAME_TAGS, HEADING_TAGS

_BOX_HEADING_TAGS = (
    "h2", "h3", "h4", "h5", "h6", "p", "div", "b", "strong", "td", "span", "dt", "summary",
)  # fmt: skip
_MIN_HEADING_CHARACTERS, _HEADING_LIMIT_CHARACTERS = 4, 60
_MAX_WORDS_AFTER_OPENING = 3
_MIN_SENTENCE_WORDS = 5
_MIN_PROSE_WORDS = 25
_DIGIT = re.compile(r"\d")


def find_boxes(tree: HtmlElement, headlines: set[str]) -> Iterator[HtmlElement]:
    """Yield each heading of a box, and the box.

    The word alone does not decide: an article may have a section "Reactions". What follows is a box if it
    does not read like the text before it.

    Args:
        tree: the page.
        headlines: the article's headlines, normalised; they open no box.
    """
    words = load_boilerplate_words()
    for heading in list(tree.iter(*_BOX_HEADING_TAGS)):
        text = " ".join((heading.text_content() or "").split())
        if not _MIN_HEADING_CHARACTERS <= len(text) < _HEADING_LIMIT_CHARACTERS or text.endswith("."):
            continue
        if normalise_words(text) in headlines:
            continue
        comments = words.comment_headings.match(text)
        opening = comments or words.box_headings.match(text)
        # A pointer such as "Read also: Two killed in Nikopol" has more words; it opens no box.
        if opening and count_words(text[opening.end() :]) <= _MAX_WORDS_AFTER_OPENING:
            yield from _find_opened_box(heading, text, is_comments=comments is not None)


def _find_opened_box(heading: HtmlElement, text: str, *, is_comments: bool) -> Iterator[HtmlElement]:
    """Yield the box that begins with a heading.

    Where no element holds heading and box together, yield the heading and the elements after it, up to the
    next heading or the first element that reads like the text of an article.
    """
    box = heading
    while (parent := box.getparent()) is not None and parent.tag not in FRAME_TAGS:
        if WORD.search(_text_before(box)):
            break
        box = parent
    if count_words(box.text_content()) > count_words(text):
        if not box.xpath(".//h1") and (_is_comment_box(box) if is_comments else not is_prose(box)):
            yield box
        return
    is_counted = is_comments and _DIGIT.search(text) is not None
    followers = list(_find_followers(box, is_comments=is_comments, is_counted=is_counted))
    if followers or box.getnext() is None:
        yield box
        yield from followers


def _find_followers(box: HtmlElement, *, is_comments: bool, is_counted: bool) -> Iterator[HtmlElement]:
    """Yield the elements after a heading that belong to its box.

    Comments are prose in another kind of element than the article's. A heading with a number, such as "2
    comments", also has prose in its box, but not more than the article.
    """
    before = [element for element in box.itersiblings(preceding=True) if is_prose(element)]
    if is_counted and _count_all(box.itersiblings()) < _count_all(before):
        yield from box.itersiblings()
        return
    kinds = {_kind(element) for element in before}
    for element in box.itersiblings():
        is_next_heading = element.tag == box.tag and element.tag in HEADING_TAGS
        if is_next_heading or (
            is_prose(element) and (not is_comments or not kinds or _kind(element) in kinds)
        ):
            return
        yield element


def _is_comment_box(box: HtmlElement) -> bool:
    """Return whether the box under a heading of comments holds comments, not a section of the article.

    The sections of an article look alike, and their paragraphs stand directly in them. Comments stand in a
    list or in blocks of their own.
    """
    if any(_kind(other) == _kind(box) and is_prose(other) for other in box.itersiblings(preceding=True)):
        return False
    paragraphs = sum(is_prose(child) for child in box if child.tag == "p")
    return paragraphs == 0 or box.tag == "details"


def _kind(element: HtmlElement) -> tuple[str, str]:
    return element.tag, element.get("class") or ""


def _count_all(elements: Iterator[HtmlElement] | list[HtmlElement]) -> int:
    return sum(count_words(element.text_content()) for element in elements)


def _text_before(element: HtmlElement) -> str:
    """Return the text of the parent before an element. The order of its parts does not matter here."""
    earlier = element.itersiblings(preceding=True)
    texts = (sibling.text_content() + (sibling.tail or "") for sibling in earlier)
    return (element.getparent().text or "") + "".join(texts)


def is_prose(element: HtmlElement) -> bool:
    """Return whether an element reads like the text of an article.

    It is a sentence without a link, or it has many words, few of them in links.
    """
    text = element.text_content().strip()
    number = count_words(text)
    number_in_links = sum(count_words(link.text_content()) for link in element.iter("a"))
    is_sentence = not number_in_links and number >= _MIN_SENTENCE_WORDS and ends_as_sentence(text)
    return is_sentence or (number >= _MIN_PROSE_WORDS and number_in_links < number / 4)
