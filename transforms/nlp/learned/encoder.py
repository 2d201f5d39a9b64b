"""The encoder of struck places: a small language model that reads an article and judges its places.

onnxruntime and tokenizers are imported here alone, when an encoder is first opened. An article is read in windows
of title and text, because the encoder reads at most ``WINDOW`` word pieces at once. It costs more than all other
models together, so it is asked only about places of which they are in doubt.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.nlp.learned.model import WeightsInvalid
from transforms.nlp.learned.weight_files import load_weights, weights_folder

Span = tuple[int, int]
"""The first character of a mention and the one after its last."""
WINDOW = 512
"""A window holds at most this many word pieces; the encoder knows no more positions."""
TITLE = 64
"""Of the title at most this many word pieces stand at the head of each window."""
REACH = 64
"""Of the text the encoder reads so many word pieces before and after each mention. It takes a third less time than with
the whole text, and as many places are right."""
OVERLAP = 96
"""Windows share this many word pieces, so that each mention has words before and after it."""
MODEL, TOKENIZER, SETTINGS = "encoder.onnx", "encoder-tokenizer.json", "encoder.json.gz"

Floats = NDArray[np.float32]


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


def near(pieces: Pieces, title_end: int, mentions: Sequence[Span]) -> Pieces:
    """Return the word pieces of the title, and those at most ``REACH`` before and after a mention."""
    kept = {n for n, (start, _) in enumerate(pieces.offsets) if start < title_end}
    for start, end in mentions:
        first, last = _pieces_in(pieces.offsets, start, end)
        kept.update(range(max(0, first - REACH), min(len(pieces.ids), last + REACH)))
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


@dataclass(frozen=True, slots=True)
class Settings:
    """How much the encoder counts.

    ``share``: of its log-odds in the mean with those of the other models. ``least``, ``most``: it is asked about
    places with a probability between these.
    """

    share: float
    least: float
    most: float


def read_settings(raw: Mapping[str, Any]) -> Settings:
    """Return the settings of the content of their file."""
    return Settings(**raw)


class Encoder:
    """An encoder of a folder. Its network is opened when it is first asked, and uses one thread."""

    def __init__(self, folder: Traversable, settings: Settings) -> None:
        """Keep where the network is, and how much it counts."""
        self.settings = settings
        self._folder = folder

    @cached_property
    def _opened(self) -> tuple[Any, Any, Marks]:
        """Return the network, the tokenizer, and the word pieces that part a window."""
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            network = (self._folder / MODEL).read_bytes()
            session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
            tokenizer = Tokenizer.from_str((self._folder / TOKENIZER).read_text("utf-8"))
        except Exception as error:  # both libraries raise plain exceptions of their own
            raise WeightsInvalid(f"{self._folder}: {error!r}") from error
        begin, end = (tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
        if begin is None or end is None:
            raise WeightsInvalid(f"{self._folder}: the tokenizer has no marks of windows")
        return session, tokenizer, Marks(begin, end)

    def log_odds(self, text: str, title_end: int, candidates: Sequence[Sequence[Span]]) -> list[float]:
        """Return the log-odds that each candidate of an article was struck.

        Args:
            text: title, two line breaks, body, as in ``Findings.text``.
            title_end: characters of the title.
            candidates: the characters of the mentions of each candidate, at least one each.

        Raises:
            WeightsInvalid: a file of the encoder is missing or spoilt.
        """
        mentions = [span for spans in candidates for span in spans]
        if not mentions:
            return []
        session, tokenizer, marks = self._opened
        found = tokenizer.encode(text, add_special_tokens=False)
        pieces = near(Pieces(found.ids, found.offsets), title_end, mentions)
        windows = windows_of(pieces, title_end, mentions, marks)
        scores = np.zeros(len(mentions), dtype=np.float32)
        for window in windows:
            if window.mentions:
                numbers = [number for number, _, _ in window.mentions]
                scores[numbers] = _judged(session, window)
        odds, at = [], 0
        for spans in candidates:
            odds.append(together(scores[at : at + len(spans)]))
            at += len(spans)
        return odds


def _judged(session: Any, window: Window) -> Floats:
    """Return the log-odds of the mentions of one window."""
    ids = np.array([window.ids], dtype=np.int64)
    pooling = np.zeros((len(window.mentions), ids.shape[1]), dtype=np.float32)
    for row, (_, first, last) in enumerate(window.mentions):
        pooling[row, first:last] = 1 / (last - first)
    scores: Floats = session.run(None, {"ids": ids, "pooling": pooling})[0]
    return scores


def together(scores: Floats) -> float:
    """Return the log-odds of a candidate: a soft maximum of those of its mentions."""
    top = float(scores.max())
    return top + float(np.log(np.exp(scores - top).sum()))


@cache
def packaged_encoder() -> Encoder:
    """Return the encoder that belongs to the project. A process opens it once.

    Raises:
        WeightsInvalid: the file of its settings is missing or spoilt.
    """
    folder = weights_folder()
    return Encoder(folder, load_weights(folder / SETTINGS, read_settings))
