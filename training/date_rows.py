"""Pairs to learn from: the struck places of annotated articles with each date that the article offers."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from training.analysed import Analysed, AnnotatedStrike
from training.pair_rows import PairRow, weight_of_folder
from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.learned.candidates import Candidate
from transforms.nlp.learned.date_features import date_pairs
from transforms.nlp.learned.date_options import DateOption, date_options
from transforms.nlp.learned.encoder_windows import Span
from transforms.nlp.times import Interval

_DAY = dt.timedelta(days=1)
_MAX_LONGER = dt.timedelta(days=7)
"""A span of dates may be so much longer than the annotated one and still be near it."""
_NULL_WEIGHT = 0.3
"""Where the annotation gives no dates, none is right, and none does much harm."""
Odds = Callable[[Analysed, int], Sequence[float]]
Dates = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class DateRows:
    """The rows of one struck place, one for each date. ``times``: the characters of what states the date.

    ``strikes``: how many are annotated there. ``first``: the characters of its first mention.
    """

    strikes: int
    first: Span
    rows: tuple[PairRow, ...]
    times: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class DatedPlace:
    """A struck place of an article: its number, strikes, dates on offer, and local time of publication."""

    number: int
    candidate: Candidate
    strikes: Sequence[AnnotatedStrike]
    options: Sequence[DateOption]
    local: dt.datetime


def dated_places(article: Analysed, gazetteer: Gazetteer) -> Iterator[DatedPlace]:
    """Yield the struck places of an article that says when it was published."""
    for number in sorted({s.candidate for s in article.strikes}):
        local = article.published_at(number, gazetteer)
        options = date_options(article.findings, local)
        if local is not None and options:
            strikes = [s for s in article.strikes if s.candidate == number]
            yield DatedPlace(number, article.candidates[number], strikes, options, local)


def date_rows(articles: Sequence[Analysed], odds: Odds, gazetteer: Gazetteer) -> Iterator[DateRows]:
    """Yield the rows of each struck place of all articles.

    Args:
        articles: to learn from.
        odds: gives the log-odds of the mentions of a candidate, by weights that did not see the article.
        gazetteer: for time zones.
    """
    for article in articles:
        weight = weight_of_folder(article.article.folder)
        for place in dated_places(article, gazetteer):
            golds = [s.gold.dates for s in place.strikes]
            # A day beside the right one is wrong too: else datelines and days of statements cost nothing.
            # Of 541 strikes of the fifth 454 have just the annotated days so, else 444.
            labels = [max(label, 0) for label in date_labels([o.interval for o in place.options], golds)]
            pairs = date_pairs(
                place.candidate, odds(article, place.number), place.options, article.context, place.local
            )
            own = weight * (_NULL_WEIGHT if None in golds else 1.0)
            yield DateRows(
                strikes=len(golds),
                first=(place.candidate.mentions[0].start, place.candidate.mentions[0].end),
                rows=tuple(
                    PairRow(article.name, article.fold, label, own, pair.names, pair.numbers)
                    for pair, label in zip(pairs, labels, strict=True)
                ),
                times=tuple(tuple((s.time.start, s.time.end) for s in o.stated) for o in place.options),
            )


def date_labels(intervals: Sequence[Interval], golds: Sequence[Dates | None]) -> list[int]:
    """Return 1 for the right dates, 0 for wrong ones, -1 for those only near it where others are right."""
    exact = [any(g == (i.start, i.end) for g in golds) for i in intervals]
    labels = []
    for interval, is_exact in zip(intervals, exact, strict=True):
        near = [g for g in golds if g is not None and is_near(interval, g)]
        has_exact = any((i.start, i.end) in near for i in intervals)
        labels.append(1 if is_exact or (near and not has_exact) else -1 if near else 0)
    return labels


def is_near(interval: Interval, gold: Dates) -> bool:
    """Return whether dates are those annotated, give or take a day."""
    first, last = gold
    is_short = interval.end - interval.start <= last - first + _MAX_LONGER
    return interval.start <= last + _DAY and interval.end >= first - _DAY and is_short
