"""The features of two scenes at one place: does the article tell of two strikes there, or of one?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from transforms.nlp.learned.context import STRIKE_GROUPS, Context
from transforms.nlp.learned.date_options import DateOption
from transforms.nlp.learned.mention_features import Numbers, bucket
from transforms.nlp.learned.pair_model import Pair
from transforms.nlp.place_names import PlaceMention

_WINDOW_TOKENS = 4
_FAR = 60.0
_MAX_DAYS = 400


@dataclass(frozen=True, slots=True)
class Scene:
    """A mention at which a strike is told.

    ``odds``: log-odds that one is. ``dates``: log-odds of each date that the article offers, for this mention
    alone.
    """

    mention: PlaceMention
    odds: float
    dates: tuple[float, ...]

    @property
    def best(self) -> int:
        """Return the number of the likeliest date."""
        return max(range(len(self.dates)), key=lambda n: self.dates[n])


Key = tuple[int, int]
"""Numbers of two scenes; the first stands before the other."""


def twin_pairs(
    scenes: Sequence[Scene], options: Sequence[DateOption], mentions: int, context: Context
) -> dict[Key, Pair]:
    """Return the features of each two scenes of a place.

    Args:
        scenes: in text order.
        options: the dates that the article offers, at least one.
        mentions: how often the article names the place.
        context: the document.
    """
    told = [_told(scene, context) for scene in scenes]
    found = {}
    for a, b in combinations(range(len(scenes)), 2):
        first, other = scenes[a], scenes[b]
        numbers = {
            **_of_dates(first, other, options),
            **_apart(first.mention, other.mention, context),
            **_of_sentences(told[a], told[b]),
            "odds_first": first.odds,
            "odds_other": other.odds,
            "least_odds": min(first.odds, other.odds),
            "scenes": float(min(len(scenes), 8)),
            "scenes_between": float(b - a - 1),
            "mentions": float(min(mentions, 12)),
            "population": float(len(str(first.mention.place.population))),
            "options": float(min(len(options), 12)),
        }
        names = {f"first|{n}" for n in told[a].names} | {f"other|{n}" for n in told[b].names}
        names.add(f"gap={bucket(numbers['days_apart'])}:{int(numbers['same_date'])}")
        found[a, b] = Pair(dict.fromkeys(sorted(names), 1.0), numbers)
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """What the sentence of a scene tells."""

    names: frozenset[str]
    weapons: frozenset[str]
    targets: frozenset[str]
    counts: frozenset[tuple[str, int | None]]
    times: int
    strikes: int


def _told(scene: Scene, context: Context) -> _Told:
    mention = scene.mention
    number = context.sentence_of(mention.start)
    sentence = context.sentence(number) if number is not None else None
    if sentence is None or number is None:
        return _Told(frozenset(), frozenset(), frozenset(), frozenset(), 0, 0)
    terms = context.terms_of(sentence)
    times = context.findings.times_in(sentence.start, sentence.end)
    return _Told(
        names=frozenset(_names(mention, number, context)),
        weapons=frozenset(t.value for t in terms if t.group == "weapon"),
        targets=frozenset(t.value for t in terms if t.group == "target"),
        counts=frozenset((c.kind, c.low) for c in context.findings.counts_in(sentence.start, sentence.end)),
        times=len(times),
        strikes=sum(t.group in STRIKE_GROUPS for t in terms),
    )


def _names(mention: PlaceMention, number: int, context: Context) -> Iterator[str]:
    """Yield the words of the sentence of a scene, those beside it, and those with which it begins."""
    words, sentence = context.words, context.findings.sentences[number]
    yield from (f"w={word}" for word in context.sentence_words[number])
    yield f"begins={' '.join(words[sentence.first : sentence.first + 2])}"
    yield from (f"l={w}" for w in words[max(0, mention.first - _WINDOW_TOKENS) : mention.first])
    yield from (f"r={w}" for w in words[mention.last + 1 : mention.last + 1 + _WINDOW_TOKENS])
    yield from (f"tag={t.tag_}" for t in context.doc[sentence.first : sentence.last] if t.tag_[:2] == "VB")
    times = context.findings.times_in(sentence.start, sentence.end)
    yield from (f"time={t.kind}:{t.role}" for t in times)


def _of_dates(first: Scene, other: Scene, options: Sequence[DateOption]) -> Numbers:
    """Return how the dates of two scenes differ, and how unlikely each is at the other's date."""
    one, two = options[first.best].interval, options[other.best].interval
    apart = max((two.start - one.end).days, (one.start - two.end).days, 0)
    return {
        "days_apart": float(min(apart, _MAX_DAYS)),
        "same_date": float(first.best == other.best),
        "other_earlier": float(two.end < one.start),
        "first_date_odds": first.dates[first.best],
        "other_date_odds": other.dates[other.best],
        "first_at_others": first.dates[other.best] - first.dates[first.best],
        "other_at_firsts": other.dates[first.best] - other.dates[other.best],
        "other_is_publication": float(options[other.best].is_publication),
        "first_is_publication": float(options[first.best].is_publication),
    }


def _apart(first: PlaceMention, other: PlaceMention, context: Context) -> Numbers:
    """Return how far two scenes stand apart in the text."""
    here, there = context.sentence_of(first.start), context.sentence_of(other.start)
    sentences = context.findings.sentences
    known = here is not None and there is not None
    paragraphs = [sentences[n].paragraph for n in (here, there) if n is not None]
    towns = {p.place.name for p in context.certain if first.start < p.start < other.start}
    return {
        "tokens": min(float(other.first - first.last), 4 * _FAR),
        "sentences": min(float((there or 0) - (here or 0)), _FAR) if known else _FAR,
        "paragraphs": float(min(max(paragraphs) - min(paragraphs), 30)) if known else 30.0,
        "first_paragraph": float(min(min(paragraphs, default=0), 30)),
        "other_towns_between": float(len(towns - {first.place.name})),
    }


def _of_sentences(first: _Told, other: _Told) -> Numbers:
    """Return what the sentences of two scenes have in common, and what only one has."""
    numbers: Numbers = {
        "first_times": float(first.times),
        "other_times": float(other.times),
        "first_strikes": float(min(first.strikes, 6)),
        "other_strikes": float(min(other.strikes, 6)),
    }
    for name, one, two in (
        ("weapons", first.weapons, other.weapons),
        ("targets", first.targets, other.targets),
        ("counts", first.counts, other.counts),
    ):
        numbers[f"{name}_shared"] = float(len(one & two))
        numbers[f"{name}_first"] = float(len(one - two))
        numbers[f"{name}_other"] = float(len(two - one))
    return numbers
