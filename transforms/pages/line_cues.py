"""Words that hint at furniture: ``line_cues.yaml``, counted by kind in a line."""

import re
from functools import cache
from importlib.resources import files

from transforms.util.data_files import read_data

CUE_KINDS = ("offer", "about", "caption", "legal", "note")
_WORD = re.compile(r"[^\W\d_]+")
_MAX_COUNT = 4
_KEY_LETTERS = 2
_FIRST_WITHOUT_BLANKS = "\u0fff"
_NO_BLANKS = re.compile("[\u1000-\u109f\u3400-\u9fff]")


@cache
def _load_cues() -> tuple[dict[str, list[tuple[str, int]]], list[tuple[str, int]]]:
    """Return the cues by their first two letters, and those of scripts without blanks."""
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


def count_cues(text: str) -> list[float]:
    """Return for each kind of ``CUE_KINDS`` how many of its words a line has, at most four."""
    by_letters, anywhere = _load_cues()
    found = [0] * len(CUE_KINDS)
    for word in _WORD.findall(text.lower()):
        for cue, place in by_letters.get(word[:_KEY_LETTERS], ()):
            if word.startswith(cue):
                found[place] += 1
    if not text.isascii() and _NO_BLANKS.search(text):
        for cue, place in anywhere:
            found[place] += cue in text
    return [min(_MAX_COUNT, number) for number in found]
