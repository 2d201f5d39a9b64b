"""What struck at each place of an article, by the learned model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from schemas.vocabulary import Weapon
from transforms.nlp.learned.nearness import FAR, Nearness
from transforms.nlp.learned.pair_model import PairModel, probability
from transforms.nlp.learned.reading import Reading, mean_odds, together
from transforms.nlp.learned.said import Said
from transforms.nlp.learned.units import Unit
from transforms.nlp.learned.weapon_candidates import WeaponWord, kind_of
from transforms.nlp.learned.weapon_features import weapon_pairs

_GENERAL = {
    kind_of(weapon): weapon
    for weapon in (
        Weapon.MISSILE,
        Weapon.DRONE,
        Weapon.AIRSTRIKE,
        Weapon.ROCKET,
        Weapon.ARTILLERY,
        Weapon.CLUSTER_MUNITION,
        Weapon.MINE_OR_IED,
        Weapon.MIXED,
    )
}
"""The class of each kind of weapon of which the text says no more."""
_CARRYING_TAGS = ("IN", "VBG")
"""Words between a weapon and the munitions that it carries: "with", "carrying"."""


@dataclass(frozen=True, slots=True)
class WeaponChoice:
    """The weapon of a strike.

    ``start``, ``end``: the characters that say it, -1 where nothing does. ``probability``: that it is of this
    kind; of an unknown weapon that of the likeliest kind. ``model``: its name, if said. ``reasons``: the
    features that moved the linear part most, with their weight.
    """

    value: Weapon
    start: int = -1
    end: int = -1
    model: str | None = None
    probability: float = 0.0
    reasons: tuple[tuple[str, float], ...] = ()


def weapons_of(
    units: Sequence[Unit], said: Said, model: PairModel, reading: Reading | None = None
) -> list[WeaponChoice]:
    """Return the weapon of each strike of a document; unknown where no kind of weapon is likely enough.

    Args:
        units: the strikes.
        said: the words for weapons.
        model: of strikes and kinds of weapon.
        reading: what the encoder says of the document.
    """
    return [_weapon_of(unit, said.weapons, said.nearness, model, reading) for unit in units]


def _weapon_of(
    unit: Unit, words: Sequence[WeaponWord], nearness: Nearness, model: PairModel, reading: Reading | None
) -> WeaponChoice:
    pairs = weapon_pairs(unit, words, nearness)
    if not pairs:
        return WeaponChoice(Weapon.UNKNOWN)
    own = dict(zip(pairs, model.score([pair for pair, _ in pairs.values()]), strict=True))
    odds = own if reading is None else {kind: _with(reading, kind, own[kind], unit, words) for kind in own}
    kind = chosen_kind(odds, model.thresholds)
    if Weapon.CLUSTER_MUNITION in pairs and _drops_clusters(unit, words, nearness):
        kind = str(Weapon.CLUSTER_MUNITION)
    if kind == Weapon.UNKNOWN:
        return WeaponChoice(Weapon.UNKNOWN, probability=probability(max(odds.values())))
    likely = probability(odds[kind])
    pair, word = pairs[kind]
    reasons = model.reasons(pair)
    if kind == Weapon.MIXED and not word.is_either:
        return WeaponChoice(Weapon.MIXED, word.start, word.end, None, likely, reasons)
    said = class_of(kind, unit, words, nearness) or word
    if said.is_either:
        return WeaponChoice(Weapon.UNKNOWN, probability=likely)
    value = Weapon(said.value) if said.is_named else _GENERAL[kind]
    return WeaponChoice(value, said.start, said.end, said.model, likely, reasons)


def _with(reading: Reading, kind: str, own: float, unit: Unit, words: Sequence[WeaponWord]) -> float:
    """Return the log-odds of a kind of weapon in which the encoder has its share."""
    mentions = [(m.start, m.end) for m in unit.scenes]
    spans = sorted({(w.start, w.end) for w in words if w.kind == kind})
    found = [odds for odds in reading.link_odds(mentions, spans, kind) if odds is not None]
    by_encoder = together(np.array(found, dtype=np.float32)) if found else None
    return mean_odds(own, by_encoder, reading.settings.weapon_share)


def _drops_clusters(unit: Unit, words: Sequence[WeaponWord], nearness: Nearness) -> bool:
    """Return whether the sentence of a strike names cluster munitions: "jets dropped cluster bombs on the town".

    Then they are the weapon, whatever dropped them: so it is for 26 of 27 annotated strikes. Not so where they are
    nearer to another place, or where a rocket carries them: "a missile with cluster munitions" (5 of 5).
    """
    carriers = {w.last for w in words if w.is_named and w.kind != Weapon.CLUSTER_MUNITION}
    own = unit.candidate.place
    towns = [p for p in nearness.context.certain if p.place.geo_precision == 1 and p.place != own]
    for word in words:
        if word.kind != Weapon.CLUSTER_MUNITION or not word.is_named:
            continue
        away, scene = nearness.nearest(word.first, unit)
        is_here = nearness.sentence_at(word.first) == nearness.sentence_at(scene.first)
        joint = nearness.context.doc[max(0, word.first - 1)]
        is_carried = joint.tag_ in _CARRYING_TAGS and joint.i - 1 in carriers
        if not is_here or is_carried or away >= nearness.to_others(word.first, unit):
            continue
        if all(nearness.between(word.first, p) > away for p in towns):
            return True
    return False


def chosen_kind(odds: Mapping[str, float], thresholds: Mapping[str, float]) -> str:
    """Return the kind of weapon by the log-odds of each: mixed from its own threshold on, else the likeliest.

    ``unknown`` where the likeliest is not likely enough.
    """
    if Weapon.MIXED in odds and odds[Weapon.MIXED] >= thresholds["mixed"]:
        return str(Weapon.MIXED)
    best = max((k for k in odds if k != Weapon.MIXED), key=lambda k: odds[k], default=None)
    return best if best is not None and odds[best] >= thresholds["known"] else str(Weapon.UNKNOWN)


def class_of(kind: str, unit: Unit, words: Sequence[WeaponWord], nearness: Nearness) -> WeaponWord | None:
    """Return the word that says the most about a weapon of a known kind: the most exact class, then a model.

    The words near this strike count before the others of the article. None where none names the kind.
    """
    named = [w for w in words if w.kind == kind and w.is_named]
    away = {w: nearness.nearest(w.first, unit)[0] for w in named}
    own = [w for w in named if away[w] < FAR and away[w] <= nearness.to_others(w.first, unit)]
    paragraphs = {nearness.paragraph_at(m.first) for m in unit.scenes}
    if 0 in paragraphs:  # "Missile hits Kyiv homes" is "the ballistic missile" of the lead
        paragraphs.add(1)
    beside = [w for w in own if nearness.paragraph_at(w.first) in paragraphs]
    kept = beside or own or named
    return max(kept, key=lambda w: _exactness(w, away[w]), default=None)


def _exactness(word: WeaponWord, away: float) -> tuple[int, bool, float, int]:
    return (Weapon(word.value).traits.specificity, word.model is not None, -away, -word.start)
