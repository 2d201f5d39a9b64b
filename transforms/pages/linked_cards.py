"""Cards of other stories, told by where they lead, not by their length: they may hold several paragraphs.

One leads to its page twice, by its headline and by "Read on" under the text; or it is one of several alike.
"""

from collections.abc import Iterator
from itertools import islice, takewhile
from urllib.parse import urldefrag

from lxml.html import HtmlElement

from transforms.pages.article_path import ArticlePath
from transforms.pages.boilerplate_words import count_words, normalise_words
from transforms.pages.lines import FRAME_TAGS, HEADING_TAGS, INLINE_TAGS, PageLines
from transforms.pages.other_stories import is_link_to_page

_MIN_HEADLINE_WORDS, _MAX_BUTTON_WORDS = 4, 7
_MAX_WORDS_BEFORE, _MAX_WORDS = 8, 400
_MAX_WORDS_BESIDE, _MIN_ITEMS = 3, 3
_MAX_ELEMENTS = 150
"""So many elements of a card are looked at: cards in cards would take quadratic time."""


def find_linked_cards(
    tree: HtmlElement, page: PageLines, path: ArticlePath, headlines: set[str]
) -> Iterator[HtmlElement]:
    """Yield the smallest elements with a headline, text and a further link, both to one other page."""
    around = {*path.elements}
    if path.first_prose is not None:
        around.update((path.first_prose, *path.first_prose.iterancestors()))
    titles: dict[str, HtmlElement] = {}
    for link in tree.iter("a"):
        address = urldefrag((link.get("href") or "").strip()).url
        number = page.count_words_of(link)
        if not address or not number:
            continue
        title = titles.get(address)
        if title is not None and number <= _MAX_BUTTON_WORDS:
            card = _find_around(title, link)
            if card is not None and card not in around and _is_card(card, title, page):
                yield card
        is_headline = number >= _MIN_HEADLINE_WORDS and _has_own_line(link, page)
        if is_headline and normalise_words(link.text_content()) not in headlines:
            titles[address] = link


def find_story_lists(tree: HtmlElement, page: PageLines, path: ArticlePath) -> Iterator[HtmlElement]:
    """Yield the items of lists of stories: three or more alike, each with a headline that leads elsewhere.

    A list in the element that holds the first paragraph may be the article itself, so it stays.
    """
    if path.first_prose is None or (home := path.first_prose.getparent()) is None:
        return
    around = {path.first_prose, *path.first_prose.iterancestors()}
    rows: dict[tuple[HtmlElement, str, str], list[HtmlElement]] = {}
    for item in tree.iter("li", "div", "article", "section", "tr", "td"):
        parent = item.getparent()
        if parent is not None and parent is not home and page.count_text_words(item) > 0:
            rows.setdefault((parent, item.tag, item.get("class") or ""), []).append(item)
    for (parent, _, _), row in rows.items():
        if len(row) < _MIN_ITEMS or home in parent.iterancestors():
            continue
        short = (item for item in row if item not in around and page.count_words_of(item) <= _MAX_WORDS)
        items = [item for item in short if _begins_with_linked_heading(item, page)]
        if len(items) >= _MIN_ITEMS:
            yield from items


def _begins_with_linked_heading(item: HtmlElement, page: PageLines) -> bool:
    """Return whether the first heading of an element leads to another page, and prose comes only after it."""
    parts = [e for e in islice(item.iter(), _MAX_ELEMENTS) if isinstance(e.tag, str)]
    for element in parts:
        if element.tag in HEADING_TAGS:
            is_long = page.count_words_of(element) >= _MIN_HEADLINE_WORDS
            return is_long and is_link_to_page(element) and any(map(page.is_prose_block, parts))
        if element.tag == "p" and page.is_prose_block(element):
            return False
    return False


def _find_around(one: HtmlElement, other: HtmlElement) -> HtmlElement | None:
    """Return the innermost element around two others, unless it may be the whole page."""
    around = set(one.iterancestors())
    found = next((e for e in other.iterancestors() if e in around), None)
    return None if found is None or found.tag in FRAME_TAGS - {"article"} else found


def _is_card(card: HtmlElement, title: HtmlElement, page: PageLines) -> bool:
    """Return whether the words of an element begin with a headline, and it holds prose."""
    if page.count_words_of(card) > _MAX_WORDS:
        return False
    if not any(map(page.is_prose_block, islice(card.iter(), _MAX_ELEMENTS))):
        return False
    shown = " ".join(card.text_content().split())
    before = shown.partition(" ".join(title.text_content().split()))[0]
    return count_words(before) <= _MAX_WORDS_BEFORE


def _has_own_line(link: HtmlElement, page: PageLines) -> bool:
    """Return whether hardly a word stands in the block around a link beside it."""
    block = next((e for e in link.iterancestors() if e.tag not in INLINE_TAGS), None)
    if block is None:
        return False
    if page.count_words_of(block) - page.count_words_of(link) <= _MAX_WORDS_BESIDE:
        return True
    around = [link, *takewhile(lambda e: e is not block, link.iterancestors())]
    after = around[-1].getnext()
    is_last = after is not None and after.tag not in INLINE_TAGS
    return is_last and not any(count_words(e.tail) for e in around)
