"""What the encoder says of articles that it did not see, and the tolls of such an article with its share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from training.count_rows import KINDS, CountArticle
from transforms.nlp.learned.count_model import Key, TollValue, toll_values
from transforms.nlp.learned.encoder_windows import Span
from transforms.nlp.learned.pair_model import Pair
from transforms.nlp.learned.reading import mean_odds

Name = tuple[str, int]
"""An article with its folder, and the position of a strike in its annotation."""


@dataclass(frozen=True, slots=True)
class Held:
    """Log-odds of the encoder in articles that it did not see.

    ``tolls``: of strike, kind and characters of a number. ``weapons``: of strike and kind. ``dates``:
    of article, first mention of the place, and time. ``twins``: of article and two mentions.
    """

    tolls: Mapping[tuple[Name, str, int, int], float]
    weapons: Mapping[tuple[Name, str], float]
    dates: Mapping[tuple[str, Span, Span], float]
    twins: Mapping[tuple[str, Span, Span], float]

    @property
    def articles(self) -> set[str]:
        """Return the articles that have a strike and a number or weapon."""
        return {name for (name, _), *_ in self.tolls} | {name for (name, _), _ in self.weapons}


def read_held(links: Sequence[Sequence[Any]]) -> Held:
    """Return the log-odds of the rows that the training wrote."""
    tolls, weapons = {}, {}
    dates: dict[tuple[str, Span, Span], float] = {}
    twins: dict[tuple[str, Span, Span], float] = {}
    for folder, article, strike, kind, start, end, of_mention, end_of_mention, odds in links:
        name = f"{folder}/{article}", strike
        if kind in ("date", "twin"):
            found = dates if kind == "date" else twins
            found[name[0], (of_mention, end_of_mention), (start, end)] = odds
        elif kind in KINDS:
            tolls[name, kind, start, end] = odds
        else:
            weapons[name, kind] = odds
    return Held(tolls, weapons, dates, twins)


def tolls_as_read(
    article: CountArticle, odds: Mapping[Key, float], pairs: Mapping[Key, Pair], held: Held, share: float
) -> tuple[dict[Key, float], list[TollValue]]:
    """Return log-odds in which the encoder has its share, and the values that follow from them.

    Args:
        article: with its numbers.
        odds: log-odds of strike and number by weights that did not see the article.
        pairs: their features.
        held: what the encoder says.
        share: how much it counts.
    """
    mixed = {key: mean_odds(own, held.tolls.get(_named(article, key)), share) for key, own in odds.items()}
    return mixed, toll_values(article.numbers, mixed, pairs)


def _named(article: CountArticle, key: Key) -> tuple[Name, str, int, int]:
    number = article.numbers[key[1]]
    return (article.name, article.annotated[key[0]]), number.kind, number.start, number.end
