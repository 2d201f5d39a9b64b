"""Choose the place that a text means where several have the name.

It is chosen by the countries and regions that the text names, by other places near it, and only then by
population.
"""

import math
from dataclasses import replace

from spacy.tokens import Doc

from schemas.identity import fold_name
from transforms.nlp.gazetteer import Gazetteer, Place, region_key
from transforms.nlp.language import LanguagePack
from transforms.nlp.place_names import UNLISTED, Candidate, after_preposition, capitalised_end
from transforms.util.geo import kilometres

Weights = dict[str, float]

_MAX_UNAMBIGUOUS = 50
"""At most this many unambiguous places are compared with each candidate, to bound the time."""
_NEAR_UNAMBIGUOUS_KM, _MAX_NEAR_COUNTED = 150, 3
_NEXT_TOKENS, _NEXT_KM = 6, 60
"""Of two places named within this many tokens, one is expected within this many kilometres of the other."""
_REGION_TOKENS = 8
"""A region named within this many tokens after a place is the region of the place."""
_MAX_VILLAGE_POPULATION, _MIN_CITY_POPULATION = 20_000, 200_000
"""A village has fewer inhabitants than the first number. A place with more than the second is never one."""
_MIN_KNOWN_POPULATION = 15_000
"""A town with fewer inhabitants needs its country, or its main name, in the text."""
_MAX_REGION_KM = 300
"""A place farther from the centre of a region is not in it."""
_MIN_WEIGHT_SHARE = 0.3
"""A country with less than this share of the highest weight is hardly what the text is about."""


def choose_places(
    doc: Doc,
    candidates: list[Candidate],
    weights: Weights,
    named: Weights,
    gazetteer: Gazetteer,
    pack: LanguagePack,
) -> list[Place | None]:
    """Return the chosen place of each candidate, or None where the name means no place.

    ``named``: weights of the countries that the text names. ``weights``: the same with the countries of its
    unambiguous places.
    """
    chooser = _Chooser(doc, candidates, weights, named, gazetteer, pack)
    return [chooser.choose(number) for number in range(len(candidates))]


