"""The lines of a page: how many words each element has, and which links have a line to themselves."""

from collections import Counter
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from transforms.pages.boilerplate_words import (
    WORD,
    count_words,
    ends_as_sentence,
    load_boilerplate_words,
    normalise_words,
)

FRAME_TAGS = frozenset({"html", "body", "main", "article", "h1"})
"""Elements that may hold the article itself. Only another ``article`` beside it is ever removed."""
HEADING_TAGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
INLINE_TAGS = frozenset(
    "a abbr acronym b bdi bdo big cite code del dfn em font i img ins kbd label mark picture q s samp "
    "small span strike strong sub sup time tt u var wbr".split()
)
_NOT_PROSE_TAGS = INLINE_TAGS | {"h1", "title"}
_MAX_SUMMARY_WORDS = 70
_MAX_FIRST_PARAGRAPH_WORDS = 140
"""Instead of a summary a card may show the first paragraph of the other story."""
_MIN_LONG_CARDS, _MAX_SHARE_OF_LONG_CARDS = 3, 0.5
"""So many cards in a row may be long, if they are not most of the page: a list may be the article itself."""
_MAX_MEAN_SUMMARY_WORDS = 22
_MIN_SHARE_OF_ARTICLE = 0.6
_MIN_LINKED_SENTENCE_WORDS = 8
_QUESTION_MARKS = ("?", "؟", "？", "፧", ";")
_MAX_WORDS_BESIDE_HEADLINE = 3  # a rank, a bullet or "read more" may share the line with a headline
_MAX_ANNOUNCEMENT_WORDS = 7
_ANNOUNCEMENT_LIMIT_CHARACTERS = 60
_ANNOUNCEMENT_ENDS = (":", ">", "»", "→", "▶", "|")
_MAX_MORE_LINK_WORDS = 4
_MIN_PARAGRAPH_WORDS = 8
_MIN_COMMENT_WORDS, _COMMENT_LIMIT_WORDS = 8, 400
_MIN_LINK_SHARE_OF_ROW = 0.8


