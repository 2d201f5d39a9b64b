"""The words of a language for victims and for what happens to them, prepared for look-up."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from transforms.nlp.language import LanguagePack

KINDS = ("killed", "injured", "missing")


@dataclass(frozen=True, slots=True)
class VictimWords:
    """The words of a language for victims and for what happens to them, prepared for look-up.

    ``triggers``: phrases for what happens to victims, by their first word: (kind, how, phrase). ``kind`` is
    killed, injured or missing; ``how`` is the construction: active, passive, intransitive or nouns.
    """

    persons: frozenset[str]
    children: frozenset[str]
    person: frozenset[str]
    child: frozenset[str]
    things: frozenset[str]
    groups: dict[tuple[str, ...], int]
    none_of: dict[str, frozenset[str]]
    subgroups: dict[str, frozenset[str]]
    triggers: dict[str, list[tuple[str, str, tuple[str, ...]]]]
    toll: dict[str, list[re.Pattern[str]]]
    partial: dict[str, list[re.Pattern[str]]]
    child_patterns: list[re.Pattern[str]]
    child_below: int


def _split(phrases: list[str]) -> list[tuple[str, ...]]:
    """Return each phrase as a tuple of words, the longest first."""
    return sorted({tuple(p.split()) for p in phrases}, key=lambda words: (-len(words), words))


def _triggers(raw: Mapping[str, Any]) -> dict[str, list[tuple[str, str, tuple[str, ...]]]]:
    """Return the triggers of a pack by their first word, in the order of its lists."""
    found: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {}
    for kind in KINDS:
        for how, phrases in raw[kind].items():
            for phrase in _split(phrases):
                found.setdefault(phrase[0], []).append((kind, how, phrase))
    return found


@cache
def victim_words(pack: LanguagePack) -> VictimWords:
    """Return the words of a pack for victims."""
    raw = pack.casualties
    return VictimWords(
        frozenset(raw["person_nouns"]),
        frozenset(raw["child_nouns"]),
        frozenset(raw["single_person"]),
        frozenset(raw["single_child"]),
        frozenset(raw["things"]),
        {tuple(k.split()): v for k, v in raw["fixed_groups"].items()},
        {kind: frozenset(phrases) for kind, phrases in raw["none_of"].items()},
        {name: frozenset(nouns) for name, nouns in raw["subgroups"].items()},
        _triggers(raw),
        {k: [re.compile(p, re.I) for p in ps] for k, ps in raw["toll_patterns"].items()},
        {k: [re.compile(p, re.I) for p in ps] for k, ps in raw["partial_patterns"].items()},
        [re.compile(p, re.I) for p in raw["child_patterns"]],
        int(raw["age_of_child_below"]),
    )
