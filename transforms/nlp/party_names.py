"""The names of parties that may have struck: those that reports give as ``actor``, and the words for them."""

from collections.abc import Iterator, Mapping
from functools import cache

from schemas.identity import fold_name
from transforms.nlp.language import LanguagePack


@cache
def actor_names(pack: LanguagePack) -> dict[str, str]:
    """Return the usual name of each state as an attacker, by country code."""
    return {
        code: str(entry.get("actor") or str(entry["names"][0]).title())
        for code, entry in pack.countries.items()
        if entry.get("actor", "") is not None
    }


@cache
def usual_names(pack: LanguagePack) -> Mapping[str, str]:
    """Return the usual name of a party by each word for it, folded. A usual name stands for itself."""
    found: dict[str, str] = {}
    pairs = list(_words(pack))
    for name, _ in pairs:
        found[fold_name(name)] = name
    for name, word in pairs:
        found.setdefault(fold_name(word), name)
    return found


def _words(pack: LanguagePack) -> Iterator[tuple[str, str]]:
    """Yield a usual name and a word for it, those that mean it everywhere first."""
    for named in (pack.lexicon["actors"], pack.parties["parties"]):
        for name, words in named.items():
            yield from ((name, word) for word in (name, *words))
    for code, name in actor_names(pack).items():
        entry = pack.countries[code]
        yield from ((name, word) for word in (name, *entry["names"][:1], *entry["demonyms"]))
    for name in pack.parties["forces_of"].values():
        yield name, name
    for phrases in pack.parties["in_country"].values():
        yield from ((name, name) for name in phrases.values())
