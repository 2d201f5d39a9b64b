"""The next stories of an endless page, each in full: wrappers like the article's own, beside or around it.

Scripts or the server append one whole story after another. Such a wrapper has a headline and a text of its
own, and tells by more than its looks that it is not a section of this article: by the address or the title
that it states, by an ``id`` that it shares with the article's own text (an ``id`` is unique on a page that is
one story), by a day of its own under its headline, by a headline that leads to its page, or by an ``h1``
and a wrapper with the classes of the article's own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import dropwhile, islice, takewhile
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from transforms.pages.article_path import ArticlePath
from transforms.pages.boilerplate_words import count_words, ends_as_sentence, normalise_words
from transforms.pages.lines import PageLines
from transforms.pages.live_posts import begins_with_time
from transforms.pages.other_stories import is_link_to_page
from transforms.pages.shown_dates import DATE

_HEADLINE_TAGS = ("h1", "h2", "h3")
_ADDRESS_NAMES = frozenset(
    "data-url data-href data-link data-permalink data-canonical data-canonical-url data-article-url "
    "data-story-url data-post-url data-page-url data-uri data-path about itemid resource cite".split()
)
_TITLE_NAMES = ("data-title", "data-headline", "data-article-title", "data-page-title", "data-post-title")
_MIN_HEADLINE_WORDS, _MIN_H1_WORDS = 4, 6
_MIN_PROSE, _MIN_PROSE_WORDS = 2, 40
_MAX_LEVELS = 8
"""So many elements around the article are looked beside."""
_MAX_BETWEEN = 60
"""So many elements under a headline are searched for a day."""


@dataclass(frozen=True)
class _Own:
    """What the article's own wrapper tells: the outermost of some elements around it, the innermost first."""

    page: PageLines
    levels: list[HtmlElement]
    headline: HtmlElement
    headlines: set[str]

    @cached_property
    def kinds(self) -> set[tuple[str, str]]:
        return {(level.tag, part) for level in self.levels for part in _classes(level)}

    @cached_property
    def class_sets(self) -> list[frozenset[str]]:
        return [_classes(level) for level in self.levels]

    @cached_property
    def paths(self) -> set[str]:
        """The paths of the addresses that the page or the wrapper states."""
        own = self.levels[-1]
        stated = own.getroottree().xpath(
            "//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"
        )
        inside = (address for e in (*own.iter(), *own.iterancestors()) for address in _addresses(e))
        return {_path_of(str(address)) for address in (*stated, *inside)} - {""}

    @cached_property
    def ids(self) -> set[str]:
        """The ids of the elements that hold paragraphs."""
        inside = self.levels[-1].iterdescendants()
        return {e.get("id") or "" for e in inside if e.get("id") and _holds_prose(self.page, e)}

    @cached_property
    def has_day(self) -> bool:
        return _has_day(self.page, self.levels[-1], self.headline)


def find_next_stories(page: PageLines, path: ArticlePath, headlines: set[str]) -> Iterator[HtmlElement]:
    """Yield the wrappers of other stories that are told in full beside the article."""
    if path.headline is None or path.first_prose is None:
        return
    around = set(path.first_prose.iterancestors())
    wrapper = next((e for e in path.headline.iterancestors() if e in around), None)
    levels: list[HtmlElement] = []
    while wrapper is not None and wrapper.tag not in ("html", "body") and len(levels) < _MAX_LEVELS:
        levels.append(wrapper)
        own = _Own(page, [*levels], path.headline, headlines)
        for other in (*wrapper.itersiblings(preceding=True), *wrapper.itersiblings()):
            if isinstance(other.tag, str) and _is_other_story(other, own):
                yield other
        wrapper = wrapper.getparent()


