"""What belongs to which strike, as the encoder's training reads it: numbers of victims, and weapons."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from schemas.vocabulary import Weapon
from training.analysed import Analysed, AnnotatedStrike
from training.count_articles import count_articles
from training.count_rows import BELONGS, DOES_NOT, CountArticle, label_counts, number_rows
from training.units import annotated_units
from training.weapon_rows import kinds_in, weapon_label
from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.count_model import Key
from transforms.nlp.learned.reading import LINKS
from transforms.nlp.learned.units import Unit
from transforms.nlp.learned.weapon_candidates import WeaponWord, weapon_words

RIVAL_WEIGHT = 3.0
"""What a number weighs that is the toll of another strike: these are confused most."""
Row = list[Any]


def links_of(article: Analysed, gazetteer: Gazetteer, pack: LanguagePack) -> dict[str, Any]:
    """Return the part of an article's row that tells what belongs to which strike.

    ``others``: characters of numbers and weapons. ``numbers``: [other, kind, label, weight], whether it is
    the toll of any strike. ``links``: [mentions, others, kind, label, weight, strike], whether one of the
    others belongs to the strike at one of the mentions. Mentions are counted through all candidates of the
    article, and strikes through its annotation.
    """
    units, strikes = annotated_units(article, [[0.0] * len(c.mentions) for c in article.candidates])
    counted = next(count_articles([(replace(article, strikes=strikes), units)], gazetteer, pack))
    words = weapon_words(article.context, pack)
    spans = sorted({(n.start, n.end) for n in counted.numbers} | {(w.start, w.end) for w in words})
    places = {span: n for n, span in enumerate(spans)}
    numbers = [places[n.start, n.end] for n in counted.numbers]
    kinds: dict[str, set[int]] = {}
    for word in words:
        kinds.setdefault(word.kind, set()).add(places[word.start, word.end])
    links: list[Row] = []
    labels = label_counts(counted.golds, counted.numbers, counted.decoys)
    for u, (unit, strike) in enumerate(zip(units, strikes, strict=True)):
        mentions = _mentions(article, unit)
        own = [*_tolls(u, counted, labels, numbers), *_weapons(strike, words, kinds)]
        links += [[mentions, *link, counted.annotated[u]] for link in own]
    rows = zip(numbers, counted.numbers, number_rows(counted), strict=True)
    return {
        "others": spans,
        "numbers": [[other, LINKS.index(n.kind), row.label, row.weight] for other, n, row in rows],
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
        yield [[others[c]], LINKS.index(number.kind), label, weight * counted.weight]


def _weapons(
    strike: AnnotatedStrike, words: Sequence[WeaponWord], kinds: Mapping[str, set[int]]
) -> Iterator[Row]:
    """Yield others, kind, label and weight of a strike with each kind of weapon."""
    spoken = kinds_in(strike.spans.get("weapon"), words)
    for kind, others in kinds.items():
        label = weapon_label(kind, Weapon(strike.gold.weapon), spoken)
        yield [sorted(others), LINKS.index(kind), label, 1.0]
