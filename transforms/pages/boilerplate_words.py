"""The words that mark boilerplate on a news page: ``boilerplate.yaml``, read once and checked."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from transforms.util.data_files import read_data

_SET_KEYS = ("class_tokens", "dek_classes", "comment_controls", "consent_words")
_PATTERN_KEYS = ("pointers", "box_headings", "comment_headings", "more_links", "share_buttons", "labels")
_KEYS = {*_SET_KEYS, *_PATTERN_KEYS, "walls"}
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class BoilerplateWords:
    """The lists of ``boilerplate.yaml``, which says what each is for.

    Sets hold lower-case words. Patterns match from the start of a line, in any case, and end at the end of a
    word. ``walls``: lower-case phrases by the reason of the dead letter.
    """

    class_tokens: frozenset[str]
    dek_classes: frozenset[str]
    comment_controls: frozenset[str]
    consent_words: frozenset[str]
    pointers: re.Pattern[str]
    box_headings: re.Pattern[str]
    comment_headings: re.Pattern[str]
    more_links: re.Pattern[str]
    share_buttons: re.Pattern[str]
    labels: re.Pattern[str]
    walls: dict[str, tuple[str, ...]]


@cache
def load_boilerplate_words() -> BoilerplateWords:
    """Return the lists.

    Raises:
        ValueError: the file lacks a key, or has one that nothing reads.
    """
    raw = read_data((files("transforms.pages") / "boilerplate.yaml").read_text("utf-8"))
    if set(raw) != _KEYS:
        raise ValueError(f"boilerplate.yaml: unknown or missing keys {sorted(set(raw) ^ _KEYS)}")
    lists: dict[str, Any] = {key: frozenset(raw[key]) for key in _SET_KEYS}
    lists |= {key: re.compile(rf"(?:{'|'.join(raw[key])})(?!\w)", re.I) for key in _PATTERN_KEYS}
    return BoilerplateWords(**lists, walls={reason: tuple(said) for reason, said in raw["walls"].items()})


def normalise_words(text: str) -> str:
    """Return the words of a text in lower case, with one blank between them.

    >>> normalise_words("Two killed - in Nikopol!")
    'two killed in nikopol'
    """
    return " ".join(WORD.findall(text.lower()))


def count_words(text: str | None) -> int:
    """Return the number of words of a text."""
    return len(WORD.findall(text)) if text else 0
