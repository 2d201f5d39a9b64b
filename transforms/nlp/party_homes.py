"""Where the armed groups that a text names have their home: "Al-Shabaab militants" speaks for Somalia.

A group strikes abroad too, so this counts little beside a country that the text names. A short note often names none
("at Baure, inside Boni forest").
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache

from transforms.nlp.language import LanguagePack

_WEIGHT, _MOST_MENTIONS = 0.5, 2
"""Weight of a home for each mention of a group, and the number of mentions that count."""


def home_weights(text: str, pack: LanguagePack) -> Mapping[str, float]:
    """Return a weight for each country that is the home of a group in the text; several homes share it."""
    words = _homes(pack)
    counts = Counter(_any_group(pack).findall(text.lower()))
    found: dict[str, float] = {}
    for word, count in counts.items():
        for country in words[word]:
            share = _WEIGHT * min(count, _MOST_MENTIONS) / len(words[word])
            found[country] = max(found.get(country, 0.0), share)
    return found


@cache
def _homes(pack: LanguagePack) -> dict[str, tuple[str, ...]]:
    """Return the homes of the groups by each word for them."""
    actors, parties = pack.lexicon["actors"], pack.parties["parties"]
    return {
        word: tuple(countries)
        for party, countries in pack.parties["homes"].items()
        for word in {party.lower(), *actors.get(party, ()), *parties.get(party, ())}
    }


@cache
def _any_group(pack: LanguagePack) -> re.Pattern[str]:
    """Return an expression for all words for groups, the longest first."""
    words = "|".join(map(re.escape, sorted(_homes(pack), key=len, reverse=True)))
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])")
