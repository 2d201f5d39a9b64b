"""Keys that the spellings of one transliterated name share."""

import re
from collections.abc import Iterable
from functools import lru_cache

from schemas.identity import fold_name

# Replacements that make the spellings of one transliterated name equal, applied in this order.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z ]", ""), (r"tch", "ch"), (r"dj", "j"), (r"gh", "g"), (r"dh", "d"), (r"th", "t"),
        (r"q", "k"), (r"ph", "f"), (r"h\b", ""), (r" ", ""), (r"a[iy]|e[iy]|[eiy]", "i"),
        (r"[ouwv]+", "u"), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip
# What is left of a name in all its transliterations: consonants, with one letter for those that the systems
# write differently (ch, kh: Bachmut, Bakhmut; sz, sh: s), without w and v (Nowo, Novo; Suwayda, Sweida).
_CONSONANTS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z ]", ""), (r"kh|tch|ch|cz|tz|c|q", "k"), (r"ph", "f"), (r"dj|j", "j"),
        (r"([zstd])h", r"\1"), (r"h\b", ""), (r"gh", "g"), (r" ", ""), (r"(.)\1+", r"\1"),
        (r"[aeiouywv]", ""),
    )
)  # fmt: skip
_MIN_CONSONANTS = 2
_REGION_KEY_CHARS = 6


@lru_cache(maxsize=50_000)
def sounds(name: str) -> str:
    """Return a transliterated name with one letter for each sound that is spelt in several ways.

    >>> sounds("Qillah Abdullah") == sounds("Qila Abdullah")
    True
    """
    return _replaced(name, _SOUNDS)


def consonants(name: str) -> str:
    """Return the consonants of a name that every transliteration keeps, or "" where they are too few.

    >>> consonants("Bachmut") == consonants("Bakhmut")
    True
    """
    text = _replaced(name, _CONSONANTS)
    return text if len(text) >= _MIN_CONSONANTS else ""


def _replaced(name: str, rules: Iterable[tuple[re.Pattern[str], str]]) -> str:
    text = fold_name(name)
    for pattern, sound in rules:
        text = pattern.sub(sound, text)
    return text


def region_key(name: str) -> str:
    """Return a key that two spellings of a region share ("Zaporizhzhia", "Zaporizhia")."""
    return fold_name(name)[:_REGION_KEY_CHARS]
