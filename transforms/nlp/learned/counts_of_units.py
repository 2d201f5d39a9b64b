"""The tolls of the strikes of an article, by the learned model of strikes and numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from transforms.nlp.counts import Count
from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.context import STRIKE_GROUPS, Context
from transforms.nlp.learned.count_candidates import KINDS, CountCandidate, find_count_candidates
from transforms.nlp.learned.count_features import number_features
from transforms.nlp.learned.count_model import LEAST_NUMBER, Chosen, CountModel
from transforms.nlp.learned.count_pairs import count_pairs
from transforms.nlp.learned.pair_model import Pair, probability
from transforms.nlp.learned.units import Unit
from transforms.nlp.publication import Publication

_MOST_NUMBERS = 200
"""Only so many numbers of an article are compared with its strikes, the likeliest ones."""
_LEAST_OWN_DAY = -2.0
"""A number of the strike's own day has at least these log-odds of being a toll."""
_LARGE = 300
"""A larger number needs a word for a strike or a weapon in its sentence."""


@dataclass(frozen=True, slots=True)
class Toll:
    """The killed and injured of one strike, None where the article does not say.

    ``killed_probability``, ``injured_probability``: that the count is that of this strike. ``reasons``: the
    features that moved the model most, with their weight, for each count that is there.
    """

    killed: Count | None = None
    injured: Count | None = None
    children_killed: Count | None = None
    children_injured: Count | None = None
    killed_probability: float = 0.0
    injured_probability: float = 0.0
    reasons: Mapping[str, tuple[tuple[str, float], ...]] | None = None


def counts_of(
    units: Sequence[Unit],
    context: Context,
    publication: Publication,
    gazetteer: Gazetteer,
    pack: LanguagePack,
    model: CountModel,
) -> list[Toll]:
    """Return the toll of each strike of an article."""
    if not units:
        return []
    found = find_count_candidates(context, pack)
    numbers = number_features(found, context, pack)
    odds = model.numbers.score(numbers)
    kept = _likeliest(odds, found.candidates, context)
    candidates, features = [found.candidates[c] for c in kept], [numbers[c] for c in kept]
    published = [publication.at(unit.candidate.place, gazetteer) for unit in units]
    pairs = count_pairs(units, published, candidates, context)
    dated = _without_other_days(pairs, candidates, [odds[c] for c in kept])
    chosen = model.choose(candidates, features, dated)
    tolls = []
    for u in range(len(units)):
        of_unit = {kind: chosen[u, kind] for kind in KINDS if (u, kind) in chosen}
        counts = {kind: candidates[c.candidate].count for kind, c in of_unit.items()}
        tolls.append(
            Toll(
                killed=counts.get("killed"),
                injured=counts.get("injured"),
                killed_probability=_probability(of_unit.get("killed")),
                injured_probability=_probability(of_unit.get("injured")),
                reasons={kind: model.numbers.reasons(features[c.candidate]) for kind, c in of_unit.items()},
                children_killed=children_of("killed", counts.get("killed"), context),
                children_injured=children_of("injured", counts.get("injured"), context),
            )
        )
    return tolls


def _likeliest(odds: Sequence[float], candidates: Sequence[CountCandidate], context: Context) -> list[int]:
    """Return the positions of the numbers that may be a toll, in text order, at most ``_MOST_NUMBERS``."""
    possible = [
        c for c in range(len(candidates)) if odds[c] >= LEAST_NUMBER and may_be_toll(candidates[c], context)
    ]
    return sorted(sorted(possible, key=lambda c: -odds[c])[:_MOST_NUMBERS])


def _without_other_days(
    pairs: Mapping[tuple[int, int], Pair], candidates: Sequence[CountCandidate], odds: Sequence[float]
) -> dict[tuple[int, int], Pair]:
    """Return the pairs without numbers beside another day, where one stands beside the strike's own day alone.

    "The toll of the attack on April 4 is 20. Two days before that strike, another had killed four."
    """
    own_day = {
        (u, candidates[c].kind)
        for (u, c), pair in pairs.items()
        if pair.numbers.get("times_agrees")
        and not pair.numbers.get("times_contradicts")
        and candidates[c].low
        and odds[c] >= _LEAST_OWN_DAY
    }
    return {
        (u, c): pair
        for (u, c), pair in pairs.items()
        if not (pair.numbers.get("times_contradicts") and (u, candidates[c].kind) in own_day)
    }


def may_be_toll(candidate: CountCandidate, context: Context) -> bool:
    """Return whether a number may be a toll: a large one needs a word of a strike in its sentence."""
    if candidate.low <= _LARGE:
        return True
    sentence = context.findings.sentences[candidate.sentence]
    return any(t.group in STRIKE_GROUPS for t in context.terms_of(sentence))


def _probability(chosen: Chosen | None) -> float:
    return probability(chosen.odds) if chosen is not None else 0.0


def children_of(kind: str, total: Count | None, context: Context) -> Count | None:
    """Return the count of children in the toll of a strike, None where the article states none.

    It is the number that is stated with the toll or with the same number elsewhere, else the number of
    children alone in the toll's own paragraph. More children than victims belong to something else.
    """
    if total is None or total.low is None:
        return None
    counts = context.findings.counts
    stated = [total] if total.children is not None else []
    stated += [c for c in counts if c.kind == kind and c.low == total.low and c.children is not None]
    if stated:
        best = max(stated, key=lambda c: c.children or 0)
        return replace(best, low=best.children, best=best.children, high=best.children)
    paragraph = _paragraph(total, context)
    alone = [c for c in counts if c.kind == f"{kind}_children" and _paragraph(c, context) == paragraph]
    fitting = [c for c in alone if c.low is not None and (total.high is None or c.low <= total.high)]
    return max(fitting, key=lambda c: c.low or 0, default=None)


def _paragraph(count: Count, context: Context) -> int | None:
    """Return the paragraph of a count."""
    number = context.sentence_of(count.start)
    return context.findings.sentences[number].paragraph if number is not None else None
