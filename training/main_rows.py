"""Strikes to learn from: is the article about a strike, or does it only recall it?"""

from collections.abc import Iterator, Sequence

from training.analysed import Analysed, AnnotatedStrike
from training.pair_rows import PairRow, weight_of_folder
from transforms.nlp.learned.main_of_units import main_features
from transforms.nlp.learned.units import Unit

_GRID = tuple(n / 8 for n in range(-12, 13))


def main_rows(
    article: Analysed, units: Sequence[Unit], strikes: Sequence[AnnotatedStrike]
) -> Iterator[PairRow]:
    """Yield the row of each strike of an article.

    Args:
        article: to learn from.
        units: its strikes with their scenes.
        strikes: the annotation of each unit.
    """
    weight = weight_of_folder(article.article.folder)
    pairs = main_features(units, article.context, article.published.instant)
    for pair, strike in zip(pairs, strikes, strict=True):
        label = int(strike.gold.main)
        yield PairRow(article.name, article.fold, label, weight, pair.names, pair.numbers)


def choose_main_threshold(odds: Sequence[float], rows: Sequence[PairRow]) -> dict[str, float]:
    """Return the threshold that gives the most strikes the right answer, on log-odds out of fold."""

    def right(least: float) -> float:
        return sum(r.weight for r, o in zip(rows, odds, strict=True) if (o >= least) == (r.label == 1))

    return {"main": max(_GRID, key=lambda least: (right(least), -abs(least)))}
