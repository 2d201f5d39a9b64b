"""Text that stands directly in a block, beside other blocks: it is put into paragraphs."""

import re

from lxml import etree
from lxml.html import HtmlElement

from transforms.pages.boilerplate_words import count_words, ends_as_sentence
from transforms.pages.furniture import PICTURE_TAGS
from transforms.pages.lines import INLINE_TAGS

_STYLED_TAGS = frozenset({"span", "strong", "b", "em", "i", "font", "big"})
_BLOCK_TAGS = ("header", "div", "td", "section", "article", "main", "body", "center", "blockquote", "dd")
_MIN_LOOSE_WORDS, _MIN_WORDS_OF_PRE = 5, 8
_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n")


def wrap_loose_text(tree: HtmlElement) -> None:
    """Put text that stands directly in a block, beside other blocks, into paragraphs.

    Older systems end paragraphs with line breaks, and newer ones put boxes between them. trafilatura then
    drops the text after each box. Some have one ``span`` or ``font`` around all of it, which goes then: no
    paragraph would be a block of its own in it.
    """
    for block in list(tree.iter("pre")):
        _split_lines(block)
    for block in list(tree.iter(*_BLOCK_TAGS, "span", "font")):
        if any(_is_block(child) for child in block) and _has_loose_words(block):
            _wrap_runs(block)
    for styled in list(tree.iter(*_STYLED_TAGS)):
        if not styled.get("class") and styled.getparent() is not None and any(map(_is_block, styled)):
            styled.drop_tag()


def _split_lines(block: HtmlElement) -> None:
    """Make paragraphs of the parts between the empty lines of a ``pre``, as agencies send them."""
    parts = _EMPTY_LINE.split(block.text_content())
    if len(block) or count_words(block.text) < _MIN_WORDS_OF_PRE or not any(map(ends_as_sentence, parts)):
        return
    block.tag, block.text = "div", None
    for part in filter(count_words, parts):
        block.append(_start_run(" ".join(part.split())))


def _is_block(element: HtmlElement) -> bool:
    return isinstance(element.tag, str) and element.tag not in INLINE_TAGS and element.tag != "br"


def _has_loose_words(block: HtmlElement) -> bool:
    texts = (block.text, *(child.tail for child in block))
    return any(count_words(text) >= _MIN_LOOSE_WORDS for text in texts) or any(map(_is_loose_line, block))


def _is_loose_line(element: HtmlElement) -> bool:
    """Return whether an inline element alone between blocks is a sentence, such as the lead of a banner."""
    if element.tag not in _STYLED_TAGS or count_words(element.text) < _MIN_LOOSE_WORDS:
        return False
    beside = [
        next((other for other in siblings if other.tag not in PICTURE_TAGS), None)
        for siblings in (element.itersiblings(preceding=True), element.itersiblings())
    ]
    is_alone = not len(element) and all(other is None or _is_block(other) for other in beside)
    return is_alone and count_words(element.tail) == 0 and ends_as_sentence(element.text or "")


def _wrap_runs(block: HtmlElement) -> None:
    """Wrap each run of text and inline elements between the blocks of an element."""
    children = list(block)
    run = _start_run(block.text)
    block.text = None
    position = 0
    for child in children:
        if _is_block(child) or child.tag == "br":
            position = _insert_run(block, run, position)
            run = _start_run(child.tail)
            child.tail = None
            position = block.index(child) + 1
        else:
            run.append(child)
    _insert_run(block, run, position)


def _start_run(text: str | None) -> HtmlElement:
    run: HtmlElement = etree.Element("p")
    run.text = text
    return run


def _insert_run(block: HtmlElement, run: HtmlElement, position: int) -> int:
    """Insert a run at a position, as a paragraph or, where it has no words, as it was."""
    if len(run) or (run.text and run.text.strip()):
        block.insert(position, run)
        return position + 1
    return position
