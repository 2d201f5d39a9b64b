"""Boilerplate of a news page: what is not the article, found by its shape and wording, and removed.

Headlines of other strikes in a "Related" box do the most harm: extraction would find incidents that the
article does not report. Class names help on some sites only, so the shape matters more: a headline is a link
that has a line to itself, a card is a headline with a summary, and a box is what follows a heading such as
"Most read". Words and class names are in ``boilerplate.yaml``.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from lxml import etree
from lxml.html import HtmlElement

from transforms.pages.boilerplate_words import WORD, count_words, load_boilerplate_words, normalise_words
from transforms.pages.lines import FRAME_TAGS, HEADING_TAGS, PageLines

_BOILERPLATE_TAGS = frozenset(
    "nav footer aside script style noscript form template iframe object svg button select".split()
)
_CONSENT_TAGS = ("div", "section", "p", "span", "dialog", "td")
_BOX_HEADING_TAGS = (
    "h2", "h3", "h4", "h5", "h6", "p", "div", "b", "strong", "td", "span", "dt", "summary",
)  # fmt: skip
_POST_PARENT_TAGS = ("div", "section", "main", "article", "ol", "ul", "body")
_POST_TAGS = ("div", "section", "article", "li")
_CLOCK_TIME = re.compile(r"\b\d{1,2}[:.]\d\d\b")

_CONSENT_LIMIT_CHARACTERS = 1_500
_MIN_CONSENT_WORDS = 3
_MIN_HEADING_CHARACTERS, _HEADING_LIMIT_CHARACTERS = 4, 60
_MAX_WORDS_AFTER_OPENING = 3
_MIN_SENTENCE_WORDS = 5
_MIN_PROSE_WORDS = 25
_MIN_HEADLINE_WORDS = 5
_MIN_PARAGRAPH_WORDS = 8
_MIN_STORY_PARAGRAPHS, _MIN_STORY_WORDS = 2, 80
_MIN_POSTS = 3
_MIN_POST_WORDS = 12


def remove_boilerplate(tree: HtmlElement, titles: Iterable[str], summary: str) -> list[str]:
    """Remove from the tree what is not the article.

    Args:
        tree: the page; it is changed.
        titles: the article's headlines, from the feed and from the page.
        summary: the feed's summary. A dek that repeats it is removed; a paragraph that repeats it stays.

    Returns:
        Flags of what was found: ``live_blog``.
    """
    headlines = {normalise_words(title) for title in titles} - {""}
    summary = normalise_words(summary)
    page = PageLines(tree, headlines)
    # Comments come first: they are recognised by their buttons, which the next step removes.
    _remove(tree, page.find_comments())
    _remove(tree, _find_by_name(tree, summary))
    _remove(tree, page.find_dek(summary))
    post_groups = list(_find_post_groups(tree))
    _remove(tree, _find_posts_on_other_stories(post_groups, headlines), max_share=1.0)
    _remove(tree, _find_consent_boxes(tree))
    other_stories = [*_find_other_articles(tree, headlines), *_find_next_stories(tree, headlines)]
    _remove(tree, other_stories, kept_tags=FRAME_TAGS - {"article"})
    _remove(tree, PageLines(tree, headlines).find_teasers())
    _remove(tree, _find_boxes(tree, headlines))
    _remove(tree, PageLines(tree, headlines).find_afterword())
    return ["live_blog"] if post_groups else []


def _remove(
    tree: HtmlElement,
    elements: Iterable[HtmlElement],
    max_share: float = 0.8,
    kept_tags: frozenset[str] = FRAME_TAGS,
) -> None:
    """Remove elements from the tree.

    An element that holds more than ``max_share`` of the page's text stays: on that page the rule is wrong.
    """
    found = list(elements)
    if not found:
        return
    total = len(tree.text_content())
    for element in found:
        is_too_large = len(element.text_content()) > max_share * total
        if element.getparent() is None or element.tag in kept_tags or is_too_large:
            continue
        # The element separated two blocks; without it, their words must not join.
        if element.tail and element.tail.strip():
            element.tail = f" {element.tail}"
        element.drop_tree()


def _find_by_name(tree: HtmlElement, summary: str) -> Iterator[HtmlElement]:
    """Yield elements whose tag, class, id or item type marks them as boilerplate."""
    words = load_boilerplate_words()
    for element in tree.iter(etree.Element):
        if element.tag in _BOILERPLATE_TAGS:
            yield element
        elif element.tag not in FRAME_TAGS:
            names = f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()
            is_dek = not words.dek_classes.isdisjoint(names)
            is_repeated_dek = is_dek and normalise_words(element.text_content()) == summary
            is_boilerplate = not words.class_tokens.isdisjoint(names)
            is_comment = "comment" in (element.get("itemtype") or "").lower()
            if is_repeated_dek or is_boilerplate or is_comment:
                yield element


def _find_consent_boxes(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield boxes that ask for consent: short, with "cookie" and several of the usual words."""
    consent_words = load_boilerplate_words().consent_words
    for element in tree.iter(*_CONSENT_TAGS):
        text = element.text_content()
        if "ookie" not in text or len(text) >= _CONSENT_LIMIT_CHARACTERS:
            continue
        if len(consent_words.intersection(normalise_words(text).split())) >= _MIN_CONSENT_WORDS:
            yield element


