"""Where in the town: the spots that reports name, and whether two names mean one spot."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from schemas.identity import fold_name
from transforms.util.data_files import read_data
from transforms.util.transliteration import consonants, sounds

PART = "part"
"""The kind of a spot that is a part of the town by its position: the old city, the east of Aleppo."""
_WIDE = frozenset({"quarter", "camp", PART, ""})
"""Kinds of spots that hold others: a school stands in a quarter. The empty kind: no word says the kind."""
_ALIKE = 0.85
"""Two names whose sounds are as similar as this (``difflib``) are two spellings of one name."""
_MOST_CHARS = 200
"""A longer text is no name."""
_ORDER = ("same_spot", "same_quarter", "other_inside", "open", "other")
_OF_THE_TOWN = re.compile(
    r"\s(?:of|in) (?:the )?(?:[\w'-]+ ){0,3}(?:city|town|village|capital)\b.*", re.IGNORECASE
)
"""What adds nothing to a spot: "the centre of the Russian city of Belgorod"."""
_SPLIT = re.compile(r"\s*[,;/]\s*|\s+\(|\)")


class Relation(StrEnum):
    """How two names of spots stand to each other. OPEN: they may mean one spot or two."""

    SAME = "same"
    OTHER = "other"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Spot:
    """A spot inside a town.

    ``kind``: quarter, camp, street, house, building, part, or "" where no word says it. ``words``: the keys
    of the words of its name; of a part the names of its positions. ``features``: the words for its kind.
    """

    kind: str
    words: frozenset[str]
    features: frozenset[str]
    sound: str

    @property
    def is_latin(self) -> bool:
        """Return whether the name is written in Latin letters or digits."""
        return bool(self.sound) or all(word.isascii() for word in self.words)

    @property
    def is_wide(self) -> bool:
        """Return whether the spot may hold other spots."""
        return self.kind in _WIDE


@dataclass(frozen=True, slots=True)
class _Words:
    kind_of: Mapping[str, str]
    part_of: Mapping[str, str]
    opposite: frozenset[tuple[str, str]]
    empty: frozenset[str]


@cache
def _words() -> _Words:
    """Return the words of ``spots.yaml``.

    Raises:
        ValueError: the data file has an unknown key, or a word twice.
    """
    raw = read_data((files("transforms.resolution") / "spots.yaml").read_text("utf-8"))
    if set(raw) != {"kinds", "parts", "opposite", "empty"}:
        raise ValueError(f"spots.yaml: the keys are {sorted(raw)}")
    kind_of = [(fold_name(word), kind) for kind, words in raw["kinds"].items() for word in words]
    part_of = [(fold_name(word), part) for part, words in raw["parts"].items() for word in words]
    opposite = {(a, b) for pair in raw["opposite"] for a, b in (pair, pair[::-1])}
    unknown = {part for pair in opposite for part in pair} - set(raw["parts"])
    if unknown:
        raise ValueError(f"spots.yaml: opposite has unknown parts {sorted(unknown)}")
    return _Words(dict(kind_of), dict(part_of), frozenset(opposite), frozenset(map(fold_name, raw["empty"])))


@lru_cache(maxsize=65536)
def spots_in(text: str, town: str = "") -> tuple[Spot, ...]:
    """Return the spots that a text names, the parts between commas one by one.

    >>> [spot.kind for spot in spots_in("Al-Ahli hospital, Zeitoun neighbourhood")]
    ['building', 'quarter']
    >>> [spot.kind for spot in spots_in("eastern Aleppo", "Aleppo")]
    ['part']
    """
    short = " ".join(text[:_MOST_CHARS].split())
    found = (_spot(part, frozenset(fold_name(town).split())) for part in _SPLIT.split(short))
    return tuple(dict.fromkeys(spot for spot in found if spot is not None))


def _spot(text: str, town: frozenset[str]) -> Spot | None:
    words = _words()
    tokens = [t for t in fold_name(_OF_THE_TOWN.sub("", text)).split() if t not in words.empty]
    kinds = [words.kind_of[t] for t in tokens if t in words.kind_of and t not in words.part_of]
    names = [t for t in tokens if t not in words.kind_of or t in words.part_of]
    own = [t for t in names if t not in town]
    positions = frozenset(words.part_of[t] for t in own if t in words.part_of)
    if positions and not kinds and len([t for t in own if t in words.part_of]) == len(own):
        return Spot(PART, positions, frozenset(), "")  # "the old city", "eastern Aleppo", "city centre"
    names = own or (names if kinds else [])  # "Jenin camp" in Jenin
    if not names:
        return None
    kind = max(kinds, key=list(dict.fromkeys(words.kind_of.values())).index, default="")
    features = frozenset(t for t in tokens if words.kind_of.get(t) == kind)
    keys = frozenset(_key(name) for name in names)
    return Spot(kind, keys, features, sounds(" ".join(names)))


def _key(word: str) -> str:
    return word if word.isdigit() else consonants(word) or sounds(word) or word


@lru_cache(maxsize=262144)
def relation(a: Spot, b: Spot) -> Relation:
    """Return how two spots of one town stand to each other."""
    if a.kind == PART or b.kind == PART:
        return _of_parts(a, b)
    if not (a.is_latin and b.is_latin):
        # Spellings of another script cannot be compared with Latin ones.
        return Relation.SAME if a.words & b.words else Relation.OPEN
    is_same_name = a.words <= b.words or b.words <= a.words or _sound_alike(a.sound, b.sound)
    if a.is_wide or b.is_wide:
        if is_same_name:
            return Relation.SAME  # "Saltivka", and a school in Saltivka
        return Relation.OTHER if a.is_wide and b.is_wide else Relation.OPEN
    if a.kind != b.kind:
        return Relation.OPEN  # a hospital on a street
    is_one_kind = a.kind != "building" or bool(a.features & b.features)
    return Relation.SAME if is_same_name and is_one_kind else Relation.OTHER  # not the school of that name


def _of_parts(a: Spot, b: Spot) -> Relation:
    if a.kind != b.kind:
        return Relation.OPEN
    if a.words & b.words:
        return Relation.SAME
    opposite = _words().opposite
    return Relation.OTHER if any((x, y) in opposite for x in a.words for y in b.words) else Relation.OPEN


def _sound_alike(a: str, b: str) -> bool:
    if not a or not b:
        return False
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def compare(reported: tuple[Spot, ...], known: Mapping[tuple[Spot, ...], int]) -> str:
    """Return how the spots that a report names stand to those of a strike: as to most of its reports.

    ``same_spot``: a building, house or street of both. ``same_quarter``: a quarter, camp or part of both, and
    no two spots in it. ``other_inside``: one quarter, and two spots in it. ``other``: two spots or quarters,
    and nothing in common. ``open``: both name a spot, and it may be one. ``one``: only one of them names a
    spot. ``none``: neither does.

    Args:
        reported: the spots of the report.
        known: how many reports of the strike name which spots.
    """
    if not reported or not known:
        return "one" if reported or known else "none"
    votes: dict[str, int] = {}
    for others, times in known.items():
        case = _compare(reported, others)
        votes[case] = votes.get(case, 0) + times
    return max(votes, key=lambda case: (votes[case], -_ORDER.index(case)))


def _compare(reported: tuple[Spot, ...], known: tuple[Spot, ...]) -> str:
    found = {(relation(a, b), a.is_wide and b.is_wide) for a in reported for b in known}
    if (Relation.SAME, False) in found:
        return "same_spot"
    if (Relation.SAME, True) in found:
        return "other_inside" if (Relation.OTHER, False) in found else "same_quarter"
    return "other" if any(case == Relation.OTHER for case, _ in found) else "open"
