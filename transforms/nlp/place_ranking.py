"""Which of several namesakes a text means: by the countries and regions that it names, by places near
by, and only then by population."""

import math
from dataclasses import replace

from spacy.tokens import Doc

from schemas.identity import fold_name
from transforms.nlp.gazetteer import Gazetteer, Place, region_key
from transforms.nlp.language import LanguagePack
from transforms.nlp.place_names import UNLISTED, Candidate, after_preposition, capitalised_end
from transforms.util.geo import kilometres

Weights = dict[str, float]

_MAX_SURE = 50
_BESIDE_TOKENS, _BESIDE_KM = 6, 60
_VILLAGE, _NO_VILLAGE = 20_000, 200_000
_FAR_KM = 300  # from the middle of a region: no longer in it


def choose_places(
    doc: Doc,
    candidates: list[Candidate],
    weights: Weights,
    named: Weights,
    gazetteer: Gazetteer,
    pack: LanguagePack,
) -> list[Place | None]:
    """Choose one place a name, or none: by country context, nearness to sure places, then population.

    ``named`` weighs the countries that the text names, ``weights`` also those of its sure places.
    """
    chooser = _Chooser(doc, candidates, weights, named, gazetteer, pack)
    return [chooser.choose(number) for number in range(len(candidates))]


class _Chooser:
    """Weighs the namesakes of one document."""

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
        self.sure = list(dict.fromkeys(certain))[:_MAX_SURE]
        self.regions = {region_key(p.admin1 or p.name) for p in firsts if p.geo_precision == 2}
        admin1 = [p for p in firsts if p.kind == "admin1" and p.latitude is not None]
        self.middles = list(dict.fromkeys(admin1))
        self.nearby = {n for c in named for n in gazetteer.neighbours(c)}

    def choose(self, number: int) -> Place | None:
        """Return the place that a name means here."""
        i, j, places = self.candidates[number]
        doc, name = self.doc, self.doc[i : j + 1].text
        best = max(places, key=lambda p: self._score(number, p))
        country = self.middles[0].country if self.middles else heaviest(self.named)
        elsewhere = _unlisted_instead(doc, self.candidates, number, best, self.middles, country, self.pack)
        if elsewhere is not None:
            return elsewhere
        is_known = self.named.get(best.country) or best.country in self.nearby or best.is_capital
        if self.named and not is_known and best.kind != "country":
            # A name whose every bearer lies in countries of which the text says nothing: a place of
            # the text's own country that no list holds ("near Al-Ain in the Bekaa valley"), or none.
            if after_preposition(doc, i, self.pack) and _is_located(doc, j, self.pack):
                best = replace(UNLISTED, name=name)
            elif not _stands_alone(best, name):
                return None
        is_light = bool(self.top) and self.weights.get(best.country, 0.0) < 0.3 * self.top
        is_loose = best.country not in self.named and not after_preposition(doc, i, self.pack)
        if _is_by_name(best, name) and (is_light or is_loose):
            return None  # "Evin" is a prison, and a by-name of a small town in France
        if best.kind != "unlisted":
            return best
        beside = _region_beside(self.candidates, number, doc, self.pack)
        country = beside.country if beside is not None else country
        return replace(best, country=country) if country else None

    def _score(self, number: int, place: Place) -> float:
        i, j, _ = self.candidates[number]
        value = 2.0 if fold_name(self.doc[i : j + 1].text) == fold_name(place.name) else 0.0
        value += self._in_region(number, place) + self._next_to(number, place)
        if self.top:
            # One early demonym ("the Russian-backed administration") is weak evidence of where.
            value += 2.5 * self.weights.get(place.country, 0.0) / max(self.top, 2.0)
        if place.country in self.nearby:
            value += 0.8  # "A Russian drone" over Odesa: the text names only who struck
        elif self.named and place.country not in self.named:
            value -= 2.0
        near = sum(1 for s in self.sure if s is not place and _kilometres(s, place) < 150)
        value += min(near, 3) * 0.4
        value += 0.8 * math.log10(place.population + 10) + (1.5 if place.is_capital else 0.0)
        return value + (1.5 if place.kind not in ("city", "admin1", "district", "region") else 0.0)

    def _in_region(self, number: int, place: Place) -> float:
        """Prefer the namesake in a region that the text names, most of all right behind the name."""
        if place.admin1 is None or place.kind != "city" or region_key(place.admin1) not in self.regions:
            return 0.0
        if number + 1 < len(self.candidates):
            start, _, places = self.candidates[number + 1]
            is_behind = start - self.candidates[number][1] < 8 and places[0].geo_precision == 2
            if is_behind and region_key(places[0].admin1 or places[0].name) == region_key(place.admin1):
                return 3.0
        return 0.6

    def _next_to(self, number: int, place: Place) -> float:
        """Prefer the namesake near the place named beside it: "Al Mansoura, west of Raqqa"."""
        for other in (number - 1, number + 1):
            if not 0 <= other < len(self.candidates):
                continue
            first, second = sorted((self.candidates[number], self.candidates[other]))[:2]
            between = self.doc[first[1] + 1 : second[0] + 1]
            if not 0 < second[0] - first[1] <= _BESIDE_TOKENS or any(t.is_sent_start for t in between):
                continue
            others = (p for p in self.candidates[other][2] if p is not place)
            if any(_kilometres(place, p) <= _BESIDE_KM for p in others):
                return 2.5
        return 0.0


