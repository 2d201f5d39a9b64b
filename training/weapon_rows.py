"""Pairs to learn from: annotated strikes with each kind of weapon that the article may mean."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from schemas.vocabulary import Weapon
from training.analysed import Analysed, AnnotatedStrike
from training.pair_rows import PairRow, weight_of_folder
from transforms.nlp.language import load_pack
from transforms.nlp.learned.said import said_in
from transforms.nlp.learned.units import Unit
from transforms.nlp.learned.weapon_candidates import WeaponWord, kind_of
from transforms.nlp.learned.weapon_features import weapon_pairs
from transforms.nlp.learned.weapons_of_units import chosen_kind

GRID = tuple(n / 4 for n in range(-12, 13))
_UNDECIDED = -1


def weapon_rows(
    article: Analysed, units: Sequence[Unit], strikes: Sequence[AnnotatedStrike]
) -> Iterator[tuple[int, str, PairRow]]:
    """Yield number of the strike, kind of weapon and row of each pair of an article.

    Args:
        article: to learn from.
        units: its strikes with their scenes.
        strikes: the annotation of each unit.
    """
    said = said_in(article.context, units, load_pack("en"))
    weight = weight_of_folder(article.article.folder)
    for number, (unit, strike) in enumerate(zip(units, strikes, strict=True)):
        spoken = kinds_in(strike.spans.get("weapon"), said.weapons)
        for kind, (pair, _) in weapon_pairs(unit, said.weapons, said.nearness).items():
            label = weapon_label(kind, Weapon(strike.gold.weapon), spoken)
            yield number, kind, PairRow(article.name, article.fold, label, weight, pair.names, pair.numbers)


def kinds_in(span: tuple[int, int] | None, words: Sequence[WeaponWord]) -> set[str]:
    """Return the kinds of weapon that the annotated words name."""
    if span is None:
        return set()
    return {w.kind for w in words if w.is_named and w.start < span[1] and span[0] < w.end}


def weapon_label(kind: str, gold: Weapon, spoken: Collection[str]) -> int:
    """Return 1 for the right kind of weapon, 0 for a wrong one, -1 for what cannot be told.

    In a mixed attack the kinds that the annotated words name are neither. A missile that carries cluster
    munitions may be annotated as either.
    """
    if gold == Weapon.UNKNOWN:
        return 0
    is_part = gold == Weapon.MIXED and kind in spoken
    if kind != kind_of(gold) and (is_part or (gold, kind) == (Weapon.CLUSTER_MUNITION, Weapon.MISSILE)):
        return _UNDECIDED
    return int(kind == kind_of(gold))


def choose_thresholds(
    odds: Sequence[Mapping[str, float]], golds: Sequence[Weapon], weights: Sequence[float]
) -> dict[str, float]:
    """Return the thresholds that give the most strikes the right kind, on log-odds out of fold.

    Real and written articles count as much as each other, however many there are: real ones leave the weapon
    unsaid and tell of mixed attacks several times as often.
    """
    groups = [[n for n, w in enumerate(weights) if w == weight] for weight in set(weights)]

    def right(known: float, mixed: float) -> float:
        thresholds = {"known": known, "mixed": mixed}
        fits = [chosen_kind(o, thresholds) == _kind_or_unknown(g) for o, g in zip(odds, golds, strict=True)]
        return sum(sum(fits[n] for n in group) / len(group) for group in groups)

    known, mixed = max(((k, m) for k in GRID for m in GRID), key=lambda pair: (right(*pair), sum(pair)))
    return {"known": known, "mixed": mixed}


def _kind_or_unknown(gold: Weapon) -> str:
    return str(gold) if gold == Weapon.UNKNOWN else kind_of(gold)
