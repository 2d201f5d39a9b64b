"""The features of a strike with a number: does the number count the victims of this strike?

What the words around the number say is left to the features of numbers.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from transforms.nlp.dates_of_times import resolve_time
from transforms.nlp.learned.candidates import key_of
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.count_candidates import CountCandidate
from transforms.nlp.learned.count_features import Numbers
from transforms.nlp.learned.date_options import date_options
from transforms.nlp.learned.given_places import numbers_of_given, places_given
from transforms.nlp.learned.joined_places import joined_groups
from transforms.nlp.learned.mention_features import bucket
from transforms.nlp.learned.pair_model import Pair
from transforms.nlp.learned.units import Unit
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.times import Interval, TimeExpression

_FAR = 60.0
"""Distances in tokens are cut here; it also stands for "none"."""
_SENTENCE_COST = 15.0
"""Each sentence between a number and a mention counts as so many tokens."""
_MAX_PATH = 8
AGREES, WIDER, NO_TIME, CONTRADICTS = "agrees", "wider", "none", "contradicts"
_DAY = dt.timedelta(days=1)

Pairs = Mapping[tuple[int, int], Pair]
Dated = tuple[TimeExpression, tuple[Interval, ...]]
"""A time of the text with every reading of its dates."""


@dataclass(slots=True)
class _Article:
    """What the pairs of one article share.

    ``times``: the dates of each time of the text, as each strike resolves it. ``towns``: the mentions of towns,
    and ``owners``: where each scene begins with its strike, both in text order. ``distances``: of each strike to
    each number. ``given``: whose are the places that a number is given to, for each strike and number.
    ``joined``: the towns that stand joined, by the start of each.
    """

    units: Sequence[Unit]
    candidates: Sequence[CountCandidate]
    context: Context
    times: Sequence[Sequence[Dated]]
    towns: list[PlaceMention] = field(init=False)
    owners: list[tuple[int, int]] = field(init=False)
    distances: list[list[float]] = field(init=False)
    given: list[list[list[str]]] = field(init=False)
    joined: Mapping[int, Sequence[PlaceMention]] = field(init=False)

    def __post_init__(self) -> None:
        self.towns = [p for p in self.context.certain if p.place.geo_precision == 1]
        self.owners = sorted((s.start, u) for u, unit in enumerate(self.units) for s in unit.scenes)
        self.distances = [
            [min(_distance(s, c, self.context) for s in unit.scenes) for c in self.candidates]
            for unit in self.units
        ]
        self.joined = joined_groups(self.towns, self.context)
        given = places_given(self.candidates, self.context)
        self.given = [
            [[_whose(p, u, self) if p.place.geo_precision == 1 else "wider" for p in of] for of in given]
            for u in range(len(self.units))
        ]


def count_pairs(
    units: Sequence[Unit],
    published: Sequence[dt.datetime | None],
    candidates: Sequence[CountCandidate],
    context: Context,
) -> Pairs:
    """Return the features of each strike with each number, by their positions.

    Args:
        units: the strikes of one article.
        published: local time of publication at each strike's place.
        candidates: the numbers of the article.
        context: the document.
    """
    times = [_resolved(u, p, context) for u, p in zip(units, published, strict=True)]
    article = _Article(units, candidates, context, times)
    result = {}
    for c in range(len(candidates)):
        for u in range(len(units)):
            names: set[str] = set()
            numbers: Numbers = {}
            names.update(_distances(u, c, article, numbers))
            names.update(_segment(u, c, article, numbers))
            names.update(_places(u, c, article, numbers))
            names.update(_times(u, c, article, numbers))
            names.update(_path(u, c, article, numbers))
            names.update(_joined(u, c, article, numbers))
            numbers.update(numbers_of_given(c, candidates, article.given[u]))
            result[u, c] = Pair(dict.fromkeys(names, 1.0), numbers)
    return result


def _resolved(unit: Unit, published: dt.datetime | None, context: Context) -> list[Dated]:
    """Return the dates that each time of the text may mean, if it is told of this strike."""
    times = context.findings.times
    if published is None:
        return [(time, ()) for time in times]
    readings: dict[int, list[Interval]] = {}
    for option in date_options(context.findings, published):
        for stated in option.stated:
            readings.setdefault(stated.time.start, []).append(stated.interval)
    return [
        (time, tuple(readings.get(time.start, ())) or _one(resolve_time(time, published, unit.interval)))
        for time in times
    ]


def _one(interval: Interval | None) -> tuple[Interval, ...]:
    return (interval,) if interval is not None else ()


def _distance(mention: PlaceMention, candidate: CountCandidate, context: Context) -> float:
    """Return the distance of a mention to a number in tokens; each sentence between has a fixed cost."""
    number = context.sentence_of(mention.start)
    tokens = max(mention.first - candidate.last, candidate.first - mention.last, 0)
    if number is None or number == candidate.sentence:
        return float(min(tokens, _FAR))
    return min(tokens, 10.0) + _SENTENCE_COST * abs(number - candidate.sentence)


def _distances(u: int, c: int, article: _Article, numbers: Numbers) -> Iterator[str]:
    """Yield how near a number is to the scenes of the strike, and to those of the others."""
    context, unit, candidate = article.context, article.units[u], article.candidates[c]
    own = article.distances[u][c]
    others = [of_unit[c] for n, of_unit in enumerate(article.distances) if n != u]
    nearest = min(unit.scenes, key=lambda scene: _distance(scene, candidate, context))
    number = context.sentence_of(nearest.start)
    sentence = context.sentence(number) if number is not None else None
    apart = candidate.sentence - number if number is not None else 0
    here = context.findings.sentences[candidate.sentence].paragraph
    paragraphs = here - sentence.paragraph if sentence is not None else 0
    first = context.sentence_of(unit.scenes[0].start)
    place = key_of(unit.candidate.place)
    numbers["units"] = float(min(len(article.units), 12))
    numbers["scenes"] = float(min(len(unit.scenes), 8))
    numbers["distance"] = min(own, 200.0)
    numbers["distance_mention"] = min(min(_distance(m, candidate, context) for m in unit.mentions), 200.0)
    numbers["distance_other"] = min(min(others, default=200.0), 200.0)
    numbers["nearer_units"] = float(sum(d < own for d in others))
    numbers["as_near_units"] = float(sum(d == own for d in others))
    numbers["sentences_apart"] = float(max(-20, min(apart, 20)))
    numbers["paragraphs_apart"] = float(max(-10, min(paragraphs, 10)))
    numbers["same_sentence"] = float(apart == 0)
    numbers["same_paragraph"] = float(paragraphs == 0)
    numbers["scene_before"] = float(nearest.start < candidate.start)
    numbers["earlier_units"] = float(sum(v.scenes[0].start < unit.scenes[0].start for v in article.units))
    numbers["unit_in_title"] = float(unit.scenes[0].start < context.findings.title_end)
    numbers["first_scene"] = float(first if first is not None else 0)
    numbers["same_place_units"] = float(sum(key_of(v.candidate.place) == place for v in article.units) - 1)
    if apart == 0:
        yield f"scene{'<' if nearest.start < candidate.start else '>'}{bucket(own)}"
    else:
        yield f"scene_sentence={max(-4, min(apart, 4))}"
    yield f"scene_paragraph={max(-4, min(paragraphs, 4))}"
    yield f"nearer={min(int(numbers['nearer_units']), 3)}"
    yield f"only={len(article.units) == 1}"


def _segment(u: int, c: int, article: _Article, numbers: Numbers) -> Iterator[str]:
    """Yield whose scene is the last before a number, and whose the next."""
    candidate = article.candidates[c]
    at = bisect_left(article.owners, (candidate.start, 0))
    last = article.owners[at - 1] if at else None
    following = article.owners[at] if at < len(article.owners) else None
    sentence = article.context.findings.sentences[candidate.sentence]
    next_here = following if following is not None and following[0] < sentence.end else None
    last_is = "none" if last is None else "own" if last[1] == u else "unit"
    next_is = "none" if next_here is None else "own" if next_here[1] == u else "unit"
    numbers["segment_own"] = float(last_is == "own")
    numbers["segment_unit"] = float(last_is == "unit")
    numbers["next_scene_own"] = float(next_is == "own")
    numbers["next_scene_unit"] = float(next_is == "unit")
    numbers["segment_in_sentence"] = float(last is not None and last[0] >= sentence.start)
    yield f"segment={last_is}:{next_is}"


def _places(u: int, c: int, article: _Article, numbers: Numbers) -> Iterator[str]:
    """Yield whose town is the last before the number, and the first after it."""
    context, candidate, towns = article.context, article.candidates[c], article.towns
    sentence = context.findings.sentences[candidate.sentence]
    at = bisect_right(towns, candidate.start, key=lambda p: p.start)
    before = towns[at - 1] if at else None
    after = towns[at] if at < len(towns) and towns[at].start < sentence.end else None
    last = _whose(before, u, article) if before is not None else "none"
    inside = before is not None and before.start >= sentence.start
    following = _whose(after, u, article) if after is not None else "none"
    yield f"last_town={last}:{'in' if inside else 'out'}"
    yield f"next_town={following}"
    yield f"towns={last if inside else 'none'}:{following}"
    for name, who in (("last", last), ("next", following)):
        for value in ("own", "unit", "other"):
            numbers[f"{name}_town_{value}"] = float(who == value)
    numbers["last_town_in_sentence"] = float(inside)
    here = context.findings.places_in(sentence.start, sentence.end)
    whose = [_whose(p, u, article) for p in here if p.place.geo_precision == 1]
    for value in ("own", "unit", "other"):
        numbers[f"sentence_{value}"] = float(whose.count(value))
    wider = [p for p in here if p.place.geo_precision != 1]
    numbers["wider_only"] = float(bool(wider) and not whose)
    country = article.units[u].candidate.place.country
    numbers["abroad"] = float(any(p.place.country not in (country, "") for p in wider))
    if wider and not whose:
        yield "wider_only"


def _whose(mention: PlaceMention, u: int, article: _Article) -> str:
    """Return whose place a mention is: the strike's own, another strike's (unit), or no strike's (other)."""
    place = key_of(mention.place)
    if place == key_of(article.units[u].candidate.place):
        return "own"
    return "unit" if any(key_of(v.candidate.place) == place for v in article.units) else "other"


