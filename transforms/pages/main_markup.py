"""The markup in which most of an article's text stands.

The learned choice of lines takes many a short last paragraph for furniture, the more so where a box stands
before it. A short one that is a sentence without a link, in the markup of the text, goes only if it is surely
foreign. Long ones are in no such danger, and those that it doubts tell of a company or of the site.
"""

from collections import Counter
from collections.abc import Collection, Sequence

from transforms.pages.boilerplate_words import ends_as_sentence
from transforms.pages.page_blocks import Line, PageBlocks

_MIN_SHARE = 0.6
_MIN_WORDS, _MAX_WORDS = 8, 30
_MIN_LINES = 3
_CUT_ENDS = ("...", "…")

_Markup = tuple[str, tuple[str, str]]


class MainMarkup:
    """The markup of most of the words that were kept: the tag of their blocks, and what is around these.

    Args:
        page: the lines of the page.
        kept: the numbers of those that were kept.
    """

    def __init__(self, page: PageBlocks, kept: Collection[int]) -> None:
        self._lines = page.lines
        words: Counter[_Markup] = Counter()
        lines: Counter[_Markup] = Counter()
        for number in kept:
            words[_markup_of(page.lines[number])] += page.lines[number].words
            lines[_markup_of(page.lines[number])] += 1
        best = max(words, key=lambda markup: words[markup], default=None)
        is_main = best is not None and words[best] >= _MIN_SHARE * words.total() and lines[best] >= _MIN_LINES
        self._markup = best if is_main else None

    def holds(self, text: str, numbers: Sequence[int], *, is_first: bool) -> bool:
        """Return whether a line is a short sentence without a link in this markup; only the first may be styled."""
        lines = [self._lines[number] for number in numbers]
        return (
            bool(lines)
            and all(_markup_of(line) == self._markup and not line.linked for line in lines)
            and (is_first or not any(line.styled for line in lines))
            and _MIN_WORDS <= sum(line.words for line in lines) <= _MAX_WORDS
            and ends_as_sentence(text)
            and not text.endswith(_CUT_ENDS)
        )


def _markup_of(line: Line) -> _Markup:
    parent = line.block.parent
    return line.block.tag, parent.key if parent else ("", "")
