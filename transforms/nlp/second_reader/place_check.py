"""The place of an answer: one of the gazetteer near a country that the article names, else only its name."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from transforms.nlp.gazetteer import Gazetteer, Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.place_names import UNLISTED
from transforms.nlp.place_words import country_words

_CODE = re.compile(r"[A-Z]{2}")


def countries_named(text: str, pack: LanguagePack) -> frozenset[str]:
    """Return the countries that a text names, by name or demonym."""
    words = country_words(pack)
    return frozenset(words[found][0] for found in _country_pattern(pack).findall(text.lower()))


@cache
def _country_pattern(pack: LanguagePack) -> re.Pattern[str]:
    words = sorted(country_words(pack), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")


def place_of(
    name: str, country: str, named: frozenset[str], gazetteer: Gazetteer, pack: LanguagePack
) -> Place:
    """Return the place that a name means.

    It is a place of the gazetteer in a country that the article names, or beside one. Of several, the one in the
    given country counts, then one in a country named, then the largest. Any other name is kept as it is, as a
    district, whose position is not known.

    Args:
        name: as the article writes it.
        country: the code that the answer gives.
        named: the countries that the article names.
        gazetteer: of the world.
        pack: the language.
    """
    code = country.strip().upper()
    near = named.union(*(gazetteer.neighbours(c) for c in named))
    found = [p for p in _places(name, gazetteer, pack) if p.country in near]
    if found:
        return min(
            found,
            key=lambda p: (p.country != code, p.country not in named, p.kind == "admin1", -p.population),
        )
    is_plausible = _CODE.fullmatch(code) is not None and code in near
    return replace(UNLISTED, name=name, kind="district", country=code if is_plausible else "")


def _places(name: str, gazetteer: Gazetteer, pack: LanguagePack) -> Sequence[Place]:
    """Return the places with a name: of the name of a country, the country alone."""
    known = country_words(pack).get(name.lower())
    if known is not None and known[1]:
        country = gazetteer.country(known[0])
        return [country] if country is not None else []
    found = gazetteer.find(name)
    before, _, last = name.rpartition(" ")
    if found or last.lower() not in pack.words["region_after"]:
        return found
    # "Sagaing Region": the gazetteer has regions under their bare names
    of_region = gazetteer.find(before)
    return [p for p in of_region if p.kind == "admin1"] or [replace(p, kind="region") for p in of_region]