def _times(u: int, c: int, article: _Article, numbers: Numbers) -> Iterator[str]:
    """Yield whether the times near a number agree with the dates of the strike."""
    candidate, interval, times = article.candidates[c], article.units[u].interval, article.times[u]
    sentence = article.context.findings.sentences[candidate.sentence]
    first = bisect_left(times, sentence.start, key=lambda pair: pair[0].start)
    here = times[first : bisect_left(times, sentence.end, key=lambda pair: pair[0].start)]
    events = [(t, i) for t, i in here if t.role == "event"]
    nearest = min(events, key=lambda pair: abs(pair[0].start - candidate.start), default=None)
    last = times[first - 1] if first else None
    of_nearest = _agreement(nearest[1], interval) if nearest is not None else NO_TIME
    of_last = of_nearest
    if nearest is None and last is not None:
        of_last = _agreement(last[1], interval)
    all_here = {_agreement(i, interval) for _, i in events}
    yield f"time={of_nearest}"
    yield f"last_time={of_last}"
    yield from (f"times={agreement}" for agreement in all_here)
    yield from (f"time_role={t.role}" for t, _ in here)
    if nearest is not None:
        yield f"time_kind={nearest[0].kind}:{of_nearest}"
    for agreement in (AGREES, WIDER, CONTRADICTS):
        numbers[f"time_{agreement}"] = float(of_nearest == agreement)
        numbers[f"times_{agreement}"] = float(agreement in all_here)
        numbers[f"last_time_{agreement}"] = float(of_last == agreement)
    numbers["times_here"] = float(min(len(here), 6))
    numbers["update_time"] = float(any(t.role == "update" for t, _ in here))
    rivals = [unit.interval for n, unit in enumerate(article.units) if n != u and unit.interval is not None]
    numbers["time_of_other_unit"] = float(
        nearest is not None and any(_agreement(nearest[1], rival) == AGREES for rival in rivals)
    )
    numbers["long_time"] = float(any(i.precision == 3 for _, found in here for i in found))


