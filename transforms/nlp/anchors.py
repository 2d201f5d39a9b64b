"""A town from which a text measures another place: "Al Mansoura, west of Raqqa", "Pivdennyi, near Odesa"."""

import math
from dataclasses import dataclass

from spacy.tokens import Doc

from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.place_words import Candidate
from transforms.util.geo import kilometres

MAX_REGION_KM = 300
"""A place farther from the centre of a region is not in it."""
_MAX_NEAR_KM = 150
"""What a text calls near a town is at most so far away."""
_MIN_OFF_KM = 100
"""What lies so much farther away than three times the distance that the text gives is another place."""
_MAX_DISTANCE_DIGITS = 3
_MOST_TOKENS = 8
"""At most so many tokens stand between a place and its town: ", outside the Red Sea port of"."""
_MIN_TOWN_POPULATION = 20_000
"""A town that locates others has more inhabitants."""
_MIN_CITY_POPULATION = 50_000
"""A city of so many people is called near another one that is far away: "Kolomna, near Moscow"."""
_MIN_NEAR_POPULATION = 1_000
"""And so does one near which they are."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A town from which a text measures another place, and how far from it that can lie."""

    place: Place
    most_km: float


def anchor_of(
    candidates: list[Candidate], number: int, best: Place, doc: Doc, pack: LanguagePack
) -> Anchor | None:
    """Return the town from which the words after a name measure a distance or direction: "west of Raqqa".

    Where several towns have its name it is that of the country of ``best``, the listed place that the name may mean. What
    is near a town or on its outskirts is not 150 km off, unless it is a city itself: of five namesakes beyond that none
    was struck. What is 10 km off is not 240 km off.
    """
    if number + 1 >= len(candidates):
        return None
    start, _, places = candidates[number + 1]
    between = doc[candidates[number][1] + 1 : start]
    locators = pack.words["locators"]
    begins = len(between) > 0 and (between[0].text == "," or between[0].lower_ in locators)
    is_measured = begins and len(between) <= _MOST_TOKENS and any(t.lower_ in locators for t in between)
    has_end = any(t.text in ".;" or t.is_space or t.lower_ in pack.words["and"] for t in between)
    is_near = any(t.lower_ in pack.words["near_words"] for t in between)
    is_large = best.population >= _MIN_CITY_POPULATION
    least = _MIN_NEAR_POPULATION if is_near else _MIN_TOWN_POPULATION
    towns = [p for p in places if p.kind == "city" and p.population > least]
    town = max((p for p in towns if p.country == best.country), key=lambda p: p.population, default=None)
    town = towns[0] if len(towns) == 1 else town
    if not is_measured or has_end or town is None:
        return None
    stated = [int(t.text) for t in between if t.text.isdigit() and len(t.text) <= _MAX_DISTANCE_DIGITS]
    if stated:
        return Anchor(town, _MIN_OFF_KM + 3 * max(stated))
    if is_near and not is_large:
        return Anchor(town, _MAX_NEAR_KM)
    return Anchor(town, MAX_REGION_KM)


def kilometres_between(a: Place, b: Place) -> float:
    """Return the distance of two places in kilometres, infinite where one has no coordinates."""
    if None in (a.latitude, a.longitude, b.latitude, b.longitude):
        return math.inf
    return kilometres((a.latitude, a.longitude), (b.latitude, b.longitude))  # type: ignore[arg-type]
