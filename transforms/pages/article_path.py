"""Which elements of a page hold the article, so that no rule for boilerplate removes them.

A class name or a heading says what a site called an element, not what is in it: one theme calls the column of
its articles ``share``, another leaves an ``aside`` open around them. The headline and the prose after it say
more.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from transforms.pages.boilerplate_words import count_words, ends_as_sentence, normalise_words
from transforms.pages.lines import HEADING_TAGS, PageLines
from transforms.pages.shown_dates import DATE

_HEADINGS = ("h1", *sorted(HEADING_TAGS))
_HEADLINE_TAGS = (*_HEADINGS, "div", "p", "span", "b", "strong", "td", "font")
_MAX_BYLINE_CHARACTERS = 140
_MIN_SHARE_AFTER_HEADLINE, _MIN_SHARE_WITHOUT_HEADLINE = 0.3, 0.5


@dataclass(frozen=True, slots=True)
class ArticlePath:
    """Where the article is: the elements that hold it; its headline and the prose after it, if found."""

    elements: set[HtmlElement]
    headline: HtmlElement | None = None
    first_prose: HtmlElement | None = None


def find_article_path(tree: HtmlElement, page: PageLines, headlines: Sequence[str]) -> ArticlePath:
    """Return where the article is.

    The elements that hold it are the headline, the elements around it, and those around the first prose after
    it that have a large share of the page's words. Where the page does not show its headline, they are the
    elements with most of its words. Words of links do not count: a page may have ten times as many in menus.

    Args:
        tree: the page.
        page: its words.
        headlines: the article's headlines, normalised, the surest first: the page's own may be a section's.
    """
    headline = _find_headline(tree, page, headlines[:1], _HEADINGS)
    if headline is None:
        headline = _find_headline(tree, page, headlines, _HEADLINE_TAGS)
    total = page.count_text_words(tree)
    if headline is None:
        least = _MIN_SHARE_WITHOUT_HEADLINE * total
        return ArticlePath({e for e in tree.iter() if total and page.count_text_words(e) > least})
    path = {headline, *headline.iterancestors()}
    first = _find_first_prose(headline, page)
    if first is not None:
        least = _MIN_SHARE_AFTER_HEADLINE * total
        around = (first, *first.iterancestors())
        path.update(element for element in around if page.count_text_words(element) > least)
    return ArticlePath(path, headline, first)


def _find_headline(
    tree: HtmlElement, page: PageLines, headlines: Sequence[str], tags: Iterable[str]
) -> HtmlElement | None:
    numbers = {count_words(headline) for headline in headlines}
    for tag in tags:
        for element in tree.iter(tag):
            if (
                page.count_words_of(element) in numbers
                and normalise_words(element.text_content()) in headlines
            ):
                return element
    return None


def _find_first_prose(headline: HtmlElement, page: PageLines) -> HtmlElement | None:
    """Return the first prose after the headline; a subheading only where there is nothing else."""
    subheading = None
    for block in _iterate_prose_after(headline, page):
        if block.tag not in HEADING_TAGS and not _is_byline(block) and not _is_in_figure(block):
            return block
        subheading = subheading if subheading is not None or block.tag not in HEADING_TAGS else block
    return subheading


def _is_in_figure(block: HtmlElement) -> bool:
    return any(e.tag in ("figure", "figcaption") for e in (block, *block.iterancestors()))


def _is_byline(block: HtmlElement) -> bool:
    """Return whether a block is short, holds a day and is no sentence: authors, an agency, the hour."""
    text = " ".join(block.text_content().split())
    return (
        len(text) <= _MAX_BYLINE_CHARACTERS and not ends_as_sentence(text) and DATE.search(text) is not None
    )


def _iterate_prose_after(headline: HtmlElement, page: PageLines) -> Iterator[HtmlElement]:
    """Yield the blocks of prose after an element, in the order of the page."""
    element: HtmlElement | None = headline
    while element is not None:
        for sibling in element.itersiblings():
            yield from (block for block in sibling.iter() if page.is_prose_block(block))
        element = element.getparent()
