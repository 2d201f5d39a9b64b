"""The articles as the encoder's training reads them, and the exchange of names in them."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from transforms.nlp.learned.encoder_windows import Span

OTHER_NAME, NO_NAME = 0.3, 0.1
"""In training a candidate stands under another place's name, or under a mask, this often."""
MASK = "[MASK]"


@dataclass(frozen=True, slots=True)
class Named:
    """A candidate: the characters of its mentions, whether it was struck (-1: counts for nothing), and the
    labels of its mentions, as ``training.labels`` gives them."""

    spans: tuple[Span, ...]
    label: int
    mention_labels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """Whether the number ``other`` is the toll of any strike. ``kind``: its position in ``LINKS``."""

    other: int
    kind: int
    label: int
    weight: float


@dataclass(frozen=True, slots=True)
class Link:
    """Whether one of the numbers or words ``others`` belongs to the strike that is told at ``mentions``.

    ``strike``: its position in the annotation of the article.
    """

    mentions: tuple[int, ...]
    others: tuple[int, ...]
    kind: int
    label: int
    weight: float
    strike: int


@dataclass(frozen=True, slots=True)
class Text:
    """An article with its candidates. ``strikes``: how many strikes are annotated.

    ``others``: the characters of its numbers, weapons and times, and once more of mentions of candidates.
    ``mentions`` of a link count through all candidates.
    """

    folder: str
    article: str
    fold: int
    text: str
    title_end: int
    strikes: int
    candidates: tuple[Named, ...]
    others: tuple[Span, ...] = ()
    numbers: tuple[Counted, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def spans(self) -> list[Span]:
        """Return the characters of all mentions, then those of the others."""
        return [*(span for c in self.candidates for span in c.spans), *self.others]

    @property
    def names(self) -> Iterator[str]:
        """Yield the names of the candidates as the text writes them."""
        for candidate in self.candidates:
            start, end = candidate.spans[0]
            yield self.text[start:end]


def read_texts(path: Path) -> list[Text]:
    """Return the articles of a file that ``training.encoder.dump_texts`` wrote."""
    return [_text(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def _text(raw: dict[str, Any]) -> Text:
    candidates = tuple(
        Named(tuple((s, e) for s, e in c["spans"]), c["label"], tuple(c["mention_labels"]))
        for c in raw.pop("candidates")
    )
    others = tuple((s, e) for s, e in raw.pop("others"))
    numbers = tuple(Counted(*n) for n in raw.pop("numbers"))
    links = tuple(Link(tuple(m), tuple(o), *rest) for m, o, *rest in raw.pop("links"))
    return Text(**raw, candidates=candidates, others=others, numbers=numbers, links=links)


def renamed(text: Text, pool: Sequence[str], chance: random.Random) -> Text:
    """Return an article with other names for some of its candidates, so that no name becomes a cue.

    All mentions of a candidate get the same name. Mentions that overlap others keep theirs.
    """
    changes: list[tuple[int, int, str]] = []
    for candidate in text.candidates:
        draw = chance.random()
        if draw < OTHER_NAME + NO_NAME:
            new = chance.choice(pool) if draw < OTHER_NAME else MASK
            changes += [(start, end, new) for start, end in candidate.spans]
    spans = sorted(span for c in text.candidates for span in c.spans)
    overlapping = {s for a, b in pairwise(spans) if b[0] < a[1] for s in (a, b)}
    fixed = sorted(set(text.others) - set(spans))
    kept = sorted(
        c
        for c in set(changes)
        if c[:2] not in overlapping and not any(s < c[1] and c[0] < e for s, e in fixed)
    )
    out, at, moves = [], 0, [(0, 0)]
    for start, end, new in kept:
        out += [text.text[at:start], new]
        at = end
        moves.append((end, moves[-1][1] + len(new) - (end - start)))

    def moved(position: int) -> int:
        return position + next(shift for since, shift in reversed(moves) if position >= since)

    return replace(
        text,
        text="".join(out) + text.text[at:],
        title_end=moved(text.title_end),
        candidates=tuple(
            replace(c, spans=tuple((moved(start), moved(end)) for start, end in c.spans))
            for c in text.candidates
        ),
        others=tuple((moved(start), moved(end)) for start, end in text.others),
    )
