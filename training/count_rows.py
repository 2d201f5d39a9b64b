"""Features and labels of strikes with numbers: which numbers of killed and injured belong to which strike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training.pair_rows import PairRow, weight_of_folder
from transforms.nlp.learned.count_model import HasNumber, Key, TollValue
from transforms.nlp.learned.pair_model import Pair

BELONGS, DOES_NOT, UNDECIDED = 1, 0, -1
DECOY_WEIGHT, REPEATED_WEIGHT = 2.0, 0.5
"""A number that is annotated as no toll weighs more, one that only repeats a toll weighs less."""
KINDS = ("killed", "injured")
_NO_FIGURES = ("place_not_struck", "plan_or_threat")
"""The kinds of decoys that are no numbers."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number of killed or injured, without its words. ``by_rule``: the rules find a count there."""

    kind: str
    low: int
    start: int
    end: int
    sentence: int
    by_rule: bool


@dataclass(frozen=True, slots=True)
class TollGold:
    """The annotated toll of a strike: the least number by kind, and the characters that state it."""

    lows: Mapping[str, int | None]
    spans: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class CountArticle:
    """An annotated article with its numbers.

    ``golds``: the tolls of the strikes whose place was found, in the order of the pairs, and ``annotated``:
    the position of each among the annotated strikes; ``others``: those of the other strikes. ``decoys``:
    start, end and kind of what is annotated as no toll. ``features``: of each number; ``pairs``: of each
    strike with each number.
    """

    folder: str
    article: str
    fold: int
    golds: tuple[TollGold, ...]
    annotated: tuple[int, ...]
    others: tuple[TollGold, ...]
    decoys: tuple[tuple[int, int, str], ...]
    numbers: tuple[Number, ...]
    features: tuple[Pair, ...]
    pairs: Mapping[Key, Pair]

    @property
    def name(self) -> str:
        """Return a name that no article of another folder has."""
        return f"{self.folder}/{self.article}"

    @property
    def weight(self) -> float:
        """Return how much its rows weigh."""
        return weight_of_folder(self.folder)


def label_counts(
    golds: Sequence[TollGold], numbers: Sequence[Number], decoys: Sequence[tuple[int, int, str]]
) -> dict[Key, tuple[int, float]]:
    """Return label and weight of each strike with each number, by their positions.

    A number belongs to a strike if it is the annotated one, at the annotated words. The same number elsewhere
    belongs too where the rules find a count of this kind there, no other strike has this number and it is no
    decoy; else it counts for nothing.
    """
    result = {}
    is_decoy = [_is_figure(number, decoys) for number in numbers]
    for u, gold in enumerate(golds):
        others = [other for n, other in enumerate(golds) if n != u]
        has_span = {kind: _at_span(gold, kind, numbers) for kind in KINDS}
        for c, number in enumerate(numbers):
            result[u, c] = _label(gold, others, number, is_decoy[c], has_span[number.kind])
    return result


def _label(
    gold: TollGold, others: Sequence[TollGold], number: Number, is_decoy: bool, has_span: bool
) -> tuple[int, float]:
    """Return label and weight of a strike with a number."""
    kind = number.kind
    if gold.lows.get(kind) != number.low:
        return DOES_NOT, DECOY_WEIGHT if is_decoy else 1.0
    if _overlaps(gold.spans.get(kind), number):
        return BELONGS, 1.0
    if any(_overlaps(other.spans.get(k), number) for other in others for k in KINDS):
        return DOES_NOT, 1.0
    if is_decoy:
        return UNDECIDED, 1.0
    is_shared = any(other.lows.get(kind) == number.low for other in others)
    if number.by_rule and not is_shared:
        return BELONGS, REPEATED_WEIGHT if has_span else 1.0
    return UNDECIDED, 1.0


def _at_span(gold: TollGold, kind: str, numbers: Sequence[Number]) -> bool:
    """Return whether a number is at the annotated words."""
    low, span = gold.lows.get(kind), gold.spans.get(kind)
    return any(n.kind == kind and n.low == low and _overlaps(span, n) for n in numbers)


def _is_figure(number: HasNumber, decoys: Sequence[tuple[int, int, str]]) -> bool:
    """Return whether a number is annotated as no toll."""
    return any(
        start < number.end and number.start < end for start, end, kind in decoys if kind not in _NO_FIGURES
    )


def _overlaps(span: tuple[int, int] | None, number: HasNumber) -> bool:
    return span is not None and number.start < span[1] and span[0] < number.end


def number_rows(article: CountArticle) -> list[PairRow]:
    """Return a row for each number of an article: is it the toll of any strike?"""
    labels = label_counts((*article.golds, *article.others), article.numbers, article.decoys)
    rows = []
    for c, (number, pair) in enumerate(zip(article.numbers, article.features, strict=True)):
        own = [found for (_, other), found in labels.items() if other == c]
        likeliest = max(
            own, key=lambda found: (found[0] == BELONGS, found[0] == UNDECIDED, found[1]), default=None
        )
        label, weight = likeliest or (DOES_NOT, DECOY_WEIGHT if _is_figure(number, article.decoys) else 1.0)
        rows.append(_row(article, label, weight, pair))
    return rows


def pair_rows(article: CountArticle, pairs: Mapping[Key, Pair]) -> list[PairRow]:
    """Return a row for each strike with each number: does the number belong to it?"""
    labels = label_counts(article.golds, article.numbers, article.decoys)
    return [_row(article, *labels[key], pair) for key, pair in pairs.items()]


def value_rows(article: CountArticle, values: Sequence[TollValue]) -> list[PairRow]:
    """Return a row for each value that the toll of a strike could have: is it the annotated one?"""
    return [_row(article, int(article.golds[v.unit].lows.get(v.kind) == v.low), 1.0, v.pair) for v in values]


def _row(article: CountArticle, label: int, weight: float, pair: Pair) -> PairRow:
    return PairRow(article.name, article.fold, label, weight * article.weight, pair.names, pair.numbers)
