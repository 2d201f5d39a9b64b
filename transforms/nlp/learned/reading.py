"""What the encoder read in an article: log-odds of the article, of places and numbers, and of what belongs to a strike.

It needs numpy alone; the encoder fills it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from transforms.nlp.learned.encoder_windows import Span

Floats = NDArray[np.float32]
Odds = TypeVar("Odds", float, NDArray[np.float64])

LINKS = (
    "killed", "injured", "date", "twin",
    "air", "artillery", "cluster_munition", "drone", "mine", "missile", "mixed", "rocket",
)  # fmt: skip
"""What a number or a word may be to a strike: its killed, its injured, its date, or its kind of weapon. ``twin`` is
another mention of its place, at which another strike is told."""
STEPS = 25
"""Distances between a place and a number or word are told apart by so many steps."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How much the encoder counts.

    ``share``: of its log-odds in the mean with those of the other models, for places; ``toll_share`` for tolls,
    and so on. ``least``, ``most``: it decides with about places with a probability between these. ``place``,
    ``twin``: the thresholds of places and of second strikes in the articles that it read, in place of those of the
    other models. ``article_share``: of what it says of a short text as a whole, beside the likeliest place; ``article``:
    the probability that both together need.
    """

    share: float
    least: float
    most: float
    place: float
    toll_share: float
    weapon_share: float
    date_share: float
    twin_share: float
    twin: float
    article_share: float
    article: float


@dataclass(frozen=True, slots=True)
class LinkHead:
    """What joins a place and a number or word.

    ``steps``: the part of each step of distance, (steps, width). ``weights``, ``bias``: the last layer, (width,
    kinds) and (kinds).
    """

    steps: Floats
    weights: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class ArticleHead:
    """What judges an article as a whole by the vector of its first window. ``weights``: (width,)."""

    weights: Floats
    bias: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the encoder says of an article, and of the spans that it read.

    ``rows``: the row of each span. ``struck``: log-odds that a strike is told at a span, (spans,). ``places``,
    ``others``: each span's part in its links, as a place and as a number or word, (spans, width). ``head``: joins
    the two. ``whole``: the vector of the first window, (width,); ``article_head`` judges it. ``settings``: how much
    all this counts.
    """

    rows: Mapping[Span, int]
    struck: Floats
    places: Floats
    others: Floats
    head: LinkHead
    whole: Floats
    article_head: ArticleHead
    settings: Settings

    @property
    def article_odds(self) -> float:
        """Return the log-odds that the article reports a strike, wherever it was."""
        return float(self.whole @ self.article_head.weights) + self.article_head.bias

    def struck_odds(self, mentions: Sequence[Span]) -> float | None:
        """Return the log-odds that a place was struck, by its mentions; None where none was read."""
        read = self._read(mentions)
        return together(self.struck[read]) if read else None

    def link_odds(self, mentions: Sequence[Span], others: Sequence[Span], kind: str) -> list[float | None]:
        """Return the log-odds that each of the others belongs to the strike at a place.

        Args:
            mentions: where the strike is told.
            others: numbers or words.
            kind: what they would be to the strike, of ``LINKS``.

        Returns:
            None for those that were not read, and for all where no mention was read.
        """
        places = self._read(mentions)
        at = [self.rows.get(other) for other in others]
        read = [row for row in at if row is not None]
        if not places or not read:
            return [None] * len(others)
        number = LINKS.index(kind)
        steps = [[step_between(m, o) for o in others if o in self.rows] for m in mentions if m in self.rows]
        joined = self.places[places][:, None, :] + self.others[read][None, :, :] + self.head.steps[steps]
        hidden = _gelu(joined)
        odds = hidden @ self.head.weights[:, number] + self.head.bias[number]
        found = iter(together(column) for column in odds.T)
        return [next(found) if row is not None else None for row in at]

    def _read(self, spans: Sequence[Span]) -> list[int]:
        return [self.rows[span] for span in spans if span in self.rows]


def step_between(place: Span, other: Span) -> int:
    """Return in which step of distance a number or word stands from a mention: 0 to ``STEPS`` - 1.

    Steps double in characters, on either side of ``STEPS`` // 2.
    """
    away = other[0] - place[0]
    step = min(int(math.log2(abs(away) + 1)), STEPS // 2)
    return STEPS // 2 + (step if away > 0 else -step)


def mean_odds(own: Odds, by_encoder: Odds | None, share: float) -> Odds:
    """Return log-odds in which the encoder has its share, where it read what is asked about."""
    return own if by_encoder is None else (1 - share) * own + share * by_encoder


def together(scores: Floats) -> float:
    """Return the log-odds of several spans together: a soft maximum."""
    top = float(scores.max())
    return top + float(np.log(np.exp(scores - top).sum()))


def _gelu(x: Floats) -> Floats:
    """Return the smooth step of the encoder's training (the approximation by tanh)."""
    found: Floats = 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return found
