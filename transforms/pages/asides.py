"""Blocks in the markup of the paragraphs that are not of the report: offers, and a site's words about itself.

A site may offer its newsletter, its app or a membership in a paragraph between two of the report, and tell of
itself after the last one. Words alone do not decide: a report may quote "Join us", or name a channel. Such a
block is short, has no word of the headline and few of the other paragraphs, and speaks to the reader, repeats
itself, is no sentence where all others are, or stands at the edge and speaks of the site. It is an exception:
where many paragraphs speak so, it is the writer's manner.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from lxml.html import HtmlElement

from transforms.pages.boilerplate_words import (
    WORD,
    count_words,
    ends_as_sentence,
    load_boilerplate_words,
    normalise_words,
)
from transforms.pages.lines import HEADING_TAGS, PageLines

_MIN_WORDS, _MAX_WORDS = 4, 60
_MIN_OTHERS = 2
_MAX_WORDS_BEFORE_NAME = 2
_MIN_STEM_LETTERS, _STEM_LETTERS, _PAIR = 4, 5, 2
_MAX_SHARE_KNOWN, _MAX_SHARE_KNOWN_OF_STRONG = 0.4, 0.5
_MAX_SHARE_OF_TEXT = 0.5
_MAX_SHARE_SPEAKING = 0.1
_MIN_SHARE_ENDED = 0.8
_QUOTES = re.compile('["“”«»„「」『』]|^[-–—]|[:：،]\\s*$')
_TITLE_PARTS = re.compile(r"\s[|–—·»-]\s")
_UNBROKEN = re.compile("[\u0e01-\u0eae\u1000-\u109f\u1780-\u17d3\u3041-\u30ff\u3400-\u9fff]{2,}")


@dataclass(frozen=True)
class _Block:
    """A block and its signs. Words in a quote are none."""

    element: HtmlElement
    text: str
    number: int

    @cached_property
    def words(self) -> str:
        return normalise_words(self.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        return stems_of(self.text)

    @cached_property
    def is_call(self) -> bool:
        return load_boilerplate_words().calls.match(self.text) is not None

    @cached_property
    def is_quote(self) -> bool:
        return _QUOTES.search(self.text) is not None

    @cached_property
    def _voices(self) -> int:
        """How many voices it has: that of the site, and the one that speaks to its reader."""
        known = load_boilerplate_words()
        return sum(p.search(self.text) is not None for p in (known.own_words, known.address))

    @property
    def voice(self) -> bool:
        """Whether it has a word with which a site speaks of itself or to its reader."""
        return self.is_call or (not self.is_quote and self._voices > 0)

    @property
    def speaks(self) -> bool:
        """Whether the site speaks in it to its reader."""
        return self.is_call or (not self.is_quote and self._voices > 1)


def find_asides(
    page: PageLines,
    blocks: Sequence[HtmlElement],
    before: Sequence[HtmlElement],
    headlines: Iterable[str],
    sites: Iterable[str],
) -> list[HtmlElement]:
    """Return the blocks that are not of the report.

    Args:
        page: the page.
        blocks: what is laid out as its paragraphs, in the order of the page.
        before: prose before them in another markup, where no element shows the headline.
        headlines: the article's headlines; without one, nothing is returned.
        sites: the names of the site, normalised.
    """
    read, first = [_read(block, page) for block in blocks], [_read(block, page) for block in before]
    title = frozenset().union(*map(stems_of, headlines))
    if not title or len(read) < _MIN_OTHERS + 1:
        return []
    copies = Counter(block.text for block in read)
    names = [site for site in sites if site]

    def is_strong(block: _Block) -> bool:
        return block.is_call or _is_named(block, names)

    def is_marked(block: _Block) -> bool:
        return block.voice or _is_named(block, names) or _is_unended_call(block)

    short = [block for block in (*first, *read) if _MIN_WORDS <= block.number <= _MAX_WORDS]
    if not any(
        len(block.stems & title) <= is_strong(block) and (copies[block.text] > 1 or is_marked(block))
        for block in short
    ):
        return []
    stems = Counter(stem for block in (*first, *read) for stem in block.stems)

    apart = {
        block.element for block in short if _is_apart(block, title, stems, copies, is_strong=is_strong(block))
    }
    others = [block for block in read if block.element not in apart]
    if not apart or not others or sum(block.voice for block in others) > _MAX_SHARE_SPEAKING * len(others):
        return []
    are_ended = sum(ends_as_sentence(block.text) for block in others) >= _MIN_SHARE_ENDED * len(others)
    found = [
        block
        for block in read
        if block.element in apart
        and (copies[block.text] > 1 or block.speaks or (are_ended and _is_unended_call(block)))
    ]
    for edge in (read, read[::-1]):
        run = list(takewhile(lambda b: b.element in apart and is_marked(b), edge))
        if any(block.speaks or _is_named(block, names) for block in run):
            taken = {block.element for block in found}
            found += [block for block in run if block.element not in taken]
    most = _MAX_SHARE_OF_TEXT * sum(block.number for block in read)
    found = found if sum(block.number for block in found) <= most else []
    # What stands together before the text is one box: one of its paragraphs tells what it is.
    boxes = {b.element.getparent() for b in first if b.element in apart and is_marked(b)}
    found += [
        b
        for b in first
        if _MIN_WORDS <= b.number <= _MAX_WORDS
        and b.element.getparent() in boxes
        and _is_apart(b, title, stems, copies, is_strong=True)
    ]
    return [block.element for block in found]


def list_site_names(tree: HtmlElement, headlines: set[str]) -> set[str]:
    """Return the names of the site, normalised: what it states, and what stands beside the headline."""
    stated = tree.xpath("//meta[@property='og:site_name' or @name='application-name']/@content")
    names = {normalise_words(str(name)) for name in stated}
    for title in tree.iter("title"):
        parts = [normalise_words(part) for part in _TITLE_PARTS.split(title.text_content() or "")]
        names.update(part for part in parts[1:] if part not in headlines)
    return names - {""}


def _read(block: HtmlElement, page: PageLines) -> _Block:
    text = " ".join(block.text_content().split())
    return _Block(block, text, page.count_words_of(block))


def stems_of(text: str) -> frozenset[str]:
    """Return the beginnings of the longer words of a text; without blanks, its pairs of letters."""
    lowered = text.lower()
    stems = {word[:_STEM_LETTERS] for word in WORD.findall(lowered) if len(word) >= _MIN_STEM_LETTERS}
    for run in _UNBROKEN.findall(lowered):
        stems.discard(run[:_STEM_LETTERS])
        stems.update(run[n : n + _PAIR] for n in range(len(run) - 1))
    return frozenset(stems)


def _is_apart(
    block: _Block, title: frozenset[str], stems: Counter[str], copies: Counter[str], *, is_strong: bool
) -> bool:
    """Return whether a block has no word of the headlines and few of the other blocks.

    Where its words are a strong sign, it may have one of the headlines: "reporting" is one, if they say
    "reported".
    """
    if not block.stems or len(block.stems & title) > is_strong:
        return False
    known = sum(stems[stem] > max(1, copies[block.text]) for stem in block.stems)
    most = _MAX_SHARE_KNOWN_OF_STRONG if is_strong else _MAX_SHARE_KNOWN
    return known <= most * len(block.stems)


def _is_unended_call(block: _Block) -> bool:
    """Return whether a block is no sentence, though all others are, and calls on the reader."""
    if ends_as_sentence(block.text) or block.is_quote:
        return False
    return block.voice or load_boilerplate_words().notices.search(block.text) is not None


def _is_named(block: _Block, sites: list[str]) -> bool:
    """Return whether the site's name begins or ends a block, or the heading right before it begins it.

    In the middle the name may be that of a source: "An official told the Courier that the port is closed."
    """
    if block.is_quote:
        return False
    before = block.element.getprevious()
    if before is not None and before.tag in HEADING_TAGS:
        heading = normalise_words(before.text_content())
        if count_words(heading) > 1 and f"{block.words} ".startswith(f"{heading} "):
            return True
    return any(_begins_or_ends_with(site, block.words.split()) for site in sites)


def _begins_or_ends_with(site: str, words: list[str]) -> bool:
    own = site.split()
    first = words[: _MAX_WORDS_BEFORE_NAME + len(own)]
    return words[-len(own) :] == own or f" {site} " in f" {' '.join(first)} "
