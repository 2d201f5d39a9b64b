"""What the learned choice of lines knows of a line's company: the lines that were kept, and those beside it.

A closing paragraph shares no word with the headline, and its box ends after it, as furniture does. What tells
it from furniture is the company: it looks like the kept line before it, is about as long, and names what they
name.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from itertools import accumulate
from math import log1p

from transforms.pages.line_cues import CUE_KINDS
from transforms.pages.page_blocks import Block, Line, PageBlocks

COMPANY_NAMES = (
    *("words of kept", "kept before", "kept after", "kept alike before", "length against kept"),
    *("shares kept", "shares line above", "names of kept"),
    *("kind as previous", "kind as next", "beside before", "beside after", "ends as kept do"),
    "kept speak to reader",
)
_NAME = re.compile(r"[^\W_]+")
_MAX_NAMES, _MAX_BESIDE, _MAX_KEPT, _MAX_TIMES = 4, 8, 20, 4.0
_LETTERS_OF_NAME = 5
_READER = CUE_KINDS.index("reader")
_ENDS = "\"”“»«)]’' "


def list_names(text: str) -> set[str]:
    """Return the numbers of a line and its words with a capital, cut short; the first word does not count."""
    words = _NAME.findall(text)
    found = {word for word in words if word[0].isdigit()}
    return found | {word[:_LETTERS_OF_NAME] for word in words[1:] if word[0].isupper() and len(word) > 1}


def _end_of(text: str) -> str:
    return text.rstrip(_ENDS)[-1:]


class Company:
    """The features of a line's company.

    Args:
        page: the lines of the page.
        kept: the numbers of those that the rules and the extractor kept.
        keys: the kind of each line.
        stems_of: returns the stems of a line.
        cues_of: returns its cues. A letter or a speech says "you" and "we" throughout, and offers say it too.
    """

    def __init__(
        self,
        page: PageBlocks,
        kept: Collection[int],
        keys: Sequence[object],
        stems_of: Callable[[int], set[str]],
        cues_of: Callable[[int], Sequence[float]],
    ) -> None:
        self._page, self._kept, self._keys, self._stems_of = page, kept, keys, stems_of
        lines = [page.lines[number] for number in sorted(kept)]
        self._words = sum(line.words for line in lines)
        self._before = [0, *accumulate(line.number in kept for line in page.lines)]
        self._stems: Counter[str] = Counter()
        self._names: Counter[str] = Counter()
        self._names_of: dict[int, set[str]] = {}
        self._ends: Counter[str] = Counter(_end_of(line.text) for line in lines)
        for line in lines:
            self._stems.update(stems_of(line.number))
            self._names_of[line.number] = list_names(line.text)
            self._names.update(self._names_of[line.number])
        self._to_reader = {line.number for line in lines if cues_of(line.number)[_READER]}
        self._alike: dict[int, int] = {}
        self._beside: list[int] = []
        seen: Counter[object] = Counter()
        beside: Counter[Block] = Counter()
        for line in page.lines:
            self._alike[line.number] = seen[keys[line.number]]
            seen[keys[line.number]] += line.number in kept
            around = line.block.parent or line.block
            self._beside.append(beside[around])
            beside[around] += 1
        self._size_of = beside

    def describe(self, line: Line) -> list[float]:
        """Return the features of a line, in the order of ``COMPANY_NAMES``."""
        number = line.number
        is_kept = number in self._kept
        others = len(self._kept) - is_kept
        mean = (self._words - is_kept * line.words) / max(1, others)
        stems, names = self._stems_of(number), self._names_of.get(number) or list_names(line.text)
        around = line.block.parent or line.block
        return [
            log1p(self._words),
            min(_MAX_KEPT, self._before[number]),
            min(_MAX_KEPT, self._before[-1] - self._before[number + 1]),
            min(_MAX_KEPT, self._alike[number]),
            min(_MAX_TIMES, line.words / mean) if mean else _MAX_TIMES,
            sum(self._stems[stem] > is_kept for stem in stems) / (len(stems) or 1),
            self._share_with_line_above(number, stems),
            min(_MAX_NAMES, sum(self._names[name] > is_kept for name in names)),
            number > 0 and self._keys[number - 1] == self._keys[number],
            number + 1 < len(self._keys) and self._keys[number + 1] == self._keys[number],
            min(_MAX_BESIDE, self._beside[number]),
            min(_MAX_BESIDE, self._size_of[around] - self._beside[number] - 1),
            (self._ends[_end_of(line.text)] - is_kept) / max(1, others),
            (len(self._to_reader) - (number in self._to_reader)) / max(1, others),
        ]

    def _share_with_line_above(self, number: int, stems: set[str]) -> float:
        """Return the share of a line's stems that the nearest kept line above it has."""
        for above in range(number - 1, max(-1, number - 6), -1):
            if above in self._kept:
                return len(stems & self._stems_of(above)) / (len(stems) or 1)
        return 0.0
