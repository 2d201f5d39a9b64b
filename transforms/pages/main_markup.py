"""The markup in which most of an article's text stands.

The learned choice of lines takes many a short last paragraph for furniture, the more so where a box stands
before it. A short one that is a sentence, in the markup of the text, goes only if it is surely
foreign. Long ones are in no such danger, and those that it doubts tell of a company or of the site.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from transforms.pages.boilerplate_words import ends_as_sentence, load_boilerplate_words
from transforms.pages.page_blocks import Block, Line, PageBlocks

_MIN_SHARE = 0.6
_MIN_WORDS, _MAX_WORDS = 8, 30
_MIN_LINES, _MAX_LINKED = 3, 3
_MAX_WRAPPERS = 2
_HOMES = ("div", "td", "section", "article")
_SURELY_FOREIGN = -1.4
"""The log-odds, against a limit of .5, of the chance .2 below which ``line_choice.py`` drops any line."""
_MAX_ODDS, _LEAST_MEAN = 4.0, -0.6
_LISTS = ("ul", "ol", "dl")
CUT_ENDS = ("...", "…")
"""What ends the beginning of another story, which its teaser shows."""

_VARIANT = re.compile(r"--[^\s_]+|[-_]*\d+\b|[-_]*\b(?=\w*\d)[0-9a-f]{6,}\b")
_Markup = tuple[str, tuple[str, str]]


class MainMarkup:
    """The markup of most of the words that were kept: the tag of their blocks, and what is around these.

    Args:
        page: the lines of the page.
        kept: the numbers of those that were kept.
        odds: the log-odds that a line is the article's; 0 is the limit below which it goes. Of the lines in
            the markup half must be above 0, or the mean nearly, without those that surely go.
    """

    def __init__(self, page: PageBlocks, kept: Collection[int], odds: Mapping[int, float]) -> None:
        self._lines = page.lines
        kept = [number for number in kept if odds.get(number, 0) >= _SURELY_FOREIGN] or list(kept)
        words: Counter[_Markup] = Counter()
        in_markup: dict[_Markup, list[int]] = {}
        for number in kept:
            for markup in _markups_of(page.lines[number]):
                words[markup] += page.lines[number].words
                in_markup.setdefault(markup, []).append(number)
        best = max(words, key=lambda markup: words[markup], default=None)
        total = sum(page.lines[number].words for number in kept)
        in_best = in_markup[best] if best is not None else []
        is_main = len(in_best) >= _MIN_LINES and best is not None and words[best] >= _MIN_SHARE * total
        is_main = is_main and _are_own([odds.get(number, 0) for number in in_best])
        self._markups = {best, *self._around(best, kept)} if is_main else set()

    def _around(self, best: _Markup | None, kept: Collection[int]) -> set[_Markup]:
        """Return the markup of the first line, if it stands beside a list with the others."""
        first = self._lines[min(kept)]
        inner = next(line for line in map(self._lines.__getitem__, kept) if best in _markups_of(line))
        block = inner.block.parent
        while block is not None and block.tag not in _LISTS:
            block = block.parent
        is_beside = block is not None and block.parent is first.block.parent
        return {_markup_of(first)} if is_beside else set()

    def holds(self, text: str, numbers: Sequence[int], *, is_first: bool) -> bool:
        """Return whether a line is a short sentence in this markup, with a link on a name or two at most.

        Only the first line may be styled, and long.
        """
        lines = [self._lines[number] for number in numbers]
        return (
            bool(lines)
            and all(self._is_in(line) and line.linked <= _MAX_LINKED for line in lines)
            and (is_first or not any(line.styled for line in lines))
            and (is_first or sum(line.words for line in lines) <= _MAX_WORDS)
            and sum(line.words - line.linked for line in lines) >= _MIN_WORDS
            and ends_as_sentence(text)
            and not text.endswith(CUT_ENDS)
            and not _speaks_to_reader(text)
        )

    def _is_in(self, line: Line) -> bool:
        return not self._markups.isdisjoint(_markups_of(line))


def _are_own(odds: Sequence[float]) -> bool:
    """Return whether lines of one markup are the article's as a whole.

    A very sure line counts no more than a sure one.
    """
    kept = [min(max(one, -_MAX_ODDS), _MAX_ODDS) for one in odds]
    return 2 * sum(one >= 0 for one in odds) >= len(odds) or sum(kept) >= _LEAST_MEAN * len(odds)


def _speaks_to_reader(text: str) -> bool:
    words = load_boilerplate_words()
    return any(pattern.search(text) for pattern in (words.address, words.notices, words.appeals))


def _markup_of(line: Line) -> _Markup:
    return line.block.tag, _key_of(line.block.parent)


def _markups_of(line: Line) -> set[_Markup]:
    """Return the markup of a line, and that without one or two wrappers, such as those behind a wall.

    A block with a class of its own stands where it is.
    """
    found, around = {_markup_of(line)}, line.block.parent
    if line.block.tag in _HOMES:  # the first line of a text that line breaks divide
        found.add(("p", _key_of(line.block)))
    for _ in range(_MAX_WRAPPERS if line.block.names == "" else 0):
        around = around.parent if around else None
        if around:
            found.add((line.block.tag, _key_of(around)))
    return found


def _key_of(block: Block | None) -> tuple[str, str]:
    """Return tag and names of a block without what only numbers or varies them.

    "body__part--free" and "body__part--paid" are one name, and so are "text-1" and "text-2".
    """
    names = _VARIANT.sub("", block.names) if block else ""
    return (block.tag, " ".join(sorted(set(names.split())))) if block else ("", "")
