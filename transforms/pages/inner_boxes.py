"""Boxes between the paragraphs: a teaser with its day, a list of live updates, an offer, a box of facts.

Such a box is short and is told by how it is built: by a heading at its start and a day at its end, by several
headings with a time each, by a heading and a list, or by a link that stands alone and leads to where one pays
or subscribes. An article may be built of such boxes: then they stay.
"""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from transforms.pages.article_path import ArticlePath
from transforms.pages.boilerplate_words import (
    count_words,
    ends_as_sentence,
    load_boilerplate_words,
    normalise_words,
)
from transforms.pages.lines import HEADING_TAGS, INLINE_TAGS, PageLines
from transforms.pages.shown_dates import CLOCK, DATE

_BOX_TAGS = ("div", "section", "aside", "ol", "ul", "table", "details", "figure")
_MAX_WORDS, _MAX_OFFER_WORDS = 260, 90
_MAX_TEASER_WORDS, _MAX_SITE_WORDS = 90, 160
_MIN_HEADLINE_WORDS = 4
_MIN_UPDATES = 2
_MAX_SHARE_OF_PAGE, _MAX_SHARE_OF_BOX = 0.7, 0.7
_MAX_SHARE_OF_SMALL_BOX = 0.3
_MAX_WORDS_BESIDE_UPDATES = 15
_MIN_SHARE_OF_LIST = 0.6
_MAX_BUTTON_WORDS, _MAX_BOXES = 5, 200
_MIN_APPEALING, _MIN_SHARE_APPEALING = 2, 0.7
"""So many paragraphs of an appeal say "we" or "you", and so large a share."""
_MAX_WORDS_BESIDE_DAY = 2
_AGO = re.compile(
    r"\b\d{1,2} ?(?:s|sec|m|mins?|minutes?|h|hrs?|hours?|days?) ago\b|\bil y a \d+|\bvor \d+|\bhace \d+", re.I
)
_OFFER_ADDRESS = re.compile(
    r"donat|support|subscri|member|patron|newsletter|sign-?up|contribut|\bjoin\b|\boffers?\b|\babo\b", re.I
)

_Kind = tuple[tuple[str, str], ...]


def find_inner_boxes(
    tree: HtmlElement, page: PageLines, path: ArticlePath, headlines: set[str]
) -> Iterator[HtmlElement]:
    """Yield the boxes of the page that are told by how they are built."""
    around = {*path.elements}
    if path.first_prose is not None:
        around.update((path.first_prose, *path.first_prose.iterancestors()))
    own_kind = _kind_of(path.first_prose) if path.first_prose is not None else None
    most = _MAX_SHARE_OF_BOX * page.count_text_words(tree)
    found: dict[HtmlElement, None] = {}
    for box in tree.iter(*_BOX_TAGS):
        if box in around or not 0 < page.count_words_of(box) <= _MAX_WORDS or box.getparent() in found:
            continue
        if page.count_text_words(box) <= most and _is_box(box, page, headlines, own_kind):
            found[box] = None
    outermost = [box for box in found if found.keys().isdisjoint(box.iterancestors())]
    if sum(map(page.count_text_words, outermost)) <= _MAX_SHARE_OF_PAGE * page.count_text_words(tree):
        yield from outermost


def _kind_of(block: HtmlElement) -> _Kind:
    """Return tag and class of a block and of the element around it."""
    around = block.getparent()
    return tuple((e.tag, e.get("class") or "") for e in (block, around) if e is not None)


def _is_box(box: HtmlElement, page: PageLines, headlines: set[str], own_kind: _Kind | None) -> bool:
    headings = [e for e in box.iter(*sorted(HEADING_TAGS)) if page.count_words_of(e)]
    if any(normalise_words(heading.text_content()) in headlines for heading in headings):
        return False
    return (
        _is_list_of_updates(box, headings, page)
        or (bool(headings) and _is_dated_teaser(box, headings[0], page))
        or (bool(headings) and _is_box_of_facts(box, headings[0], page))
        or (bool(headings) and _is_box_of_site(box, headings, page))
        or (_is_offer(box, page) and not _holds_paragraph_beside(box, page, own_kind))
        or _is_appeal(box, page)
    )


def _is_list_of_updates(box: HtmlElement, headings: list[HtmlElement], page: PageLines) -> bool:
    """Return whether a box is several headlines with a time each, such as the last entries of a live page.

    Only a few words may stand before and after them.
    """
    titles = [h for h in headings if page.count_words_of(h) >= _MIN_HEADLINE_WORDS]
    entries = {h.getparent() for h in titles if h.getparent() is not box and _shows_time(h.getparent())}
    if len(entries) < _MIN_UPDATES:
        return False
    return page.count_words_of(box) - sum(map(page.count_words_of, entries)) <= _MAX_WORDS_BESIDE_UPDATES


def _shows_time(entry: HtmlElement) -> bool:
    """Return whether an entry has a line that is a time and nothing else."""
    return any(
        isinstance(part.tag, str) and not len(part) and _is_time(" ".join((part.text or "").split()))
        for part in entry.iterdescendants()
    )


def _is_time(line: str) -> bool:
    rest = _AGO.sub(" ", CLOCK.sub(" ", DATE.sub(" ", line)))
    return rest != line and count_words(rest) <= _MAX_WORDS_BESIDE_DAY


