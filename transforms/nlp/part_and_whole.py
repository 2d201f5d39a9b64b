"""A quarter beside its city, and a town beside its district, are one place: "Saltivka District, Kharkiv".

A report is on the city, and its spot says which quarter. The district only locates the town. Without this, one strike
was two rows: "a missile hit a market in Saltivskyi District, Kharkiv" was one on Saltivka and one on Kharkiv.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from spacy.tokens import Doc

from transforms.nlp.anchors import kilometres_between
from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.place_names import PlaceMention
from transforms.util.transliteration import sounds

LOCATOR = "locator"
"""The role of a district that only locates the town before it."""
_MIN_CITY = 100_000
"""A city with so many inhabitants has quarters that are called districts."""
_QUARTER_KM = 15
"""A listed quarter is at most so far from the middle of its city, as in the scoring of places."""
_MOST_BETWEEN = 6
"""So many words stand between a place and what it is part of: "District in the northern city of"."""
_MOST_JOINT = 2
"""So many words join two quarters of a list."""
_MOST_CITIES = 10
"""So many cities before a quarter, and after it, may be its city: the time stays linear."""
_MOST_LINE = 300
"""A quarter and a city so many words apart count as of one line."""
_BESIDE_CHARS = 30
"""So far beside a name the words stand that call it a part of a city."""
_NAME_TAGS = ("JJ", "NN", "NNP")


def with_wholes(mentions: Sequence[PlaceMention], doc: Doc, pack: LanguagePack) -> list[PlaceMention]:
    """Return the mentions, where quarters have the place of their city, and districts of a town locate.

    A quarter that stands alone elsewhere in the text has its city there too.

    Args:
        mentions: in text order.
        doc: with sentences.
        pack: the language.
    """
    cities = {**_cities_of_lists(mentions, doc, pack), **_cities_told(mentions, doc, pack)}
    result = list(mentions)
    for n, (inner, outer) in enumerate(pairwise(mentions)):
        if inner.place.geo_precision != 1 or not _is_beside(inner, outer, doc, pack):
            continue
        if outer.place.kind == "district":
            result[n + 1] = replace(outer, role=LOCATOR)
        elif _is_quarter_of(inner, outer, doc, pack):
            cities[_key(inner.place)] = outer.place
    return [
        replace(m, place=cities[_key(m.place)])
        if m.place.geo_precision == 1 and _key(m.place) in cities
        else m
        for m in result
    ]


def _cities_told(
    mentions: Sequence[PlaceMention], doc: Doc, pack: LanguagePack
) -> dict[tuple[str, str], Place]:
    """Return the city of each part of it that the words behind it call so: "at Paltan Bazar here" is in that of the dateline."""
    dateline = next((m.place for m in mentions if m.role == "dateline"), None)
    if dateline is None or dateline.kind != "city":
        return {}
    text, here = doc.text, pack.patterns["places.here_behind"]
    return {
        _key(m.place): dateline
        for m in mentions
        if m.role != "dateline"
        and m.place.kind in ("city", "unlisted")
        and here.match(text[m.end : m.end + _BESIDE_CHARS]) is not None
    }


def _key(place: Place) -> tuple[str, str]:
    return place.name, place.country


def _is_beside(inner: PlaceMention, outer: PlaceMention, doc: Doc, pack: LanguagePack) -> bool:
    """Return whether only names, and words such as "refugee camp in the northern", are between two places."""
    between = doc[inner.last + 1 : outer.first]
    if not 0 < len(between) <= _MOST_BETWEEN or any(t.is_sent_start for t in between):
        return False
    words = [t.lower_ for t in between]
    if between[0].tag_ == "POS":
        return False  # "Kandahar's Panjwayi District"
    if words[-1] in pack.words["and"] or not pack.words["locators"].isdisjoint(words):
        return False
    allowed = pack.words["between_place_and_region"] | pack.words["quarters"] | pack.words["kinds_of_place"]
    return all(word in allowed or t.tag_ in _NAME_TAGS for word, t in zip(words, between, strict=True))


def _cities_of_lists(
    mentions: Sequence[PlaceMention], doc: Doc, pack: LanguagePack
) -> dict[tuple[str, str], Place]:
    """Return the city of each quarter of a list: "the neighbourhoods of Mazzeh and Rukn al-Din", "A and B quarters"."""
    found: dict[tuple[str, str], Place] = {}
    cities = [n for n, m in enumerate(mentions) if m.place.kind == "city" and m.place.population >= _MIN_CITY]
    at = 0
    while at < len(mentions):
        end = at
        while end + 1 < len(mentions) and _is_listed_on(mentions[end], mentions[end + 1], doc, pack):
            end += 1
        for number in _quarters_among(mentions, at, end, doc, pack):
            city = _town_of(mentions, number, doc, pack) or _city_around(mentions, number, cities, doc)
            if city is not None:
                found[_key(mentions[number].place)] = city
        at = end + 1
    return found


def _quarters_among(
    mentions: Sequence[PlaceMention], at: int, end: int, doc: Doc, pack: LanguagePack
) -> range:
    """Return the numbers of those of the list ``[at, end]`` of places that its words call quarters.

    "The quarter of X" and "the quarters of X" are in X. "The outskirts of X, Y neighbourhood" calls only Y a quarter.
    """
    quarters = pack.words["quarters"]
    first, last = mentions[at].first, mentions[end].last
    behind = doc[last + 1] if last + 1 < len(doc) else None
    if behind is not None and behind.lower_ in quarters:
        return range(at if behind.tag_ == "NNS" else end, end + 1)
    while first > 0 and (doc[first - 1].text == "-" or doc[first - 1].lower_ in pack.words["name_particles"]):
        first -= 1  # "neighborhoods of al-Mazzeh", where the name is Mazzeh
    is_headed = first > 1 and doc[first - 1].lower_ in pack.words["of"] and doc[first - 2].lower_ in quarters
    return range(at, end + 1) if is_headed and end > at else range(0)


def _is_listed_on(one: PlaceMention, following: PlaceMention, doc: Doc, pack: LanguagePack) -> bool:
    joint = [t.lower_ for t in doc[one.last + 1 : following.first]]
    return 0 < len(joint) <= _MOST_JOINT and all(word in pack.words["joints"] for word in joint)


def _town_of(mentions: Sequence[PlaceMention], number: int, doc: Doc, pack: LanguagePack) -> Place | None:
    """Return the town right behind a quarter, which may be small: "the al-Rawda quarter of Marib"."""
    if number + 1 == len(mentions):
        return None
    quarter, behind = mentions[number], mentions[number + 1]
    is_behind = behind.first == quarter.last + 3 and doc[quarter.last + 2].lower_ in pack.words["of"]
    return behind.place if is_behind and behind.place.kind == "city" else None


def _city_around(
    mentions: Sequence[PlaceMention], number: int, cities: Sequence[int], doc: Doc
) -> Place | None:
    """Return the city that a quarter is part of, None without: the nearest of its line, else the last one before.

    ``cities``: the numbers of the mentions of cities.
    """
    quarter, at = mentions[number], bisect_left(cities, number)
    near = [mentions[n] for n in cities[max(0, at - _MOST_CITIES) : at + _MOST_CITIES] if n != number]
    fitting = [m for m in near if _may_hold(quarter.place, m.place)]
    for city in sorted(fitting, key=lambda m: abs(m.start - quarter.start)):
        first, last = sorted((quarter, city), key=lambda m: m.first)
        if not any("\n" in t.text for t in doc[first.last : min(last.first, first.last + _MOST_LINE)]):
            return city.place
    before = [m for m in fitting if m.start < quarter.start]
    return before[-1].place if before else None


def _is_quarter_of(inner: PlaceMention, outer: PlaceMention, doc: Doc, pack: LanguagePack) -> bool:
    """Return whether a place is called a district and the place behind it is its city."""
    one, city = inner.place, outer.place
    words = (doc[inner.last].lower_, doc[inner.last + 1].lower_)
    if pack.words["quarters_and_districts"].isdisjoint(words):
        return False
    if one.kind == "unlisted" and has_name_of_region(city):
        # "Panjwayi District, Kandahar" lies in the province. "District of Kyiv" lies in the city, and so does
        # "District, Kharkiv, Kharkiv Oblast", which names the province too.
        joint = {t.lower_ for t in doc[inner.last + 1 : outer.first]}
        names_region = doc[outer.last + 1 : outer.last + 3].text.endswith(doc[outer.first].text)
        if joint.isdisjoint(pack.words["in"] | pack.words["of"]) and not names_region:
            return False
    return _may_hold(one, city)


def has_name_of_region(city: Place) -> bool:
    """Return whether a city has the name of its region: Aleppo, Hama."""
    return city.admin1 is not None and sounds(city.admin1) == sounds(city.name)


def _may_hold(one: Place, city: Place) -> bool:
    """Return whether a place may be a quarter of a city: it is not listed, or near and smaller."""
    if city.kind != "city" or city.population < _MIN_CITY or city.country != (one.country or city.country):
        return False
    if one.kind == "unlisted":
        return True
    return one.population < city.population and kilometres_between(one, city) <= _QUARTER_KM
