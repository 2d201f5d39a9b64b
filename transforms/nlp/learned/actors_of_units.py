"""Who struck each place of an article, by the learned model."""

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.actor_features import actor_pairs
from transforms.nlp.learned.pair_model import PairModel, probability
from transforms.nlp.learned.said import Said
from transforms.nlp.learned.units import Unit


@dataclass(frozen=True, slots=True)
class ActorChoice:
    """The attacker of a strike.

    ``name``: the usual name, None where no party is likely enough. ``start``, ``end``: the characters that
    name it, -1 without. ``probability``: of the likeliest party. ``reasons``: the features that moved the
    linear part most, with their weight.
    """

    name: str | None = None
    start: int = -1
    end: int = -1
    probability: float = 0.0
    reasons: tuple[tuple[str, float], ...] = ()


def actors_of(
    units: Sequence[Unit], said: Said, gazetteer: Gazetteer, pack: LanguagePack, model: PairModel
) -> list[ActorChoice]:
    """Return the attacker of each strike of a document.

    A wrong name is worse than none, so the threshold ``named`` of the model asks for much.
    """
    choices = []
    for unit in units:
        pairs = actor_pairs(unit, said.parties, said.weapons, said.nearness, gazetteer, pack)
        odds = dict(zip(pairs, model.score([pair for pair, _ in pairs.values()]), strict=True))
        best = max(odds, key=lambda name: (odds[name], name), default=None)
        if best is None:
            choices.append(ActorChoice())
            continue
        pair, word = pairs[best]
        likely = probability(odds[best])
        if odds[best] >= model.thresholds["named"]:
            choices.append(ActorChoice(best, word.start, word.end, likely, model.reasons(pair)))
        else:
            choices.append(ActorChoice(probability=likely))
    return choices
