"""Articles as tensors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch  # type: ignore[import-not-found,unused-ignore]
from torch import Tensor  # type: ignore[import-not-found,unused-ignore]

from training.encoder.texts import Text
from transforms.nlp.learned.encoder_windows import Marks, Pieces, Window, windows_of
from transforms.nlp.learned.reading import step_between

PIECES_AT_ONCE = 2048
"""A batch holds at most this many word pieces, padding included, unless one article alone is longer."""


@dataclass(frozen=True, slots=True)
class Read:
    """An article with its windows."""

    text: Text
    windows: list[Window]

    @property
    def longest(self) -> int:
        """Return the word pieces of the longest window."""
        return max(len(w.ids) for w in self.windows)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some articles at once.

    ``ids``, ``mask``: (windows, pieces). ``piece``: flat numbers of the word pieces of spans, and
    ``piece_span``: the span of each. ``window``: the window of each span. ``mention``: the span of each
    mention of a candidate, and ``candidate``: its candidate, by its number in the batch. ``first``: the
    first window of each article. ``number``: the span of each number, and ``number_kind``. ``pair``: the
    two spans of each pair of a link, ``pair_kind``, and ``pair_link``: its link by its number in the batch.
    ``step``: the step of distance between the two.
    """

    texts: list[Text]
    ids: Tensor
    mask: Tensor
    piece: Tensor
    piece_span: Tensor
    window: Tensor
    mention: Tensor
    candidate: Tensor
    first: Tensor
    number: Tensor
    number_kind: Tensor
    pair: Tensor
    pair_kind: Tensor
    pair_link: Tensor
    step: Tensor


def read(text: Text, tokenizer: Any) -> Read:
    """Return an article with its windows."""
    found = tokenizer.encode(text.text, add_special_tokens=False)
    marks = Marks(tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]"))
    return Read(text, windows_of(Pieces(found.ids, found.offsets), text.title_end, text.spans, marks))


def batches(articles: Sequence[Read]) -> Iterator[Batch]:
    """Yield articles in batches of like length."""
    group: list[Read] = []
    for article in sorted(articles, key=lambda a: a.longest):
        windows = sum(len(a.windows) for a in group) + len(article.windows)
        if group and windows * article.longest > PIECES_AT_ONCE:
            yield batch_of(group)
            group = []
        group.append(article)
    if group:
        yield batch_of(group)


def batch_of(articles: Sequence[Read]) -> Batch:
    """Return a batch of the given articles."""
    width = max(a.longest for a in articles)
    rows: list[list[int]] = []
    first: list[int] = []
    window: dict[int, int] = {}
    piece: list[int] = []
    piece_span: list[int] = []
    mention: list[int] = []
    candidate: list[int] = []
    number: list[tuple[int, int]] = []
    pair: list[tuple[int, int, int, int, int]] = []
    spans = candidates = links = 0
    for article in articles:
        text = article.text
        own = text.spans
        mentions = len(own) - len(text.others)
        mention += range(spans, spans + mentions)
        others = spans + mentions
        for one in text.candidates:
            candidate += [candidates] * len(one.spans)
            candidates += 1
        number += [(others + n.other, n.kind) for n in text.numbers]
        for link in text.links:
            pair += [
                (spans + m, others + o, link.kind, links, step_between(own[m], text.others[o]))
                for m in link.mentions
                for o in link.others
            ]
            links += 1
        first.append(len(rows))
        for w in article.windows:
            for at, start, end in w.mentions:
                window[spans + at] = len(rows)
                piece += [len(rows) * width + p for p in range(start, end)]
                piece_span += [spans + at] * (end - start)
            rows.append([*w.ids, *[0] * (width - len(w.ids))])
        spans = others + len(text.others)
    ids = torch.tensor(rows)
    numbers, pairs = _columns(number, 2), _columns(pair, 5)
    return Batch(
        [a.text for a in articles],
        ids,
        ids != 0,
        _numbers(piece),
        _numbers(piece_span),
        _numbers([window[n] for n in range(spans)]),
        _numbers(mention),
        _numbers(candidate),
        _numbers(first),
        numbers[0],
        numbers[1],
        pairs[:2],
        pairs[2],
        pairs[3],
        pairs[4],
    )


def _numbers(found: Sequence[int]) -> Tensor:
    return torch.tensor(found, dtype=torch.long)


def _columns(rows: Sequence[tuple[int, ...]], many: int) -> Tensor:
    return torch.tensor(rows, dtype=torch.long).reshape(-1, many).T