class _Chooser:
    """Scores the candidates of one document."""

    def __init__(
        self,
        doc: Doc,
        candidates: list[Candidate],
        weights: Weights,
        named: Weights,
        gazetteer: Gazetteer,
        pack: LanguagePack,
    ) -> None:
        self.doc, self.candidates, self.pack = doc, candidates, pack
        self.weights, self.named = weights, named
        self.top = max(weights.values(), default=0.0)
        firsts = [places[0] for _, _, places in candidates]
        certain = [c[2][0] for c in candidates if len(c[2]) == 1 and c[2][0].latitude is not None]
        self.unambiguous = list(dict.fromkeys(certain))[:_MAX_UNAMBIGUOUS]
        self.regions = {region_key(p.admin1 or p.name) for p in firsts if p.geo_precision == 2}
        admin1 = [p for p in firsts if p.kind == "admin1" and p.latitude is not None]
        self.region_centres = list(dict.fromkeys(admin1))
        self.neighbours = {n for c in named for n in gazetteer.neighbours(c)}

    def choose(self, number: int) -> Place | None:
        """Return the place that the candidate of that number means, or None."""
        i, j, places = self.candidates[number]
        doc, name = self.doc, self.doc[i : j + 1].text
        best = max(places, key=lambda p: self._score(number, p))
        country = self.region_centres[0].country if self.region_centres else heaviest(self.named)
        elsewhere = _unlisted_instead(
            doc, self.candidates, number, best, self.region_centres, country, self.pack
        )
        if elsewhere is not None:
            return elsewhere
        is_known = self.named.get(best.country) or best.country in self.neighbours or best.is_capital
        if self.named and not is_known and best.kind != "country":
            # All places with this name lie in countries that the text does not name. It is then an unlisted
            # place of a country that the text does name ("near Al-Ain in the Bekaa valley"), or no place.
            if after_preposition(doc, i, self.pack) and _is_located(doc, j, self.pack):
                best = replace(UNLISTED, name=name)
            elif not _needs_no_country(best, name):
                return None
        weight = self.weights.get(best.country, 0.0)
        is_unlikely_country = bool(self.top) and weight < _MIN_WEIGHT_SHARE * self.top
        is_unsupported = best.country not in self.named and not after_preposition(doc, i, self.pack)
        if _is_alternate_name(best, name) and (is_unlikely_country or is_unsupported):
            return None  # "Evin" is a prison, and an alternate name of a small town in France
        if best.kind != "unlisted":
            return best
        region = _region_after(self.candidates, number, doc, self.pack)
        country = region.country if region is not None else country
        return replace(best, country=country) if country else None

    def _score(self, number: int, place: Place) -> float:
        """Return the score of one place of a candidate. The place with the highest score is chosen."""
        i, j, _ = self.candidates[number]
        value = 2.0 if fold_name(self.doc[i : j + 1].text) == fold_name(place.name) else 0.0
        value += self._in_region(number, place) + self._next_to(number, place)
        if self.top:
            # One early demonym ("the Russian-backed administration") is weak evidence of the country.
            value += 2.5 * self.weights.get(place.country, 0.0) / max(self.top, 2.0)
        if place.country in self.neighbours:
            value += 0.8  # the text often names only the attacker's country, a neighbour: "A Russian drone" over Odesa
        elif self.named and place.country not in self.named:
            value -= 2.0
        others = (p for p in self.unambiguous if p is not place)
        near = sum(1 for p in others if _kilometres(p, place) < _NEAR_UNAMBIGUOUS_KM)
        value += min(near, _MAX_NEAR_COUNTED) * 0.4
        value += 0.8 * math.log10(place.population + 10) + (1.5 if place.is_capital else 0.0)
        return value + (1.5 if place.kind not in ("city", "admin1", "district", "region") else 0.0)

    def _in_region(self, number: int, place: Place) -> float:
        """Return the score for a place in a region that the text names; highest where it follows the name."""
        if place.admin1 is None or place.kind != "city" or region_key(place.admin1) not in self.regions:
            return 0.0
        if number + 1 < len(self.candidates):
            start, _, places = self.candidates[number + 1]
            is_behind = start - self.candidates[number][1] < _REGION_TOKENS and places[0].geo_precision == 2
            if is_behind and region_key(places[0].admin1 or places[0].name) == region_key(place.admin1):
                return 3.0
        return 0.6

    def _next_to(self, number: int, place: Place) -> float:
        """Return the score for a place near the place named next to it: "Al Mansoura, west of Raqqa"."""
        for other in (number - 1, number + 1):
            if not 0 <= other < len(self.candidates):
                continue
            first, second = sorted((self.candidates[number], self.candidates[other]))[:2]
            between = self.doc[first[1] + 1 : second[0] + 1]
            if not 0 < second[0] - first[1] <= _NEXT_TOKENS or any(t.is_sent_start for t in between):
                continue
            others = (p for p in self.candidates[other][2] if p is not place)
            if any(_kilometres(place, p) <= _NEXT_KM for p in others):
                return 2.5
        return 0.0


def _unlisted_instead(
    doc: Doc,
    candidates: list[Candidate],
    number: int,
    best: Place,
    region_centres: list[Place],
    country: str | None,
    pack: LanguagePack,
) -> Place | None:
    """Return an unlisted place where the words around a name rule out the listed places, else None."""
    i, j, _ = candidates[number]
    name = doc[i : j + 1].text
    if best.kind not in ("city", "district"):
        return None
    region = _region_after(candidates, number, doc, pack)
    if region is not None and region_key(best.admin1 or "") != region_key(region.name):
        # "near Piatykhatky, in the Zaporizhzhia region": no listed place of this name lies there
        return replace(UNLISTED, name=name, country=region.country, admin1=region.name)
    if _is_far_village(doc, i, best, region_centres, pack):
        # "the village of Nechayevka", in an article on Belgorod region: none is listed there
        return replace(UNLISTED, name=name, country=country or best.country)
    anchor = _anchor(candidates, number, doc, pack)
    if anchor is not None and _kilometres(best, anchor) > _MAX_REGION_KM:
        # "Al Mansoura, west of Raqqa"
        return replace(UNLISTED, name=name, country=anchor.country)
    return None


