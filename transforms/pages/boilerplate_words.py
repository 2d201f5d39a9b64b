"""The words of what is not the article: ``boilerplate.yaml``, read once and checked."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from transforms.util.data_files import read_data

_SETS = ("tokens", "deks", "controls", "consent")
_PHRASES = ("pointers", "boxes", "comments", "more", "networks", "labels")
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabularies of ``boilerplate.yaml``."""

    tokens: frozenset[str]
    deks: frozenset[str]
    controls: frozenset[str]
    consent: frozenset[str]
    pointers: re.Pattern[str]
    boxes: re.Pattern[str]
    comments: re.Pattern[str]
    more: re.Pattern[str]
    networks: re.Pattern[str]
    labels: re.Pattern[str]
    walls: dict[str, tuple[str, ...]]


@cache
def words() -> Words:
    """Return the vocabularies.

    Raises:
        ValueError: the file has a key that nothing reads, or lacks one.
    """
    raw = read_data((files("transforms.pages") / "boilerplate.yaml").read_text("utf-8"))
    if set(raw) != {*_SETS, *_PHRASES, "walls"}:
        raise ValueError(
            f"boilerplate.yaml: unknown or missing keys {sorted(set(raw) ^ {*_SETS, *_PHRASES})}"
        )
    read: dict[str, Any] = {name: frozenset(raw[name]) for name in _SETS}
    read |= {name: re.compile(rf"(?:{'|'.join(raw[name])})(?!\w)", re.I) for name in _PHRASES}
    return Words(**read, walls={reason: tuple(found) for reason, found in raw["walls"].items()})


def bare(text: str) -> str:
    """Return the words of a text, in lower case, single blanks between them."""
    return " ".join(WORD.findall(text.lower()))


def count_words(text: str | None) -> int:
    """Return how many words a text has."""
    return len(WORD.findall(text)) if text else 0
