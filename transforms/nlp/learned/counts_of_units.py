"""The tolls of the strikes of an article, by the learned model of strikes and numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.nlp.counts import Count
from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.added_victims import added_victims
from transforms.nlp.learned.attackers_within import without_attackers
from transforms.nlp.learned.context import STRIKE_GROUPS, Context
from transforms.nlp.learned.count_candidates import KINDS, CountCandidate
from transforms.nlp.learned.count_features import counted_in
from transforms.nlp.learned.count_model import LEAST_NUMBER, Chosen, CountModel, Key
from transforms.nlp.learned.count_pairs import count_pairs
from transforms.nlp.learned.pair_model import Pair, probability
from transforms.nlp.learned.reading import Reading
from transforms.nlp.learned.split_totals import split_totals
from transforms.nlp.learned.stated_tolls import field_tolls, fields_of_all, later_totals
from transforms.nlp.learned.units import Unit
from transforms.nlp.publication import Publication

_MOST_NUMBERS = 200
"""Only so many numbers of an article are compared with its strikes, the likeliest ones."""
_LEAST_OWN_DAY = -2.0
"""A number of the strike's own day has at least these log-odds of being a toll."""
_ODDS_OF_GIVEN = 2.0
"""The log-odds of a number that the text gives to the strike: as the part of its town in a total, or as a field."""
_LARGE = 300
"""A larger number needs a word for a strike or a weapon in its sentence."""


@dataclass(frozen=True, slots=True)
class Toll:
    """The killed and injured of one strike, None where the article does not say, without their children.

    ``killed_probability``, ``injured_probability``: that the count is that of this strike. ``reasons``: the
    features that moved the model most, with their weight, for each count that is there.
    """

    killed: Count | None = None
    injured: Count | None = None
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
    counted = context.once(counted_in, pack)
    odds = model.numbers.score(counted.features)
    kept = likely_numbers(odds, counted.found.candidates, context)[:_MOST_NUMBERS]
    split = split_totals(units, counted.found.candidates, context, pack)
    given = {**split.parts, **field_tolls(units, counted.found.candidates, context, pack)}
    # What the text gives to a strike is kept, however little its words say: "including three in Poltava".
    kept = sorted({*kept, *given.values()})
    candidates = [counted.found.candidates[c] for c in kept]
    features = [counted.features[c] for c in kept]
    published = [publication.at(unit.candidate.place, gazetteer) for unit in units]
    pairs = count_pairs(units, published, candidates, context)
    dated = _without_other_days(pairs, candidates, [odds[c] for c in kept])
    reading = context.reading
    share = reading.settings.toll_share if reading is not None else 0.0
    totals = split.totals | fields_of_all(units, counted.found.candidates, context, pack)
    dated = {(u, c): pair for (u, c), pair in dated.items() if (u, kept[c]) not in totals}
    chosen = dict(model.choose(candidates, features, dated, _links(units, candidates, reading), share))
    chosen.update({key: _as_given(kept.index(c), chosen.get(key)) for key, c in given.items()})
    so_far = {key: c.candidate for key, c in chosen.items()}
    later = later_totals(units, candidates, so_far, context, pack)
    chosen.update({key: _as_given(c, chosen[key]) for key, c in later.items()})
    sums = {key: c.candidate for key, c in chosen.items() if key not in given and key not in later}
    added = added_victims(units, candidates, sums, context, pack)
    tolls = []
    for u in range(len(units)):
        of_unit = {kind: chosen[u, kind] for kind in KINDS if (u, kind) in chosen}
        counts = {}
        for kind, c in of_unit.items():
            own = candidates[c.candidate]
            sentence = context.findings.sentences[own.sentence]
            whole = added.get((u, kind), own.count)
            counts[kind] = without_attackers(whole, sentence, candidates, context.findings.text, pack)
        tolls.append(
            Toll(
                killed=counts.get("killed"),
                injured=counts.get("injured"),
                killed_probability=_probability(of_unit.get("killed")),
                injured_probability=_probability(of_unit.get("injured")),
                reasons={kind: model.numbers.reasons(features[c.candidate]) for kind, c in of_unit.items()},
            )
        )
    return tolls


def _as_given(c: int, chosen: Chosen | None) -> Chosen:
    """Return what the text gives to a strike as its number: sure, but where the model has chosen it, as sure as that."""
    return chosen if chosen is not None and chosen.candidate == c else Chosen(c, _ODDS_OF_GIVEN)


def likely_numbers(
    odds: Sequence[float], candidates: Sequence[CountCandidate], context: Context
) -> list[int]:
    """Return the positions of the numbers that may be a toll, the likeliest first."""
    possible = [
        c for c in range(len(candidates)) if odds[c] >= LEAST_NUMBER and may_be_toll(candidates[c], context)
    ]
    return sorted(possible, key=lambda c: -odds[c])


def _links(
    units: Sequence[Unit], candidates: Sequence[CountCandidate], reading: Reading | None
) -> dict[Key, float]:
    """Return the encoder's log-odds of strikes with numbers, where it read both."""
    result: dict[Key, float] = {}
    if reading is None:
        return result
    for u, unit in enumerate(units):
        mentions = [(m.start, m.end) for m in unit.scenes]
        for kind in KINDS:
            own = [c for c, candidate in enumerate(candidates) if candidate.kind == kind]
            odds = reading.link_odds(mentions, [(candidates[c].start, candidates[c].end) for c in own], kind)
            result.update({(u, c): found for c, found in zip(own, odds, strict=True) if found is not None})
    return result


def _without_other_days(
    pairs: Mapping[tuple[int, int], Pair], candidates: Sequence[CountCandidate], odds: Sequence[float]
) -> dict[tuple[int, int], Pair]:
    """Return the pairs without numbers beside another day, where one stands beside the strike's own day alone.

    "The toll of the attack on April 4 is 20. Two days before that strike, another had killed four." Out of fold
    this mends the tolls of two strikes in 2,216, and spoils none.
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
