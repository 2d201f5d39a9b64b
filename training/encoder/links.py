"""What belongs to which strike, as the encoder's training reads it: tolls, weapons, dates, and mentions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from schemas.vocabulary import Weapon
from training.analysed import Analysed, AnnotatedStrike
from training.count_articles import count_articles
from training.count_rows import BELONGS, DOES_NOT, CountArticle, label_counts, number_rows
from training.date_rows import date_labels
from training.twin_rows import strike_of
from training.units import annotated_units
from training.weapon_rows import kinds_in, weapon_label
from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.count_model import Key
from transforms.nlp.learned.date_options import date_options
from transforms.nlp.learned.encoder_windows import Span
from transforms.nlp.learned.reading import LINKS
from transforms.nlp.learned.units import Unit
from transforms.nlp.learned.weapon_candidates import WeaponWord, weapon_words
from transforms.nlp.place_names import PlaceMention

RIVAL_WEIGHT = 3.0
"""What a number weighs that is the toll of another strike: these are confused most."""
SAME_DATE_WEIGHT = 0.5
"""What a time weighs that gives the right date, where other words are annotated as its date."""
TWIN_WEIGHT = 3.0
"""What two mentions weigh that tell of two strikes: one place in twelve has such."""
MOST_MENTIONS = 8
Row = list[Any]


def links_of(article: Analysed, gazetteer: Gazetteer, pack: LanguagePack) -> dict[str, Any]:
    """Return the part of an article's row that tells what belongs to which strike.

    ``others``: characters of numbers, weapons, times, and mentions of places that are named more than once.
    ``numbers``: [other, kind, label, weight], whether it is
    the toll of any strike. ``links``: [mentions, others, kind, label, weight, strike], whether one of the
    others belongs to the strike at one of the mentions. Mentions are counted through all candidates of the
    article, and strikes through its annotation.
    """
    units, strikes = annotated_units(article, [[0.0] * len(c.mentions) for c in article.candidates])
    counted = next(count_articles([(replace(article, strikes=strikes), units)], gazetteer, pack))
    words = weapon_words(article.context, pack)
    times = article.findings.times
    spans = sorted(
        {(n.start, n.end) for n in counted.numbers}
        | {(w.start, w.end) for w in words}
        | {(t.start, t.end) for t in times}
        | {(m.start, m.end) for m in _named_again(article)}
    )
    places = {span: n for n, span in enumerate(spans)}
    numbers = [places[n.start, n.end] for n in counted.numbers]
    kinds: dict[str, set[int]] = {}
    for word in words:
        kinds.setdefault(word.kind, set()).add(places[word.start, word.end])
    links: list[Row] = []
    labels = label_counts(counted.golds, counted.numbers, counted.decoys)
    for u, (unit, strike) in enumerate(zip(units, strikes, strict=True)):
        mentions = _mentions(article, unit)
        own = [
            *_tolls(u, counted, labels, numbers),
            *_weapons(strike, words, kinds),
            *_dates(article, strike, places, gazetteer),
        ]
        links += [[mentions, *link, counted.annotated[u]] for link in own]
    links += _twins(article, places)
    rows = zip(numbers, counted.numbers, number_rows(counted), strict=True)
    return {
        "others": spans,
        "numbers": [
            [other, LINKS.index(n.kind), row.label, row.weight / counted.weight] for other, n, row in rows
        ],
        "links": links,
    }


def _mentions(article: Analysed, unit: Unit) -> list[int]:
    """Return the scenes of a unit by their position among all mentions of all candidates."""
    mentions = [(c, m) for c in article.candidates for m in c.mentions]
    return [n for n, (c, m) in enumerate(mentions) if c is unit.candidate and m in unit.scenes]


def _tolls(
    u: int, counted: CountArticle, labels: Mapping[Key, tuple[int, float]], others: Sequence[int]
) -> Iterator[Row]:
    """Yield others, kind, label and weight of a strike with each number."""
    tolls = {c for (_, c), (label, _) in labels.items() if label == BELONGS}
    for c, number in enumerate(counted.numbers):
        label, weight = labels[u, c]
        if label == DOES_NOT and c in tolls:
            weight *= RIVAL_WEIGHT
        yield [[others[c]], LINKS.index(number.kind), label, weight]


def _weapons(
    strike: AnnotatedStrike, words: Sequence[WeaponWord], kinds: Mapping[str, set[int]]
) -> Iterator[Row]:
    """Yield others, kind, label and weight of a strike with each kind of weapon."""
    spoken = kinds_in(strike.spans.get("weapon"), words)
    for kind, others in kinds.items():
        label = weapon_label(kind, Weapon(strike.gold.weapon), spoken)
        yield [sorted(others), LINKS.index(kind), label, 1.0]


def _dates(
    article: Analysed, strike: AnnotatedStrike, places: Mapping[Span, int], gazetteer: Gazetteer
) -> Iterator[Row]:
    """Yield others, kind, label and weight of a strike with each time: is it the date of the strike?"""
    options = date_options(article.findings, article.published_at(strike.candidate, gazetteer))
    if strike.gold.dates is None or not options:
        return
    labels = date_labels([o.interval for o in options], [strike.gold.dates])
    best: dict[Span, int] = {}
    for option, label in zip(options, labels, strict=True):
        for stated in option.stated:
            span = stated.time.start, stated.time.end
            # A time has several readings; it is right if one of them is.
            best[span] = max(best.get(span, 0), label) if label >= 0 else best.get(span, label)
    said = strike.spans.get("date")
    for span, label in best.items():
        is_said = said is not None and span[0] < said[1] and said[0] < span[1]
        weight = SAME_DATE_WEIGHT if label == BELONGS and said is not None and not is_said else 1.0
        yield [[places[span]], LINKS.index("date"), label, weight]


def _named_again(article: Analysed) -> Iterator[PlaceMention]:
    """Yield the mentions of struck places that are named more than once, at most so many of each."""
    for number in sorted({s.candidate for s in article.strikes}):
        mentions = article.candidates[number].mentions
        if len(mentions) > 1:
            yield from mentions[:MOST_MENTIONS]


def _twins(article: Analysed, places: Mapping[Span, int]) -> Iterator[Row]:
    """Yield the row of each two mentions of a struck place: do they tell of two strikes?"""
    every = [m for c in article.candidates for m in c.mentions]
    for number in sorted({s.candidate for s in article.strikes}):
        strikes = [s for s in article.strikes if s.candidate == number]
        mentions = article.candidates[number].mentions[:MOST_MENTIONS]
        for first, other in combinations(mentions, 2):
            one, two = strike_of(first, strikes), strike_of(other, strikes)
            if one is not None and two is not None:
                weight = TWIN_WEIGHT if one != two else 1.0
                other_at = places[other.start, other.end]
                at = next(n for n, m in enumerate(every) if m is first)
                yield [[at], [other_at], LINKS.index("twin"), int(one != two), weight, one]
