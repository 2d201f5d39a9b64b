"""The strikes of an article: each struck place with the dates that the learned model gives it."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence

from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.learned.candidates import Candidate
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.date_features import date_pairs
from transforms.nlp.learned.date_options import DateOption, date_options
from transforms.nlp.learned.pair_model import PairModel, probability
from transforms.nlp.learned.reading import Reading, mean_odds
from transforms.nlp.learned.twin_features import Key, Scene, twin_pairs
from transforms.nlp.learned.twins import grouped
from transforms.nlp.learned.units import Unit
from transforms.nlp.learned.verdicts import Verdict, scenes_of
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.publication import Publication

_MOST_UNITS = 80
"""An article reports at most so many strikes, the likeliest: a line with a day for each of 400 gave 476."""
_MOST_SCENES = 8
"""Of so many scenes of a place, the likeliest, each two are compared."""
_DAY = dt.timedelta(days=1)
_NEVER = 1e-9
"""Stands for the probabilities 0 and 1, which have no log-odds."""
_LEAST_INSIDE = -3.0
"""A day inside a longer span of dates replaces the span if it has at least these log-odds."""


def dated_units(
    verdicts: Sequence[Verdict],
    context: Context,
    published: Publication,
    gazetteer: Gazetteer,
    dates: PairModel,
    twins: PairModel,
) -> list[Unit]:
    """Return the strikes of a document in text order: at least one for each struck place.

    Args:
        verdicts: of the model of places. Those of places that were not struck give no strike.
        context: the document.
        published: when the article was published; without it no strike has dates.
        gazetteer: for time zones.
        dates: the model of places and dates.
        twins: the model of scenes at one place: do they tell of one strike, or of two?
    """
    units: list[Unit] = []
    for verdict in verdicts:
        if verdict.is_struck:
            local = published.at(verdict.place, gazetteer)
            units += _units_of(verdict, context, local, dates, twins)
    likeliest = sorted(units, key=lambda u: -u.probability)[:_MOST_UNITS]
    return sorted(likeliest, key=lambda u: u.scenes[0].start)


def _units_of(
    verdict: Verdict, context: Context, local: dt.datetime | None, dates: PairModel, twins: PairModel
) -> list[Unit]:
    candidate, scenes = verdict.candidate, verdict.scenes
    options = date_options(context.findings, local)
    if local is None or not options:
        return [Unit(candidate, scenes, probability=verdict.probability)]
    told = [scenes]
    if len(scenes) > 1:
        dated = scenes_with_dates(candidate, verdict.odds, options, context, local, dates)
        pairs = twin_pairs(dated, options, len(candidate.mentions), context)
        own_odds = dict(zip(pairs, twins.score(list(pairs.values())), strict=True))
        odds = _with_twins(own_odds, dated, context.reading)
        groups = grouped(len(dated), odds, least_of_twins(twins, context.reading))
        if len(groups) > 1:
            told = [tuple(dated[n].mention for n in group) for group in groups]
    units = []
    for own in told:
        # Of several strikes each has its own mentions; a single one has all of the place, also the quiet ones.
        told_of = candidate if len(told) == 1 else Candidate(candidate.place, own)
        values = [o for m, o in zip(candidate.mentions, verdict.odds, strict=True) if m in told_of.mentions]
        scores = dates.score(date_pairs(told_of, values, options, context, local))
        scores = _with_times(scores, own, options, context.reading)
        best = _narrowed(max(range(len(options)), key=lambda n: scores[n]), options, scores)
        units.append(_unit(candidate, own, options[best], scores[best], verdict.probability))
    return units


def least_of_twins(twins: PairModel, reading: Reading | None) -> float:
    """Return from which log-odds two scenes tell of two strikes."""
    if reading is None:
        return twins.thresholds["twin"]
    least = min(max(reading.settings.twin, _NEVER), 1 - _NEVER)
    return math.log(least / (1 - least))


def _with_twins(
    odds: Mapping[Key, float], scenes: Sequence[Scene], reading: Reading | None
) -> dict[Key, float]:
    """Return the log-odds of two scenes to tell of two strikes, in which the encoder has its share."""
    if reading is None:
        return dict(odds)
    spans = [(s.mention.start, s.mention.end) for s in scenes]
    share = reading.settings.twin_share
    return {
        (a, b): mean_odds(own, reading.link_odds([spans[a]], [spans[b]], "twin")[0], share)
        for (a, b), own in odds.items()
    }


def _with_times(
    odds: Sequence[float],
    scenes: Sequence[PlaceMention],
    options: Sequence[DateOption],
    reading: Reading | None,
) -> list[float]:
    """Return the log-odds of the dates of a strike, in which the encoder has its share where a time states them."""
    if reading is None:
        return list(odds)
    mentions = [(m.start, m.end) for m in scenes]
    found = []
    for own, option in zip(odds, options, strict=True):
        times = [(s.time.start, s.time.end) for s in option.stated]
        read = [o for o in reading.link_odds(mentions, times, "date") if o is not None]
        by_encoder = max(read) if read else None
        found.append(mean_odds(own, by_encoder, reading.settings.date_share))
    return found


def scenes_with_dates(
    candidate: Candidate,
    odds: Sequence[float],
    options: Sequence[DateOption],
    context: Context,
    local: dt.datetime,
    model: PairModel,
) -> list[Scene]:
    """Return the scenes of a place in text order, the likeliest if they are many, with their dates.

    Mentions that are no scenes by themselves do not count: with them, the model finds half as many second strikes. Nor do
    those of sentences on people in hospital: "four are being treated in the city" is no second strike on it.

    Args:
        candidate: the place.
        odds: log-odds that a strike is told, for each of its mentions.
        options: the dates that the article offers.
        context: the document.
        local: local time of publication at the place.
        model: of places and dates.
    """
    kept = scenes_of(candidate, tuple(odds))
    patients = [(s.start, s.end) for s in context.findings.sentences if s.tells_of_patients]
    told = [m for m in kept if not any(start <= m.start < end for start, end in patients)]
    own = [(m, o) for m, o in zip(candidate.mentions, odds, strict=True) if m in (told or kept)]
    own = sorted(sorted(own, key=lambda pair: -pair[1])[:_MOST_SCENES], key=lambda pair: pair[0].start)
    found = []
    for mention, value in own:
        pairs = date_pairs(Candidate(candidate.place, (mention,)), [value], options, context, local)
        found.append(Scene(mention, value, tuple(model.score(pairs))))
    return found


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