class PageLines:
    """The number of words of every element of a page, counted once, and the questions that it answers.

    Args:
        tree: the page. If it loses an element later, ``forget`` corrects the numbers.
        headlines: the article's own headlines, normalised.
    """

    def __init__(self, tree: HtmlElement, headlines: set[str]) -> None:
        self.tree, self._headlines = tree, headlines
        self._words: dict[HtmlElement, int] = {}
        self._words_in_links: dict[HtmlElement, int] = {}
        self._class_counts: Counter[str] | None = None
        for element in reversed(list(tree.iter())):
            number = count_words(element.text) if isinstance(element.tag, str) else 0
            in_links = 0
            for child in element:
                number += self._words[child] + count_words(child.tail)
                in_links += self._words_in_links[child]
            self._words[element] = number
            self._words_in_links[element] = number if element.tag == "a" else in_links
        self._picture_links = {a.get("href") for a in tree.iter("a") if a.find(".//img") is not None}

    def forget(self, element: HtmlElement) -> None:
        """Take the words of an element that is about to be removed from those of the elements around it."""
        number, in_links = self.count_words_of(element), self._words_in_links.get(element, 0)
        for around in element.iterancestors():
            self._words[around] -= number
            self._words_in_links[around] -= number if around.tag == "a" else in_links

    def read_shared_classes(self, element: HtmlElement) -> str:
        """Return the classes of an element that other elements have too; where none is shared, all.

        Build tools give each element a class of its own beside those that tell what it is.
        """
        if self._class_counts is None:
            names = (e.get("class") for e in self.tree.iter() if isinstance(e.tag, str))
            self._class_counts = Counter(name for value in names if value for name in value.split())
        classes = element.get("class") or ""
        shared = " ".join(name for name in classes.split() if self._class_counts[name] > 1)
        return shared or classes

    def count_words_of(self, element: HtmlElement) -> int:
        """Return the number of words of an element."""
        return self._words.get(element, 0)

    def count_text_words(self, element: HtmlElement) -> int:
        """Return the number of words of an element outside links."""
        return self._words.get(element, 0) - self._words_in_links.get(element, 0)

    def is_prose_block(self, element: HtmlElement) -> bool:
        """Return whether an element is a block without blocks in it that has a sentence outside links."""
        if self.count_text_words(element) < _MIN_PARAGRAPH_WORDS or element.tag in _NOT_PROSE_TAGS:
            return False
        return element.tag == "p" or _is_leaf(element)

    def is_leaf_text(self, element: HtmlElement) -> bool:
        """Return whether an element is a block without blocks in it that has words."""
        return element.tag not in INLINE_TAGS and self._words.get(element, 0) > 0 and _is_leaf(element)

    def find_linked_sentences(self) -> list[HtmlElement]:
        """Return the paragraphs that are one link each, where they are most of the page's prose.

        Elsewhere a paragraph that is a link is a headline.
        """
        found = [p for p in self.tree.iter("p") if self._is_linked_sentence(p)]
        return found if sum(map(self.count_words_of, found)) > self.count_text_words(self.tree) else []

    def _is_linked_sentence(self, block: HtmlElement) -> bool:
        number = self._words[block]
        is_link = number >= _MIN_LINKED_SENTENCE_WORDS and not self.count_text_words(block)
        return is_link and ends_as_sentence(block.text_content())

    def find_comments(self) -> Iterator[HtmlElement]:
        """Yield the blocks of readers' comments: similar siblings, each with a button such as "Reply"."""
        controls = load_boilerplate_words().comment_controls
        blocks: dict[HtmlElement, None] = {}
        for control in self.tree.iter("a", "button", "span", "div"):
            if len(control) == 0 and normalise_words(control.text or "") in controls:
                block = self._find_comment_around(control)
                if block is not None:
                    blocks[block] = None
        similar = Counter(map(_sibling_key, blocks))
        yield from (
            block
            for block in blocks
            if similar[_sibling_key(block)] >= 2 and self._words[block] < _COMMENT_LIMIT_WORDS
        )

    def _find_comment_around(self, control: HtmlElement) -> HtmlElement | None:
        """Return the nearest element around a button with at least eight words, None where there is none."""
        for block in control.iterancestors():
            if block.tag in FRAME_TAGS:
                return None
            if self._words[block] >= _MIN_COMMENT_WORDS:
                return block
        return None

    def find_teasers(self, first_prose: HtmlElement | None) -> Iterator[HtmlElement]:
        """Yield headlines of other articles, each with its summary and the line that announces it.

        Long cards with most of the page's prose are the article, such as questions and answers in a list.

        Args:
            first_prose: the first prose after the headline. Cards without it are not the article.
        """
        headlines = self._find_headlines()
        found = [self._card_of(headline) for headline in headlines]
        cards_by_key = Counter(map(_sibling_key, found))
        words_by_key: Counter[tuple[HtmlElement | None, str, str]] = Counter()
        for card in dict.fromkeys(found):
            words_by_key[_sibling_key(card)] += self._words.get(card, 0)
        most_of_page = _MAX_SHARE_OF_LONG_CARDS * self.count_text_words(self.tree)
        cards: dict[HtmlElement, None] = {}
        for headline in headlines:
            card = self._card_of(headline)
            key = _sibling_key(card)
            is_repeated = cards_by_key[key] >= 2
            is_long = cards_by_key[key] >= _MIN_LONG_CARDS and words_by_key[key] <= most_of_page
            is_long = is_long or (not is_repeated and _is_heading_and_paragraph(card))
            most = _MAX_FIRST_PARAGRAPH_WORDS if is_long else _MAX_SUMMARY_WORDS
            if self._can_be_card(headline, card, most) and (
                is_repeated or self._looks_like_card(headline, card)
            ):
                cards[card] = None
            elif not self._is_question(headline):
                yield from self._with_announcement(headline)
            summary = headline.getnext()
            if headline.tag == "dt" and summary is not None and summary.tag == "dd":
                cards[summary] = None
        if not self._is_article(cards, first_prose):
            for card in cards:
                yield from self._with_announcement(card)
        yield from self._find_more_teasers()
        yield from self._find_link_rows()

    def _is_question(self, headline: HtmlElement) -> bool:
        return headline.tag == "dt" and str(headline.text_content()).rstrip().endswith(_QUESTION_MARKS)

    def _is_article(self, cards: Iterable[HtmlElement], first_prose: HtmlElement | None) -> bool:
        """Return whether cards are the article: with most of the prose, and longer than summaries."""
        numbers = [self.count_text_words(card) for card in cards]
        return (
            first_prose is not None
            and not {first_prose, *first_prose.iterancestors()}.isdisjoint(cards)
            and sum(numbers) >= _MIN_SHARE_OF_ARTICLE * self.count_text_words(self.tree)
            and sum(numbers) > _MAX_MEAN_SUMMARY_WORDS * len(numbers)
        )

    def _find_headlines(self) -> list[HtmlElement]:
        """Return the headlines of other articles: each is a link that has a line to itself."""
        found: dict[HtmlElement, None] = {}
        for link in self.tree.iter("a"):
            # A link within the page leads to a note or a question of this article.
            if not self._words[link] or (link.get("href") or "#").startswith("#"):
                continue
            if normalise_words(link.text_content()) in self._headlines:
                continue
            unit = self._widen(link)
            headline = unit if _has_own_line(unit) else self._find_announced_line(unit)
            if headline is not None:
                found[headline] = None
        return list(found)

    def _widen(self, link: HtmlElement) -> HtmlElement:
        """Return the largest element around a link that has at most three more words."""
        unit = link
        while (parent := unit.getparent()) is not None and parent.tag not in FRAME_TAGS:
            is_one_of_several = parent.tag == "td" and unit.tag != "td" and len(parent) > 1
            if is_one_of_several or self._words[parent] - self._words[link] > _MAX_WORDS_BESIDE_HEADLINE:
                break
            unit = parent
        return unit

    def _find_announced_line(self, unit: HtmlElement) -> HtmlElement | None:
        """Return the line that an announcement begins and a link ends: "On this topic: ..."."""
        line = unit.getparent()
        if line is None or line.tag in FRAME_TAGS:
            return None
        if self._words[line] - self._words[unit] > _MAX_ANNOUNCEMENT_WORDS:
            return None
        line_text = " ".join(line.text_content().split())
        link_text = " ".join(unit.text_content().split())
        announcement = line_text.removesuffix(link_text).rstrip()
        is_announced = line_text.endswith(link_text) and announcement.endswith(_ANNOUNCEMENT_ENDS)
        return line if is_announced else None

    def _card_of(self, headline: HtmlElement) -> HtmlElement:
        """Return the element that may hold a headline and its summary; the headline itself where none may."""
        card = headline.getparent()
        if card is None or card.tag in FRAME_TAGS - {"article"}:
            return headline
        while (parent := card.getparent()) is not None and parent.tag not in FRAME_TAGS:
            if self._words[parent] != self._words[card]:
                break
            card = parent
        return card

    def _can_be_card(self, headline: HtmlElement, card: HtmlElement, most: int) -> bool:
        """Return whether an element holds a headline, then a summary of ``most`` words, and nothing more."""
        return (
            card is not headline
            and self._words[card] - self._words[headline] <= most
            and self._count_words_before(headline, card) <= _MAX_WORDS_BESIDE_HEADLINE
            and not card.xpath(".//h1")
        )

    def _looks_like_card(self, headline: HtmlElement, card: HtmlElement) -> bool:
        """Return whether a list item, a heading or a picture marks an element as a card."""
        if card.tag in ("li", "dd", "figure"):
            return True
        if any(e.tag in HEADING_TAGS or e.tag == "img" for e in headline.iter()):
            return True
        return any(link.get("href") in self._picture_links for link in headline.iter("a"))

    def _count_words_before(self, headline: HtmlElement, card: HtmlElement) -> int:
        number = 0
        while headline is not card and (parent := headline.getparent()) is not None:
            number += count_words(parent.text)
            for child in headline.itersiblings(preceding=True):
                number += self._words.get(child, 0) + count_words(child.tail)
            headline = parent
        return number

    def _with_announcement(self, element: HtmlElement) -> Iterator[HtmlElement]:
        """Yield an element, and the short line before it that announces it ("READ MORE")."""
        yield element
        before = element.getprevious()
        if before is None or before.tag in (*FRAME_TAGS, "br") or WORD.search(before.tail or ""):
            return
        text = " ".join(before.text_content().split())
        words = load_boilerplate_words()
        is_announcement = words.box_headings.match(text) or words.pointers.match(text)
        if 0 < len(text) < _ANNOUNCEMENT_LIMIT_CHARACTERS and is_announcement:
            yield before

    def _find_more_teasers(self) -> Iterator[HtmlElement]:
        """Yield teasers without a linked headline: paragraphs that end with "More", and their headings."""
        more_links = load_boilerplate_words().more_links
        for link in self.tree.iter("a"):
            block = link.getparent()
            if block is None or block.tag in FRAME_TAGS or self._words[link] > _MAX_MORE_LINK_WORDS:
                continue
            link_text = link.text_content().strip()
            if not link_text or more_links.fullmatch(link_text.strip(" .…»›>→[]()")) is None:
                continue
            is_at_end = block.text_content().rstrip().endswith(link_text)
            if is_at_end and self._words[block] <= _MAX_FIRST_PARAGRAPH_WORDS:
                yield block
                heading = block.getprevious()
                if heading is not None and heading.tag in HEADING_TAGS:
                    yield heading

    def _find_link_rows(self) -> Iterator[HtmlElement]:
        """Yield blocks that consist of links."""
        for block in self.tree.iter("p", "div", "li", "td", "ul", "ol"):
            links = block.findall(".//a")
            words_in_links = sum(self._words[link] for link in links)
            if len(links) >= 2 and words_in_links >= _MIN_LINK_SHARE_OF_ROW * self._words[block] > 0:
                yield block