def _agreement(readings: Sequence[Interval], interval: Interval | None) -> str:
    """Return whether a time agrees with the dates of a strike, by its best reading."""
    if interval is None or not readings:
        return NO_TIME
    of_readings = {_agrees(found, interval) for found in readings}
    return next(a for a in (AGREES, WIDER, CONTRADICTS) if a in of_readings)


def _agrees(found: Interval, interval: Interval) -> str:
    """Return whether dates agree with those of a strike: a day more or less is no difference."""
    if found.start > interval.end + _DAY or interval.start > found.end + _DAY:
        return CONTRADICTS
    return AGREES if (found.end - found.start) <= (interval.end - interval.start) + 3 * _DAY else WIDER


def _joined(u: int, c: int, article: _Article, numbers: Numbers) -> Iterator[str]:
    """Yield whether the strike's place is joined to those of others where it stands nearest to the number."""
    candidate, unit = article.candidates[c], article.units[u]
    nearest = min(unit.scenes, key=lambda scene: _distance(scene, candidate, article.context))
    group = article.joined.get(nearest.start, ())
    whose = {key_of(m.place): _whose(m, u, article) for m in group}
    units = list(whose.values()).count("unit")
    numbers["joined_units"] = float(min(units, 6))
    numbers["joined_others"] = float(min(list(whose.values()).count("other"), 6))
    here = article.context.sentence_of(nearest.start) == candidate.sentence
    numbers["joined_here"] = float(bool(units) and here)
    if units:
        words = article.context.sentence_words[candidate.sentence]
        each = any(word in words for word in ("each", "respectively"))
        yield f"joined={min(units, 2)}:{here}:each={each}"


