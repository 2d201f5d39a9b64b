"""The paragraphs of an article: the kind of block with most of its prose, and what stands after them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree
from lxml.html import HtmlElement

from transforms.pages import leads
from transforms.pages.article_path import ArticlePath
from transforms.pages.boilerplate_words import ends_as_sentence, load_boilerplate_words
from transforms.pages.furniture import PICTURE_TAGS
from transforms.pages.lines import FRAME_TAGS, INLINE_TAGS, PageLines

_MIN_ARTICLE_WORDS = 40
_MIN_SHARE_OF_FIRST, _MIN_SHARE_OF_MAIN = 0.2, 0.5
_MIN_SHARE_OF_PARENT, _MAX_SHARE_OF_STRAYS = 0.5, 0.25
_LEVELS_OF_KIND = 3
_MAX_PICTURE_BOX_WORDS = 30
_MAX_CALL_WORDS, _MAX_BUTTON_WORDS = 50, 3
_HIDDEN = re.compile(r"display\s*:\s*none|hidden", re.I)
"""trafilatura takes what has "overflow: hidden" for hidden: so boxes are cut off under "Read all"."""
_FURNITURE_NAME = re.compile(
    r"comment|shar(?:e|ing)|social|promo|related|cookie|consent|side-?bar|widget|footer|nav(?:bar|igation)?$|banner|"
    r"advert|sponsor|newsletter|disqus|teaser|recommend|menu|pop-?up|(?:^|[-_])ads?(?:[-_]|$)|paid-?content|"
    r"paywall|metered|premium|subscri|obfuscat|blur|viral|syndicat|embed|attachment|hide|hidden|no-?print|"
    r"overlay|modal|signin|permission|options|bottom|infobox|tags",
    re.I,
)
_LISTS = ("ol", "ul", "dl")
_RENAMED_TAGS = ("div", "section", "span", "td", "center")

Kind = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """The article's paragraphs in order, the innermost element around all of them, and their words.

    ``like``: blocks of other kinds that a class marks as paragraphs of the article, and the lead. ``lead``:
    what leads to the article, where that is of another kind.
    """

    blocks: list[HtmlElement]
    region: HtmlElement
    words: int
    like: list[HtmlElement]
    lead: list[HtmlElement]


def find_paragraphs(tree: HtmlElement, page: PageLines, path: ArticlePath) -> Paragraphs | None:
    """Return the article's paragraphs, or None where no kind of block has enough of the prose.

    Blocks are of one kind if they and the two elements around them have the same tags and classes. The
    article is of the kind of the first prose after the headline, if that has a fifth of the prose after it,
    else of the kind that has half of it.
    """
    start = path.headline if path.first_prose is not None else None
    prose = [block for block in _iterate_from(tree, start) if page.is_prose_block(block)]
    by_kind: dict[Kind, list[HtmlElement]] = {}
    for block in _limit_to_article(prose, page, path):
        by_kind.setdefault(_kind(block, page), []).append(block)
    introductions = leads.join_introductions(by_kind, page)
    words = {
        kind: sum(map(page.count_words_of, (*introductions.get(kind, []), *blocks)))
        for kind, blocks in by_kind.items()
    }
    total = sum(words.values())
    if not total:
        return None
    kind = max(words, key=lambda kind: words[kind])
    first = _kind(path.first_prose, page) if path.first_prose is not None else None
    lead: list[HtmlElement] = []
    start_of_text: list[HtmlElement] = []
    if first in words and words[first] >= _MIN_SHARE_OF_FIRST * total:
        if first != kind and leads.is_lead_of(by_kind[first], by_kind[kind], page, path):
            lead = by_kind[first]
        elif first != kind and leads.is_continued(by_kind[first], by_kind[kind], page):
            start_of_text = by_kind[first]
        else:
            kind = first
            if len(by_kind[kind]) == 1:
                joined = {*by_kind[kind], *_find_parts(by_kind, path), *_find_following(by_kind, path)}
                by_kind[kind] = [block for block in prose if block in joined]
    elif words[kind] < _MIN_SHARE_OF_MAIN * min(total, _count_told(by_kind, kind, page)):
        parts = _find_parts(by_kind, path)
        joined = {*by_kind[kind], *parts}
        by_kind[kind] = [block for block in prose if block in joined]
        number = sum(map(page.count_words_of, by_kind[kind]))
        if not parts or number < _MIN_SHARE_OF_MAIN * min(total, _count_told(by_kind, kind, page)):
            return None
    start_of_text = start_of_text or introductions.get(kind, [])
    blocks = _drop_strays(by_kind[kind], page)
    number = sum(map(page.count_words_of, blocks))
    short = [block for block in _iterate_from(tree, start) if _is_short_sentence(block, page, kind)]
    beside = leads.find_beside_list(prose, blocks[0])
    if beside:
        lead = blocks
    further = leads.find_continuations(prose, blocks, page, path)
    like = [*lead, *start_of_text, *_find_like(prose, kind, page), *beside, *further, *short]
    return Paragraphs(blocks, _find_common(blocks), number, like, [*lead, *start_of_text])


def _find_parts(by_kind: dict[Kind, list[HtmlElement]], path: ArticlePath) -> list[HtmlElement]:
    """Return the blocks of the tag of the first prose in the boxes beside its own, and in that."""
    if path.first_prose is None or path.first_prose.getparent() is None:
        return []
    home = path.first_prose.getparent().getparent()
    blocks = (block for group in by_kind.values() for block in group)
    return [
        block
        for block in blocks
        if block.tag == path.first_prose.tag and home is not None and block.getparent().getparent() is home
    ]


def _find_following(by_kind: dict[Kind, list[HtmlElement]], path: ArticlePath) -> list[HtmlElement]:
    """Return the blocks directly in the box without a class that follows the first prose."""
    box = path.first_prose.getnext() if path.first_prose is not None else None
    if box is None or box.tag not in _RENAMED_TAGS or box.get("class"):
        return []
    return [block for group in by_kind.values() for block in group if block.getparent() is box]


def _count_told(by_kind: dict[Kind, list[HtmlElement]], kind: Kind, page: PageLines) -> int:
    """Return the words of a kind of blocks, and of all others that are sentences: headlines are no prose."""
    told = (b for other, blocks in by_kind.items() for b in blocks if other == kind or _ends(b))
    return sum(map(page.count_words_of, told))


def _ends(block: HtmlElement) -> bool:
    return ends_as_sentence(block.text_content())


def _is_short_sentence(block: HtmlElement, page: PageLines, kind: Kind) -> bool:
    """Return whether a block is a paragraph of the article that is too short for prose, such as "He died"."""
    is_short = page.is_leaf_text(block) and not page.is_prose_block(block)
    return is_short and _kind(block, page) == kind and ends_as_sentence(block.text_content())


def _limit_to_article(prose: list[HtmlElement], page: PageLines, path: ArticlePath) -> list[HtmlElement]:
    """Return the blocks inside the ``article`` element that holds headline and text, if there is one."""
    if path.headline is None or path.first_prose is None:
        return prose
    around = set(path.first_prose.iterancestors())
    article = next((e for e in path.headline.iterancestors() if e.tag == "article" and e in around), None)
    if article is None or page.count_text_words(article) < _MIN_ARTICLE_WORDS:
        return prose
    inside = set(article.iterdescendants())
    return [block for block in prose if block in inside]


def _iterate_from(tree: HtmlElement, start: HtmlElement | None) -> Iterator[HtmlElement]:
    """Yield the elements of a page in its order, from one on; without one, all."""
    is_reached = start is None
    for element in tree.iter(etree.Element):
        is_reached = is_reached or element is start
        if is_reached:
            yield element


def drop_removed(paragraphs: Paragraphs, tree: HtmlElement) -> Paragraphs:
    """Return the paragraphs that are still on the page; all of them where none of the first kind is."""
    left = set(tree.iter(etree.Element))
    blocks = [block for block in paragraphs.blocks if block in left]
    if not blocks or (len(blocks) == len(paragraphs.blocks) and left.issuperset(paragraphs.like)):
        return paragraphs
    like = [block for block in paragraphs.like if block in left]
    lead = [block for block in paragraphs.lead if block in left]
    return replace(paragraphs, blocks=blocks, like=like, lead=lead)


def read_paragraphs(paragraphs: Paragraphs) -> str:
    """Return the text of the paragraphs, a line each."""
    own = {*paragraphs.blocks, *paragraphs.like}
    return "\n".join(map(_line_of, (e for e in paragraphs.blocks[0].getroottree().iter() if e in own)))


def read_lead(paragraphs: Paragraphs) -> str:
    """Return the text of the lead, a line a block; empty where there is none of its own."""
    return "\n".join(map(_line_of, paragraphs.lead))


def _line_of(block: HtmlElement) -> str:
    return " ".join(block.text_content().split())


def find_foreword(tree: HtmlElement, page: PageLines, path: ArticlePath) -> Iterator[HtmlElement]:
    """Yield prose before the headline, with all that stands beside it: strips of stories, notices, lists."""
    if path.headline is None or path.first_prose is None:
        return
    around = path.elements.union((path.first_prose,), path.first_prose.iterancestors())
    for element in tree.iter(etree.Element):
        if element is path.headline:
            return
        if page.is_prose_block(element) and element not in around:
            yield _widen(element, around, page, page.count_words_of(tree))


def _drop_strays(blocks: list[HtmlElement], page: PageLines) -> list[HtmlElement]:
    """Return blocks without the few that stand far from the others, or under a heading of their own.

    Without classes, comments and the box of the author may be of the same kind as the article.
    """
    by_parent: dict[HtmlElement, list[HtmlElement]] = {}
    for block in blocks:
        by_parent.setdefault(block.getparent(), []).append(block)
    words = {parent: sum(map(page.count_words_of, group)) for parent, group in by_parent.items()}
    total = sum(words.values())
    main = max(words, key=lambda parent: words[parent])
    if main.get("class") or words[main] < _MIN_SHARE_OF_PARENT * total or len(by_parent[main]) == 1:
        return blocks
    strays = {
        parent
        for parent, number in words.items()
        if number <= _MAX_SHARE_OF_STRAYS * total
        and (parent.getparent() is not main.getparent() or _has_label(parent, page))
    }
    return [block for block in blocks if block.getparent() not in strays]


def _has_label(parent: HtmlElement, page: PageLines) -> bool:
    """Return whether a line in an element is not a sentence, such as a name or a heading."""
    leaves = (child for child in parent if isinstance(child.tag, str) and page.is_leaf_text(child))
    return any(not ends_as_sentence(leaf.text_content()) for leaf in leaves)


def _find_like(prose: list[HtmlElement], kind: Kind, page: PageLines) -> list[HtmlElement]:
    """Return the blocks that share a class with those of a kind, or that stand in elements of such a class.

    They continue the article in other containers: behind "Read more", or after a box.
    """
    own = set(kind[0][1].split())
    # An editor puts its paragraphs into a span without meaning.
    levels = 3 if kind[1][0] in INLINE_TAGS else 2
    containers = {part for part in kind[1:levels] if part[1]}
    return [
        block
        for block in prose
        if own.intersection((block.get("class") or "").split())
        or (block.tag == kind[0][0] and containers.intersection(_kind(block, page)[1:2]))
    ]


def _kind(element: HtmlElement, page: PageLines) -> Kind:
    path = (element, *element.iterancestors())
    return tuple((e.tag, page.read_shared_classes(e)) for e in path[:_LEVELS_OF_KIND])


def _find_common(blocks: list[HtmlElement]) -> HtmlElement:
    """Return the innermost element around some blocks; of a single one, the block."""
    common = [blocks[0], *blocks[0].iterancestors()]
    for block in blocks[1:]:
        around = {block, *block.iterancestors()}
        common = [element for element in common if element in around]
    return common[0]


def find_afterword(
    tree: HtmlElement, page: PageLines, paragraphs: Paragraphs, path: ArticlePath
) -> Iterator[HtmlElement]:
    """Yield what stands after the article and has prose of another kind, mostly comments and notices.

    It is outside the element around the paragraphs, and has at most half as many words or is outside the
    ``article`` element that holds headline and paragraphs.
    """
    inside = set(_find_article_element(paragraphs, path).iterdescendants())
    around = _find_around(paragraphs)
    is_after = False
    for element in tree.iter(etree.Element):
        if element is paragraphs.blocks[-1]:
            is_after = True
        if not is_after or not page.is_prose_block(element) or element in around:
            continue
        if paragraphs.region in element.iterancestors() or _continues_around_list(element, page, paragraphs):
            continue
        most = paragraphs.words / 2 if element in inside else page.count_words_of(tree)
        if page.count_words_of(element) <= most:
            yield _widen(element, around, page, most)


def _continues_around_list(element: HtmlElement, page: PageLines, paragraphs: Paragraphs) -> bool:
    """Return whether the paragraphs are in a list, and an element stands after it as another before it.

    Then the list is a part of the article: its points, or the times of its events.
    """
    items = next(
        (e for e in (paragraphs.region, *paragraphs.region.iterancestors()) if e.tag in _LISTS), None
    )
    if items is None or element.tag != "p" or element.getparent() is not items.getparent():
        return False
    before = items.itersiblings("p", preceding=True)
    return any(
        _kind(other, page)[0] == _kind(element, page)[0] and page.is_prose_block(other) for other in before
    )


def _find_article_element(paragraphs: Paragraphs, path: ArticlePath) -> HtmlElement:
    """Return the ``article`` element around headline and paragraphs; where there is none, the page."""
    around = [paragraphs.region, *paragraphs.region.iterancestors()]
    holds = (e for e in around if e.tag == "article" and e in path.elements and path.first_prose is not None)
    return next(holds, around[-1])


def _widen(element: HtmlElement, around: set[HtmlElement], page: PageLines, most: float) -> HtmlElement:
    """Return the largest element around another that is apart from the article and still small."""
    while (parent := element.getparent()) is not None and parent not in around:
        if parent.tag in FRAME_TAGS or page.count_words_of(parent) > most:
            break
        element = parent
    return element


def _find_around(paragraphs: Paragraphs) -> set[HtmlElement]:
    """Return the elements that hold paragraphs, themselves included."""
    blocks = (*paragraphs.blocks, *paragraphs.like)
    return {paragraphs.region, *blocks}.union(*(block.iterancestors() for block in blocks))


def find_picture_boxes(tree: HtmlElement, page: PageLines, paragraphs: Paragraphs) -> Iterator[HtmlElement]:
    """Yield boxes that hold a picture and a few words, and no paragraph: the words are a caption."""
    around = _find_around(paragraphs)
    for picture in tree.iter(*PICTURE_TAGS):
        box = _widen(picture, around, page, _MAX_PICTURE_BOX_WORDS)
        if box is not picture and page.count_words_of(box):
            yield box


def find_calls(page: PageLines, paragraphs: Paragraphs) -> Iterator[HtmlElement]:
    """Yield short boxes between the paragraphs that call on the reader: to subscribe, to follow, to read on.

    A box is of another kind than the paragraphs, and has the words of such a call, or ends with a short link
    that stands alone. A paragraph that is one link must have the words.
    """
    text_blocks = {*paragraphs.blocks, *paragraphs.like}
    around = _find_around(paragraphs)
    notices = load_boilerplate_words().notices
    for element in _find_common([*paragraphs.blocks, *paragraphs.like]).iterdescendants():
        if not isinstance(element.tag, str) or not page.count_words_of(element):
            continue
        is_link = page.count_text_words(element) == 0
        if element in text_blocks and not is_link:
            continue
        if not (is_link or page.is_leaf_text(element)) or not text_blocks.isdisjoint(element.iterancestors()):
            continue
        box = _widen(element, around, page, _MAX_CALL_WORDS)
        if page.count_words_of(box) > _MAX_CALL_WORDS or box in around:
            continue
        if notices.search(box.text_content()) or (box is not element and _ends_with_button(box, page)):
            yield box


def _ends_with_button(box: HtmlElement, page: PageLines) -> bool:
    """Return whether the last words of a box are a short link. Those of a quoted message are its date."""
    if box.tag == "blockquote" or box.find(".//blockquote") is not None:
        return False
    links = list(box.iter("a"))
    if not links or not 0 < page.count_words_of(links[-1]) <= _MAX_BUTTON_WORDS:
        return False
    label = " ".join(links[-1].text_content().split())
    is_last = " ".join(box.text_content().split()).endswith(label)
    return (
        is_last
        and page.count_text_words(box) > _MAX_BUTTON_WORDS
        and links[-1].getparent().tag not in ("p", "li")
    )


def mark_paragraphs(paragraphs: Paragraphs) -> None:
    """Make ``p`` elements of the article's blocks: trafilatura prefers a ``p`` elsewhere to a ``div``.

    Where an offer or a request for consent hides them, show them: trafilatura drops what is hidden, and what
    has a name such as "comments-open", whatever it holds.
    """
    for block in (*paragraphs.blocks, *paragraphs.like):
        if block.tag in _RENAMED_TAGS:
            block.tag = "p"
    own = {paragraphs.region, *paragraphs.blocks}.union(*(b.iterancestors() for b in paragraphs.blocks))
    for element in own:
        _drop_misleading_names(element)
    for element in _find_around(paragraphs):
        if _HIDDEN.search(element.get("style") or ""):
            del element.attrib["style"]
        for attribute in ("hidden", "aria-hidden"):
            element.attrib.pop(attribute, None)


def _drop_misleading_names(element: HtmlElement) -> None:
    """Take the names of furniture from an element that holds the text; its other names stay."""
    for attribute in ("class", "id"):
        names = (element.get(attribute) or "").split()
        kept = [name for name in names if not _FURNITURE_NAME.search(name)]
        if len(kept) < len(names):
            element.set(attribute, " ".join(kept))
