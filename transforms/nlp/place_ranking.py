"""Choose the place that a text means where several have the name.

It is chosen by the countries and regions that the text names, by other places near it, and only then by
population.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from spacy.tokens import Doc

from schemas.identity import fold_name
from transforms.nlp.anchors import MAX_REGION_KM, anchor_of, kilometres_between
from transforms.nlp.gazetteer import Gazetteer, Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.place_names import UNLISTED, is_whole_name
from transforms.nlp.place_signs import Around, Sign, Surroundings, likeliest, with_article
from transforms.nlp.place_words import Candidate, after_preposition, capitalised_end
from transforms.util.transliteration import region_key, sounds

Weights = dict[str, float]

_MAX_UNAMBIGUOUS = 50
"""At most this many unambiguous places are compared with each candidate, to bound the time."""
_NEAR_UNAMBIGUOUS_KM, _MAX_NEAR_COUNTED = 150, 3
_NEXT_TOKENS, _NEXT_KM = 6, 60
"""Of two places named within this many tokens, one is expected within this many kilometres of the other."""
_PLACE_WEIGHT = 0.5
"""Weight of a country for each mention of an unambiguous place in it."""
_DATELINE_REGION = 1.0
"""How much it says that a place lies in the region of a dateline."""
_HOME_ALONE = 3.0
"""The home of a group counts so many times more where the text names no country."""
_MAX_VILLAGE_POPULATION, _MIN_CITY_POPULATION = 20_000, 200_000
"""A village has fewer inhabitants than the first number. A place with more than the second is never one."""
_MIN_KNOWN_POPULATION = 15_000
"""A town with fewer inhabitants needs its country, or its main name, in the text."""
_MIN_NAMED_POPULATION = 100_000
"""A town with fewer inhabitants is not meant where the text speaks of other countries only."""
_MAX_HAMLET_POPULATION = 5_000
"""A place with fewer inhabitants gives way to a city of its name and country, unless words beside the name locate it."""
_MIN_FAMOUS_POPULATION = 150_000
"""A place with more inhabitants is meant whatever stands around its name."""
_MIN_WORLD_CITY = 750_000
"""A city with more inhabitants needs no country beside it."""
_REGION_POPULATION, _UNKNOWN_POPULATION = 500_000, 2_000
"""What a region weighs beside towns of its name, and a town whose inhabitants the gazetteer does not have."""
_MIN_KNOWN_BY_OTHER_NAME = 1_000_000
"""Of towns in countries for which nothing speaks, only those with more inhabitants are meant by a further name."""
_TIMES_LARGER = 8
"""A city so many times larger hides a namesake abroad."""
_MIN_KNOWN_POPULATION = 15_000
"""A town of so many people that alone has its name is meant where the text only names the country beyond its border."""
_MIN_AROUND, _MIN_AROUND_SHARE = 2.0, 0.1
"""Signs around a name rule out a country with less than this share of the highest weight, if that is high enough."""
_MIN_WEIGHT_SHARE = 0.3
"""A country with less than this share of the highest weight is hardly what the text is about."""


def choose_places(
    doc: Doc,
    candidates: list[Candidate],
    weights: Weights,
    named: Weights,
    homes: Mapping[str, float],
    gazetteer: Gazetteer,
    pack: LanguagePack,
) -> list[Place | None]:
    """Return the chosen place of each candidate, or None where the name means no place.

    ``named``: weights of the countries that the text names. ``weights``: the same with the countries of its
    unambiguous places. ``homes``: weights of the homes of the groups that it names.
    """
    chooser = _Chooser(doc, candidates, weights, named, homes, gazetteer, pack)
    return [chooser.choose(number) for number in range(len(candidates))]


class _Chooser:
    """Scores the candidates of one document."""

    def __init__(
        self,
        doc: Doc,
        candidates: list[Candidate],
        weights: Weights,
        named: Weights,
        homes: Mapping[str, float],
        gazetteer: Gazetteer,
        pack: LanguagePack,
    ) -> None:
        self.doc, self.candidates, self.pack = doc, candidates, pack
        self.weights, self.named, self.homes = weights, named, homes
        self.top = max(weights.values(), default=0.0)
        firsts = [places[0] for _, _, places in candidates]
        certain = [c[2][0] for c in candidates if len(c[2]) == 1 and c[2][0].latitude is not None]
        self.unambiguous = list(dict.fromkeys(certain))[:_MAX_UNAMBIGUOUS]
        self.regions = {
            region_key(places[0].admin1 or places[0].name)
            for _, _, places in candidates
            if places[0].geo_precision == 2 and len({p.admin1 for p in places}) == 1
        }
        self.regions_of_datelines = {
            region_key(places[0].admin1)
            for i, j, places in candidates
            if places[0].admin1 and doc[i : j + 1].text.isupper() and (i == 0 or doc[i - 1].is_space)
        }
        admin1 = [p for p in firsts if p.kind == "admin1" and p.latitude is not None]
        self.region_centres = list(dict.fromkeys(admin1))
        self.borders = {c: gazetteer.neighbours(c) for c in {*named, *weights}}
        self.neighbours = {n for c in named for n in self.borders[c]}
        self.near_places = {n for c in weights for n in self.borders[c]}
        self.around = Surroundings(doc, candidates, named, pack)
        self.names = [fold_name(doc[i : j + 1].text) for i, j, _ in candidates]
        self.own: dict[str, Counter[str]] = defaultdict(Counter)
        """How much the mentions of each name weigh for the country of the only place that has it."""
        for name, (_, _, places) in zip(self.names, candidates, strict=True):
            if len({p.country for p in places}) == 1 and places[0].kind not in ("unlisted", "country"):
                self.own[name][places[0].country] += 1

    def choose(self, number: int) -> Place | None:
        """Return the place that the candidate of that number means, or None."""
        i, j, places = self.candidates[number]
        name = self.doc[i : j + 1].text
        around, sign = self.around.around(i, j), self.around.locating(i, j)
        best = max(places, key=lambda p: self._score(number, p, around, sign))
        if sign is None and not self._is_village(i):
            best = _namesake_city(best, places)
        if self._lies_elsewhere(best, name, around, is_only_one=len({p.country for p in places}) == 1):
            return None
        country = self._likeliest_country(number, around, sign)
        elsewhere = self._unlisted_instead(number, best, country, sign)
        if elsewhere is not None:
            # "Ceel" is no place in "Ceel Xaar, Lower Shabelle"
            return elsewhere if is_whole_name(self.doc, i, j, self.pack) else None
        if best.kind == "unlisted":
            return replace(best, country=country) if country else None
        if best.kind != "country" and self._is_unsupported(number, best, around):
            # All places with this name lie in countries of which the text says nothing. It is then an unlisted
            # place of a country that the text does name ("near Al-Ain in the Bekaa valley"), or no place.
            if after_preposition(self.doc, i, self.pack) and _is_located(self.doc, j, self.pack):
                return replace(UNLISTED, name=name, country=country) if country else None
            if not _needs_no_country(best, name):
                return None
        weight = self.weights.get(best.country, 0.0)
        is_unlikely_country = bool(self.top) and weight < _MIN_WEIGHT_SHARE * self.top
        is_unsupported = best.country not in self.named and not after_preposition(self.doc, i, self.pack)
        if _is_alternate_name(best, name) and (is_unlikely_country or is_unsupported):
            return None  # "Evin" is a prison, and an alternate name of a small town in France
        return best

    def _is_village(self, i: int) -> bool:
        """Return whether the words beside a name call it a village: "the village of X", "X village"."""
        words = self.pack.words
        before = {t.lower_ for t in self.doc[max(0, i - 2) : i]}
        return not before.isdisjoint(words["kinds_after"]) or _is_called_village(self.doc, i, self.pack)

    def _lies_elsewhere(self, place: Place, name: str, around: Around, is_only_one: bool) -> bool:
        """Return whether what stands around the name of a small town speaks for another country altogether."""
        if (
            place.kind not in ("city", "district")
            or place.population > _MIN_FAMOUS_POPULATION
            or place.is_capital
        ):
            return False
        highest = max(around.countries.values(), default=0.0)
        is_known = place.population >= _MIN_KNOWN_POPULATION and _is_spelt_so(place, name)
        beyond = self.borders.get(likeliest(around.countries) or "", ())
        if is_only_one and is_known and place.country in beyond:
            return False  # "Sderot as Gaza truce nears its end"
        share = _MIN_WEIGHT_SHARE if _is_alternate_name(place, name) else _MIN_AROUND_SHARE
        return highest >= _MIN_AROUND and around.countries.get(place.country, 0.0) < share * highest

    def _support(self, number: int, country: str) -> float:
        """Return the weight of a country without what the name itself gives to it."""
        return self.weights.get(country, 0.0) - _PLACE_WEIGHT * self.own[self.names[number]][country]

    def _is_unsupported(self, number: int, place: Place, around: Around) -> bool:
        """Return whether nothing but the name itself speaks for the country of a place."""
        if place.country in self.neighbours or self.named.get(place.country):
            return False
        if place.country in self.near_places and fold_name(place.name) == self.names[number]:
            return False  # "a drone kills three in Marib. Tuesday: talks in Muscat"
        if not any(self._support(number, c) > 0 for c in self.weights):
            return _is_far_fetched(place, self.names[number])
        if place.is_capital:
            return False
        return self._support(number, place.country) <= 0

    def _likeliest_country(self, number: int, around: Around, sign: Sign | None) -> str | None:
        """Return the country in which an unlisted place of a name lies."""
        if sign is not None:
            return sign.country
        support = {c: self._support(number, c) for c in self.weights}
        for c, weight in self.homes.items():
            support[c] = support.get(c, 0.0) + weight
        weights = with_article(around.countries, {c: w for c, w in support.items() if w > 0})
        return likeliest(weights)

    def _score(self, number: int, place: Place, around: Around, sign: Sign | None) -> float:
        """Return the score of one place of a candidate. The place with the highest score is chosen."""
        value = 2.0 if self.names[number] == fold_name(place.name) else 0.0
        value += self._in_region(place, around, sign) + self._next_to(number, place)
        if self.top:
            # One early demonym ("the Russian-backed administration") is weak evidence of the country.
            value += 2.5 * self.weights.get(place.country, 0.0) / max(self.top, 2.0)
        # "Hays ... sown by the Houthis" names no country: the town of Yemen is meant, not the larger one of Kansas
        value += self.homes.get(place.country, 0.0) * (1.0 if self.named else _HOME_ALONE)
        highest = max(around.countries.values(), default=0.0)
        value += 2.0 * around.countries.get(place.country, 0.0) / max(highest, 2.0)
        if sign is not None:
            value += 3.0 if sign.country == place.country else -3.0
        if place.country in self.neighbours:
            value += 0.8  # the text often names only the attacker's country, a neighbour: "A Russian drone" over Odesa
        elif self.named and place.country not in self.named and not _is_known_everywhere(place):
            value -= 2.0
        if sign is None and _is_hidden(place, self.names[number], self.candidates[number][2], self.weights):
            value -= 3.0
        others = (p for p in self.unambiguous if p is not place)
        near = sum(1 for p in others if kilometres_between(p, place) < _NEAR_UNAMBIGUOUS_KM)
        value += min(near, _MAX_NEAR_COUNTED) * 0.4
        value += 0.8 * math.log10(_population(place) + 10) + (1.5 if place.is_capital else 0.0)
        return value + (1.5 if place.kind not in ("city", "admin1", "district", "region") else 0.0)

    def _in_region(self, place: Place, around: Around, sign: Sign | None) -> float:
        """Return the score for a place in a region that the text names; highest where it follows the name."""
        if place.admin1 is None or place.kind not in ("city", "district"):
            return 0.0
        key = region_key(place.admin1)
        # "GHAZNI, Afghanistan -- A bomb went off in Qarabagh district": that of Ghazni, and no larger one
        own = _DATELINE_REGION if key in self.regions_of_datelines else 0.0
        if sign is not None and sign.region is not None:
            return 3.0 if (sign.country, sign.region) == (place.country, key) else 0.0
        if around.regions.get((place.country, key)):
            return own + 2.0 * around.regions[place.country, key] / max(around.regions.values())
        return own + (0.6 if key in self.regions else 0.0)

    def _unlisted_instead(
        self, number: int, best: Place, country: str | None, sign: Sign | None
    ) -> Place | None:
        """Return an unlisted place where the words around a name rule out the listed places, else None."""
        i, j, _ = self.candidates[number]
        name = self.doc[i : j + 1].text
        if best.kind not in ("city", "district"):
            return None
        if sign is not None and sign.place is not None:
            region = sign.place
            is_other = region.kind == "admin1" and region_key(best.admin1 or "") != sign.region
            if is_other or (sign.country != best.country and not best.is_capital):
                # "near Piatykhatky, in the Zaporizhzhia region": no listed place of this name lies there
                admin1 = region.name if region.kind == "admin1" else None
                return replace(UNLISTED, name=name, country=sign.country, admin1=admin1)
        if _is_far_village(self.doc, i, best, self.region_centres, self.pack):
            # "the village of Nechayevka", in an article on Belgorod region: none is listed there
            return replace(UNLISTED, name=name, country=country or best.country)
        anchor = anchor_of(self.candidates, number, best, self.doc, self.pack)
        if anchor is not None and kilometres_between(best, anchor.place) > anchor.most_km:
            # "Al Mansoura, west of Raqqa", "Pivdennyi, near Odesa"
            return replace(UNLISTED, name=name, country=anchor.place.country)
        return None

    def _next_to(self, number: int, place: Place) -> float:
        """Return the score for a place near the place named next to it: "Al Mansoura, west of Raqqa"."""
        for other in (number - 1, number + 1):
            if not 0 <= other < len(self.candidates):
                continue
            first, second = sorted((self.candidates[number], self.candidates[other]))[:2]
            between = self.doc[first[1] + 1 : second[0] + 1]
            if not 0 < second[0] - first[1] <= _NEXT_TOKENS or any(t.is_sent_start for t in between):
                continue
            others = [
                p
                for p in self.candidates[other][2]
                if p is not place and kilometres_between(place, p) <= _NEXT_KM
            ]
            if any(p.country == place.country for p in others):
                return 2.5
            if others:
                return 1.0  # on the other side of a border
        return 0.0


def _population(place: Place) -> int:
    """Return the inhabitants of a place, or what stands for them: of many seats of a district they are not known."""
    if place.kind == "admin1":
        return _REGION_POPULATION
    return place.population or (_UNKNOWN_POPULATION if place.kind == "city" else 0)


def _is_spelt_so(place: Place, name: str) -> bool:
    """Return whether a name is that of a place, article and all: "Hamdaniya" is not Al-Hamdaniya."""
    return place.name.casefold().replace("-", " ") == name.casefold().replace("-", " ")


def _is_known_everywhere(place: Place) -> bool:
    """Return whether news names a city without its country: "in La Paz", and not La Paz near Madrid."""
    return bool(place.is_capital) or place.population >= _MIN_WORLD_CITY


def _is_hidden(place: Place, name: str, places: Sequence[Place], weights: Weights) -> bool:
    """Return whether a small place has the name of a capital abroad, or of a great city abroad.

    "The United States said a bomb went off in Panama City" is no news from Florida. Where the text is on the country of
    the small place, a great city that is no capital hides it only if the text names the city's country too. News from
    Russia that names Ukraine means Donetsk in Ukraine. Tripoli in Lebanon is too large to be hidden. "Islamabad" is the
    capital, not Anantnag in India, which some call so too.
    """
    is_of_text = weights.get(place.country, 0.0) >= _MIN_AROUND
    own = fold_name(place.name)
    return any(
        p.country != place.country
        and (p.is_capital or (p.population >= _MIN_WORLD_CITY and (p.country in weights or not is_of_text)))
        and (
            (fold_name(p.name) == own and p.population > _TIMES_LARGER * place.population)
            or (p.is_capital and own != name == fold_name(p.name))
        )
        for p in places
    )


def _namesake_city(best: Place, places: Sequence[Place]) -> Place:
    """Return the city that shares its name and country with a small place, else the small place itself.

    "In Nikopol" beside Kupiansk is the city of 105,000 on the Dnipro, not the hamlet nearer to Kupiansk.
    """
    if best.kind != "city" or best.population >= _MAX_HAMLET_POPULATION:
        return best
    cities = [
        p
        for p in places
        if p.kind == "city" and p.country == best.country and fold_name(p.name) == fold_name(best.name)
    ]
    largest = max(cities, key=lambda p: p.population, default=best)
    return largest if largest.population >= _MIN_NAMED_POPULATION else best


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
    return all(kilometres_between(place, centre) > MAX_REGION_KM for centre in region_centres)


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
    an alternate name only if the city is great: "Boni" is a forest of Kenya, and a name of Bonn.
    """
    is_main_name = fold_name(text) == fold_name(place.name)
    needed = _MIN_NAMED_POPULATION if is_main_name else _MIN_KNOWN_BY_OTHER_NAME
    return place.kind not in ("city", "region", "district") or place.population >= needed


def _is_far_fetched(place: Place, name: str) -> bool:
    """Return whether a town of middling size has a name only as a further one: "Bila" for Port-Vila."""
    is_small = place.kind == "city" and place.population < _MIN_KNOWN_BY_OTHER_NAME
    return is_small and sounds(place.name) != sounds(name)


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
