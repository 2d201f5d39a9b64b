"""What each strike of an article hit, by the learned model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.nearness import Nearness
from transforms.nlp.learned.pair_model import Pair, PairModel, probability
from transforms.nlp.learned.target_candidates import TargetWord, target_words
from transforms.nlp.learned.target_features import target_pairs
from transforms.nlp.learned.units import Unit
from transforms.nlp.tellings import tellings

TargetPairs = Mapping[str, tuple[Pair, TargetWord]]


@dataclass(frozen=True, slots=True)
class TargetChoice:
    """A class of target that a strike hit.

    ``start``, ``end``: the characters that say it. ``reasons``: the features that moved the linear part most,
    with their weight.
    """

    value: str
    start: int
    end: int
    probability: float
    reasons: tuple[tuple[str, float], ...] = ()


def targets_of(
    units: Sequence[Unit], context: Context, pack: LanguagePack, model: PairModel
) -> list[tuple[TargetChoice, ...]]:
    """Return the targets of each strike, in text order; none where no class is likely enough.

    A further strike that one sentence tells without the name of its place has those of this sentence, and takes none from
    the other strikes.

    Args:
        units: the strikes.
        context: the document.
        pack: the language.
        model: of strikes and classes of target.
    """
    further = {n for n, unit in enumerate(units) if all(scene.is_again for scene in unit.scenes)}
    others = [unit for n, unit in enumerate(units) if n not in further]
    found = iter([_targets_of(pairs, model) for pairs in target_pairs_of(others, context, pack)])
    if not further:
        return list(found)
    alone = [_targets_of(pairs, model) for pairs in target_pairs_of(units, context, pack)]
    told = [_told(units[n], context) for n in further]
    words = context.once(target_words, pack)
    elsewhere = {w.value for w in words if not any(start <= w.start < end for start, end in told)}
    return [
        _in_sentences(alone[n], unit, context)
        if n in further
        else tuple(target for target in next(found) if target.value in elsewhere)
        for n, unit in enumerate(units)
    ]


def target_pairs_of(units: Sequence[Unit], context: Context, pack: LanguagePack) -> list[TargetPairs]:
    """Return the features of each strike with each class of target, and the word that may say it."""
    words, nearness = context.once(target_words, pack), Nearness(context, units)
    told = tellings(units, [()] * len(units), context.findings)
    return [
        target_pairs(unit, words, sentences, nearness, pack)
        for unit, sentences in zip(units, told, strict=True)
    ]


def _told(unit: Unit, context: Context) -> tuple[int, int]:
    """Return the characters that tell a further strike: from its day or the words for its place to the end of their sentence."""
    scene = unit.scenes[0].start
    number = context.sentence_of(scene)
    end = context.findings.sentences[number].end if number is not None else scene
    return min(scene, unit.time.start) if unit.time is not None else scene, end


def _in_sentences(targets: Sequence[TargetChoice], unit: Unit, context: Context) -> tuple[TargetChoice, ...]:
    """Return those targets that stand in a sentence that tells a strike."""
    told = {context.sentence_of(scene.start) for scene in unit.scenes}
    return tuple(target for target in targets if context.sentence_of(target.start) in told)


def _targets_of(pairs: TargetPairs, model: PairModel) -> tuple[TargetChoice, ...]:
    odds = model.score([pair for pair, _ in pairs.values()])
    chosen = [
        TargetChoice(kind, word.start, word.end, probability(value), model.reasons(pair))
        for (kind, (pair, word)), value in zip(pairs.items(), odds, strict=True)
        if value >= model.thresholds["target"]
    ]
    return tuple(sorted(chosen, key=lambda choice: (choice.start, choice.value)))
