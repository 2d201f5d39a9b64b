"""The paragraphs of an article: the kind of block that holds most of its prose, and what stands after them."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from transforms.pages.boilerplate_words import count_words
from transforms.pages.lines import FRAME_TAGS, INLINE_TAGS, PageLines

_BLOCK_TAGS = ("div", "td", "section", "article", "main", "body", "center", "blockquote", "dd")
_MIN_LOOSE_WORDS = 5
_MIN_SHARE_OF_FIRST, _MIN_SHARE_OF_MAIN = 0.35, 0.5
_LEVELS_OF_KIND = 3
_RENAMED_TAGS = ("div", "section", "span", "td", "center")

Kind = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """The article's paragraphs in order, the innermost element around all of them, and their words."""

    blocks: list[HtmlElement]
    region: HtmlElement
    words: int


def wrap_loose_text(tree: HtmlElement) -> None:
    """Put text that stands directly in a block, beside other blocks, into paragraphs.

    Older systems end paragraphs with line breaks, and newer ones put boxes between them. trafilatura then
    drops the text after each box.
    """
    for block in list(tree.iter(*_BLOCK_TAGS)):
        if any(_is_block(child) for child in block) and _has_loose_words(block):
            _wrap_runs(block)


def _is_block(element: HtmlElement) -> bool:
    return isinstance(element.tag, str) and element.tag not in INLINE_TAGS and element.tag != "br"


def _has_loose_words(block: HtmlElement) -> bool:
    texts = (block.text, *(child.tail for child in block))
    return any(count_words(text) >= _MIN_LOOSE_WORDS for text in texts)


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


def find_paragraphs(tree: HtmlElement, page: PageLines, first_prose: HtmlElement | None) -> Paragraphs | None:
    """Return the article's paragraphs, or None where no kind of block has enough of the prose.

    Blocks are of one kind if they and the two elements around them have the same tags and classes. The
    article is of the kind of the first prose after the headline, if that has a third of the prose, else of
    the kind that has half of it.
    """
    by_kind: dict[Kind, list[HtmlElement]] = {}
    for element in tree.iter(etree.Element):
        if page.is_prose_block(element):
            by_kind.setdefault(_kind(element), []).append(element)
    words = {kind: sum(map(page.count_words_of, blocks)) for kind, blocks in by_kind.items()}
    total = sum(words.values())
    if not total:
        return None
    kind = max(words, key=lambda kind: words[kind])
    first = _kind(first_prose) if first_prose is not None else None
    if first in words and words[first] >= _MIN_SHARE_OF_FIRST * total:
        kind = first
    elif words[kind] < _MIN_SHARE_OF_MAIN * total:
        return None
    blocks = by_kind[kind]
    return Paragraphs(blocks, _find_common(blocks), words[kind])


def _kind(element: HtmlElement) -> Kind:
    path = (element, *element.iterancestors())
    return tuple((e.tag, e.get("class") or "") for e in path[:_LEVELS_OF_KIND])


def _find_common(blocks: list[HtmlElement]) -> HtmlElement:
    """Return the innermost element around some blocks; of a single one, the block."""
    common = [blocks[0], *blocks[0].iterancestors()]
    for block in blocks[1:]:
        around = {block, *block.iterancestors()}
        common = [element for element in common if element in around]
    return common[0]


def find_afterword(tree: HtmlElement, page: PageLines, paragraphs: Paragraphs) -> Iterator[HtmlElement]:
    """Yield what stands after the article and has prose of another kind, mostly comments and notices.

    It is outside the element around the paragraphs, and has at most half as many words.
    """
    around = {paragraphs.region, *paragraphs.region.iterancestors()}
    is_after = False
    for element in tree.iter(etree.Element):
        if element is paragraphs.blocks[-1]:
            is_after = True
        if not is_after or not page.is_prose_block(element) or around.intersection((element,)):
            continue
        if paragraphs.region in element.iterancestors():
            continue
        if page.count_words_of(element) <= paragraphs.words / 2:
            yield _widen(element, around, page, paragraphs.words / 2)


def _widen(element: HtmlElement, around: set[HtmlElement], page: PageLines, most: float) -> HtmlElement:
    """Return the largest element around another that is apart from the article and still small."""
    while (parent := element.getparent()) is not None and parent not in around:
        if parent.tag in FRAME_TAGS or page.count_words_of(parent) > most:
            break
        element = parent
    return element


def mark_paragraphs(paragraphs: Paragraphs) -> None:
    """Make paragraphs of the article's blocks: trafilatura prefers ``p`` elsewhere to ``div`` with the text."""
    for block in paragraphs.blocks:
        if block.tag in _RENAMED_TAGS:
            block.tag = "p"