def _unlisted_instead(
    doc: Doc,
    candidates: list[Candidate],
    number: int,
    best: Place,
    middles: list[Place],
    country: str | None,
    pack: LanguagePack,
) -> Place | None:
    """Return a place that no list holds, where the words around a name rule its listed bearers out."""
    i, j, _ = candidates[number]
    name = doc[i : j + 1].text
    if best.kind not in ("city", "district"):
        return None
    region = _region_beside(candidates, number, doc, pack)
    if region is not None and region_key(best.admin1 or "") != region_key(region.name):
        # "near Piatykhatky, in the Zaporizhzhia region": no bearer of the name that is listed lies there
        return replace(UNLISTED, name=name, country=region.country, admin1=region.name)
    if _is_far_village(doc, i, best, middles, pack):
        # "the village of Nechayevka", in an article on Belgorod region: of that name none is listed there
        return replace(UNLISTED, name=name, country=country or best.country)
    anchor = _anchor(candidates, number, doc, pack)
    if anchor is not None and _kilometres(best, anchor) > _FAR_KM:
        # "Al Mansoura, west of Raqqa"
        return replace(UNLISTED, name=name, country=anchor.country)
    return None


def _anchor(candidates: list[Candidate], number: int, doc: Doc, pack: LanguagePack) -> Place | None:
    """Return the town that the words right behind a name measure its way from: "west of Raqqa"."""
    if number + 1 >= len(candidates):
        return None
    start, _, places = candidates[number + 1]
    between = doc[candidates[number][1] + 1 : start]
    locators = pack.words["locators"]
    begins = len(between) > 0 and (between[0].text == "," or between[0].lower_ in locators)
    is_measured = begins and len(between) <= _BESIDE_TOKENS and any(t.lower_ in locators for t in between)
    has_end = any(t.text in ".;" or t.is_space for t in between)
    places = tuple(p for p in places if p.kind == "city" and p.population > _VILLAGE)
    return places[0] if is_measured and not has_end and len(places) == 1 else None


def _is_far_village(doc: Doc, i: int, place: Place, middles: list[Place], pack: LanguagePack) -> bool:
    """Return whether a small place called a village lies far from every region that the text names."""
    words = pack.words
    is_village = i >= 2 and doc[i - 1].lower_ in words["of"] and doc[i - 2].lower_ in words["kinds_after"]
    if place.kind != "city":
        return False
    if place.population > _NO_VILLAGE and (is_village or _is_called_village(doc, i, pack)):
        return True  # "near Bagdad village in Lower Shabelle"
    if not (is_village and middles and place.population < _VILLAGE):
        return False
    return all(_kilometres(place, middle) > _FAR_KM for middle in middles)


def _is_called_village(doc: Doc, i: int, pack: LanguagePack) -> bool:
    end = capitalised_end(doc, i)
    return end + 1 < len(doc) and doc[end + 1].lower_ in pack.words["kinds_after"]


def heaviest(weights: Weights) -> str | None:
    """Return the country that weighs most."""
    return max(sorted(weights), key=lambda c: weights[c], default=None)


def _stands_alone(place: Place, text: str) -> bool:
    """Return whether a name needs no country around it: a place of the hand list, or the main name of
    a town of some size ("Poltava"), not a by-name of one ("Rapid" for Rapid City)."""
    is_main_name = fold_name(text) == fold_name(place.name)
    enough = 15_000 if is_main_name else 200_000
    return place.kind not in ("city", "region") or place.population >= enough


def _region_beside(candidates: list[Candidate], number: int, doc: Doc, pack: LanguagePack) -> Place | None:
    """Return the region that the words right behind a name put it in."""
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


def _is_by_name(place: Place, text: str) -> bool:
    """Return whether a small town is meant by part of its name only."""
    main = fold_name(place.name)
    return place.kind == "city" and place.population < 15_000 and main != fold_name(text)


def _is_located(doc: Doc, j: int, pack: LanguagePack) -> bool:
    """Return whether "in (the) Name" follows: the text says where the place lies."""
    following = [t for t in doc[j + 1 : j + 5] if t.text != ","]
    if not following or following[0].lower_ not in pack.words["in"]:
        return False
    return any(t.text[:1].isupper() for t in following[1:])


def _kilometres(a: Place, b: Place) -> float:
    if None in (a.latitude, a.longitude, b.latitude, b.longitude):
        return math.inf
    return kilometres((a.latitude, a.longitude), (b.latitude, b.longitude))  # type: ignore[arg-type]