def _path(u: int, c: int, article: _Article, numbers: Numbers) -> Iterator[str]:
    """Yield the way in the parse from a number to the nearest scene of its sentence."""
    context, candidate = article.context, article.candidates[c]
    scenes = [s for s in article.units[u].scenes if context.sentence_of(s.start) == candidate.sentence]
    numbers["path"] = _FAR
    if not scenes:
        return
    scene = min(scenes, key=lambda s: _distance(s, candidate, context))
    up, down, steps = _steps(candidate, scene, context)
    numbers["path"] = float(min(steps, _FAR))
    numbers["path_up"] = float(len(up))
    first, last = sorted((candidate.start, scene.start))
    between = context.words[min(candidate.last, scene.last) + 1 : max(candidate.first, scene.first)]
    numbers["commas_between"] = float(min(sum(w in (",", ";", "-", "\u2013", "<break>") for w in between), 6))
    numbers["ands_between"] = float(min(between.count("and"), 4))
    counts = context.findings.counts_in(first + 1, last)
    numbers["counts_between"] = float(min(len(counts), 6))
    if len(between) <= _MAX_PATH:
        yield f"between={' '.join(between)}"
    if len(up) + len(down) <= _MAX_PATH:
        yield f"scene_path={'>'.join(up)}^{'<'.join(down)}"


def _steps(
    candidate: CountCandidate, scene: PlaceMention, context: Context
) -> tuple[list[str], list[str], int]:
    """Return the labels from a number up to the common head, from there down to the scene, and their
    number."""
    one = context.doc[candidate.first : candidate.last + 1].root
    other = context.doc[scene.first : scene.last + 1].root
    above = [one, *one.ancestors]
    heads = {token.i: n for n, token in enumerate(above)}
    down: list[str] = []
    for token in (other, *other.ancestors):
        if token.i in heads:
            up = [t.dep_ for t in above[: heads[token.i]]]
            return up, down[::-1], len(up) + len(down)
        down.append(token.dep_)
    return [], [], int(_FAR)
