"""Finds listed phrases in a text by their words: hyphens, spaces and apostrophes between words are one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Meaning = TypeVar("Meaning")

_WORD = re.compile(r"\w+")
_JOINED = re.compile(r"[ .'\u2018\u2019\u2010-\u2013-]{1,2}")
"""What may stand between two words of a phrase; a line break does not."""


@dataclass(slots=True)
class PhraseTable(Generic[Meaning]):
    """Phrases with their meanings. A phrase may have several; of overlapping phrases the longest wins."""

    _by_first: dict[str, dict[tuple[str, ...], list[Meaning]]] = field(default_factory=dict)

    def add(self, phrases: Iterable[str], meaning: Meaning) -> None:
        """Add a meaning to each phrase. "kh-101" is also found as "kh101"."""
        for phrase in phrases:
            words = tuple(_WORD.findall(phrase.lower()))
            for spelt in {words, _without_hyphen(words)}:
                meanings = self._by_first.setdefault(spelt[0], {}).setdefault(spelt, [])
                if meaning not in meanings:
                    meanings.append(meaning)

    def find(self, text: str) -> Iterator[tuple[int, int, tuple[Meaning, ...]]]:
        """Yield start, end and meanings of each phrase in a text, in text order."""
        words = [(m.group().lower(), m.start(), m.end()) for m in _WORD.finditer(text)]
        n = 0
        while n < len(words):
            known = self._by_first.get(words[n][0])
            longest = _longest(known, words, n, text) if known else ()
            if known and longest:
                last = n + len(longest) - 1
                yield words[n][1], words[last][2], tuple(known[longest])
                n = last
            n += 1


def _longest(
    known: dict[tuple[str, ...], list[Meaning]], words: list[tuple[str, int, int]], at: int, text: str
) -> tuple[str, ...]:
    """Return the longest known phrase that begins at a word, () for none."""
    fits = [
        phrase
        for phrase in known
        if at + len(phrase) <= len(words)
        and all(w == words[at + k][0] for k, w in enumerate(phrase))
        and all(
            _JOINED.fullmatch(text[words[k][2] : words[k + 1][1]]) for k in range(at, at + len(phrase) - 1)
        )
    ]
    return max(fits, key=len, default=())


def _without_hyphen(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return letters and digits as one word: ("kh", "101") is ("kh101",)."""
    if len(words) == 2 and words[0].isalpha() and words[1][0].isdigit():
        return (words[0] + words[1],)
    return words
