"""Strikes on another day that a sentence tells of a place named before.

"Kilis has come under such fire before. On 18 January a rocket had hit a school there, killing five." The models of places and of
twins judge the words around names, and such a sentence has none. Here rules find it: it has a date of its own, a word for a
strike, and words that stand for the place. The encoder must not deny that it tells of a strike.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from transforms.nlp.blocks import Sentence
from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.candidates import Candidate, key_of
from transforms.nlp.learned.context import STRIKE_GROUPS, Context
from transforms.nlp.learned.date_features import date_pairs
from transforms.nlp.learned.date_options import date_options
from transforms.nlp.learned.encoder_windows import Span
from transforms.nlp.learned.pair_model import PairModel, probability
from transforms.nlp.learned.reading import Reading
from transforms.nlp.learned.units import Unit
from transforms.nlp.learned.verdicts import Verdict
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.possible_places import POSSIBLE
from transforms.nlp.times import Interval, TimeExpression

_DAYS_OF_THEIR_OWN = frozenset({
    "date", "numeric_date", "day_of_month", "weekday_of_month", "month", "month_part", "year", "season",
})  # fmt: skip
_NEAR_DAYS = frozenset({
    "weekday", "last_weekday", "yesterday", "overnight", "day_before", "days_before", "weeks_before", "days_ago", "weeks_ago",
    "last_month",
})  # fmt: skip
"""Such a day is often that of the strike told before, so a word must say that the strike is a further one."""
_UNTOLD = frozenset({"cumulative", "hypothetical", "exercise"})
_MOST_SENTENCES = 4
"""So many sentences before it the place may have been named."""
_LEAST, _LEAST_FURTHER, _LEAST_NEXT_DAY = -2.6, -4.5, -1.5
"""The log-odds, by the encoder, that a strike is told at the words for the place: in general, where words say that it is a
further one, and on the day before or after another strike. These and the next two were chosen on 116 such sentences of
articles with another strike on the place; those of the 90 real articles were among them."""
_LEAST_NAMED, _LEAST_NAMED_FURTHER = 0.0, -0.5
"""The same at the name of the place, where the sentence has it."""
_JOINED_CHARS = 6
"""So near to each other two times are one: "on the Tuesday before, 3 August"."""
_MOST_TELLINGS = 16
"""So many such sentences of a document are read: the encoder reads the words around each."""
_MOST_DAYS = 4
"""So many days of one sentence are read."""
_MOST_BEFORE = 64
"""Among so many mentions before it "the same market" is looked for."""
_LOOK_BACK = 40


@dataclass(frozen=True, slots=True)
class Telling:
    """Words that stand for a place, at characters ``[start, end)``, in a sentence with a day of its own.

    ``sentence``: its number. ``times``: its days. ``is_same``: the sentence says when the strike told before was: "the
    explosion occurred on Monday".
    """

    sentence: int
    start: int
    end: int
    times: tuple[TimeExpression, ...]
    is_same: bool = False


def find_tellings(context: Context, pack: LanguagePack) -> list[Telling]:
    """Return the first sentences of a document that may tell of a strike on another day at a place named before."""
    findings, found = context.findings, []
    for number, sentence in enumerate(findings.sentences):
        is_untold = sentence.out_of_scope in _UNTOLD or sentence.tells_no_strike
        if sentence.start < findings.title_end or is_untold or not _tells_strike(sentence, context, pack):
            continue
        times = tuple(_own_times(sentence, context, pack))
        words = _words_for_place(sentence, context, pack) if times else None
        if words is not None:
            same = pack.patterns["places.same_strike"].match(findings.text, sentence.start, sentence.end)
            found.append(Telling(number, *words, times, same is not None))
        if len(found) == _MOST_TELLINGS:
            break
    return found


def _words_for_place(sentence: Sentence, context: Context, pack: LanguagePack) -> Span | None:
    """Return the words of a sentence that stand for a place, else its first place."""
    words = pack.patterns["places.further"].search(context.findings.text, sentence.start, sentence.end)
    if words is not None:
        return words.span()
    named = (
        m for m in context.findings.places_in(sentence.start, sentence.end) if m.place.geo_precision == 1
    )
    return next(((m.start, m.end) for m in named), None)


def spans_to_read(context: Context, verdicts: Sequence[Verdict], pack: LanguagePack) -> list[Span]:
    """Return the words that the encoder reads, because a further strike on a struck place may be told at them.

    A sentence that names a struck place is read there already.
    """
    struck = {context.sentence_of(m.start) for v in verdicts if v.is_struck for m in v.candidate.mentions}
    return [
        (t.start, t.end)
        for t in context.once(find_tellings, pack)
        if t.sentence not in struck
        and (
            any(n in struck for n in range(t.sentence - _MOST_SENTENCES, t.sentence))
            or pack.patterns["places.same_thing"].match(context.findings.text, t.start, t.end)
        )
    ]


def further_strikes(
    units: Sequence[Unit],
    context: Context,
    published_at: Callable[[Place], dt.datetime | None],
    dates: PairModel,
    pack: LanguagePack,
) -> list[Unit]:
    """Return the strikes of a document with those on another day that are told without the name of their place.

    Args:
        units: the strikes that the models found.
        context: the document.
        published_at: local time of publication at a place.
        dates: the model of places and dates.
        pack: the language.
    """
    found, told = list(units), _told(units, context)
    tellings = context.once(find_tellings, pack) if units else []
    dating = {t.sentence for t in tellings if t.is_same}
    for telling in tellings:
        number = _meant(telling, units, told, context, pack)
        if (
            number is not None
            and told.stated[number] in dating
            and number in told.scenes.get(telling.sentence, ())
        ):
            continue  # "a mine killed three, it was said on Wednesday. The explosion occurred on Monday"
        unit = found[number] if number is not None else None
        local = published_at(unit.candidate.place) if unit is not None else None
        if number is None or unit is None or local is None:
            continue
        first, last = context.token_at(telling.start), context.token_at(telling.end - 1)
        place = unit.candidate.place
        mention = PlaceMention(telling.start, telling.end, first, last, place, is_again=True)
        options = date_options(context.findings, local)
        scores = dates.score(date_pairs(Candidate(place, (mention,)), [0.0], options, context, local))
        sentence = context.findings.sentences[telling.sentence]
        for time in telling.times[:_MOST_DAYS]:
            stated = [n for n, o in enumerate(options) if any(s.time == time for s in o.stated)]
            best = max(stated, key=lambda n: scores[n], default=None)
            if best is None:
                continue
            if telling.is_same:
                if unit.time is None or unit.time.role != "event":
                    dated = replace(unit, interval=options[best].interval, time=time)
                    found[number] = unit = replace(dated, date_probability=probability(scores[best]))
                continue
            days = _days_apart(options[best].interval, place, found)
            if not _is_told(telling, time, days, place, context, pack):
                continue
            if _is_told_within(unit, sentence) and _has_twin(number, found):
                dated = replace(unit, interval=options[best].interval, time=time)
                found[number] = unit = replace(dated, date_probability=probability(scores[best]))
                continue
            rest = tuple(m for m in unit.scenes if not sentence.start <= m.start < sentence.end)
            if rest and len(rest) < len(unit.scenes):
                found[number] = unit = replace(unit, scenes=rest)
            mentions = tuple(sorted((*unit.mentions, mention), key=lambda m: m.start))
            found.append(
                Unit(
                    Candidate(place, mentions), (mention,), options[best].interval, time,
                    unit.probability, probability(scores[best]),
                )
            )  # fmt: skip
    return found


def _own_times(sentence: Sentence, context: Context, pack: LanguagePack) -> Iterator[TimeExpression]:
    """Yield the days of a sentence on which a further strike may have happened."""
    findings = context.findings
    is_further = _says_further(sentence, context, pack)
    times = findings.times_in(sentence.start, sentence.end)
    for n, time in enumerate(times):
        if time.kind not in _DAYS_OF_THEIR_OWN | _NEAR_DAYS or time.role != "event" or time.is_possessive:
            continue
        is_joined = n + 1 < len(times) and times[n + 1].start - time.end <= _JOINED_CHARS
        begins = max(sentence.start, time.start - _LOOK_BACK // 2)
        is_since = pack.patterns["places.since"].search(findings.text, begins, time.end) is not None
        is_told = pack.patterns["places.when"].match(findings.text, time.end, sentence.end) is not None
        is_aside = is_since or time.is_aside
        if not is_joined and (not is_aside or (is_since and is_told and is_further)):
            yield time


def _tells_strike(sentence: Sentence, context: Context, pack: LanguagePack) -> bool:
    """Return whether a sentence has a word for a strike, or tells of victims of another one: "another had come down"."""
    if any(t.group in STRIKE_GROUPS for t in context.terms_of(sentence)):
        return True
    counts = context.findings.counts_in(sentence.start, sentence.end)
    another = pack.patterns["places.another_one"].search(context.findings.text, sentence.start, sentence.end)
    return bool(counts) and another is not None


def _says_further(sentence: Sentence, context: Context, pack: LanguagePack) -> bool:
    """Return whether a sentence has words for a further strike: "again", "the second", "the same"."""
    words = pack.patterns["places.once_more"]
    return words.search(context.findings.text, sentence.start, sentence.end) is not None


@dataclass(frozen=True, slots=True)
class _Told:
    """Where strikes are told, each by its number.

    ``named``: (character, strike) of each name of its place, in text order. ``scenes``: the strikes that are told in a sentence.
    ``stated``: the sentence that states the day of a strike.
    """

    named: Sequence[tuple[int, int]]
    scenes: Mapping[int | None, set[int]]
    stated: Mapping[int, int | None]


def _told(units: Sequence[Unit], context: Context) -> _Told:
    scenes: dict[int | None, set[int]] = {}
    for n, unit in enumerate(units):
        for mention in unit.scenes:
            scenes.setdefault(context.sentence_of(mention.start), set()).add(n)
    named = sorted((m.start, n) for n, unit in enumerate(units) for m in unit.mentions if not m.is_again)
    stated = {n: context.sentence_of((u.time or u.scenes[0]).start) for n, u in enumerate(units)}
    return _Told(named, scenes, stated)


def _meant(
    telling: Telling, units: Sequence[Unit], told: _Told, context: Context, pack: LanguagePack
) -> int | None:
    """Return the number of the strike whose place a sentence means.

    None where the sentence names another place, or where no place was struck shortly before.
    """
    findings = context.findings
    sentence = findings.sentences[telling.sentence]
    inside = findings.places_in(sentence.start, sentence.end)
    here = {key_of(m.place) for m in inside if _names_place(m, context, pack)}
    here |= {key_of(units[n].candidate.place) for n in told.scenes.get(telling.sentence, ())}
    if here:
        own = [n for n, unit in enumerate(units) if key_of(unit.candidate.place) in here]
        # A strike that only this sentence tells, and that has the day of another sentence, gets the day of this one.
        undated = [n for n in own if told.stated[n] != telling.sentence]
        only_here = [n for n in undated if _is_told_within(units[n], sentence)]
        chosen = only_here or (undated if len(own) == 1 else [])
        return chosen[0] if len(here) == len(chosen) == 1 else None
    before = told.named[: bisect_left(told.named, (sentence.start, 0))]
    same = pack.patterns["places.same_thing"].match(findings.text, telling.start, telling.end)
    if same is not None:
        # "the same market": the place that was named beside the market
        thing = same.group("thing").lower()
        for start, n in before[: -_MOST_BEFORE - 1 : -1]:
            at = context.sentence_of(start)
            beside = findings.sentences[at] if at is not None else sentence
            if thing in findings.text[beside.start : beside.end].lower():
                return n
    at = context.sentence_of(before[-1][0]) if before else None
    if at is None or telling.sentence - at > _MOST_SENTENCES:
        return None
    return before[bisect_left(before, (findings.sentences[at].start, 0))][1]


def _has_twin(number: int, units: Sequence[Unit]) -> bool:
    """Return whether another strike has the place and the dates of a strike: the model of twins has told them apart."""
    own = units[number]
    return any(
        n != number and unit.candidate is own.candidate and unit.interval == own.interval
        for n, unit in enumerate(units)
    )


def _is_told_within(unit: Unit, sentence: Sentence) -> bool:
    return all(sentence.start <= scene.start < sentence.end for scene in unit.scenes)


def _names_place(mention: PlaceMention, context: Context, pack: LanguagePack) -> bool:
    """Return whether a mention names the place of the sentence itself."""
    if mention.is_again or mention.place.geo_precision != 1:
        return False
    if mention.role == "scene":
        return True
    before = context.findings.text[max(0, mention.start - _LOOK_BACK) : mention.start]
    return mention.role in (POSSIBLE, "frame") and pack.patterns["places.where"].search(before) is not None


def _is_told(
    telling: Telling, time: TimeExpression, days: int, place: Place, context: Context, pack: LanguagePack
) -> bool:
    """Return whether a sentence tells of a further strike on a day that is so many days apart from each other strike there."""
    sentence = context.findings.sentences[telling.sentence]
    is_further, is_near = _says_further(sentence, context, pack), time.kind in _NEAR_DAYS
    mentions = context.findings.places_in(sentence.start, sentence.end)
    named = [(m.start, m.end) for m in mentions if key_of(m.place) == key_of(place)]
    if days < 1:
        return False
    if named:
        if any(m.is_again for m in mentions) or (is_further and days > 1 and not is_near):
            return True
        odds = _odds(context.reading, named)
        least = _LEAST_NAMED_FURTHER if is_further else _LEAST_NAMED
        return odds is not None and odds >= least and (is_near or days == 1)
    odds = _odds(context.further_reading, [(telling.start, telling.end)])
    if odds is None:
        return is_further and days > 1
    if days == 1:
        counts = context.findings.counts_in(sentence.start, sentence.end)
        return odds >= _LEAST_NEXT_DAY and (is_further or (is_near and bool(counts)))
    if is_near:
        return is_further and odds >= _LEAST
    return odds >= (_LEAST_FURTHER if is_further else _LEAST)


def _odds(reading: Reading | None, spans: Sequence[Span]) -> float | None:
    return reading.struck_odds(spans) if reading is not None else None


def _days_apart(interval: Interval, place: Place, units: Sequence[Unit]) -> int:
    """Return how many days dates are apart from those of the nearest strike on a place; 0 where these are not known."""
    told = [unit.interval for unit in units if key_of(unit.candidate.place) == key_of(place)]
    return min(
        0 if i is None else max((i.start - interval.end).days, (interval.start - i.end).days, 0) for i in told
    )