def _is_dated_teaser(box: HtmlElement, heading: HtmlElement, page: PageLines) -> bool:
    """Return whether a box is a headline, a summary and, at its end, the day of another story.

    A link that skips the box may stand before the headline.
    """
    if page.count_words_of(box) > _MAX_TEASER_WORDS or page.count_words_of(heading) < _MIN_HEADLINE_WORDS:
        return False
    shown = " ".join(box.text_content().split())
    title = " ".join(heading.text_content().split())
    before = shown.partition(title)[0] if title in shown else shown
    is_first = not before or any(
        link.get("href", "").startswith("#") and " ".join(link.text_content().split()).endswith(title)
        for link in box.iter("a")
    )
    lines = [e for e in box.iterdescendants() if isinstance(e.tag, str) and page.is_leaf_text(e)]
    texts = [" ".join(e.text_content().split()) for e in lines]
    spans = [" ".join((e.text or "").split()) for e in box.iter("span", "time", "small")]
    last = next((text for text in reversed(spans or texts) if text), "")
    return is_first and shown.endswith(last) and last != title and _is_time(last)


def _is_box_of_facts(box: HtmlElement, heading: HtmlElement, page: PageLines) -> bool:
    """Return whether a box is a heading that names it as one of facts, and lists under it."""
    words = page.count_words_of(box)
    if words > _MAX_SHARE_OF_SMALL_BOX * page.count_text_words(page.tree):
        return False
    label = " ".join(heading.text_content().split())
    shown = " ".join(box.text_content().split())
    if not load_boilerplate_words().fact_headings.match(label) or not shown.startswith(label):
        return False
    in_lists = sum(page.count_words_of(e) for e in box.iter("ul", "ol", "dl") if not _is_in_list(e, box))
    in_headings = sum(page.count_words_of(e) for e in box.iter(*sorted(HEADING_TAGS)))
    return in_lists >= _MIN_SHARE_OF_LIST * (words - in_headings) > 0


def _is_box_of_site(box: HtmlElement, headings: list[HtmlElement], page: PageLines) -> bool:
    """Return whether a box has one heading, with which the site tells of itself, and some words under it."""
    words = page.count_words_of(box)
    most = min(_MAX_SITE_WORDS, _MAX_SHARE_OF_SMALL_BOX * page.count_text_words(page.tree))
    label = " ".join(headings[0].text_content().split())
    if len(headings) > 1 or not page.count_words_of(headings[0]) < words <= most:
        return False
    is_first = " ".join(box.text_content().split()).startswith(label)
    return is_first and load_boilerplate_words().site_headings.match(label) is not None


def _is_in_list(element: HtmlElement, box: HtmlElement) -> bool:
    return any(e.tag in ("ul", "ol", "dl") and e is not box for e in element.iterancestors())


def _is_appeal(box: HtmlElement, page: PageLines) -> bool:
    """Return whether a box is several paragraphs that speak to the reader, and a button to pay or to join."""
    if not any(_is_button(link, page) for link in box.iter("a")):
        return False
    words = load_boilerplate_words()
    prose = [block.text_content() for block in box.iter() if page.is_prose_block(block)]
    own = [text for text in prose if words.own_words.search(text) or words.address.search(text)]
    is_spoken_to = any(words.address.search(text) for text in prose)
    return len(own) >= _MIN_APPEALING and len(own) >= _MIN_SHARE_APPEALING * len(prose) and is_spoken_to


def _holds_paragraph_beside(box: HtmlElement, page: PageLines, own_kind: _Kind | None) -> bool:
    """Return whether a box holds a smaller box with an offer, and beside that a paragraph like the article's.

    Page builders put an offer into the column of a paragraph.
    """
    boxes = islice(box.iterdescendants(*_BOX_TAGS), _MAX_BOXES)
    offers = (e for e in boxes if page.count_text_words(e) and _is_offer(e, page))
    smallest = min(offers, key=page.count_words_of, default=None)
    if smallest is None:
        return False
    of_offer = set(smallest.iter())
    beside = (e for e in box.iterdescendants() if page.is_prose_block(e) and e not in of_offer)
    return any(_kind_of(e) == own_kind and ends_as_sentence(e.text_content()) for e in beside)


def _is_button(link: HtmlElement, page: PageLines) -> bool:
    """Return whether a link is short, has its line to itself, and leads to where one pays or subscribes."""
    parent = link.getparent()
    is_alone = page.count_text_words(parent) == 0 or _stands_between_blocks(link, parent)
    is_short = 0 < page.count_words_of(link) <= _MAX_BUTTON_WORDS
    return is_short and is_alone and _OFFER_ADDRESS.search(link.get("href") or "") is not None


def _stands_between_blocks(link: HtmlElement, parent: HtmlElement) -> bool:
    """Return whether an element has no text of its own, and other links and blocks only beside a link."""
    texts = (parent.text, *(child.tail for child in parent))
    beside = (child for child in parent if isinstance(child.tag, str) and child is not link)
    return not any(map(count_words, texts)) and all(c.tag == "a" or c.tag not in INLINE_TAGS for c in beside)


def _is_offer(box: HtmlElement, page: PageLines) -> bool:
    """Return whether a box has a short link that stands alone and leads to where one pays or subscribes."""
    words = page.count_words_of(box)
    if words > min(_MAX_OFFER_WORDS, _MAX_SHARE_OF_SMALL_BOX * page.count_text_words(page.tree)):
        return False
    links = [link for link in box.iter("a") if page.count_words_of(link)]
    shown = " ".join(box.text_content().split())
    for link in links:
        parent = link.getparent()
        is_apart = parent is box or parent.tag not in ("p", "li", "td", "em", "strong", "b", "i")
        if is_apart and page.count_text_words(parent) == 0 and _is_button(link, page):
            return True
    last = " ".join(links[-1].text_content().split()) if links else ""
    is_last = (
        bool(last) and shown.rstrip(" .").endswith(last) and links[-1].getparent().tag not in ("p", "li")
    )
    return is_last and bool(_OFFER_ADDRESS.search(links[-1].get("href") or ""))
