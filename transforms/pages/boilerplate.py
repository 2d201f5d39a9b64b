"""Boilerplate of a news page: what is not the article, found by its shape and wording, and removed.

Headlines of other strikes in a "Related" box do the most harm: extraction would find incidents that the
article does not report. Class names help on some sites only, so the shape matters more: a headline is a link
that has a line to itself, a card is a headline with a summary, and a box is what follows a heading such as
"Most read". Words and class names are in ``boilerplate.yaml``. No rule removes what holds the article
(``article_path.py``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from lxml import etree
from lxml.html import HtmlElement

from transforms.pages.appeals import find_appeals
from transforms.pages.article_path import ArticlePath, find_article_path
from transforms.pages.asides import find_asides, list_site_names
from transforms.pages.boilerplate_words import (
    count_words,
    ends_as_sentence,
    load_boilerplate_words,
    normalise_words,
)
from transforms.pages.boxes import find_boxes, is_prose
from transforms.pages.cut_leads import remove_cut_leads
from transforms.pages.embedded_posts import find_embedded_posts
from transforms.pages.furniture import find_captions, find_forms
from transforms.pages.inner_boxes import find_inner_boxes
from transforms.pages.lines import FRAME_TAGS, HEADING_TAGS, PageLines
from transforms.pages.linked_cards import find_linked_cards, find_story_lists
from transforms.pages.live_posts import find_post_groups, find_posts_on_other_stories
from transforms.pages.loose_text import wrap_loose_text
from transforms.pages.next_stories import find_next_stories
from transforms.pages.other_stories import (
    find_cards_beside,
    find_columns_of_stories,
    find_stories_after,
    find_stories_alike,
    find_told_boxes,
    is_link_to_page,
)
from transforms.pages.paragraphs import (
    Paragraphs,
    drop_removed,
    find_afterword,
    find_calls,
    find_foreword,
    find_paragraphs,
    find_picture_boxes,
    mark_paragraphs,
    read_lead,
    read_paragraphs,
)

_BOILERPLATE_TAGS = frozenset(
    "nav footer aside script style noscript form template iframe object svg button select".split()
)
_BOILERPLATE_ROLES = frozenset(
    "complementary navigation contentinfo search dialog alertdialog toolbar menu".split()
)
_CONSENT_TAGS = ("div", "section", "p", "span", "dialog", "td")
_CONSENT_LIMIT_CHARACTERS = 1_500
_MIN_CONSENT_WORDS = 3
_MIN_HEADLINE_WORDS = 5
_MIN_PARAGRAPH_WORDS = 8
_MIN_STORY_PARAGRAPHS, _MIN_STORY_WORDS = 2, 80
_MIN_LIKE_PARAGRAPHS = 2
_ANNOUNCEMENT_LIMIT_CHARACTERS = 60
_LINES_UNDER_HEADLINE = 2


@dataclass(frozen=True, slots=True)
class Remains:
    """What is left of a page without its boilerplate.

    ``paragraphs``: the text of the article's paragraphs as the layout tells them, a line each; empty where it
    does not tell them. ``lead``: those of them that only lead to the article. ``flags``: ``live_blog``.
    ``is_endless``: whether other stories stood beside the article in full. ``refused``: the lines that went
    because of what they say, or of the box around them, though they look like paragraphs.
    """

    paragraphs: str
    lead: str
    flags: list[str]
    is_endless: bool = False
    refused: frozenset[str] = frozenset()


def remove_boilerplate(tree: HtmlElement, titles: Iterable[str]) -> Remains:
    """Remove from the tree what is not the article.

    Args:
        tree: the page; it is changed.
        titles: the article's headlines, from the feed and from the page.
    """
    headlines = {normalise_words(title) for title in titles} - {""}
    remove_cut_leads(tree)
    wrap_loose_text(tree)
    page = PageLines(tree, headlines)
    if sentences := page.find_linked_sentences():
        _unlink(sentences)
        page = PageLines(tree, headlines)
    _remove(page, find_columns_of_stories(tree, page, headlines), set())
    ordered = [words for words in map(normalise_words, titles) if words]
    article = find_article_path(tree, page, ordered)
    path = article.elements
    # Whole stories and comments come first: their days and buttons, which tell them, go in the next steps.
    next_stories = list(find_next_stories(page, article, headlines))
    _remove(page, next_stories, path, kept_tags=FRAME_TAGS - {"article"})
    _remove(page, page.find_comments(), path)
    _remove(page, find_captions(tree, page), path)
    _remove(page, find_forms(tree, page, article), path)
    _remove(page, find_embedded_posts(tree, page, article, headlines), path)
    # So do such cards: their second link may stand in a footer.
    _remove(page, find_linked_cards(tree, page, article, headlines), path, kept_tags=FRAME_TAGS - {"article"})
    _remove(page, _find_by_name(tree), path)
    if article.first_prose is not None and article.first_prose.getparent() is None:
        # It was a caption or a form: what comes after it begins the text.
        article = find_article_path(tree, page, ordered)
        path = article.elements
    refused = _remove(page, find_inner_boxes(tree, page, article, headlines), path)
    refused += _remove(page, find_appeals(tree, page, headlines), path)
    post_groups = list(find_post_groups(tree))
    _remove(page, find_posts_on_other_stories(post_groups, headlines), path, max_share=1.0)
    _remove(page, _find_consent_boxes(tree), path)
    other_stories = [
        *_find_other_articles(tree, headlines, article),
        *_find_next_stories(tree, headlines),
        *find_stories_alike(article, headlines),
        *find_stories_after(page, article),
        *find_cards_beside(page, article),
        *find_told_boxes(tree, page, article),
        *find_story_lists(tree, page, article),
    ]
    _remove(page, other_stories, path, kept_tags=FRAME_TAGS - {"article"})
    _remove(page, page.find_teasers(article.first_prose), path)
    _remove(page, find_boxes(tree, headlines), path)
    _remove(page, find_foreword(tree, page, article), path)
    paragraphs = find_paragraphs(tree, page, article)
    text = lead = ""
    if paragraphs is not None:
        _remove(page, find_afterword(tree, page, paragraphs, article), path, max_share=0.95)
        refused += _remove(page, find_calls(page, paragraphs), path)
        _remove(page, find_picture_boxes(tree, page, paragraphs), path)
        refused += _remove(page, _find_not_of_report(tree, page, article, paragraphs, headlines), path)
        paragraphs = drop_removed(paragraphs, tree)
        mark_paragraphs(paragraphs)
        text, lead = read_paragraphs(paragraphs), read_lead(paragraphs)
    _rename_path(path)
    flags = ["live_blog"] if post_groups else []
    return Remains(text, lead, flags, bool(next_stories), frozenset(_list_lines(page, refused)))


def _list_lines(page: PageLines, elements: Iterable[HtmlElement]) -> Iterator[str]:
    """Yield the text of each block without blocks in it."""
    leaves = (e for element in elements for e in element.iter(etree.Element) if page.is_leaf_text(e))
    return (" ".join(leaf.text_content().split()) for leaf in leaves)


def remove_next_stories(tree: HtmlElement, titles: Iterable[str]) -> None:
    """Remove from the tree the other stories that stand in full beside the article, and nothing more."""
    headlines = {normalise_words(title) for title in titles} - {""}
    page = PageLines(tree, headlines)
    article = find_article_path(tree, page, [words for words in map(normalise_words, titles) if words])
    found = find_next_stories(page, article, headlines)
    _remove(page, found, article.elements, kept_tags=FRAME_TAGS - {"article"})


def _find_not_of_report(
    tree: HtmlElement, page: PageLines, article: ArticlePath, paragraphs: Paragraphs, headlines: set[str]
) -> list[HtmlElement]:
    """Return blocks like the paragraphs that are not of the report, and those before it on another matter.

    The latter only where no element shows the headline: otherwise what stands before it is known as foreword.
    """
    own = {*paragraphs.blocks, *paragraphs.like}
    blocks = [block for block in tree.iter(etree.Element) if block in own]
    sites = list_site_names(tree, headlines)
    before = (
        () if article.headline is not None else takewhile(lambda e: e not in own, tree.iter(etree.Element))
    )
    return find_asides(page, blocks, list(filter(page.is_prose_block, before)), headlines, sites)


def _unlink(paragraphs: list[HtmlElement]) -> None:
    """Take the links from paragraphs; their text stays."""
    for paragraph in paragraphs:
        for link in list(paragraph.iter("a")):
            link.drop_tag()


def _remove(
    page: PageLines,
    elements: Iterable[HtmlElement],
    path: set[HtmlElement],
    max_share: float = 0.8,
    kept_tags: frozenset[str] = FRAME_TAGS,
) -> list[HtmlElement]:
    """Remove elements from the page, except those on the path to the article; return those that went.

    An element that holds more than ``max_share`` of the page's words stays: on that page the rule is wrong.
    """
    found, gone = list(elements), []
    most = max_share * page.count_words_of(page.tree)
    for element in found:
        if element in path or element.getparent() is None or element.tag in kept_tags:
            continue
        if page.count_words_of(element) > most:
            continue
        page.forget(element)
        # The element separated two blocks; without it, their words must not join.
        if element.tail and element.tail.strip():
            element.tail = f" {element.tail}"
        element.drop_tree()
        gone.append(element)
    return gone


def _rename_path(path: set[HtmlElement]) -> None:
    """Take misleading names from the elements that hold the article: trafilatura would remove them."""
    words = load_boilerplate_words()
    for element in path:
        if element.tag in _BOILERPLATE_TAGS:
            element.tag = "div"
        if not words.class_tokens.isdisjoint(_names(element)):
            _drop_names(element)


def _names(element: HtmlElement) -> list[str]:
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()


def _drop_names(element: HtmlElement) -> None:
    for attribute in ("class", "id"):
        element.attrib.pop(attribute, None)


def _find_by_name(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield elements whose tag, role, class, id or item type marks them as boilerplate."""
    words = load_boilerplate_words()
    for element in tree.iter(etree.Element):
        if element.tag in _BOILERPLATE_TAGS or element.get("role") in _BOILERPLATE_ROLES:
            yield element
        elif element.tag not in FRAME_TAGS:
            names = _names(element)
            if "comment" in (element.get("itemtype") or "").lower():
                yield element
            elif not words.class_tokens.isdisjoint(names):
                if words.lead_classes.isdisjoint(names) or not _is_running_text(element):
                    yield element
                else:
                    _drop_names(element)


