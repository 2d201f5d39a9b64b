"""Pairs to learn from: annotated strikes with each class of target that the article may mean."""

from collections.abc import Iterator, Mapping, Sequence

from training.analysed import Analysed, AnnotatedStrike
from training.pair_rows import PairRow, weight_of_folder
from transforms.nlp.language import load_pack
from transforms.nlp.learned.targets_of_units import target_pairs_of
from transforms.nlp.learned.units import Unit

WITHOUT_TARGETS = frozenset({"train-muc4"})
"""Folders in which no target is annotated."""
GRID = tuple(n / 8 for n in range(-16, 17))
_SLACK = 0.02
"""Where F1 differs by so little the higher threshold is better: a wrong target is worse than none."""


def target_rows(
    article: Analysed, units: Sequence[Unit], strikes: Sequence[AnnotatedStrike]
) -> Iterator[PairRow]:
    """Yield the row of each strike of an article with each class of target.

    Args:
        article: to learn from.
        units: its strikes with their scenes.
        strikes: the annotation of each unit.
    """
    weight = weight_of_folder(article.article.folder)
    for pairs, strike in zip(target_pairs_of(units, article.context, load_pack("en")), strikes, strict=True):
        for kind, (pair, _) in pairs.items():
            label = int(kind in strike.gold.targets)
            yield PairRow(article.name, article.fold, label, weight, pair.names, pair.numbers)


def choose_target_threshold(
    odds: Sequence[float], rows: Sequence[PairRow], annotated: Mapping[str, int]
) -> dict[str, float]:
    """Return the highest threshold whose F1 of targets is within .02 of the best, on log-odds out of fold.

    Real and written articles count as much as each other, however many there are.

    Args:
        odds: of each row.
        rows: all pairs.
        annotated: the number of annotated targets of each article.
    """
    groups: dict[float, list[int]] = {}
    for n, row in enumerate(rows):
        groups.setdefault(row.weight, []).append(n)
    true: dict[float, int] = dict.fromkeys(groups, 0)
    for article, count in annotated.items():
        weight = weight_of_folder(article.partition("/")[0])
        true[weight] = true.get(weight, 0) + count

    def worth(least: float) -> float:
        total = 0.0
        for weight, own in groups.items():
            taken = [rows[n].label for n in own if odds[n] >= least]
            total += 2 * sum(taken) / max(1, len(taken) + true[weight])
        return total / max(1, len(groups))

    worths = {least: worth(least) for least in GRID}
    best = max(worths.values())
    return {"target": max(least for least, value in worths.items() if value >= best - _SLACK)}
