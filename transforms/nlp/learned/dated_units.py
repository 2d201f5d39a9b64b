"""The strikes of an article: each struck place with the dates that the learned model gives it."""

import datetime as dt
from collections.abc import Sequence

from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.learned.candidates import Candidate
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.date_features import date_pairs
from transforms.nlp.learned.date_options import DateOption, date_options
from transforms.nlp.learned.pair_model import PairModel, probability
from transforms.nlp.learned.units import Unit
from transforms.nlp.learned.verdicts import SCENE_ODDS, Verdict
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.publication import Publication
from transforms.nlp.times import Interval

_MOST_UNITS = 80
"""An article reports at most so many strikes, the likeliest: a line with a day for each of 400 gave 476."""
_DAY = dt.timedelta(days=1)
_LEAST_INSIDE = -3.0
"""A day inside a longer span of dates replaces the span if it has at least these log-odds."""


def dated_units(
    verdicts: Sequence[Verdict],
    context: Context,
    published: Publication,
    gazetteer: Gazetteer,
    model: PairModel,
) -> list[Unit]:
    """Return the strikes of a document in text order: at least one for each struck place.

    Args:
        verdicts: of the model of places. Those of places that were not struck give no strike.
        context: the document.
        published: when the article was published; without it no strike has dates.
        gazetteer: for time zones.
        model: of places and dates.
    """
    units: list[Unit] = []
    for verdict in verdicts:
        if verdict.is_struck:
            local = published.at(verdict.place, gazetteer)
            units += _units_of(verdict, context, local, model)
    likeliest = sorted(units, key=lambda u: -u.probability)[:_MOST_UNITS]
    return sorted(likeliest, key=lambda u: u.scenes[0].start)


def _units_of(verdict: Verdict, context: Context, local: dt.datetime | None, model: PairModel) -> list[Unit]:
    candidate, scenes = verdict.candidate, verdict.scenes
    options = date_options(context.findings, local)
    if local is None or not options:
        return [Unit(candidate, scenes, probability=verdict.probability)]
    odds = model.score(date_pairs(candidate, verdict.odds, options, context, local))
    best = _narrowed(max(range(len(options)), key=lambda n: odds[n]), options, odds)
    chosen = [(options[best], odds[best], list(scenes))]
    least = model.thresholds["further"]
    for mention, own in zip(candidate.mentions, verdict.odds, strict=True):
        if own < SCENE_ODDS or len(scenes) == 1:
            continue
        option, value = _option_of(mention, own, candidate, options, context, local, model)
        is_other = all(_are_apart(option.interval, c.interval) for c, _, _ in chosen)
        if option.stated and value > least and is_other:
            chosen.append((option, value, [mention]))
            chosen[0][2].remove(mention)
    return [
        _unit(candidate, kept or scenes[:1], option, value, verdict.probability)
        for option, value, kept in chosen
    ]


def _narrowed(best: int, options: Sequence[DateOption], odds: Sequence[float]) -> int:
    """Return the likeliest day inside the likeliest span of dates, else the span itself.

    "At the beginning of April" in one sentence is the "April 4" of the next. Out of fold, six more of
    2,019 places then have a right day, net of those that lose it.
    """
    span = options[best].interval
    if options[best].is_publication or span.end - span.start <= _DAY:
        return best
    inside = [
        n
        for n, option in enumerate(options)
        if odds[n] >= _LEAST_INSIDE
        and any(s.time.role == "event" for s in option.stated)
        and option.interval.end - option.interval.start <= _DAY
        and span.start <= option.interval.start
        and option.interval.end <= span.end
    ]
    return max(inside, key=lambda n: odds[n], default=best)


def _option_of(
    mention: PlaceMention,
    odds: float,
    candidate: Candidate,
    options: Sequence[DateOption],
    context: Context,
    local: dt.datetime,
    model: PairModel,
) -> tuple[DateOption, float]:
    """Return the likeliest dates of one mention, with their log-odds."""
    alone = Candidate(candidate.place, (mention,))
    scores = model.score(date_pairs(alone, [odds], options, context, local))
    best = max(range(len(options)), key=lambda n: scores[n])
    return options[best], scores[best]


def _unit(
    candidate: Candidate,
    scenes: Sequence[PlaceMention],
    option: DateOption,
    odds: float,
    struck: float,
) -> Unit:
    """Return a strike. Its time is the first that states its dates."""
    return Unit(
        candidate=candidate,
        scenes=tuple(scenes),
        interval=option.interval,
        time=option.stated[0].time if option.stated else None,
        probability=struck,
        date_probability=probability(odds),
    )


def _are_apart(a: Interval, b: Interval) -> bool:
    """Return whether there is a whole day between two spans of dates."""
    return a.start > b.end + _DAY or b.start > a.end + _DAY
