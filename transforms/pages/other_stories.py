"""Other stories on a page that are told at length: beside the article, or in a box inside it."""

from collections.abc import Iterator
from itertools import takewhile

from lxml.html import HtmlElement

from transforms.pages.article_path import ArticlePath
from transforms.pages.asides import stems_of
from transforms.pages.boilerplate_words import (
    count_words,
    ends_as_sentence,
    load_boilerplate_words,
    normalise_words,
)
from transforms.pages.boxes import is_prose
from transforms.pages.lines import FRAME_TAGS, HEADING_TAGS, PageLines
from transforms.pages.live_posts import begins_with_time

_HEADINGS = ("h1", *sorted(HEADING_TAGS))
_MIN_HEADLINE_WORDS = 4
_MAX_POINTER_CHARACTERS = 60
_MAX_SHARE_OF_BOXES = 0.5
_MAX_SHARE_OF_COLUMN, _MIN_SHARE_OF_TITLE = 0.6, 0.4
_MIN_CARDS, _LINES_OF_CARD = 2, 2
_MIN_SHARE_OF_CARDS, _MAX_MEAN_CARD_WORDS = 0.6, 45


def find_stories_alike(path: ArticlePath, headlines: set[str]) -> Iterator[HtmlElement]:
    """Yield other stories: elements beside the one that holds headline and text, alike in tag and class.

    Their headings are links to other pages, or of the headline's level. Some sites use the first level for
    the sections of one story: there both must also have a time. Where the story is one entry of a live page,
    marked by its ``h1``, the others need only a time of their own.
    """
    own = _find_story(path)
    if own is None or path.headline is None:
        return
    is_entry = path.headline.tag == "h1" and begins_with_time(own)
    has_time = own.find(".//time") is not None
    for other in (*own.itersiblings(preceding=True), *own.itersiblings()):
        if not _is_alike(own, other):
            continue
        heading = next(other.iter(*_HEADINGS), None)
        if heading is None:
            if is_entry and begins_with_time(other):
                yield other
            continue
        if not _is_headline(heading, headlines):
            continue
        is_level = heading.tag == path.headline.tag and (
            heading.tag != "h1" or (has_time and other.find(".//time") is not None)
        )
        if (
            is_link_to_page(heading)
            or is_level
            or (is_entry and begins_with_time(other))
            or _is_announced(other, heading)
        ):
            yield other


def _is_announced(story: HtmlElement, heading: HtmlElement) -> bool:
    """Return whether a label such as "Next story" stands before the heading of a story."""
    before = takewhile(lambda element: element is not heading, story.iterdescendants())
    label = " ".join(" ".join(part.text or "" for part in before if isinstance(part.tag, str)).split())
    is_short = 0 < len(label) < _MAX_POINTER_CHARACTERS
    return is_short and load_boilerplate_words().box_headings.match(label) is not None


def _is_alike(own: HtmlElement, other: HtmlElement) -> bool:
    """Return whether two elements have the same tag and classes, or one of these in common."""
    if other.tag != own.tag:
        return False
    classes = [frozenset((element.get("class") or "").split()) for element in (own, other)]
    return classes[0] == classes[1] or not classes[0].isdisjoint(classes[1])


def find_stories_after(page: PageLines, path: ArticlePath) -> Iterator[HtmlElement]:
    """Yield what follows the article on a page of short stories, from the next heading of its level on.

    The heading of an article's section has that level too, so another story must also stand before the
    article: a heading of the level, and prose under it.
    """
    own = path.headline
    if own is None or own.tag not in HEADING_TAGS:
        return
    has_prose = False
    for before in own.itersiblings(preceding=True):
        if (
            before.tag == own.tag
            and has_prose
            and len(normalise_words(before.text_content()).split()) >= _MIN_HEADLINE_WORDS
        ):
            break
        has_prose = has_prose or page.is_prose_block(before)
    else:
        return
    is_next = False
    for after in own.itersiblings():
        is_next = is_next or after.tag == own.tag
        if is_next:
            yield after


def _find_story(path: ArticlePath) -> HtmlElement | None:
    """Return the innermost element around headline and text, if the page has others of its kind beside it."""
    if path.headline is None or path.first_prose is None:
        return None
    around = set(path.first_prose.iterancestors())
    story = next((e for e in path.headline.iterancestors() if e in around), None)
    return None if story is None or story.tag in ("html", "body") else story


def _is_headline(heading: HtmlElement, headlines: set[str]) -> bool:
    words = normalise_words(heading.text_content())
    return words not in headlines and count_words(words) >= _MIN_HEADLINE_WORDS


def is_link_to_page(heading: HtmlElement) -> bool:
    """Return whether all words of a heading are a link to another page."""
    link = heading.find(".//a")
    parent = heading.getparent()
    link = parent if link is None and parent is not None and parent.tag == "a" else link
    if link is None or (link.get("href") or "#").startswith("#"):
        return False
    return normalise_words(link.text_content()) == normalise_words(heading.text_content()) != ""


def find_columns_of_stories(tree: HtmlElement, page: PageLines, headlines: set[str]) -> Iterator[HtmlElement]:
    """Yield columns of other stories that stand before the column of the article, and may be wider.

    All prose of such a column is under headings that lead to other pages. A digest looks the same, so another
    column of the row must have prose, no such heading, and two fifths of the words of the headline.
    """
    title = frozenset().union(*map(stems_of, headlines))
    if not title:
        return
    linked: dict[HtmlElement, list[HtmlElement]] = {}
    for heading in tree.iter(*sorted(HEADING_TAGS)):
        if is_link_to_page(heading) and _is_headline(heading, headlines):
            for around in heading.iterancestors():
                linked.setdefault(around, []).append(heading)
    for column, headings in linked.items():
        row = column.getparent()
        if row is None or column.tag in FRAME_TAGS or len(headings) < _MIN_CARDS or len(row) < _MIN_CARDS:
            continue
        beside = [e for e in row if e is not column and e not in linked and isinstance(e.tag, str)]
        is_article = (_is_on(title, other, page) for other in beside if other.tag not in HEADING_TAGS)
        if (
            column.find(".//h1") is None
            and any(is_article)
            and not _has_prose_before(column, headings[0], page)
        ):
            yield column


