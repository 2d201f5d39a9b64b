"""A page as lines of text and the blocks around them, read in one pass.

The learned choice of lines (``line_choice.py``) asks many small questions of a page. This light tree answers
them in less time than lxml's does.
"""

from dataclasses import dataclass, field

from lxml.html import HtmlElement

from transforms.pages.boilerplate_words import count_words
from transforms.pages.lines import HEADING_TAGS, INLINE_TAGS

MIN_PROSE_WORDS = 8
_SKIPPED_TAGS = frozenset(
    {"head", "script", "style", "template", "option", "svg", "iframe", "object", "textarea"}
)
_STRONG_TAGS = frozenset({"b", "strong"})
_SOFT_TAGS = frozenset({"em", "i", "small", "cite"})
_NO_PICTURE_YET = 99


@dataclass(slots=True, eq=False)
class Block:
    """An element that is not inline. Numbers count what is in it, at any depth.

    ``names``: class and id in lower case. ``key``: tag and names, which blocks of one kind share. ``shape``:
    the tags of its children. ``linked``: words in links.
    """

    tag: str
    names: str
    parent: "Block | None"
    depth: int
    words: int = 0
    linked: int = 0
    lines: int = 0
    prose: int = 0
    pictures: int = 0
    times: int = 0
    headings: int = 0
    links: int = 0
    children: "list[Block]" = field(default_factory=list)
    shape: tuple[str, ...] = ()
    key: tuple[str, str] = ("", "")


@dataclass(slots=True, eq=False)
class Line:
    """A run of text without a block or a line break in it.

    ``linked``: its words in links. ``before``: the words of the page before it. ``styled``: 0, or 1 for bold,
    2 for italic or small. ``gap``: the lines since the last picture.
    """

    text: str
    words: int
    linked: int
    links: int
    block: Block
    number: int
    before: int
    styled: int
    gap: int


class PageBlocks:
    """The lines of a page, in order, and its blocks.

    Args:
        tree: the page, which stays as it is. It must not be nested deeply.
    """

    def __init__(self, tree: HtmlElement) -> None:
        self.lines: list[Line] = []
        self.words = 0
        self._texts: list[str] = []
        self._linked_texts: list[str] = []
        self._links, self._styled, self._since_picture = 0, 0, _NO_PICTURE_YET
        self._read_block(tree, "html", Block("root", "", None, 0), is_linked=False)

    def _read(self, element: HtmlElement, block: Block, is_linked: bool) -> None:
        """Read what is in an element, which is the block itself or inline in it."""
        text = element.text
        if text:
            self._add_text(text, is_linked)
        for child in element:
            tag = child.tag
            if tag in INLINE_TAGS:
                self._note_inline(tag, block)
                self._read(child, block, is_linked or tag == "a")
            elif tag == "br":
                self._end_line(block)
            elif tag not in _SKIPPED_TAGS and isinstance(tag, str):
                self._read_block(child, tag, block, is_linked)
            text = child.tail
            if text:
                self._add_text(text, is_linked)

    def _read_block(self, element: HtmlElement, tag: str, outer: Block, is_linked: bool) -> None:
        self._end_line(outer)
        names = f"{element.get('class') or ''} {element.get('id') or ''}".strip().lower()
        block = Block(tag, names, outer, outer.depth + 1, links=int(is_linked), key=(tag, names))
        outer.children.append(block)
        self._read(element, block, is_linked)
        self._end_line(block)
        block.shape = tuple([child.tag for child in block.children])
        _add_to_outer(block, outer)

    def _note_inline(self, tag: str, block: Block) -> None:
        if tag == "a":
            self._links += 1
            block.links += 1
        elif tag in ("img", "picture"):
            block.pictures += 1
            self._since_picture = 0
        elif tag == "time":
            block.times += 1
        elif not self._texts:
            self._styled = 1 if tag in _STRONG_TAGS else 2 if tag in _SOFT_TAGS else self._styled

    def _add_text(self, text: str, is_linked: bool) -> None:
        if not text.isspace():
            self._texts.append(text)
            if is_linked:
                self._linked_texts.append(text)
        elif self._texts:
            self._texts.append(" ")

    def _end_line(self, block: Block) -> None:
        if self._texts:
            text = " ".join("".join(self._texts).split())
            if words := count_words(text):
                self._add_line(text, words, block)
            self._texts, self._linked_texts = [], []
        self._links = self._styled = 0

    def _add_line(self, text: str, words: int, block: Block) -> None:
        linked = 0
        if self._linked_texts:
            is_link = len(self._linked_texts) == len(self._texts)
            linked = words if is_link else min(words, sum(map(count_words, self._linked_texts)))
        number = len(self.lines)
        self.lines.append(
            Line(
                text, words, linked, self._links, block, number, self.words, self._styled, self._since_picture
            )
        )
        self.words += words
        self._since_picture += 1
        block.words += words
        block.linked += linked
        block.lines += 1
        block.prose += words - linked >= MIN_PROSE_WORDS


def _add_to_outer(inner: Block, outer: Block) -> None:
    outer.words += inner.words
    outer.linked += inner.linked
    outer.lines += inner.lines
    outer.prose += inner.prose
    outer.pictures += inner.pictures
    outer.times += inner.times
    outer.links += inner.links
    outer.headings += inner.headings + (inner.tag in HEADING_TAGS)
