"""Headlines of other stories, each with the beginning of its text: cut off, so that it ends with dots.

Older sites set them under the article, in its own cell, a line each: the link, then the words. Two such pairs
beside each other make a list. One alone may be a quotation.
"""

from collections.abc import Iterator

from lxml.html import HtmlElement

from transforms.pages.boilerplate_words import count_words, ends_as_sentence
from transforms.pages.lines import INLINE_TAGS

_PARENTS = (
    *("td", "font", "div", "p", "span", "center", "small", "dl", "ul", "ol"),
    *("section", "article", "body", "b"),
)
_CUT_ENDS = ("...", "…", "....", ". . .")
_MIN_CUT_WORDS, _MIN_LINK_WORDS = 4, 2
_MAX_STEP = 3
"""So many lines further the next pair begins: its link, its text, and a day or a rule between."""
_MAX_LABEL_WORDS = 7
_MAX_MORE_WORDS = 4
_MAX_LINES = 3_000

# What a line consists of: an element, or the text of one ("text") or the text after one ("tail").
Piece = tuple[HtmlElement, str]


def remove_cut_leads(tree: HtmlElement) -> None:
    """Remove the lists of headlines with the beginnings of their texts, and the label before each list."""
    whole = tree.text_content()
    if not any(mark in whole for mark in _CUT_ENDS):
        return
    for parent in list(tree.iter(*_PARENTS)):
        texts = (text for child in parent for text in (child.text, child.tail) if text)
        if any(mark in text for text in texts for mark in _CUT_ENDS):
            lines = list(_read_lines(parent))[:_MAX_LINES]
            pairs = [n for n in range(1, len(lines)) if _is_link(lines[n - 1]) and _is_cut(lines[n])]
            pairs = [n for n in pairs if any(_are_beside(lines, n, m) for m in pairs)]
            if pairs:
                for n in pairs:
                    _clear(lines[n - 1])
                    _clear(lines[n])
                if pairs[0] >= 2 and _is_label(lines[pairs[0] - 2]):
                    _clear(lines[pairs[0] - 2])


def _are_beside(lines: list[list[Piece]], one: int, other: int) -> bool:
    """Return whether two pairs stand beside each other; a short line such as a day may be between them."""
    first, last = min(one, other), max(one, other)
    between = lines[first + 1 : last - 1]
    return first < last <= first + _MAX_STEP and all(_is_label(line) for line in between)


def _read_lines(parent: HtmlElement) -> Iterator[list[Piece]]:
    """Yield the lines of an element that have words: what stands between its line breaks and its blocks."""
    line: list[Piece] = [(parent, "text")]
    for child in parent:
        if not isinstance(child.tag, str):
            continue
        is_break = child.tag == "br" or child.tag not in INLINE_TAGS
        if is_break:
            yield from _with_words(line)
            line = []
            if child.tag != "br":
                yield from _with_words([(child, "all")])
        else:
            line.append((child, "all"))
        line.append((child, "tail"))
    yield from _with_words(line)


def _with_words(line: list[Piece]) -> Iterator[list[Piece]]:
    if count_words(_text_of(line)):
        yield line


def _text_of(line: list[Piece]) -> str:
    return " ".join("".join(_said(piece) for piece in line).split())


def _said(piece: Piece) -> str:
    element, part = piece
    if part == "all":
        return str(element.text_content())
    return (element.text if part == "text" else element.tail) or ""


def _linked_words(line: list[Piece]) -> int:
    links = (link for element, part in line if part == "all" for link in element.iter("a"))
    return sum(count_words(link.text_content()) for link in links)


def _is_link(line: list[Piece]) -> bool:
    """Return whether a line is a link and nothing else."""
    return count_words(_text_of(line)) == _linked_words(line) >= _MIN_LINK_WORDS


def _is_cut(line: list[Piece]) -> bool:
    """Return whether a line is text that is cut off; a short link such as "more" may follow it."""
    linked = _linked_words(line)
    text = _text_of(line)
    if linked:
        links = [link for element, part in line if part == "all" for link in element.iter("a")]
        text = text.removesuffix(" ".join(links[-1].text_content().split())).rstrip()
    return linked <= _MAX_MORE_WORDS and count_words(text) >= _MIN_CUT_WORDS and text.endswith(_CUT_ENDS)


def _is_label(line: list[Piece]) -> bool:
    text = _text_of(line)
    return count_words(text) <= _MAX_LABEL_WORDS and not ends_as_sentence(text)


def _clear(line: list[Piece]) -> None:
    """Take the words of a line from the page."""
    for element, part in line:
        if part == "text":
            element.text = None
        elif part == "tail":
            element.tail = None
        else:
            for inner in list(element):
                element.remove(inner)
            element.text = None
