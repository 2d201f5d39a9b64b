"""A town and its region right behind it: "Oakland, California", "Hit, Anbar". Each says what the other means."""

from collections.abc import Sequence

from spacy.tokens import Doc

from schemas.identity import fold_name
from transforms.nlp.gazetteer import Gazetteer, Place

_MOST_REGION_TOKENS = 4
"""The name of a region has at most so many words: "Norte de Santander"."""
_MOST_TOWN_TOKENS = 4
"""And so has that of the town before it."""
_MIN_POPULATION = 10_000
"""A smaller town with an ordinary word as its name needs its region behind it."""


def town_of_region(doc: Doc, j: int, name: str, gazetteer: Gazetteer) -> tuple[Place, ...]:
    """Return the towns that have an ordinary word as their name, where their region or country follows: "Hit, Anbar"."""
    if not name[:1].isupper() or j + 2 >= len(doc) or doc[j + 1].text != ",":
        return ()
    end = j + 2
    while end + 1 < len(doc) and end < j + 1 + _MOST_REGION_TOKENS and doc[end + 1].text[:1].isupper():
        end += 1
    named = [p for n in range(j + 2, end + 1) for p in gazetteer.find(doc[j + 2 : n + 1].text)]
    regions = {(p.country, p.admin1) for p in named if p.kind == "admin1"}
    countries = {p.country for p in named if p.kind == "country"}
    towns = (p for p in gazetteer.find(name) if p.kind == "city" and fold_name(p.name) == fold_name(name))
    return tuple(
        p
        for p in towns
        if (p.country, p.admin1) in regions or (p.country in countries and p.population >= _MIN_POPULATION)
    )


def regions_of_town_before(
    doc: Doc, i: int, places: Sequence[Place], gazetteer: Gazetteer
) -> tuple[Place, ...]:
    """Return the regions of a name in which the town right before it lies: "Oakland, California".

    California is a town of Maryland too. A region with a town of its own name in it is left to the rules for towns.
    """
    own = {(p.country, p.admin1) for p in places if p.kind != "admin1"}
    regions = [p for p in places if p.kind == "admin1" and (p.country, p.admin1) not in own]
    if not regions or i < 2 or doc[i - 1].text != ",":
        return ()
    first = i - 2
    while (
        first > max(0, i - 1 - _MOST_TOWN_TOKENS)
        and doc[first - 1].text[:1].isupper()
        and not doc[first].is_sent_start
    ):
        first -= 1
    towns = [p for n in range(first, i - 1) for p in gazetteer.find(doc[n : i - 1].text)]
    around = {(p.country, p.admin1) for p in towns if p.kind == "city"}
    return tuple(p for p in regions if (p.country, p.admin1) in around)