def _find_boxes(tree: HtmlElement, headlines: set[str]) -> Iterator[HtmlElement]:
    """Yield each heading such as "Most read" or "3 comments", and the box that it opens."""
    words = load_boilerplate_words()
    for heading in list(tree.iter(*_BOX_HEADING_TAGS)):
        text = " ".join((heading.text_content() or "").split())
        if not _MIN_HEADING_CHARACTERS <= len(text) < _HEADING_LIMIT_CHARACTERS:
            continue
        if normalise_words(text) in headlines:
            continue
        comments = words.comment_headings.match(text)
        opening = comments or words.box_headings.match(text)
        # A pointer such as "Read also: Two killed in Nikopol" has more words; it opens no box.
        if opening and count_words(text[opening.end() :]) <= _MAX_WORDS_AFTER_OPENING:
            yield from _find_opened_box(heading, is_comments=comments is not None)


def _find_opened_box(heading: HtmlElement, *, is_comments: bool) -> Iterator[HtmlElement]:
    """Yield the box that begins with a heading.

    Where no element holds heading and box together, yield the heading and the elements after it, up to the
    next heading or the first element that reads like the text of an article.
    """
    box = heading
    while (parent := box.getparent()) is not None and parent.tag not in FRAME_TAGS:
        if WORD.search(_text_before(box)):
            break
        box = parent
    if count_words(box.text_content()) > count_words(heading.text_content()):
        if not box.xpath(".//h1") and (is_comments or not _is_prose(box)):
            yield box
        return
    yield box
    for element in box.itersiblings():
        is_next_heading = element.tag == box.tag and element.tag in HEADING_TAGS
        if not is_comments and (is_next_heading or _is_prose(element)):
            return
        yield element


def _text_before(element: HtmlElement) -> str:
    """Return the text of the parent before an element. The order of its parts does not matter here."""
    earlier = element.itersiblings(preceding=True)
    texts = (sibling.text_content() + (sibling.tail or "") for sibling in earlier)
    return (element.getparent().text or "") + "".join(texts)


def _is_prose(element: HtmlElement) -> bool:
    """Return whether an element reads like the text of an article.

    It is a sentence without a link, or it has many words, few of them in links.
    """
    text = element.text_content().strip()
    number = count_words(text)
    number_in_links = sum(count_words(link.text_content()) for link in element.iter("a"))
    ends_as_sentence = text.endswith((".", "!", "?", '"', "”"))
    is_sentence = not number_in_links and number >= _MIN_SENTENCE_WORDS and ends_as_sentence
    return is_sentence or (number >= _MIN_PROSE_WORDS and number_in_links < number / 4)


