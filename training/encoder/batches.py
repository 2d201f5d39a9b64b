"""Articles as tensors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch  # type: ignore[import-not-found,unused-ignore]
from torch import Tensor  # type: ignore[import-not-found,unused-ignore]

from training.encoder.texts import Text
from transforms.nlp.learned.encoder import Marks, Pieces, Window, windows_of

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

    ``ids``, ``mask``: (windows, pieces). ``piece``: flat numbers of the word pieces of mentions, and
    ``piece_mention``: the mention of each. ``window``: the window of each mention. ``candidate``: the
    candidate of each mention, by its number in the batch. ``first``: the first window of each article.
    """

    texts: list[Text]
    ids: Tensor
    mask: Tensor
    piece: Tensor
    piece_mention: Tensor
    window: Tensor
    candidate: Tensor
    first: Tensor


def read(text: Text, tokenizer: Any) -> Read:
    """Return an article with its windows."""
    found = tokenizer.encode(text.text, add_special_tokens=False)
    marks = Marks(tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]"))
    mentions = [span for c in text.candidates for span in c.spans]
    return Read(text, windows_of(Pieces(found.ids, found.offsets), text.title_end, mentions, marks))


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
    piece_mention: list[int] = []
    candidate: list[int] = []
    candidates = 0
    for article in articles:
        before = len(candidate)
        for one in article.text.candidates:
            candidate += [candidates] * len(one.spans)
            candidates += 1
        first.append(len(rows))
        for w in article.windows:
            for number, start, end in w.mentions:
                window[before + number] = len(rows)
                piece += [len(rows) * width + p for p in range(start, end)]
                piece_mention += [before + number] * (end - start)
            rows.append([*w.ids, *[0] * (width - len(w.ids))])
    ids = torch.tensor(rows)
    return Batch(
        [a.text for a in articles],
        ids,
        ids != 0,
        torch.tensor(piece, dtype=torch.long),
        torch.tensor(piece_mention, dtype=torch.long),
        torch.tensor([window[n] for n in range(len(candidate))], dtype=torch.long),
        torch.tensor(candidate, dtype=torch.long),
        torch.tensor(first),
    )
