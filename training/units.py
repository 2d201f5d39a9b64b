"""The annotated strikes of an article as units: their place, scenes and dates."""

from collections.abc import Sequence

from training.analysed import Analysed, AnnotatedStrike
from transforms.nlp.learned.candidates import Candidate
from transforms.nlp.learned.units import Unit
from transforms.nlp.learned.verdicts import scenes_of
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.times import Interval

_FAR = 10**6


def annotated_units(
    article: Analysed, odds: Sequence[Sequence[float]]
) -> tuple[list[Unit], list[AnnotatedStrike]]:
    """Return the units of an article and the annotated strike of each, in the order of their scenes.

    Args:
        article: the article.
        odds: log-odds of each mention of each candidate, by weights that did not see the article.
    """
    found = [(_unit(article, strike, odds[strike.candidate]), strike) for strike in article.strikes]
    found.sort(key=lambda pair: pair[0].scenes[0].start)
    return [unit for unit, _ in found], [strike for _, strike in found]


def _unit(article: Analysed, strike: AnnotatedStrike, odds: Sequence[float]) -> Unit:
    candidate, dates = article.candidates[strike.candidate], strike.gold.dates
    interval = Interval(*dates, 1) if dates is not None else None
    return Unit(candidate, _scenes(candidate, strike, article.strikes, odds), interval)


def _scenes(
    candidate: Candidate, strike: AnnotatedStrike, strikes: Sequence[AnnotatedStrike], odds: Sequence[float]
) -> tuple[PlaceMention, ...]:
    """Return the mentions at which a strike is told.

    Of several strikes at one place each has the mentions nearest to its own annotated words.
    """
    scenes = scenes_of(candidate, tuple(odds))
    twins = [s for s in strikes if s.candidate == strike.candidate]
    if len(twins) == 1 or "place" not in strike.spans:
        return scenes

    def distance(twin: AnnotatedStrike, mention: PlaceMention) -> int:
        return abs(twin.spans.get("place", (_FAR, _FAR))[0] - mention.start)

    own = [m for m in candidate.mentions if min(twins, key=lambda t: distance(t, m)) is strike]
    return tuple(m for m in scenes if m in own) or tuple(own[:1]) or scenes[:1]
