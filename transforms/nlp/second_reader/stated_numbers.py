"""The numbers of people that a sentence states, as the ranges of a report: what a toll of an answer is held against."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from transforms.nlp.gate import Phrases, phrases, words_of
from transforms.nlp.language import LanguagePack
from transforms.nlp.quantities import Quantity, find_quantities

_AGE = re.compile(r"\b(\d{1,2})-year-old\b")
_COUNTS = ("count", "none")


class Range(NamedTuple):
    """A number of people: the limits and the best figure, each None where it is open."""

    low: int | None
    best: int | None
    high: int | None


_NONE = Range(0, 0, 0)


def range_in(sentence: str, given: Range, kind: str, pack: LanguagePack) -> Range | str:
    """Return the range that a sentence states where it is the given one, or why it is not accepted.

    The numbers must stand in the sentence. What they leave open is read by our own rules: of 14, 14, 14 for "at
    least 14" the upper limit is dropped.

    Args:
        sentence: a sentence of the article.
        given: the range of an answer.
        kind: killed or injured.
        pack: the language.
    """
    numbers = {n for n in given if n is not None}
    if not numbers:
        return "no_number"
    if not _victims(kind, pack).any_in(sentence.lower(), words_of(sentence.lower())) and numbers != {0}:
        return f"nobody_{kind}_in_sentence"
    for stated, bare in _stated(sentence, kind, pack):
        known = {n for n in (*stated, bare) if n is not None}
        if stated == given or (numbers <= known and (numbers != {0} or stated == _NONE)):
            return stated
    return "number_not_in_sentence"


def children_in(sentence: str, given: int, pack: LanguagePack) -> int | str:
    """Return a number of children where a sentence that speaks of children states it, or why it is not accepted."""
    lowered = sentence.lower()
    ages = [int(age) for age in _AGE.findall(lowered)]
    is_young = any(age < pack.casualties["age_of_child_below"] for age in ages)
    if not is_young and not _children(pack).any_in(lowered, words_of(lowered)):
        return "no_child_in_sentence"
    numbers = {
        n for stated, bare in _stated(sentence, "killed", pack) for n in (stated.low, stated.best, bare)
    }
    if given == 0:
        is_said = _NONE in [stated for stated, _ in _stated(sentence, "killed", pack)]
        return (
            0
            if is_said or pack.patterns["casualties.no_children"].search(lowered)
            else "number_not_in_sentence"
        )
    if is_young and given == 1:
        return given
    return given if given in numbers else "number_not_in_sentence"


def _stated(sentence: str, kind: str, pack: LanguagePack) -> Iterator[tuple[Range, int | None]]:
    """Yield the ranges that a sentence states, each with the number in it without its qualifier."""
    lowered = sentence.lower()
    for quantity in find_quantities(sentence, pack):
        if quantity.kind in _COUNTS:
            yield Range(quantity.low, quantity.best, quantity.high), _bare(quantity, sentence, pack)
    for phrase, number in pack.casualties["fixed_groups"].items():
        if re.search(rf"\b{re.escape(phrase)}\b", lowered):
            yield Range(number, number, number), number
    if _one_person(pack).search(lowered):
        yield Range(1, 1, 1), 1
    if any(phrase in lowered for phrase in pack.casualties["none_of"][kind]) or pack.patterns[
        "casualties.nobody"
    ].search(lowered):
        yield _NONE, None


def _bare(quantity: Quantity, sentence: str, pack: LanguagePack) -> int | None:
    """Return the 50 of "more than 50", which means 51."""
    words = sentence[quantity.start : quantity.end].split()
    for first in range(1, len(words)):
        found = find_quantities(" ".join(words[first:]), pack)
        if len(found) == 1 and found[0].best is not None:
            return found[0].best
    return None


@cache
def _victims(kind: str, pack: LanguagePack) -> Phrases:
    """Return the words without which a sentence tells of nobody killed, or injured."""
    lists: list[Iterable[str]] = [*pack.casualties[kind].values(), pack.casualties["gate_words"]]
    return phrases(phrase for listed in lists for phrase in listed)


@cache
def _children(pack: LanguagePack) -> Phrases:
    casualties = pack.casualties
    return phrases([*casualties["child_nouns"], *casualties["single_child"], "child", "children"])


@cache
def _one_person(pack: LanguagePack) -> re.Pattern[str]:
    """Return the expression for one person: "a man", "her 11-year-old daughter"."""
    nouns = [*pack.casualties["single_person"], *pack.casualties["single_child"]]
    any_noun = "|".join(map(re.escape, sorted(nouns, key=len, reverse=True)))
    return re.compile(rf"\b(?:a|an|one|his|her|their|the)\s(?:[\w-]+\s){{0,3}}(?:{any_noun})\b")
