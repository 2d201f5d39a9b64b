"""How an article is cut into the windows of word pieces that the encoder reads: title, then a part of the text.

The encoder reads at most ``WINDOW`` word pieces at once. Only the words near what is asked about are read.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

Span = tuple[int, int]
"""The first character of a mention and the one after its last."""
WINDOW = 512
"""A window holds at most this many word pieces; the encoder knows no more positions."""
TITLE = 64
"""Of the title at most this many word pieces stand at the head of each window."""
REACH, OTHER_REACH = 48, 16
"""Of the text the encoder reads so many word pieces before and after each mention of a place, and each number, weapon or
time: as many places are right as with the whole text."""
OVERLAP = 96
"""Windows share this many word pieces, so that each mention has words before and after it."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text as word pieces: their numbers, and the characters of each."""

    ids: Sequence[int]
    offsets: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Marks:
    """The numbers of the word pieces that begin a window and end its parts."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Window:
    """A part of an article as the encoder reads it.

    ``mentions``: number of a mention, its first word piece and the one after its last.
    """

    ids: tuple[int, ...]
    mentions: tuple[tuple[int, int, int], ...]


def windows_of(pieces: Pieces, title_end: int, mentions: Sequence[Span], marks: Marks) -> list[Window]:
    """Return the windows of an article that hold a mention, and its first window in any case.

    Each mention is in one window: the one with most words around it.

    Args:
        pieces: the article as word pieces.
        title_end: characters of the title, which stands before the text.
        mentions: the characters of each mention.
        marks: the word pieces that part a window.
    """
    title = sum(start < title_end for start, _ in pieces.offsets)
    head = min(title, TITLE)
    body = len(pieces.ids) - title
    starts, room = _spread(body, WINDOW - 3 - head)
    inside: list[list[tuple[int, int, int]]] = [[] for _ in starts]
    for number, (start, end) in enumerate(mentions):
        first, last = _pieces_in(pieces.offsets, start, end)
        if first < title:
            # A title longer than its room is cut; a mention behind the cut is read from the last word kept.
            first, last = min(first, head - 1), min(last, head)
            inside[0].append((number, 1 + first, 1 + last))
            continue
        at = first - title
        best = max(range(len(starts)), key=lambda n: min(at - starts[n], starts[n] + room - at))
        shift = 2 + head - starts[best] - title
        inside[best].append((number, first + shift, min(last + shift, 2 + head + room)))
    windows = []
    for n, begin in enumerate(starts):
        if inside[n] or n == 0:
            chunk = pieces.ids[title + begin : title + begin + room]
            ids = (marks.begin, *pieces.ids[:head], marks.end, *chunk, marks.end)
            windows.append(Window(ids, tuple(inside[n])))
    return windows


def near(pieces: Pieces, title_end: int, asked: Sequence[tuple[Sequence[Span], int]]) -> Pieces:
    """Return the word pieces of the title, and those near the spans that are asked about.

    Args:
        pieces: the article as word pieces.
        title_end: characters of the title.
        asked: spans, and how many pieces before and after each are read.
    """
    kept = {n for n, (start, _) in enumerate(pieces.offsets) if start < title_end}
    for spans, reach in asked:
        for start, end in spans:
            first, last = _pieces_in(pieces.offsets, start, end)
            kept.update(range(max(0, first - reach), min(len(pieces.ids), last + reach)))
    order = sorted(kept)
    return Pieces([pieces.ids[n] for n in order], [pieces.offsets[n] for n in order])


def _spread(body: int, room: int) -> tuple[list[int], int]:
    """Return where the windows of a text begin, and their length: equal ones, as few as there can be."""
    if body <= room:
        return [0], body
    number = -(-(body - OVERLAP) // (room - OVERLAP))
    length = -(-(body + (number - 1) * OVERLAP) // number)
    return [round(n * (body - length) / (number - 1)) for n in range(number)], length


def _pieces_in(offsets: Sequence[Span], start: int, end: int) -> Span:
    """Return the first word piece of a span of characters and the one after its last; at least one."""
    first = min(bisect_right(offsets, start, key=lambda piece: piece[1]), len(offsets) - 1)
    last = bisect_left(offsets, end, lo=first, key=lambda piece: piece[0])
    return first, max(last, first + 1)
