"""A town from which a text measures another place: "Al Mansoura, west of Raqqa", "Pivdennyi, near Odesa"."""

import math
from dataclasses import dataclass

from spacy.tokens import Doc, Span

from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.place_words import Candidate
from transforms.util.geo import kilometres

MAX_REGION_KM = 300
"""A place farther from the centre of a region is not in it."""
_MAX_NEAR_KM = 120
"""What a text calls near a town is at most so far away."""
_MIN_OFF_KM = 100
"""What lies so much farther away than three times the distance that the text gives is another place."""
_MOST_TOKENS = 8
"""At most so many tokens stand between a place and its town: ", outside the Red Sea port of"."""
_MIN_TOWN_POPULATION, _MIN_NEAR_POPULATION = 20_000, 1_000
"""A town that locates others has more inhabitants than the first number, or than the second where they are near it."""
_MIN_CITY_POPULATION = 50_000
"""A city of so many people is known well enough to be called near one far away, or north of it."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A town from which a text measures another place, and how far from it that can lie."""

    place: Place
    most_km: float


def anchor_of(
    candidates: list[Candidate], number: int, best: Place, doc: Doc, pack: LanguagePack
) -> Anchor | None:
    """Return the town from which the words after a name measure a distance or direction: "west of Raqqa".

    Where several towns have its name it is that of the country of ``best``, the listed place that the name may
    mean. What is near a town or on its outskirts is not 120 km off, unless it is a city itself: of five namesakes
    beyond that none was struck. What is 10 km off is not 240 km off.
    """
    if number + 1 >= len(candidates):
        return None
    start, end, places = candidates[number + 1]
    between = doc[candidates[number][1] + 1 : start]
    if not _measures(between, pack) or (end + 1 < len(doc) and doc[end + 1].tag_ == "POS"):
        return None  # "Engels near Moscow's main bomber fleet"
    numbers = [t.text.replace(",", "") for t in between if t.text[:1].isdigit()]
    is_near = any(t.lower_ in pack.words["near_words"] for t in between)
    least = _MIN_NEAR_POPULATION if is_near else _MIN_TOWN_POPULATION
    towns = [p for p in places if p.kind == "city" and p.population > least]
    town = max((p for p in towns if p.country == best.country), key=lambda p: p.population, default=None)
    town = towns[0] if len(towns) == 1 else town
    if town is None or not all(n.isdigit() for n in numbers):
        return None
    if numbers:
        return Anchor(town, _MIN_OFF_KM + 3 * max(map(int, numbers)))
    if best.population >= _MIN_CITY_POPULATION:
        return None  # "Kano, north of Abuja", "Kolomna, near Moscow"
    return Anchor(town, _MAX_NEAR_KM if is_near else MAX_REGION_KM)


def _measures(between: Span, pack: LanguagePack) -> bool:
    """Return whether the words between a place and a town only measure a distance or direction."""
    words, locators = pack.words, pack.words["locators"]
    if not 0 < len(between) <= _MOST_TOKENS:
        return False
    if between[0].text != "," and between[0].lower_ not in locators and not between[0].text[:1].isdigit():
        return False
    if any(t.text in ".;" or t.is_space or t.lower_ in words["and"] for t in between):
        return False
    allowed = (
        locators | words["between_place_and_region"] | words["measuring_words"] | words["kinds_of_place"]
    )
    is_known = (t.lower_ in allowed or t.text[:1].isupper() or not t.is_alpha for t in between)
    return any(t.lower_ in locators for t in between) and all(is_known)


def kilometres_between(a: Place, b: Place) -> float:
    """Return the distance of two places in kilometres, infinite where one has no coordinates."""
    if None in (a.latitude, a.longitude, b.latitude, b.longitude):
        return math.inf
    return kilometres((a.latitude, a.longitude), (b.latitude, b.longitude))  # type: ignore[arg-type]
