"""Names that may mean a place and that the rules for place names leave out.

The rules keep a name only where the words around it are strong evidence. A small village, a name in no
gazetteer or a name in an odd spelling ("al-Hassakeh", "Nubbul") then has no mention at all. This module
proposes the rest with the role ``possible``; the learned model decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from transforms.nlp.anchors import kilometres_between
from transforms.nlp.gazetteer import Gazetteer, Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.lexicon import Term
from transforms.nlp.person_names import is_one_of_many, is_told_of_person
from transforms.nlp.place_names import UNLISTED, PlaceMention
from transforms.nlp.place_shown import Beside, is_capital, kinds_before
from transforms.nlp.place_signs import Surroundings, likeliest, with_article
from transforms.nlp.place_words import common_behind, is_acronym, is_inside, names_government, names_water
from transforms.nlp.whole_names import is_inner_particle, is_izafet
from transforms.util.transliteration import consonants, region_key

POSSIBLE = "possible"
_MAX_NAME_TOKENS = 7
_MIN_CITY = 50_000
"""A town with so many inhabitants has quarters that news name."""
_AHEAD_CHARS = 60
"""A city that follows its quarter within so many characters is preferred to one before it, and that to one farther on."""
_MAX_QUARTER_KM = 40
"""A listed place with the name of a quarter is at most so far from the city: Homs has its al-Zahra, and so has Libya."""
_KNOWN_AS_TERMS = frozenset({"weapon", "actor", "strike"})
_MOST_VAGUE = 2.0
"""Where no country has more weight, a text hardly says where it is: "a Turkish drone", "Israeli armour"."""
_NEAR_ALIKE_KM, _MOST_TOWNS = 80, 50
"""A place with a similar name is at most so far from one of the first towns that the text names."""
_MIN_LIKELY_SHARE = 0.5
"""A place with a similar name is taken in countries with at least this share of the weight of the likeliest."""


def find_possible_places(
    doc: Doc,
    known: Sequence[PlaceMention],
    terms: Sequence[Term],
    times: Sequence[tuple[int, int]],
    weights: Mapping[str, float],
    signs: Surroundings,
    gazetteer: Gazetteer,
    pack: LanguagePack,
) -> list[PlaceMention]:
    """Return further names that may mean places, in text order.

    Args:
        doc: with tags and sentences.
        known: the mentions of places found so far, which are not proposed again.
        terms: of the vocabulary; a name of a weapon or an actor is no place.
        times: (start, end) of expressions of time.
        weights: of each country in the document.
        signs: of the countries and regions around each name.
        gazetteer: for the names.
        pack: the language.
    """
    taken = {i for m in known for i in range(m.first, m.last + 1)}
    taken |= {i for t in terms if t.group in _KNOWN_AS_TERMS for i in range(t.first, t.last + 1)}
    resolver = _Resolver(doc, signs, weights, gazetteer, _Cities(doc, known, pack), _first_towns(known))
    beside = Beside(
        doc,
        pack,
        hits={t.last for t in terms if t.group == "hit"},
        ends={m.last for m in known},
        starts={m.first: m for m in known},
    )
    found: list[PlaceMention] = []
    last = -1
    particles = pack.words["name_particles"]
    for i in [t.i for t in doc if t.text[:1].isupper() or t.lower_ in particles]:
        if i <= last:
            continue
        name_end = _name_at(doc, i, taken, pack)
        if name_end is None:
            continue
        last = name_end
        first, end = _trimmed(doc, i, last, pack)
        if end < first or is_inside(doc[first].idx, times):
            continue
        if not beside.may_name(first, end) or _is_plural_opening(doc, first, end):
            continue
        if names_water(doc, first, end, pack) or names_government(doc, end, pack):
            continue
        if is_one_of_many(doc, first, end, pack):
            continue
        if end < last and end > first:
            end = resolver.town_of_facility(first, end)
        shown = beside.shows_place(first, end, last) or beside.is_located(end, signs.locating(first, end))
        # "Sheikh Zuweid" is a place only where it is listed, or located: "in Sheikh Haruz, northeast of Afrin"
        has_title = doc[first].lower_ in pack.words["titles"] and not beside.is_located_after(end)
        is_person = has_title or is_told_of_person(doc, first, end, pack)
        place = resolver.resolve(first, end, must_be_listed=not shown or is_person, may_be_alike=shown)
        if place is not None and (shown or beside.may_stand_alone(first, end)):
            found.append(
                PlaceMention(doc[first].idx, doc[end].idx + len(doc[end]), first, end, place, POSSIBLE)
            )
            beside.ends.add(end)
    if max(weights.values(), default=0.0) <= _MOST_VAGUE:
        return _with_country_of_towns(found, known)
    return found


def _first_towns(known: Sequence[PlaceMention]) -> dict[str, list[Place]]:
    """Return the first towns that the text names, by country."""
    found: dict[str, list[Place]] = {}
    for mention in known:
        place = mention.place
        of_country = found.setdefault(place.country, [])
        if place.kind == "city" and len(of_country) < _MOST_TOWNS and place not in of_country:
            of_country.append(place)
    return found


def _with_country_of_towns(
    found: Sequence[PlaceMention], known: Sequence[PlaceMention]
) -> list[PlaceMention]:
    """Return mentions, the unlisted ones in the country of the listed towns where these all lie in one.

    "Ugandan troops were accused of shelling Janaale and Buulo Warbo": Janaale is a town of Somalia, so both lie there.
    """
    towns = {
        m.place.country for m in [*found, *known] if m.place.kind in ("city", "district") and m.place.country
    }
    if len(towns) != 1:
        return list(found)
    (country,) = towns
    return [
        replace(m, place=replace(m.place, country=country, admin1=None))
        if m.place.kind == "unlisted" and m.place.country != country
        else m
        for m in found
    ]


def _is_plural_opening(doc: Doc, first: int, end: int) -> bool:
    """Return whether a name is a plural that opens its sentence: "Rebels hit Kherson", but "Talmenes, 3 May"."""
    opens = doc[first].is_sent_start or (first > 0 and doc[first - 1].is_space)
    if first != end or not opens or doc[first].tag_ != "NNS":
        return False
    return end + 1 < len(doc) and doc[end + 1].is_alpha


def _name_at(doc: Doc, i: int, taken: set[int], pack: LanguagePack) -> int | None:
    """Return the last token of the longest name that begins at token i, or None."""
    first = doc[i]
    if (
        i in taken
        or is_acronym(doc, i, pack)
        or not (is_capital(first) or _is_particle(doc, i, pack) or _opens_name(doc, i))
        or (
            _opens_phrase(doc, i) and first.lower_ in pack.words["place_prepositions"]
        )  # "Near al-Hasakah, two"
    ):
        return None
    end = i
    while end + 1 < len(doc) and end - i < _MAX_NAME_TOKENS:
        following = doc[end + 1]
        if end + 1 in taken or following.is_sent_start or following.is_space:
            break
        is_joined = (
            following.text == "-"
            or _is_particle(doc, end + 1, pack)
            or is_inner_particle(doc, end + 1, pack)
            or is_izafet(doc, end + 1, pack)
            or _is_between_hyphens(doc, end + 1)
        )
        if not (is_capital(following) or (is_joined and end + 2 < len(doc))):
            break
        end += 1
    while end > i and not is_capital(doc[end]):
        end -= 1
    return end if is_capital(doc[end]) else None


def _opens_phrase(doc: Doc, i: int) -> bool:
    """Return whether a token opens a sentence, or what follows a colon or dash: "DIYALA: Near Buhriz, two"."""
    return bool(doc[i].is_sent_start) or (i > 0 and (doc[i - 1].is_punct or doc[i - 1].is_space))


def _is_between_hyphens(doc: Doc, i: int) -> bool:
    """Return whether a word stands between two hyphens, as in "Slavyansk-na-Kubani"."""
    return i + 1 < len(doc) and doc[i - 1].text == "-" and doc[i + 1].text == "-" and doc[i].is_alpha


def _opens_name(doc: Doc, i: int) -> bool:
    """Return whether a small word has a capital inside a sentence, as in "at In-Tillit": it belongs to the name."""
    if i == 0 or i + 1 >= len(doc) or not (doc[i].is_stop and doc[i].text.istitle()) or doc[i].is_sent_start:
        return False
    return doc[i - 1].text.islower() and (doc[i + 1].text == "-" or doc[i + 1].text.istitle())


def _is_particle(doc: Doc, i: int, pack: LanguagePack) -> bool:
    """Return whether a token is the "al" of "al-Bab", or a capital "Al"."""
    token = doc[i]
    if token.lower_ not in pack.words["name_particles"] or i + 1 >= len(doc):
        return False
    following = doc[i + 1]
    opens_sentence = token.is_sent_start and token.is_stop  # "At Konna"
    return (following.text == "-" and not token.whitespace_) or (
        token.text[:1].isupper() and following.text[:1].isupper() and not opens_sentence
    )


def _trimmed(doc: Doc, first: int, last: int, pack: LanguagePack) -> tuple[int, int]:
    """Return the first and last token of a name without words that are no part of it.

    These are a word for the kind of place before it ("Kibbutz Nirim", "Combat Outpost Keating"), one for a building or
    district behind it, and the name of a day ("Hama Monday").
    """
    common = common_behind(pack)
    while first < last and doc[first].lower_ in kinds_before(pack):
        first += 1
    for i in range(first, last + 1):
        if doc[i].lower_ in common:
            last = i - 1
            break
    while last > first and (doc[last].lower_ in pack.stop_places or not is_capital(doc[last])):
        last -= 1
    return first, last


@dataclass(frozen=True, slots=True)
class _Cities:
    """Finds the city of a quarter: "the Maysaloun neighbourhood of Aleppo". A report is on the city then."""

    doc: Doc
    known: Sequence[PlaceMention]
    pack: LanguagePack

    def of_quarter(self, first: int, end: int) -> Place | None:
        """Return the city of the quarter with a name, or None where the name is not called a quarter."""
        doc, words = self.doc, self.pack.words
        after = doc[end + 1].lower_ if end + 1 < len(doc) else ""
        before = [doc[n].lower_ for n in range(max(0, first - 2), first)]
        is_quarter = after in words["quarters"] or (before[1:] == ["of"] and before[0] in words["quarters"])
        if not is_quarter:
            return None
        start, stop = doc[first].idx, doc[end].idx
        line, line_end = doc.text.rfind("\n", 0, start), doc.text.find("\n", stop)
        towns = [
            m for m in self.known
            if m.place.kind == "city" and m.place.population >= _MIN_CITY and line < m.start
            and (line_end < 0 or m.start < line_end)
        ]  # fmt: skip
        ahead = [m for m in towns if 0 < m.start - start <= _AHEAD_CHARS]
        earlier = [m for m in towns if m.start < start]
        nearest = min(ahead or earlier or towns, key=lambda m: abs(m.start - start), default=None)
        return nearest.place if nearest is not None else None


@dataclass(frozen=True, slots=True)
class _Resolver:
    """Finds the places of names that no rule has found."""

    doc: Doc
    signs: Surroundings
    weights: Mapping[str, float]
    gazetteer: Gazetteer
    cities: _Cities
    towns: Mapping[str, Sequence[Place]]

    def resolve(self, first: int, end: int, must_be_listed: bool, may_be_alike: bool) -> Place | None:
        """Return the place of a name: listed in a country of the document, else unlisted in the likeliest one.

        ``must_be_listed``: no unlisted place. ``may_be_alike``: a listed place with a similar name counts too.
        """
        name = self.doc[first : end + 1].text
        listed = self.gazetteer.find(name)
        if not listed and not may_be_alike:
            return None
        around, sign = self.signs.around(first, end), self.signs.locating(first, end)
        weights = with_article(around.countries, self.weights)
        country = sign.country if sign is not None else likeliest(weights)
        countries = frozenset(weights) | ({country} if country else set())
        places = [p for p in listed if p.country in countries and p.geo_precision == 1]
        if not places and may_be_alike:
            likely = frozenset(
                c
                for c in countries
                if weights.get(c, 0.0) >= _MIN_LIKELY_SHARE * weights.get(country or "", 0.0)
            )
            places = [p for p in self.gazetteer.find_alike(name, likely) if p.geo_precision == 1]
            places = [p for p in places if self._may_be_here(p, around.regions)]
        if not places and may_be_alike and max(self.weights.values(), default=0.0) <= _MOST_VAGUE:
            # "Israeli tank shells struck their kitchen in Beit Hanoun": a list has the name in one country, and only there
            precise = [p for p in listed if p.geo_precision == 1]
            places = precise if len({p.country for p in precise}) == 1 else []
        if sign is not None:
            places = [p for p in places if p.country == sign.country and _is_in(p, sign.region)]
        city = self.cities.of_quarter(first, end)
        if city is not None:
            places = [p for p in places if kilometres_between(p, city) <= _MAX_QUARTER_KM]
        if places:
            key = consonants(name)
            return max(places, key=lambda p: (
                p.country == country, around.regions.get((p.country, region_key(p.admin1 or "")), 0.0),
                weights.get(p.country, 0.0), key == consonants(p.name), p.population,
            ))  # fmt: skip
        if must_be_listed or city is not None:
            return city
        is_region = sign is not None and sign.place is not None and sign.place.kind == "admin1"
        admin1 = sign.place.name if sign is not None and sign.place is not None and is_region else None
        return replace(UNLISTED, name=name, country=country or "", admin1=admin1)

    def _may_be_here(self, place: Place, regions: Mapping[tuple[str, str], float]) -> bool:
        """Return whether a place with a similar name is near the towns, or in the regions, that the text names around it.

        "Kafr Rom village in Maabatli district" is not Kafr Ruma, 100 km off.
        """
        if (place.country, region_key(place.admin1 or "")) in regions:
            return True
        towns = self.towns.get(place.country, ())
        is_near = any(kilometres_between(place, town) <= _NEAR_ALIKE_KM for town in towns)
        return is_near or not (towns or any(country == place.country for country, _ in regions))

    def town_of_facility(self, first: int, end: int) -> int:
        """Return the last token of the town with which the name of a facility begins, else that of the whole name.

        "Shiraz Shahid Dastgheib International Airport" is in Shiraz.
        """
        countries = {c for c, weight in self.weights.items() if weight > 0}
        if self.gazetteer.find(self.doc[first : end + 1].text):
            return end
        for last in range(end - 1, first - 1, -1):
            towns = self.gazetteer.find(self.doc[first : last + 1].text)
            if any(t.kind == "city" and t.population >= _MIN_CITY and t.country in countries for t in towns):
                return last
        return end


def _is_in(place: Place, region: str | None) -> bool:
    return region is None or place.admin1 is None or region_key(place.admin1) == region
