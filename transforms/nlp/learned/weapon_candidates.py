"""The words of an article that may say what struck, each with the classes of weapon that it may mean."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from schemas.vocabulary import WEAPON_FAMILY, Weapon
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.context import Context
from transforms.nlp.phrase_table import PhraseTable

_NOTHING = "nothing"
_OF_THEIR_OWN = (Weapon.CLUSTER_MUNITION, Weapon.MIXED)
_MAX_JOINT_TOKENS = 5
"""Two weapons of one kind that stand so near to each other are two: "artillery and mortars"."""


@dataclass(frozen=True, slots=True)
class WeaponMeaning:
    """A class of weapon, whether the phrase names it, and the name of the model."""

    value: str
    is_named: bool
    model: str | None = None


@dataclass(frozen=True, slots=True)
class WeaponWord:
    """A phrase at tokens ``[first, last]`` and characters ``[start, end)`` that may mean a class of weapon.

    ``is_named``: it names the class; others, such as "bomb", leave it open. ``model``: its name, if said. ``is_either``: the
    text leaves open whether it was this or another weapon.
    """

    value: str
    first: int
    last: int
    start: int
    end: int
    is_named: bool
    model: str | None = None
    is_either: bool = False

    @property
    def kind(self) -> str:
        """Return the kind of weapon between which the model chooses."""
        return kind_of(self.value)


def kind_of(value: str) -> str:
    """Return the kind of a class of weapon: its family, but cluster munitions and mixed attacks are their own."""
    weapon = Weapon(value)
    return str(weapon) if weapon in _OF_THEIR_OWN else WEAPON_FAMILY[weapon]


@cache
def _table(pack: LanguagePack) -> PhraseTable[WeaponMeaning]:
    """Return all phrases of a language that may mean a weapon."""
    table: PhraseTable[WeaponMeaning] = PhraseTable()
    for words in (pack.lexicon["weapons"], pack.arms["named"]):
        for value, phrases in words.items():
            table.add(_with_plurals(phrases), WeaponMeaning(value, True))
    for phrase, (value, name) in pack.lexicon["models"].items():
        table.add([phrase], WeaponMeaning(value, True, name))
    for value, models in pack.arms["models"].items():
        for name, phrases in models.items():
            table.add(_with_plurals([name, *phrases]), WeaponMeaning(value, True, name))
    for value, phrases in pack.arms["may_mean"].items():
        table.add(phrases, WeaponMeaning(value, False))
    for phrases in (pack.arms["nothing"], pack.lexicon["not_strikes"]):
        table.add(phrases, WeaponMeaning(_NOTHING, False))
    return table


def _with_plurals(phrases: Sequence[str]) -> list[str]:
    return [*phrases, *(f"{phrase}s" for phrase in phrases if phrase[-1:].isalnum() and phrase[-1] != "s")]


def weapons_in(text: str, pack: LanguagePack) -> Iterator[tuple[int, int, list[WeaponMeaning]]]:
    """Yield start, end and meanings of each phrase of a text that may mean a weapon, in text order."""
    for start, end, meanings in _table(pack).find(text):
        if not any(m.value == _NOTHING for m in meanings):
            has_model = any(m.model for m in meanings)
            yield start, end, [m for m in meanings if m.model or not has_model]


def weapon_words(context: Context, pack: LanguagePack) -> list[WeaponWord]:
    """Return the phrases that may mean a weapon, in text order: one record for each class it may mean."""
    offsets = [token.idx for token in context.doc]
    found = []
    for start, end, meanings in weapons_in(context.findings.text, pack):
        first, last = (bisect_right(offsets, at) - 1 for at in (start, end - 1))
        found += [WeaponWord(m.value, first, last, start, end, m.is_named, m.model) for m in meanings]
    found += _named_together(found, context)
    left_open = _left_open(found, context, pack)
    found = [replace(w, is_either=(w.start, w.end) in left_open) for w in found]
    return sorted(found, key=lambda w: (w.first, w.last, w.value))


def _left_open(words: Sequence[WeaponWord], context: Context, pack: LanguagePack) -> set[tuple[int, int]]:
    """Return the characters of weapons between which the text leaves it open: "an air strike or artillery".

    "Mortar or artillery rounds" are of one kind, so nothing is open.
    """
    found, text = set(), context.findings.text
    for a, b in pairwise(w for w in words if w.is_named and w.value != Weapon.MIXED):
        if a.kind != b.kind and pack.patterns["fields.either"].fullmatch(text, a.end, max(a.end, b.start)):
            found |= {(a.start, a.end), (b.start, b.end), (a.start, b.end)}
    return found


def _named_together(words: Sequence[WeaponWord], context: Context) -> Iterator[WeaponWord]:
    """Yield two weapons that a sentence names one after the other as the words for a mixed attack."""
    named = [w for w in words if w.is_named]
    for a, b in pairwise(named):
        is_other = kind_of(a.value) != kind_of(b.value) or b.first - a.last <= _MAX_JOINT_TOKENS
        in_one = context.sentence_of(a.start) == context.sentence_of(b.start)
        if a.last < b.first and a.value != b.value and is_other and in_one:
            yield WeaponWord(Weapon.MIXED, a.first, b.last, a.start, b.end, True)
