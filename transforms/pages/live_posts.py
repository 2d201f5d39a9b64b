"""Live pages: posts with clock times, some of which may be about other stories."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from transforms.pages.boilerplate_words import count_words, normalise_words
from transforms.pages.lines import HEADING_TAGS

_POST_PARENT_TAGS = ("div", "section", "main", "article", "ol", "ul", "body")
_POST_TAGS = ("div", "section", "article", "li")
_CLOCK_TIME = re.compile(r"\b\d{1,2}[:.]\d\d(?!\d)")
_MIN_POSTS = 3
_START_CHARACTERS = 200
_MIN_POST_WORDS = 12


def find_post_groups(tree: HtmlElement) -> Iterator[list[HtmlElement]]:
    """Yield groups of siblings that each begin with a clock time and have text: the posts of a live page."""
    for parent in tree.iter(*_POST_PARENT_TAGS):
        posts = [child for child in parent if child.tag in _POST_TAGS and _is_post(child)]
        if len(posts) >= _MIN_POSTS:
            yield posts


def begins_with_time(element: HtmlElement) -> bool:
    """Return whether an element begins with a clock time, or with an element for a time, as a post does."""
    start = " ".join(element.text_content()[:_START_CHARACTERS].split())
    if _CLOCK_TIME.match(start):
        return True
    time = element.find(".//time")
    if time is None:
        return False
    shown = " ".join(time.text_content().split())
    return bool(shown) and start.startswith(shown)


def _is_post(element: HtmlElement) -> bool:
    start = " ".join(element.text_content()[:_START_CHARACTERS].split())
    if not _CLOCK_TIME.match(start) and element.find("time") is None:
        return False
    if element.find(".//p") is None and not any(child.tag in HEADING_TAGS for child in element):
        return False
    return count_words(element.text_content()) >= _MIN_POST_WORDS


def find_posts_on_other_stories(
    groups: Iterable[list[HtmlElement]], headlines: set[str]
) -> Iterator[HtmlElement]:
    """Yield posts that share too few words with the headline: they are about other stories.

    Only where one post has the page's headline as its own is the page a list of stories. Otherwise its posts
    are the story, whatever their words. A word of the headline counts less, the more posts contain it. A post
    stays if it reaches half of the best post's score.
    """
    title = {word for headline in headlines for word in headline.split()}
    for group in groups:
        if not any(_has_headline(post, headlines) for post in group):
            continue
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


def _has_headline(post: HtmlElement, headlines: set[str]) -> bool:
    headings = post.iter("h1", *HEADING_TAGS, "strong", "b")
    return any(normalise_words(heading.text_content()) in headlines for heading in headings)