def _is_leaf(element: HtmlElement) -> bool:
    return all(child.tag in INLINE_TAGS or child.tag == "br" for child in element)


def _is_heading_and_paragraph(card: HtmlElement) -> bool:
    """Return whether an element holds one heading and one paragraph. Of its other words the caller asks."""
    headings = [e for e in card.iter(*sorted(HEADING_TAGS)) if e.text_content().strip()]
    return len(headings) == 1 and len([e for e in card.iter("p") if e.text_content().strip()]) == 1


def _sibling_key(element: HtmlElement) -> tuple[HtmlElement | None, str, str]:
    """Return what siblings that look alike have in common."""
    return element.getparent(), element.tag, element.get("class") or ""


def _has_own_line(unit: HtmlElement) -> bool:
    """Return whether an element shares its line with no other text."""
    if any(element.tag in HEADING_TAGS for element in unit.iter()) or unit.tag not in INLINE_TAGS:
        return True
    parent = unit.getparent()
    is_in_layout = parent is not None and parent.tag != "p" and parent.tag not in INLINE_TAGS
    if is_in_layout and not _has_own_text(parent):
        return True
    return _begins_line(unit) and _ends_line(unit)


def _begins_line(unit: HtmlElement) -> bool:
    parent, before = unit.getparent(), unit.getprevious()
    if WORD.search((parent.text if before is None else before.tail) or ""):
        return False
    if before is None:
        return _is_line_break(parent) or all(child is unit or child.tag == "br" for child in parent)
    return before.tag == "br" or before.tag not in INLINE_TAGS


def _ends_line(unit: HtmlElement) -> bool:
    after = unit.getnext()
    if WORD.search(unit.tail or ""):
        return False
    if after is None:
        return _is_line_break(unit.getparent())
    # A link after a link is the next headline of a list.
    return after.tag in ("br", "a") or after.tag not in INLINE_TAGS


def _is_line_break(parent: HtmlElement) -> bool:
    """Return whether a line begins and ends with an element.

    A paragraph with several children is running text, so a link at its edge does not count as a line.
    """
    return parent.tag not in INLINE_TAGS and (parent.tag != "p" or len(parent) == 1)


def _has_own_text(element: HtmlElement) -> bool:
    """Return whether an element has words outside its children."""
    return any(WORD.search(text or "") for text in (element.text, *(child.tail for child in element)))
