"""The words of an article that may name who struck, each with the party that it means at a place."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.context import Context
from transforms.nlp.party_names import actor_names
from transforms.nlp.phrase_table import PhraseTable

_ACRONYM_CHARS = 3
"""A single word of at most so many letters is a name only in capitals: "US", not "us"."""


@dataclass(frozen=True, slots=True)
class Party:
    """What a phrase means. ``name`` None: the forces of the state in which the place lies.

    ``country``: the only country of a place in which the phrase has this meaning.
    """

    name: str | None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class PartyWord:
    """A phrase at tokens ``[first, last]`` and characters ``[start, end)`` that may name a party."""

    meanings: tuple[Party, ...]
    first: int
    last: int
    start: int
    end: int

    def is_generic_at(self, country: str) -> bool:
        """Return whether the phrase means a party only because of where the place lies."""
        return all(m.name is None or m.country == country for m in _valid(self.meanings, country))


@cache
def _table(pack: LanguagePack) -> PhraseTable[Party]:
    """Return all phrases of a language that may name a party. A party's own phrases come before a state's."""
    parties = pack.parties
    table: PhraseTable[Party] = PhraseTable()
    for country, phrases in parties["in_country"].items():
        for phrase, name in phrases.items():
            table.add([phrase], Party(name, country))
    known: set[str] = set()
    for name, listed in (*parties["parties"].items(), *pack.lexicon["actors"].items(), *_states(pack)):
        new = [phrase for phrase in listed if phrase not in known]
        table.add(new, Party(name))
        known.update(new)
    table.add(parties["own_forces"], Party(None))
    return table


def _states(pack: LanguagePack) -> Iterable[tuple[str, Sequence[str]]]:
    """Return the usual name of each state with the words for it. Its other names are regions."""
    for code, name in actor_names(pack).items():
        yield name, [*pack.countries[code]["names"][:1], *pack.countries[code]["demonyms"]]


def parties_in(text: str, pack: LanguagePack) -> Iterator[tuple[int, int, tuple[Party, ...]]]:
    """Yield start, end and meanings of each phrase of a text that may name a party, in text order."""
    for start, end, meanings in _table(pack).find(text):
        said = text[start:end]
        if len(said) > _ACRONYM_CHARS or said.isupper():
            yield start, end, meanings


def party_words(context: Context, pack: LanguagePack) -> list[PartyWord]:
    """Return the phrases that may name a party, in text order."""
    offsets = [token.idx for token in context.doc]
    found = []
    for start, end, meanings in parties_in(context.findings.text, pack):
        first, last = (bisect_right(offsets, at) - 1 for at in (start, end - 1))
        found.append(PartyWord(meanings, first, last, start, end))
    return found


def tokens_of(words: Iterable[PartyWord]) -> set[int]:
    """Return the tokens that name parties."""
    return {token for word in words for token in range(word.first, word.last + 1)}


def _valid(meanings: Sequence[Party], country: str) -> list[Party]:
    """Return the meanings of a phrase at a place: those of its country only, if there are any."""
    local = [m for m in meanings if m.country == country]
    return local or [m for m in meanings if m.country is None]


def parties_at(words: Sequence[PartyWord], country: str, pack: LanguagePack) -> dict[str, list[PartyWord]]:
    """Return the words for each party that may have struck a place in a country, by its usual name.

    A state that has struck its own towns goes by the name of its forces where they have one.
    """
    found: dict[str, list[PartyWord]] = {}
    for word in words:
        for name in names_at(word.meanings, country, pack):
            if word not in found.setdefault(name, []):
                found[name].append(word)
    return {name: of_party for name, of_party in found.items() if of_party}


def names_at(meanings: Sequence[Party], country: str, pack: LanguagePack) -> Iterator[str]:
    """Yield the usual names of the parties that a phrase means at a place in a country."""
    own, state = own_forces(country, pack), actor_names(pack).get(country)
    for meaning in _valid(meanings, country):
        name = own if meaning.name is None or meaning.name == state else meaning.name
        if name is not None:
            yield name


def own_forces(country: str, pack: LanguagePack) -> str | None:
    """Return the usual name of the forces of a country, None where it is not known."""
    named: Mapping[str, str] = pack.parties["forces_of"]
    return named.get(country) or actor_names(pack).get(country)
