"""Words that hint at furniture: ``line_cues.yaml``, counted by kind in a line."""

import re
from functools import cache, lru_cache
from importlib.resources import files

from transforms.util.data_files import read_data

CUE_KINDS = ("offer", "about", "caption", "legal", "note", "reader", "report")
_WORD = re.compile(r"[\w\u0900-\u0963]+")
"""The signs of Devanagari are part of a word."""
_MAX_COUNT, _MOST_WORDS = 4, 20_000
_KEY_LETTERS = 2
_WHOLE = "."
"""Stands at the end of a cue that is a whole word, not the beginning of one."""
_FIRST_WITHOUT_BLANKS = "\u0fff"
_NO_BLANKS = re.compile("[\u1000-\u109f\u3400-\u9fff]")


@cache
def _load_cues() -> tuple[dict[str, list[tuple[str, int]]], list[tuple[str, int]]]:
    """Return the cues by their first two letters, and those of scripts without blanks.

    A cue that is a whole word ends with a dot.
    """
    raw = read_data((files("transforms.pages") / "line_cues.yaml").read_text("utf-8"))
    if tuple(raw) != CUE_KINDS:
        raise ValueError(f"line_cues.yaml has the keys {sorted(raw)}")
    by_letters: dict[str, list[tuple[str, int]]] = {}
    anywhere = []
    for place, kind in enumerate(CUE_KINDS):
        for cue in sorted(set(raw[kind].split())):
            if cue[0] > _FIRST_WITHOUT_BLANKS:
                anywhere.append((cue, place))
            else:
                by_letters.setdefault(cue[:_KEY_LETTERS], []).append((cue, place))
    return by_letters, anywhere


@lru_cache(maxsize=_MOST_WORDS)
def _kinds_of(word: str) -> tuple[int, ...]:
    """Return the kinds of the cues that a word is or begins with. Most words of a page are frequent ones."""
    cues = _load_cues()[0].get(word[:_KEY_LETTERS], ())
    return tuple(place for cue, place in cues if word.startswith(cue) or word + _WHOLE == cue)


def count_cues(text: str) -> list[float]:
    """Return for each kind of ``CUE_KINDS`` how many of its words a line has, at most four."""
    found = [0] * len(CUE_KINDS)
    for word in _WORD.findall(text.lower()):
        for place in _kinds_of(word):
            found[place] += 1
    if not text.isascii() and _NO_BLANKS.search(text):
        for cue, place in _load_cues()[1]:
            found[place] += cue in text
    return [min(_MAX_COUNT, number) for number in found]