def _is_other_story(other: HtmlElement, own: _Own) -> bool:
    """Return whether an element holds one whole story that looks like the article and is no part of it."""
    if own.page.count_text_words(other) < _MIN_PROSE_WORDS:
        return False
    story = _find_alike(other, own)
    if story is None or begins_with_time(story):
        return False
    titles = [normalise_words(h.text_content()) for h in other.iter(*_HEADLINE_TAGS)]
    heading = next((h for h in story.iter(*_HEADLINE_TAGS) if _is_long(h)), None)
    if heading is None or not own.headlines.isdisjoint(titles):
        return False
    if sum(map(own.page.is_prose_block, other.iter())) < _MIN_PROSE:
        return False
    return (
        _states_other_page(other, own, heading)
        or any(e.get("id") in own.ids and _holds_prose(own.page, e) for e in story.iter())
        or (is_link_to_page(heading) and _classes(story) in own.class_sets)
        or (_is_like_headline(heading, own) and own.has_day and _has_day(own.page, story, heading))
        or _has_like_h1(story, heading, own)
    )


def _is_like_headline(heading: HtmlElement, own: _Own) -> bool:
    """Return whether a heading has the tag or the classes of the article's headline."""
    classes = _classes(own.headline)
    return heading.tag == own.headline.tag or (bool(classes) and _classes(heading) == classes)


def _has_like_h1(story: HtmlElement, heading: HtmlElement, own: _Own) -> bool:
    """Return whether two wrappers of the same classes have an ``h1`` each, of the same classes too.

    Some sites have an ``h1`` for each section of a story, but those are shorter than headlines.
    """
    if count_words(heading.text_content()) < _MIN_H1_WORDS:
        return False
    is_like = heading.tag == own.headline.tag == "h1" and _classes(heading) == _classes(own.headline)
    return is_like and bool(_classes(story)) and _classes(story) == _classes(own.levels[-1])


def _find_alike(other: HtmlElement, own: _Own) -> HtmlElement | None:
    """Return the element itself or the first in it that has the tag and a class of one around the article."""
    if not own.kinds:
        return other if not other.get("class") and other.tag == own.levels[-1].tag else None
    parts = (e for e in other.iter() if isinstance(e.tag, str))
    return next((e for e in parts if any((e.tag, part) in own.kinds for part in _classes(e))), None)


def _classes(element: HtmlElement) -> frozenset[str]:
    return frozenset((element.get("class") or "").split())


def _is_long(heading: HtmlElement) -> bool:
    return count_words(heading.text_content()) >= _MIN_HEADLINE_WORDS


def _states_other_page(other: HtmlElement, own: _Own, heading: HtmlElement) -> bool:
    """Return whether a wrapper states an address that is not the article's, or its headline as a title.

    The statement stands on the wrapper or on an element in it that comes before the headline.
    """
    title = normalise_words(heading.text_content())
    for element in takewhile(lambda e: e is not heading, other.iter()):
        if any(normalise_words(element.get(name) or "") == title for name in _TITLE_NAMES):
            return True
        paths = filter(None, map(_path_of, _addresses(element)))
        if own.paths and any(not any(_is_part_of(p, known) for known in own.paths) for p in paths):
            return True
    return False


def _addresses(element: HtmlElement) -> Iterator[str]:
    for name, value in element.attrib.items():
        if str(name).lower() in _ADDRESS_NAMES and "/" in str(value):
            yield str(value)


def _path_of(address: str) -> str:
    """Return the path of an address, without what selects a part of the page."""
    try:
        return urlsplit(address.strip()).path.strip("/")
    except ValueError:
        return ""


def _is_part_of(path: str, own: str) -> bool:
    """Return whether two paths are one, or one of them is that of a part of the other, such as its page 2."""
    return path == own or (own != "" and path.startswith(f"{own}/"))


def _holds_prose(page: PageLines, element: HtmlElement) -> bool:
    return page.count_text_words(element) >= _MIN_PROSE_WORDS and any(map(page.is_prose_block, element))


def _has_day(page: PageLines, story: HtmlElement, heading: HtmlElement) -> bool:
    """Return whether a story shows a day between its headline and the first paragraph under it."""
    after = dropwhile(lambda e: e is not heading, story.iter())
    shown: list[str] = []
    for element in islice(after, 1, _MAX_BETWEEN):
        # Authors, day and minutes to read in one line may be as long as a sentence.
        if page.is_prose_block(element) and ends_as_sentence(element.text_content()):
            break
        shown.append(f"{element.text or ''} {element.tail or ''}" if isinstance(element.tag, str) else "")
    return DATE.search(" ".join(shown)) is not None
