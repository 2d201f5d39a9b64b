"""Captions and forms: what stands beside a picture or a field, found by its neighbour and its length."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from transforms.pages.article_path import ArticlePath
from transforms.pages.boilerplate_words import ends_as_sentence, load_boilerplate_words
from transforms.pages.lines import FRAME_TAGS, HEADING_TAGS, PageLines

PICTURE_TAGS = ("img", "amp-img", "picture", "video", "amp-video")
_MAX_CAPTION_WORDS = 50
_MAX_UNNAMED_CAPTION_WORDS = 25
_QUOTES = ('"', "“", "«", "„", "「")
_MIN_LIKE = 2
_MAX_SIBLINGS = 30
_MIN_FORM_WORDS, _MAX_FORM_WORDS = 8, 60
_MAX_LEVELS_OF_PICTURE = 5
_STYLED_TAGS = frozenset({"i", "em", "small", "font", "figcaption", "sub"})
_FIELD_TYPES = frozenset({"", "email", "text", "search", "password"})
_NAME_PART = re.compile(r"[a-z]+")


def find_captions(tree: HtmlElement, page: PageLines) -> Iterator[HtmlElement]:
    """Yield captions: short blocks right after a picture that a name, a style or a credit marks.

    A short first paragraph may also follow a picture, so the place alone does not decide.
    """
    yield from tree.iter("figcaption")
    for picture in tree.iter(*PICTURE_TAGS):
        block = picture
        for _ in range(_MAX_LEVELS_OF_PICTURE):
            following = block.getnext()
            if following is not None and following.tag in ("br", *PICTURE_TAGS):
                following = following.getnext()
            if following is not None and isinstance(following.tag, str) and _is_caption(following, page):
                yield following
                break
            parent = block.getparent()
            if parent is None or parent.tag in FRAME_TAGS or page.count_words_of(parent):
                break
            block = parent


def _is_caption(block: HtmlElement, page: PageLines) -> bool:
    number = page.count_words_of(block)
    if not 0 < number <= _MAX_CAPTION_WORDS or block.tag in (*HEADING_TAGS, *FRAME_TAGS):
        return False
    words = load_boilerplate_words()
    text = block.text_content().strip()
    # Only the nearest ones: a hostile page has thousands of captions beside thousands of paragraphs.
    siblings = [
        *islice(block.itersiblings(), _MAX_SIBLINGS),
        *islice(block.itersiblings(preceding=True), _MAX_SIBLINGS),
    ]
    like = sum(sibling.tag == block.tag and page.is_prose_block(sibling) for sibling in siblings)
    # A paragraph among paragraphs is no caption, even if the site sets all of them in small type.
    is_short = number <= _MAX_UNNAMED_CAPTION_WORDS and not text.startswith(_QUOTES) and like < _MIN_LIKE
    for element in block.iter(etree.Element):
        if page.count_words_of(element) < number:
            continue
        names = (
            f"{element.get('class') or ''} {element.get('id') or ''} {element.get('data-component') or ''}"
        )
        is_named = not words.caption_names.isdisjoint(_NAME_PART.findall(names.lower()))
        if is_named or (is_short and element.tag in _STYLED_TAGS):
            return True
    return is_short and words.credits.search(text) is not None


def find_forms(tree: HtmlElement, page: PageLines, path: ArticlePath) -> Iterator[HtmlElement]:
    """Yield boxes with a field or a button, such as a box for a newsletter: short, and not on the path.

    Boxes of one kind that repeat, such as posts with a button each, are no forms.
    """
    boxes: dict[HtmlElement, None] = {}
    for control in tree.iter("input", "form", "button"):
        is_field = control.tag != "input" or (control.get("type") or "").lower() in _FIELD_TYPES
        if is_field:
            boxes[_widen(control, page, path)] = None
    kinds = Counter((box.getparent(), box.tag, box.get("class")) for box in boxes)
    yield from (box for box in boxes if kinds[box.getparent(), box.tag, box.get("class")] == 1)


def _widen(control: HtmlElement, page: PageLines, path: ArticlePath) -> HtmlElement:
    """Return the largest short element around a control; to a whole box it adds no paragraph."""
    box = control
    while (
        (parent := box.getparent()) is not None
        and parent.tag not in FRAME_TAGS
        and parent not in path.elements
    ):
        if page.count_words_of(parent) > _MAX_FORM_WORDS:
            break
        if page.count_words_of(box) >= _MIN_FORM_WORDS and _has_paragraph(parent, page, path):
            break
        box = parent
    return box


def _has_paragraph(parent: HtmlElement, page: PageLines, path: ArticlePath) -> bool:
    """Return whether a child of an element is a paragraph in the markup of the first one."""
    first = path.first_prose
    return first is not None and any(
        child.tag in ("p", first.tag)
        and page.is_prose_block(child)
        and ends_as_sentence(child.text_content())
        for child in parent
    )
