"""The lines that a page shows, in the order of its markup."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from transforms.pages.boilerplate_words import load_boilerplate_words, normalise_words
from transforms.pages.lines import INLINE_TAGS

# They show no text, or text that is not about the article. Captions tell when a picture was taken. A form may
# hold the whole page.
_SKIPPED_TAGS = frozenset(
    "head script style noscript template svg iframe object nav aside select button textarea figure "
    "figcaption".split()
)
_MAX_LINES, _MAX_LINE_CHARACTERS = 5_000, 400
_NAME_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_NAMING_ATTRIBUTES = ("class", "id", "itemprop", "rel", "data-testid")
_LABEL_DEPTH = 3


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line: its text, the block that shows it, its parts, and the innermost element of each part."""

    text: str
    block: HtmlElement
    elements: tuple[HtmlElement, ...]
    parts: tuple[str, ...] = ()


def list_shown_lines(tree: HtmlElement) -> list[ShownLine]:
    """Return the lines of a page; of a long line only the beginning.

    Menus, captions, fields and the page's footer are left out.
    """
    lines: list[ShownLine] = []
    for line in _split_lines(tree):
        lines.append(line)
        if len(lines) == _MAX_LINES:
            break
    return lines


def _split_lines(tree: HtmlElement) -> Iterator[ShownLine]:
    walker = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    blocks: list[HtmlElement] = [tree]
    texts: list[str] = []
    elements: list[HtmlElement] = []

    def flush() -> Iterator[ShownLine]:
        text = " ".join(" ".join(texts).split())[:_MAX_LINE_CHARACTERS]
        if text:
            yield ShownLine(text, blocks[-1], tuple(elements), tuple(texts))
        texts.clear()
        elements.clear()

    def add(text: str | None, element: HtmlElement) -> None:
        if text and not text.isspace():
            texts.append(text)
            elements.append(element)

    skipped: HtmlElement | None = None
    for event, element in walker:
        if event == "start":
            if element.tag in _SKIPPED_TAGS or (element.tag == "footer" and not _is_in_article(element)):
                walker.skip_subtree()
                skipped = element
                yield from flush()
                continue
            if element.tag not in INLINE_TAGS:
                yield from flush()
                blocks.append(element)
            add(element.text, element)
            if element.tag == "time" and not (element.text or "").strip():
                texts.append("")
                elements.append(element)
            continue
        if event == "end" and element is not skipped and element.tag not in INLINE_TAGS:
            yield from flush()
            blocks.pop()
        parent = element.getparent()
        if parent is not None and element is not tree:
            add(element.tail, parent)
    yield from flush()


def _is_in_article(element: HtmlElement) -> bool:
    return article_of(element) is not None


def article_of(element: HtmlElement) -> HtmlElement | None:
    """Return the innermost ``article`` around an element."""
    return next(element.iterancestors("article"), None)


def find_headline(lines: list[ShownLine], title: str) -> int | None:
    """Return the place of the line with a title, an ``h1`` where one has it; None: no line has it."""
    wanted = normalise_words(title)
    found = [n for n, line in enumerate(lines) if wanted and normalise_words(line.text) == wanted]
    return next((n for n in found if lines[n].block.tag == "h1"), found[0] if found else None)


def names_of(element: HtmlElement) -> Iterator[set[str]]:
    """Yield the words in the names that a page gives an element, then those of the elements around it."""
    around: HtmlElement | None = element
    for _ in range(_LABEL_DEPTH):
        if around is None or around.tag in ("body", "main", "article", "html"):
            return
        names = " ".join(around.get(name) or "" for name in _NAMING_ATTRIBUTES)
        yield split_names(names)
        around = around.getparent()


def split_names(names: str) -> set[str]:
    """Return the words in names such as those of classes: "post-authorName" gives post, author and name."""
    return {part.lower() for part in _NAME_PART.findall(names[:300])}


def is_caption(line: ShownLine) -> bool:
    """Return whether a line is under a picture, by the names of the elements around it."""
    captions = load_boilerplate_words().caption_names
    return any(not captions.isdisjoint(names) for names in names_of(line.block))
