"""Scenes to learn from: do two mentions of a struck place tell of one strike, or of two?"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from training.analysed import Analysed, AnnotatedStrike
from training.date_rows import dated_places
from training.pair_rows import PairRow, weight_of_folder
from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.learned.dated_units import scenes_with_dates
from transforms.nlp.learned.encoder_windows import Span
from transforms.nlp.learned.pair_model import PairModel
from transforms.nlp.learned.twin_features import Key, twin_pairs
from transforms.nlp.learned.twins import grouped
from transforms.nlp.place_names import PlaceMention

_FAR = 10**6
_GRID = tuple(n / 4 for n in range(-8, 13))
NO_LABEL = -1
_NEARLY = 0.001


@dataclass(frozen=True, slots=True)
class TwinRows:
    """The pairs of scenes of one struck place. ``strikes``: how many are annotated there.

    ``scenes``: the characters of each.
    """

    scenes: tuple[Span, ...]
    strikes: int
    keys: tuple[Key, ...]
    rows: tuple[PairRow, ...]


def twin_rows(
    articles: Sequence[Analysed],
    odds: Callable[[Analysed, int], Sequence[float]],
    dates: Callable[[Analysed], PairModel],
    gazetteer: Gazetteer,
) -> Iterator[TwinRows]:
    """Yield the pairs of scenes of each struck place; a place with one scene has none.

    Args:
        articles: to learn from.
        odds: gives the log-odds of the mentions of a candidate, by weights that did not see the article.
        dates: gives the model of dates that did not see the article.
        gazetteer: for time zones.
    """
    for article in articles:
        weight = weight_of_folder(article.article.folder)
        for place in dated_places(article, gazetteer):
            own, context = odds(article, place.number), article.context
            scenes = scenes_with_dates(
                place.candidate, own, place.options, context, place.local, dates(article)
            )
            pairs = twin_pairs(scenes, place.options, len(place.candidate.mentions), context)
            of_strike = [strike_of(scene.mention, place.strikes) for scene in scenes]
            rows = tuple(
                PairRow(
                    article.name,
                    article.fold,
                    _label(of_strike[a], of_strike[b]),
                    weight,
                    pair.names,
                    pair.numbers,
                )
                for (a, b), pair in pairs.items()
            )
            yield TwinRows(
                tuple((s.mention.start, s.mention.end) for s in scenes),
                len(place.strikes),
                tuple(pairs),
                rows,
            )


def strike_of(mention: PlaceMention, strikes: Sequence[AnnotatedStrike]) -> int | None:
    """Return which of the strikes at a place a mention tells: that with the nearest annotated words.

    None where a strike has no annotated words, or where two have the same.
    """
    if len(strikes) == 1:
        return 0
    spans = [s.spans.get("place") for s in strikes]
    if None in spans or len(set(spans)) < len(spans):
        return None
    return min(range(len(strikes)), key=lambda n: abs((spans[n] or (_FAR, _FAR))[0] - mention.start))


def _label(first: int | None, other: int | None) -> int:
    if first is None or other is None:
        return NO_LABEL
    return int(first != other)


def choose_twin_threshold(
    places: Sequence[TwinRows], odds: Sequence[Mapping[Key, float]]
) -> dict[str, float]:
    """Return the highest threshold that gives nearly the best F1 of strikes at the places, out of fold.

    Of equal ones the highest: a second row that is wrong is worse than one that is missing.
    """
    found = {least: f1_of_twins(places, odds, least) for least in _GRID}
    enough = max(found.values()) - _NEARLY
    return {"twin": max(least for least, f1 in found.items() if f1 >= enough)}


def f1_of_twins(places: Sequence[TwinRows], odds: Sequence[Mapping[Key, float]], least: float) -> float:
    """Return F1 of the strikes at struck places; real articles weigh more. It counts how many there are."""
    hits = told = annotated = 0.0
    for place, of_place in zip(places, odds, strict=True):
        weight = place.rows[0].weight if place.rows else 1.0
        groups = len(grouped(len(place.scenes), of_place, least))
        hits += weight * min(groups, place.strikes)
        told += weight * groups
        annotated += weight * place.strikes
    return 2 * hits / max(1.0, told + annotated)