def _anchor(candidates: list[Candidate], number: int, doc: Doc, pack: LanguagePack) -> Place | None:
    """Return the town from which the words after a name measure a distance or direction: "west of Raqqa"."""
    if number + 1 >= len(candidates):
        return None
    start, _, places = candidates[number + 1]
    between = doc[candidates[number][1] + 1 : start]
    locators = pack.words["locators"]
    begins = len(between) > 0 and (between[0].text == "," or between[0].lower_ in locators)
    is_measured = begins and len(between) <= _NEXT_TOKENS and any(t.lower_ in locators for t in between)
    has_end = any(t.text in ".;" or t.is_space for t in between)
    places = tuple(p for p in places if p.kind == "city" and p.population > _MAX_VILLAGE_POPULATION)
    return places[0] if is_measured and not has_end and len(places) == 1 else None


def _is_far_village(doc: Doc, i: int, place: Place, region_centres: list[Place], pack: LanguagePack) -> bool:
    """Return whether a place cannot be the village that the text means.

    It lies far from every region that the text names, or it is too big for a village.
    """
    words = pack.words
    is_village = i >= 2 and doc[i - 1].lower_ in words["of"] and doc[i - 2].lower_ in words["kinds_after"]
    if place.kind != "city":
        return False
    if place.population > _MIN_CITY_POPULATION and (is_village or _is_called_village(doc, i, pack)):
        return True  # "near Bagdad village in Lower Shabelle"
    if not (is_village and region_centres and place.population < _MAX_VILLAGE_POPULATION):
        return False
    return all(_kilometres(place, centre) > _MAX_REGION_KM for centre in region_centres)


def _is_called_village(doc: Doc, i: int, pack: LanguagePack) -> bool:
    """Return whether a word for a village follows a name: "Bagdad village"."""
    end = capitalised_end(doc, i)
    return end + 1 < len(doc) and doc[end + 1].lower_ in pack.words["kinds_after"]


def heaviest(weights: Weights) -> str | None:
    """Return the country with the highest weight, or None."""
    return max(sorted(weights), key=lambda c: weights[c], default=None)


def _needs_no_country(place: Place, text: str) -> bool:
    """Return whether a name means its place even where the text does not name the country.

    This holds for a place of ``hand_places.yaml``, and for the main name of a town ("Poltava"). It holds for
    an alternate name ("Rapid" for Rapid City) only if the city is big.
    """
    is_main_name = fold_name(text) == fold_name(place.name)
    needed = _MIN_KNOWN_POPULATION if is_main_name else _MIN_CITY_POPULATION
    return place.kind not in ("city", "region") or place.population >= needed


def _region_after(candidates: list[Candidate], number: int, doc: Doc, pack: LanguagePack) -> Place | None:
    """Return the region in which the words after a name locate it, or None."""
    if number + 1 >= len(candidates) or candidates[number][2][0].kind in ("admin1", "region", "country"):
        return None
    start, _, places = candidates[number + 1]
    words = pack.words
    kinds = words["kinds_after"] | words["townships_after"] | words["own_district_after"]
    tokens = [t for t in doc[candidates[number][1] + 1 : start] if t.lower_ not in kinds]
    between = "".join(t.text_with_ws for t in tokens).lower().strip()
    if places[0].kind != "admin1" or between not in words["in_region"]:
        return None
    return places[0]


def _is_alternate_name(place: Place, text: str) -> bool:
    """Return whether the text has only an alternate name of a small town."""
    main = fold_name(place.name)
    return place.kind == "city" and place.population < _MIN_KNOWN_POPULATION and main != fold_name(text)


def _is_located(doc: Doc, j: int, pack: LanguagePack) -> bool:
    """Return whether "in Name" or "in the Name" follows: the text says where the place lies."""
    following = [t for t in doc[j + 1 : j + 5] if t.text != ","]
    if not following or following[0].lower_ not in pack.words["in"]:
        return False
    return any(t.text[:1].isupper() for t in following[1:])


def _kilometres(a: Place, b: Place) -> float:
    """Return the distance of two places in kilometres, infinite where one has no coordinates."""
    if None in (a.latitude, a.longitude, b.latitude, b.longitude):
        return math.inf
    return kilometres((a.latitude, a.longitude), (b.latitude, b.longitude))  # type: ignore[arg-type]