def _is_running_text(element: HtmlElement) -> bool:
    """Return whether an element is a paragraph among paragraphs, though its class says otherwise.

    It is a sentence without links, pictures or controls, and at least two of its siblings are sentences too.
    """
    if element.find(".//a") is not None or element.find(".//img") is not None:
        return False
    text = element.text_content()
    if count_words(text) < _MIN_PARAGRAPH_WORDS or not ends_as_sentence(text):
        return False
    siblings = [*element.itersiblings(), *element.itersiblings(preceding=True)]
    return sum(is_prose(sibling) for sibling in siblings) >= _MIN_LIKE_PARAGRAPHS


def _find_consent_boxes(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield boxes that ask for consent: short, with "cookie" and several of the usual words."""
    consent_words = load_boilerplate_words().consent_words
    for element in tree.iter(*_CONSENT_TAGS):
        text = element.text_content()
        if "ookie" not in text or len(text) >= _CONSENT_LIMIT_CHARACTERS:
            continue
        if len(consent_words.intersection(normalise_words(text).split())) >= _MIN_CONSENT_WORDS:
            yield element


def _find_other_articles(tree: HtmlElement, headlines: set[str], path: ArticlePath) -> Iterator[HtmlElement]:
    """Yield ``article`` elements of other stories.

    They are those beside the first one that has this article's headline. If none has it, they are those whose
    heading leads to another page, if the headline stands before or outside them or the first is the longest.
    """
    articles = [a for a in tree.iter("article") if any(is_prose(p) for p in a.iter("p"))]
    own = next((article for article in articles if _has_headline(article, headlines)), None)
    if own is not None:
        family = {own, *own.iterancestors(), *own.iterdescendants()}
        yield from (article for article in articles if article not in family)
    elif path.headline is not None or (
        articles and articles[0] is max(articles, key=lambda article: len(article.text_content()))
    ):
        linked = (a for a in articles if _begins_with_link(a))
        yield from (article for article in linked if article not in path.elements)


def _begins_with_link(article: HtmlElement) -> bool:
    """Return whether the heading of an element leads to another page; one after a paragraph is a teaser's."""
    parts = (e for e in article.iter("h1", *HEADING_TAGS, "p") if e.tag != "p" or is_prose(e))
    first = next(parts, None)
    return first is not None and first.tag != "p" and is_link_to_page(first)


def _has_headline(article: HtmlElement, headlines: set[str]) -> bool:
    headings = article.iter("h1", *HEADING_TAGS)
    return any(normalise_words(heading.text_content()) in headlines for heading in headings)


def _find_next_stories(tree: HtmlElement, headlines: set[str]) -> Iterator[HtmlElement]:
    """Yield what follows a second ``h1``: the next story of an endless page. The ``h1`` itself is emptied.

    Some sites use h1 for the sections of one story. So a next story must be announced, and be long enough.
    """
    headings = list(tree.iter("h1"))
    titles = [normalise_words(heading.text_content()) for heading in headings]
    own = next((n for n, title in enumerate(titles) if title in headlines), None)
    if own is None:
        return
    for heading, title in zip(headings[own + 1 :], titles[own + 1 :], strict=True):
        if title == titles[own] or len(title.split()) < _MIN_HEADLINE_WORDS or not _is_announced(heading):
            continue
        # An h1 with at most one paragraph after it is the headline of a teaser inside this story.
        words_after = [count_words(element.text_content()) for element in heading.itersiblings()]
        paragraphs = sum(number >= _MIN_PARAGRAPH_WORDS for number in words_after)
        if paragraphs >= _MIN_STORY_PARAGRAPHS or sum(words_after) >= _MIN_STORY_WORDS:
            yield from heading.itersiblings()
            for element in heading.iter():
                element.text = element.tail = None


def _is_announced(heading: HtmlElement) -> bool:
    """Return whether a rule or "Next story" stands before a heading, or a time right after it."""
    after = list(heading.itersiblings())[:_LINES_UNDER_HEADLINE]
    if any(element.tag == "time" or element.find(".//time") is not None for element in after):
        return True
    before = heading.getprevious()
    if before is None:
        return False
    text = " ".join(before.text_content().split())
    is_label = len(text) < _ANNOUNCEMENT_LIMIT_CHARACTERS and not ends_as_sentence(text)
    return before.tag == "hr" or (is_label and load_boilerplate_words().box_headings.match(text) is not None)