def _is_on(title: frozenset[str], column: HtmlElement, page: PageLines) -> bool:
    prose = [block for block in column.iter() if page.is_prose_block(block)]
    if len(prose) < _MIN_CARDS or column in prose:
        return False
    stems = stems_of(" ".join(block.text_content() for block in prose))
    return len(stems & title) >= _MIN_SHARE_OF_TITLE * len(title)


def _has_prose_before(column: HtmlElement, heading: HtmlElement, page: PageLines) -> bool:
    before = takewhile(lambda element: element is not heading, column.iterdescendants())
    return any(page.is_prose_block(element) for element in before)


def find_cards_beside(page: PageLines, path: ArticlePath) -> Iterator[HtmlElement]:
    """Yield columns of other stories beside the column of the article: cards without links.

    Scripts make links of them. Each card is a short line and then a summary, and cards are alike. Sections
    of an article also begin so, but they have more words, or stand in the column of its first paragraph.
    """
    if path.first_prose is None:
        return
    around = set(path.first_prose.iterancestors())
    for own in around:
        row = own.getparent()
        if row is None or own.tag in ("html", "body"):
            continue
        for column in row:
            if column is own or not isinstance(column.tag, str) or column.tag in HEADING_TAGS:
                continue
            is_small = page.count_words_of(column) <= _MAX_SHARE_OF_COLUMN * page.count_words_of(row)
            if is_small and _holds_cards(column, page):
                yield column


def _holds_cards(column: HtmlElement, page: PageLines) -> bool:
    """Return whether most words of a column, or of the one element in it, are those of like cards."""
    while len(column) == 1:
        column = column[0]
    cards = [child for child in column if isinstance(child.tag, str) and _is_card(child, page)]
    kinds = {(card.tag, card.get("class")) for card in cards}
    in_cards = sum(map(page.count_words_of, cards))
    return (
        len(cards) >= _MIN_CARDS
        and len(kinds) == 1
        and in_cards >= _MIN_SHARE_OF_CARDS * page.count_words_of(column)
        and in_cards <= _MAX_MEAN_CARD_WORDS * len(cards)
    )


def _is_card(element: HtmlElement, page: PageLines) -> bool:
    """Return whether an element is a line that is no sentence, and one or two sentences after it."""
    parts = [part for part in element.iterdescendants() if isinstance(part.tag, str) and not len(part)]
    lines = [part for part in parts if page.count_words_of(part)]
    if len(lines) != _LINES_OF_CARD:
        return False
    title, summary = (" ".join(line.text_content().split()) for line in lines)
    is_title = not ends_as_sentence(title) and count_words(title) >= _MIN_HEADLINE_WORDS
    return is_title and ends_as_sentence(summary) and count_words(summary) >= _MIN_HEADLINE_WORDS


def find_told_boxes(tree: HtmlElement, page: PageLines, path: ArticlePath) -> Iterator[HtmlElement]:
    """Yield boxes between paragraphs that tell another story and lead to it.

    Such a box begins with a heading, has prose, and leads to another page: by its heading, or by a link such
    as "Read more" that stands alone at its end. The boxes of one element have at most half of its words: an
    article may be a list of such boxes.
    """
    boxes: dict[HtmlElement, list[HtmlElement]] = {}
    seen: set[HtmlElement] = set()  # a box begins with its first heading; a hostile one has any number
    for heading in tree.iter(*sorted(HEADING_TAGS)):
        box = heading.getparent()
        around = box.getparent() if box is not None else None
        if around is None or box.tag in FRAME_TAGS or box in path.elements or box in seen:
            continue
        seen.add(box)
        beside = (box.getprevious(), box.getnext())
        is_between = all(e is not None and e.tag == "p" and page.is_prose_block(e) for e in beside)
        if is_between and _tells(box, heading):
            boxes.setdefault(around, []).append(box)
    for around, found in boxes.items():
        if sum(map(page.count_text_words, found)) <= _MAX_SHARE_OF_BOXES * page.count_text_words(around):
            yield from found


def _tells(box: HtmlElement, heading: HtmlElement) -> bool:
    """Return whether a box begins with a heading, has prose, and leads to another page."""
    parts = [part for part in box.iterdescendants() if isinstance(part.tag, str)]
    shown = " ".join(box.text_content().split())
    if not any(is_prose(part) for part in parts if part.tag == "p"):
        return False
    if not shown.startswith(" ".join(heading.text_content().split())):
        return False
    return is_link_to_page(heading) or _ends_with_pointer(parts, shown)


def _ends_with_pointer(parts: list[HtmlElement], shown: str) -> bool:
    link = next((part for part in reversed(parts) if part.tag == "a"), None)
    if link is None or link.getparent().tag == "p":
        return False
    label = " ".join(link.text_content().split())
    words = load_boilerplate_words()
    patterns = (words.more_links, words.box_headings, words.pointers)
    is_pointer = len(label) < _MAX_POINTER_CHARACTERS and any(p.match(label) for p in patterns)
    return is_pointer and shown.endswith(label)
