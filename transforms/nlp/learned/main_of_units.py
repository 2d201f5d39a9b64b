"""Which strikes an article is about, and which it only recalls or compares with, by the learned model."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transforms.nlp.learned.context import STRIKE_GROUPS, Context
from transforms.nlp.learned.mention_features import Numbers, bucket
from transforms.nlp.learned.nearness import Nearness
from transforms.nlp.learned.pair_model import Pair, PairModel, probability
from transforms.nlp.learned.units import Unit
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.publication import Publication

_WINDOW_TOKENS = 5
_MAX_DAYS = 4000.0
_NO_DATE_DAYS = -1.0


@dataclass(frozen=True, slots=True)
class MainChoice:
    """Whether an article is about a strike.

    ``probability``: that it is. ``reasons``: the features that moved the linear part most, with their weight.
    """

    is_main: bool
    probability: float
    reasons: tuple[tuple[str, float], ...] = ()


def main_of(
    units: Sequence[Unit], context: Context, published: Publication, model: PairModel
) -> list[MainChoice]:
    """Return for each strike of a document whether the document is about it.

    Args:
        units: the strikes.
        context: the document.
        published: when it was published.
        model: of strikes alone.
    """
    pairs = main_features(units, context, published.instant)
    return [
        MainChoice(odds >= model.thresholds["main"], probability(odds), model.reasons(pair))
        for pair, odds in zip(pairs, model.score(pairs), strict=True)
    ]


def main_features(units: Sequence[Unit], context: Context, published: dt.datetime | None) -> list[Pair]:
    """Return the features of each strike: where it is told, how, and how long before publication it was."""
    nearness = Nearness(context, units)
    ages = [_age(unit, published) for unit in units]
    return [_features(unit, n, ages, nearness) for n, unit in enumerate(units)]


def _age(unit: Unit, published: dt.datetime | None) -> float:
    """Return how many days before publication a strike was at the latest, -1 where it has no date."""
    if unit.interval is None or published is None:
        return _NO_DATE_DAYS
    return float(min(max((published.date() - unit.interval.end).days, 0), _MAX_DAYS))


def _features(unit: Unit, number: int, ages: Sequence[float], nearness: Nearness) -> Pair:
    context = nearness.context
    age = ages[number]
    dated = [a for a in ages if a >= 0]
    paragraphs = [nearness.paragraph_at(m.first) for m in unit.scenes]
    every = [nearness.paragraph_at(m.first) for m in unit.mentions]
    last = max((s.paragraph for s in context.findings.sentences), default=1)
    first = min(unit.scenes, key=lambda m: m.first)
    numbers: Numbers = {
        "age": age,
        "age_bucket": float(bucket(age)),
        "older_than_newest": age - min(dated) if age >= 0 else _NO_DATE_DAYS,
        "newer_units": float(sum(0 <= a < age - 1 for a in ages)),
        "days": float((unit.interval.end - unit.interval.start).days) if unit.interval is not None else -1.0,
        "units": float(min(len(ages), 10)),
        "rank": float(min(number, 10)),
        "first": float(min(min(paragraphs), 20)),
        "first_share": min(paragraphs) / max(1, last),
        "first_mention": float(min(min(every), 20)),
        "scenes": float(min(len(unit.scenes), 8)),
        "mentions": float(min(len(unit.mentions), 12)),
        "in_title": float(0 in every),
        "in_lead": float(1 in every),
        "paragraphs": float(min(last, 40)),
    }
    numbers.update(_of_sentence(first, context))
    names = {f"all|{name}" for m in unit.scenes for name in _told(m, nearness)}
    names |= {f"first|{name}" for name in _told(first, nearness)}
    names.add(f"age={bucket(age) if age >= 0 else 'none'}")
    return Pair(dict.fromkeys(sorted(names), 1.0), numbers)


def _of_sentence(mention: PlaceMention, context: Context) -> Numbers:
    """Return what the sentence of the first scene holds."""
    number = context.sentence_of(mention.start)
    sentence = context.sentence(number) if number is not None else None
    if sentence is None:
        return {}
    counts = context.findings.counts_in(sentence.start, sentence.end)
    tokens = context.doc[sentence.first : sentence.last]
    return {
        "in_scope": float(sentence.out_of_scope is None),
        "position": (mention.first - sentence.first) / max(1, sentence.last - sentence.first),
        "killed": float(any(c.kind == "killed" for c in counts)),
        "strike_terms": float(sum(t.group in STRIKE_GROUPS for t in context.terms_of(sentence))),
        "towns": float(len({p.place.name for p in context.findings.places_in(sentence.start, sentence.end)})),
        "pluperfect": float(
            any(t.dep_ == "aux" and t.tag_ == "VBD" and t.head.tag_ == "VBN" for t in tokens)
        ),
        "present": float(any(t.tag_ in ("VBZ", "VBP") for t in tokens)),
    }


def _told(mention: PlaceMention, nearness: Nearness) -> Iterator[str]:
    """Yield the words of the sentence of a scene, those around it, its times and cues."""
    context = nearness.context
    words = nearness.words
    yield from (f"l={w}" for w in words[max(0, mention.first - _WINDOW_TOKENS) : mention.first])
    yield from (f"r={w}" for w in words[mention.last + 1 : mention.last + 1 + _WINDOW_TOKENS])
    number = nearness.sentence_at(mention.first)
    sentence = context.sentence(number)
    if sentence is None:
        return
    yield from (f"w={w}" for w in nearness.words_of(number))
    start = [w for w in words[sentence.first : sentence.first + 2] if w[0].isalpha()]
    yield f"begins={' '.join(start)}"
    yield from (f"time={t.kind}:{t.role}" for t in context.findings.times_in(sentence.start, sentence.end))
    yield f"scope={sentence.out_of_scope}"
    before = context.sentence(number - 1)
    if before is not None and before.paragraph == sentence.paragraph:
        yield from (f"before={w}" for w in nearness.words_of(number - 1))
