"""Which of several namesakes a text means: by the countries and regions that it names, by places near
by, and only then by population."""

import math
from dataclasses import replace

from spacy.tokens import Doc

from schemas.identity import fold_name
from transforms.geo import kilometres
from transforms.nlp.gazetteer import Gazetteer, Place, region_key
from transforms.nlp.language import LanguagePack
from transforms.nlp.place_names import UNLISTED, Candidate, after_preposition

Weights = dict[str, float]

_MAX_SURE = 50
_MAX_WORDS = 5  # of a name
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
    """Choose one place a name: by country context, nearness to sure places, then population."""
    certain = dict.fromkeys(c[2][0] for c in candidates if len(c[2]) == 1 and c[2][0].latitude is not None)
    sure = list(certain)[:_MAX_SURE]
    top = max(weights.values(), default=0.0)

    regions = {region_key(c[2][0].admin1 or c[2][0].name) for c in candidates if c[2][0].geo_precision == 2}

    def in_region(number: int, place: Place) -> float:
        """Prefer the namesake in a region that the text names, most of all right behind the name."""
        if place.admin1 is None or place.kind != "city":
            return 0.0
        if region_key(place.admin1) not in regions:
            return 0.0
        if number + 1 < len(candidates) and candidates[number + 1][0] - candidates[number][1] < 8:
            following = candidates[number + 1][2][0]
            if following.geo_precision == 2 and region_key(following.admin1 or following.name) == region_key(
                place.admin1
            ):
                return 3.0
        return 0.6

    def next_to(number: int, place: Place) -> float:
        """Prefer the namesake near the place named beside it: "Al Mansoura, west of Raqqa"."""
        for other in (number - 1, number + 1):
            if not 0 <= other < len(candidates):
                continue
            first, second = sorted((candidates[number], candidates[other]))[:2]
            gap = second[0] - first[1]
            is_near = 0 < gap <= _BESIDE_TOKENS and not any(
                t.is_sent_start for t in doc[first[1] + 1 : second[0] + 1]
            )
            if is_near and any(
                _kilometres(place, p) <= _BESIDE_KM for p in candidates[other][2] if p is not place
            ):
                return 2.5
        return 0.0

    middles = list(
        dict.fromkeys(
            c[2][0] for c in candidates if c[2][0].kind == "admin1" and c[2][0].latitude is not None
        )
    )
    nearby = {n for c in named for n in gazetteer.neighbours(c)}

    def score(number: int, place: Place) -> float:
        i, j, _ = candidates[number]
        value = 2.0 if fold_name(doc[i : j + 1].text) == fold_name(place.name) else 0.0
        value += in_region(number, place)
        if top:
            # One early demonym ("the Russian-backed administration") is weak evidence of where.
            value += 2.5 * weights.get(place.country, 0.0) / max(top, 2.0)
        if place.country in nearby:
            value += 0.8  # "A Russian drone" over Odesa: the text names only who struck
        elif named and place.country not in named:
            value -= 2.0
        value += next_to(number, place)
        near = sum(1 for s in sure if s is not place and _kilometres(s, place) < 150)
        value += min(near, 3) * 0.4
        value += 0.8 * math.log10(place.population + 10) + (1.5 if place.is_capital else 0.0)
        return value + (1.5 if place.kind not in ("city", "admin1", "district", "region") else 0.0)

    chosen: list[Place | None] = []
    for number, (i, j, places) in enumerate(candidates):
        best = max(places, key=lambda p: score(number, p))
        country = middles[0].country if middles else heaviest(named)
        elsewhere = _unlisted_instead(doc, candidates, number, best, middles, country, pack)
        if elsewhere is not None:
            chosen.append(elsewhere)
            continue
        is_known = named.get(best.country) or best.country in nearby or best.is_capital
        if named and not is_known and best.kind != "country":
            # A name whose every bearer lies in countries of which the text says nothing: a place of
            # the text's own country that no list holds ("near Al-Ain in the Bekaa valley"), or none.
            unlisted = after_preposition(doc, i, pack) and _is_located(doc, j, pack)
            if unlisted:
                best = replace(UNLISTED, name=doc[i : j + 1].text)
            elif not _stands_alone(best, doc[i : j + 1].text):
                chosen.append(None)
                continue
        is_light = bool(top) and weights.get(best.country, 0.0) < 0.3 * top
        is_loose = best.country not in named and not after_preposition(doc, i, pack)
        if _is_by_name(best, doc[i : j + 1].text) and (is_light or is_loose):
            chosen.append(None)  # "Evin" is a prison, and a by-name of a small town in France
            continue
        if best.kind == "unlisted":
            beside = _region_beside(candidates, number, doc, pack)
            region = beside or (middles[0] if middles else None)
            country = region.country if region is not None else heaviest(named) or ""
            chosen.append(replace(best, country=country) if country else None)
        else:
            chosen.append(best)
    return chosen


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
    is_village = (
        i >= 2 and doc[i - 1].lower_ in words["of_word"] and doc[i - 2].lower_ in words["kinds_after"]
    )
    if place.kind != "city":
        return False
    if place.population > _NO_VILLAGE and (is_village or _is_called_village(doc, i, pack)):
        return True  # "near Bagdad village in Lower Shabelle"
    if not (is_village and middles and place.population < _VILLAGE):
        return False
    return all(_kilometres(place, middle) > _FAR_KM for middle in middles)


def _is_called_village(doc: Doc, i: int, pack: LanguagePack) -> bool:
    end = i
    while (
        end - i < _MAX_WORDS
        and end + 1 < len(doc)
        and doc[end + 1].text[:1].isupper()
        and doc[end + 1].is_alpha
    ):
        end += 1
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
    if not following or following[0].lower_ not in pack.words["in_word"]:
        return False
    return any(t.text[:1].isupper() for t in following[1:])


def _kilometres(a: Place, b: Place) -> float:
    if None in (a.latitude, a.longitude, b.latitude, b.longitude):
        return math.inf
    return kilometres((a.latitude, a.longitude), (b.latitude, b.longitude))  # type: ignore[arg-type]