def _find_other_articles(tree: HtmlElement, headlines: set[str]) -> Iterator[HtmlElement]:
    """Yield ``article`` elements beside the first one, if that one has this article's headline."""
    articles = [a for a in tree.iter("article") if any(_is_prose(p) for p in a.iter("p"))]
    if not articles or not _has_headline(articles[0], headlines):
        return
    own = articles[0]
    family = {own, *own.iterancestors(), *own.iterdescendants()}
    yield from (article for article in articles if article not in family)


def _has_headline(article: HtmlElement, headlines: set[str]) -> bool:
    headings = article.iter("h1", *HEADING_TAGS)
    return any(normalise_words(heading.text_content()) in headlines for heading in headings)


def _find_next_stories(tree: HtmlElement, headlines: set[str]) -> Iterator[HtmlElement]:
    """Yield what follows a second ``h1``: the next story of an endless page. The ``h1`` itself is emptied."""
    headings = list(tree.iter("h1"))
    titles = (normalise_words(heading.text_content()) for heading in headings)
    own = next((n for n, title in enumerate(titles) if title in headlines), None)
    if own is None:
        return
    own_title = normalise_words(headings[own].text_content())
    for heading in headings[own + 1 :]:
        title = normalise_words(heading.text_content())
        # Some sites use h1 for the sections of one story; those headings are short. An h1 with at most one
        # paragraph after it is the headline of a teaser inside this story.
        words_after = [count_words(element.text_content()) for element in heading.itersiblings()]
        paragraphs = sum(number >= _MIN_PARAGRAPH_WORDS for number in words_after)
        is_story = paragraphs >= _MIN_STORY_PARAGRAPHS or sum(words_after) >= _MIN_STORY_WORDS
        if title != own_title and len(title.split()) >= _MIN_HEADLINE_WORDS and is_story:
            yield from heading.itersiblings()
            for element in heading.iter():
                element.text = element.tail = None


def _find_post_groups(tree: HtmlElement) -> Iterator[list[HtmlElement]]:
    """Yield groups of siblings that each begin with a clock time and have text: the posts of a live page."""
    for parent in tree.iter(*_POST_PARENT_TAGS):
        posts = [child for child in parent if child.tag in _POST_TAGS and _is_post(child)]
        if len(posts) >= _MIN_POSTS:
            yield posts


def _is_post(element: HtmlElement) -> bool:
    start = " ".join(element.text_content()[:200].split())
    if not _CLOCK_TIME.match(start) and element.find("time") is None:
        return False
    if element.find(".//p") is None and not any(child.tag in HEADING_TAGS for child in element):
        return False
    return count_words(element.text_content()) >= _MIN_POST_WORDS


def _find_posts_on_other_stories(
    groups: Iterable[list[HtmlElement]], headlines: set[str]
) -> Iterator[HtmlElement]:
    """Yield posts of a live page that share too few words with the headline: they are about other stories.

    A word of the headline counts less, the more posts contain it. A post stays if it reaches half of the best
    post's score.
    """
    title = {word for headline in headlines for word in headline.split()}
    for group in groups:
        texts = [set(normalise_words(post.text_content()).split()) for post in group]
        posts_by_word = Counter(word for text in texts for word in text)
        # Sorted, because the sum of floats depends on the order, and the order of a set on the process.
        weights = {word: 1 / posts_by_word[word] for word in sorted(title) if posts_by_word[word]}
        total = sum(weights.values())
        scores = [
            sum(weights[word] for word in sorted(text & weights.keys())) / total if total else 0.0
            for text in texts
        ]
        least = max(scores) / 2
        yield from (post for post, score in zip(group, scores, strict=True) if score < least)
