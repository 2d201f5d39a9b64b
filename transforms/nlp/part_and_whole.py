"""A quarter beside its city, and a town beside its district, are one place: "Saltivka District, Kharkiv".

A report is on the city, and its spot says which quarter. The district only locates the town. Without this, one strike
was two rows: "a missile hit a market in Saltivskyi District, Kharkiv" was one on Saltivka and one on Kharkiv.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from spacy.tokens import Doc

from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.place_names import PlaceMention
from transforms.util.geo import kilometres
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
_NAME_TAGS = ("JJ", "NN", "NNP")


def with_wholes(mentions: Sequence[PlaceMention], doc: Doc, pack: LanguagePack) -> list[PlaceMention]:
    """Return the mentions, where quarters have the place of their city, and districts of a town locate.

    A quarter that stands alone elsewhere in the text has its city there too.

    Args:
        mentions: in text order.
        doc: with sentences.
        pack: the language.
    """
    cities = _cities_of_lists(mentions, doc, pack)
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


def _key(place: Place) -> tuple[str, str]:
    return place.name, place.country


def _is_beside(inner: PlaceMention, outer: PlaceMention, doc: Doc, pack: LanguagePack) -> bool:
    """Return whether only names, and words such as "refugee camp in the northern", are between two places."""
    between = doc[inner.last + 1 : outer.first]
    if not 0 < len(between) <= _MOST_BETWEEN or doc[outer.first].sent != doc[inner.first].sent:
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
    at = 0
    while at < len(mentions):
        end = at
        while end + 1 < len(mentions) and _is_listed_on(mentions[end], mentions[end + 1], doc, pack):
            end += 1
        for quarter in _quarters_among(mentions[at : end + 1], doc, pack):
            city = _city_around(quarter, mentions, doc)
            if city is not None:
                found[_key(quarter.place)] = city
        at = end + 1
    return found


def _quarters_among(listed: Sequence[PlaceMention], doc: Doc, pack: LanguagePack) -> Sequence[PlaceMention]:
    """Return those of a list of places that its words call quarters.

    "The quarter of X" and "the quarters of X" are in X; "the outskirts of X, Y neighbourhood" calls one a quarter.
    """
    quarters = pack.words["quarters"]
    first, last = listed[0].first, listed[-1].last
    behind = doc[last + 1] if last + 1 < len(doc) else None
    if behind is not None and behind.lower_ in quarters:
        return listed if behind.tag_ == "NNS" else listed[-1:]
    while first > 0 and (doc[first - 1].text == "-" or doc[first - 1].lower_ in pack.words["name_particles"]):
        first -= 1  # "neighborhoods of al-Mazzeh", where the name is Mazzeh
    before = [t.lower_ for t in doc[max(0, first - 2) : first]]
    return listed if before[1:] == ["of"] and before[0] in quarters and len(listed) > 1 else ()


def _is_listed_on(one: PlaceMention, following: PlaceMention, doc: Doc, pack: LanguagePack) -> bool:
    joint = [t.lower_ for t in doc[one.last + 1 : following.first]]
    return 0 < len(joint) <= _MOST_JOINT and all(word in pack.words["joints"] for word in joint)


def _city_around(quarter: PlaceMention, mentions: Sequence[PlaceMention], doc: Doc) -> Place | None:
    """Return the city that a quarter is part of, None without: the nearest of its line, else the last one before."""
    behind = next((m for m in mentions if m.first == quarter.last + 3), None)
    if behind is not None and doc[quarter.last + 2].lower_ == "of" and behind.place.kind == "city":
        return behind.place  # "the al-Rawda quarter of Marib": a town may be small
    text = doc.text
    line, line_end = text.rfind("\n", 0, quarter.start), text.find("\n", quarter.end)
    cities = [m for m in mentions if m is not quarter and _may_hold(quarter.place, m.place)]
    here = [m for m in cities if line < m.start and (line_end < 0 or m.start < line_end)]
    if here:
        return min(here, key=lambda m: abs(m.start - quarter.start)).place
    before = [m for m in cities if m.start < quarter.start]
    return before[-1].place if before else None


def _is_quarter_of(inner: PlaceMention, outer: PlaceMention, doc: Doc, pack: LanguagePack) -> bool:
    """Return whether a place is called a district and the place behind it is its city."""
    one, city = inner.place, outer.place
    words = (doc[inner.last].lower_, doc[inner.last + 1].lower_)
    if pack.words["quarters_and_districts"].isdisjoint(words):
        return False
    if one.kind == "unlisted" and _has_name_of_region(city):
        # "Panjwayi District, Kandahar" is in the province; "District of Kyiv" and "District, Kharkiv, Kharkiv Oblast" are not
        joint = {t.lower_ for t in doc[inner.last + 1 : outer.first]}
        names_region = doc[outer.last + 1 : outer.last + 3].text.endswith(doc[outer.first].text)
        if joint.isdisjoint(("in", "of")) and not names_region:
            return False
    return _may_hold(one, city)


def _has_name_of_region(city: Place) -> bool:
    return city.admin1 is not None and sounds(city.admin1) == sounds(city.name)


def _may_hold(one: Place, city: Place) -> bool:
    """Return whether a place may be a quarter of a city: it is not listed, or near and smaller."""
    if city.kind != "city" or city.population < _MIN_CITY or city.country != (one.country or city.country):
        return False
    if one.kind == "unlisted":
        return True
    if (
        None in (one.latitude, one.longitude, city.latitude, city.longitude)
        or one.population >= city.population
    ):
        return False
    away = kilometres((one.latitude or 0, one.longitude or 0), (city.latitude or 0, city.longitude or 0))
    return away <= _QUARTER_KM
