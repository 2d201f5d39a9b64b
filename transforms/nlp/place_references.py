"""Places that a text means without their name: "the Iranian capital", "this city"."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from spacy.tokens import Doc

from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.language import LanguagePack
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.place_ranking import Weights, heaviest
from transforms.nlp.place_words import country_words

_REACH_CHARS = 600
"""A town that is named further back is not meant by "the city"."""
_SCENE = "scene"
_MOST_SCENES = 16
"""Among so many places before it "the same market" is looked for."""
_LARGEST_VILLAGE = 50_000
"""A place with more people is not meant by "the village"."""


def capitals(
    doc: Doc,
    text: str,
    named: Sequence[PlaceMention],
    weights: Weights,
    gazetteer: Gazetteer,
    pack: LanguagePack,
) -> list[PlaceMention]:
    """Return mentions of capitals: "the Iranian capital", "Ukraine's capital", "the capital".

    Args:
        doc: the document.
        text: its text, because spaCy builds the string at each access.
        named: the places that it names.
        weights: of each country in the document.
        gazetteer: that knows the capitals.
        pack: the language.
    """
    found = []
    words = country_words(pack)
    for match in pack.patterns["places.capital"].finditer(text):
        word = (match.group("demonym") or match.group("name") or "").lower()
        country = words[word][0] if word in words else None
        if country is None and not word:
            scenes = Counter(m.place.country for m in named if m.place.geo_precision == 1)
            country = scenes.most_common(1)[0][0] if scenes else None
            if country is None and weights:
                country = heaviest(weights)
        capital = gazetteer.capital(country) if country else None
        span = doc.char_span(match.start(), match.end(), alignment_mode="expand")
        if capital is not None and span is not None:
            found.append(PlaceMention(match.start(), match.end(), span.start, span.end - 1, capital))
    return found


def towns_again(doc: Doc, text: str, named: Sequence[PlaceMention], pack: LanguagePack) -> list[PlaceMention]:
    """Return mentions of towns by their kind alone: "the city", "this town". The nearest town before is meant.

    A dateline counts as a town before: "MANILA, May 3 - Two bombs exploded in this city".
    """
    towns = sorted((m for m in named if m.place.geo_precision == 1), key=lambda m: m.end)
    found: list[PlaceMention] = []
    at = 0
    for match in pack.patterns["places.town_again"].finditer(text):
        while at < len(towns) and towns[at].end <= match.start():
            at += 1
        least = match.start() - _REACH_CHARS
        before = at - 1
        if before >= 0 and _is_too_large(towns[before], match):
            # "Kafr Nabl, south of Aleppo. The village": of the towns of one sentence a smaller one
            start = max(text.rfind(". ", 0, towns[before].start), text.rfind("\n", 0, towns[before].start))
            while before >= 0 and towns[before].start > start and _is_too_large(towns[before], match):
                before -= 1
            before = before if before >= 0 and towns[before].start > start else -1
        if before < 0 or towns[before].end < least:
            continue
        span = doc.char_span(match.start(), match.end(), alignment_mode="expand")
        if span is not None:
            place = towns[before].place
            found.append(PlaceMention(match.start(), match.end(), span.start, span.end - 1, place))
    return found


def _beside_same_thing(
    words: str, before: Sequence[PlaceMention], doc: Doc, text: str, pack: LanguagePack
) -> PlaceMention:
    """Return the last place before, but for "the same market" the last one that was named in a sentence with a market."""
    same = pack.patterns["places.same_thing"].match(words)
    for scene in reversed(before) if same is not None else ():
        sentence = doc[scene.first].sent
        if same is not None and same.group("thing") in text[sentence.start_char : sentence.end_char]:
            return scene
    return before[-1]


def _is_too_large(town: PlaceMention, match: re.Match[str]) -> bool:
    """Return whether a town cannot be "the village"."""
    return match.group("small") is not None and town.place.population > _LARGEST_VILLAGE


def told_again(
    doc: Doc,
    text: str,
    mentions: Sequence[PlaceMention],
    times: Sequence[tuple[int, int]],
    terms: Sequence[tuple[int, int]],
    pack: LanguagePack,
) -> list[PlaceMention]:
    """Return mentions of the last place at which a further strike there is told.

    "On 9 March a missile had killed three people there." The sentence names a time and a strike, and a word says that it is
    a further one. Without these "there" is no mention. The models decide whether a second strike is told.

    Args:
        doc: the document.
        text: its text.
        mentions: of places, in text order.
        times: (start, end) of expressions of time, in text order.
        terms: (start, end) of words of the vocabulary, in text order.
        pack: the language.
    """
    found: list[PlaceMention] = []
    scenes = [m for m in mentions if m.role == _SCENE]
    starts = [m.start for m in scenes]
    begins = [[start for start, _ in spans] for spans in (times, terms)]
    for match in pack.patterns["places.there_again"].finditer(text):
        start, end = match.span()
        at = bisect_left(starts, start) - 1
        span = doc.char_span(start, end, alignment_mode="expand")
        if at < 0 or start - scenes[at].end > _REACH_CHARS or span is None:
            continue
        before = _beside_same_thing(
            match.group(), scenes[max(0, at + 1 - _MOST_SCENES) : at + 1], doc, text, pack
        )
        first, last = span.sent.start_char, span.sent.end_char
        is_named_here = bisect_left(starts, first) < bisect_left(starts, last)
        if is_named_here or not pack.patterns["places.again"].search(text, first, last):
            continue
        if all(bisect_left(known, first) < bisect_left(known, last) for known in begins):
            found.append(
                PlaceMention(start, end, span.start, span.end - 1, before.place, _SCENE, is_again=True)
            )
    return found
