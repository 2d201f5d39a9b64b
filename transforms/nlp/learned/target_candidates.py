"""The words of an article that may say what was hit, each with the classes of target that it may mean."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.context import Context
from transforms.nlp.phrase_table import PhraseTable

_NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class TargetMeaning:
    """A class of target, and whether the phrase names it."""

    value: str
    is_named: bool


@dataclass(frozen=True, slots=True)
class TargetWord:
    """A phrase at tokens ``[first, last]`` and characters ``[start, end)`` that may mean a class of target.

    ``is_named``: it names the class, such as "mosque"; others, such as "worshippers", hint at it.
    """

    value: str
    first: int
    last: int
    start: int
    end: int
    is_named: bool


@cache
def _table(pack: LanguagePack) -> PhraseTable[TargetMeaning]:
    """Return all phrases of a language that may mean a target."""
    table: PhraseTable[TargetMeaning] = PhraseTable()
    for value, phrases in pack.lexicon["targets"].items():
        table.add(phrases, TargetMeaning(value, True))
    for value, phrases in pack.targets["may_be"].items():
        table.add(phrases, TargetMeaning(value, False))
    table.add(pack.lexicon["not_targets"], TargetMeaning(_NOTHING, False))
    return table


def target_words(context: Context, pack: LanguagePack) -> list[TargetWord]:
    """Return the phrases that may mean a target, in text order: one record for each class it may mean."""
    offsets = [token.idx for token in context.doc]
    found = []
    for start, end, meanings in _table(pack).find(context.findings.text):
        if any(m.value == _NOTHING for m in meanings):
            continue
        first, last = (bisect_right(offsets, at) - 1 for at in (start, end - 1))
        named = {m.value for m in meanings if m.is_named}
        found += [
            TargetWord(m.value, first, last, start, end, m.is_named)
            for m in meanings
            if m.is_named or m.value not in named
        ]
    return sorted(found, key=lambda w: (w.first, w.last, w.value))


def kinds_of(words: Sequence[TargetWord]) -> dict[str, list[TargetWord]]:
    """Return the words of each class of target."""
    by_kind: dict[str, list[TargetWord]] = {}
    for word in words:
        by_kind.setdefault(word.value, []).append(word)
    return by_kind
