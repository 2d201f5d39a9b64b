"""Mentions of places in a document, each resolved to one place of the gazetteer.

A statistical tagger labels only half of the towns in war zones as places, so names are looked up in the
gazetteer. Places of one name are ranked by the document: the countries and regions that it names, and its
unambiguous places. Population only breaks ties: by population alone Pokrovsk would be in Russia and Qana in
Egypt.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache

from spacy.tokens import Doc

from schemas.identity import fold_name
from transforms.nlp.gazetteer import Gazetteer, Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.lexicon import Term
from transforms.nlp.locating_towns import with_locating_towns
from transforms.nlp.one_place import with_one_place
from transforms.nlp.part_and_whole import LOCATOR, with_wholes
from transforms.nlp.party_homes import home_weights
from transforms.nlp.place_names import PlaceMention, find_candidates
from transforms.nlp.place_ranking import Weights, choose_places
from transforms.nlp.place_references import capitals, told_again, towns_again
from transforms.nlp.place_roles import role_of
from transforms.nlp.place_signs import Surroundings
from transforms.nlp.place_words import country_words, is_beyond, is_inside, speaks_for_country
from transforms.nlp.possible_places import find_possible_places

_EARLY_CHARS = 400
"""A country named in the headline, or in this many first characters of the body, counts twice."""
_EARLIER_MENTIONS = 6
"""The number of mentions before a place that help to decide its role: a village before "near Lyman"."""
_COUNTRY_PRECISION = 3
_NEXT_WORD_CHARS, _BEFORE_CHARS = 15, 40
_MAX_REGION_TOWN = 150_000
"""A town with fewer inhabitants than this may be the region of the same name."""
_NAME_WEIGHT, _DEMONYM_WEIGHT, _PLACE_WEIGHT = 1.5, 0.5, 0.5
"""Weight of a country for each mention of its name, of its demonym, and of an unambiguous place in it."""


def find_places(
    doc: Doc,
    gazetteer: Gazetteer,
    pack: LanguagePack,
    title_end: int,
    times: Sequence[tuple[int, int]] = (),
    terms: Sequence[Term] = (),
) -> list[PlaceMention]:
    """Return the mentions of places in text order, each with its role.

    Args:
        doc: headline, two line breaks, body; its sentences must be set.
        gazetteer: for the names.
        pack: the language.
        title_end: characters of the headline.
        times: (start, end) of expressions of time, which are never places.
        terms: of the vocabulary; a name of a weapon or of an attacker is never a place.
    """
    text = doc.text  # read once: spaCy builds the string at each access
    named = _country_weights(text, pack, title_end)
    # "Christmas Eve" is a time, and a "Khorramshahr missile" flies
    models = ((t.start, t.end) for t in terms if t.name is not None and t.first < t.last)
    taken = sorted([*times, *models])
    candidates = [
        c
        for c in find_candidates(doc, gazetteer, pack, frozenset(named))
        if not is_inside(doc[c[0]].idx, taken)
    ]
    weights = defaultdict(float, named)
    homes = home_weights(text, pack)
    for i, j, places in candidates:
        if len({p.country for p in places}) == 1 and speaks_for_country(doc, i, j, places, named, pack):
            weights[places[0].country] += _PLACE_WEIGHT
    chosen = choose_places(doc, candidates, weights, named, homes, gazetteer, pack)
    mentions = [
        PlaceMention(doc[i].idx, doc[j].idx + len(doc[j]), i, j, place)
        for (i, j, _), place in zip(candidates, chosen, strict=True)
        if place is not None
    ]
    mentions += capitals(doc, text, mentions, weights, gazetteer, pack)
    measured = with_locating_towns(sorted(mentions, key=lambda m: m.start), text, pack)
    mentions += towns_again(doc, text, [m for m in measured if m.role != LOCATOR], pack)
    regions = {fold_name(m.place.name) for m in mentions if m.place.kind == "admin1"}
    mentions = sorted(
        (m if _is_called_town(m, text, pack) else _region_throughout(m, regions) for m in mentions),
        key=lambda m: m.start,
    )
    with_roles = []
    for n, m in enumerate(mentions):
        following = mentions[n + 1] if n + 1 < len(mentions) else None
        role = role_of(text, m, mentions[max(0, n - _EARLIER_MENTIONS) : n], pack, following)
        with_roles.append(replace(m, role=role))
    has_town = any(m.role == "scene" and m.place.geo_precision == 1 for m in with_roles)
    # "in Novobavarskyi district" is then a part of the city that the text is about
    certain = [replace(m, role="frame") if has_town and _is_quarter(m.place) else m for m in with_roles]
    towns = _town_weights({c: named.get(c, 0.0) + homes.get(c, 0.0) for c in {*named, *homes}}, certain)
    signs = Surroundings(doc, [(m.first, m.last, (m.place,)) for m in certain], named, pack)
    possible = find_possible_places(doc, certain, terms, times, towns, signs, gazetteer, pack)
    united = with_one_place(sorted([*certain, *possible], key=lambda m: m.start), text, signs, towns)
    whole = with_locating_towns(with_wholes(united, doc, pack), text, pack)
    again = told_again(doc, text, whole, times, [(t.start, t.end) for t in terms], pack)
    return sorted([*whole, *again], key=lambda m: m.start) if again else whole


def _town_weights(weights: Weights, mentions: Sequence[PlaceMention]) -> Weights:
    """Return the weights of countries with one point more for each mention of a town or region in them.

    A demonym mostly names the attacker, so towns say more about where an unknown village lies.
    """
    towns = defaultdict(float, weights)
    for mention in mentions:
        if mention.place.geo_precision < _COUNTRY_PRECISION and mention.place.country:
            towns[mention.place.country] += 1.0
    return towns


def _is_quarter(place: Place) -> bool:
    """Return whether a place is a district that the gazetteer does not have: a quarter of a city."""
    return place.kind == "district" and place.geonameid is None


def _is_called_town(m: PlaceMention, text: str, pack: LanguagePack) -> bool:
    """Return whether words say that a name is that of a town, in an article on the province of its name.

    "Daraa city"; "the city"; "the mission's camp in Kidal".
    """
    following = text[m.end : m.end + _NEXT_WORD_CHARS].split()
    if text[m.start : m.end].split()[-1] in pack.words["small_kinds"]:
        return True
    if pack.patterns["places.site_in"].search(text[max(0, m.start - _BEFORE_CHARS) : m.start]):
        return True
    return bool(following) and following[0].strip(".,;:").lower() in pack.words["small_kinds"]


def _region_throughout(m: PlaceMention, regions: set[str]) -> PlaceMention:
    """Return a mention of a town as its region, where the text elsewhere speaks of the region of that name.

    A headline's "Sagaing" then means "Sagaing region". A big town such as Kharkiv stays a town.
    """
    is_small_town = m.place.kind == "city" and m.place.population < _MAX_REGION_TOWN
    if is_small_town and fold_name(m.place.name) in regions:
        return replace(m, place=replace(m.place, kind="region"))
    return m


def _country_weights(text: str, pack: LanguagePack, title_end: int) -> Weights:
    """Return a weight for each country that the document names, by how often and how early it names it."""
    weights: Weights = defaultdict(float)
    words, lowered = country_words(pack), text.lower()
    for match in _any_country(pack).finditer(lowered):
        before = lowered[max(0, match.start() - _BEFORE_CHARS) : match.start()].rpartition(",")[2].split()
        after = lowered[match.end() : match.end() + _BEFORE_CHARS].split(maxsplit=1)
        beyond = is_beyond(before, after[0].strip(".,") if after else "", pack)
        for word in _countries_within(match.group(0), pack):
            code, is_name = words[word]
            early = 2.0 if match.start() < title_end + _EARLY_CHARS else 1.0
            # A demonym mostly names the attacker ("Russian missile"), a name mostly the place.
            weights[code] += early * (_NAME_WEIGHT if is_name and not beyond else _DEMONYM_WEIGHT)
    return weights


@cache
def _any_country(pack: LanguagePack) -> re.Pattern[str]:
    """Return an expression for all words for countries."""
    words = "|".join(map(re.escape, sorted(country_words(pack), key=len, reverse=True)))
    # "the Russian-backed administration" says little about the place, so no word before a hyphen matches
    return re.compile(rf"(?<!\w)(?:{words})(?![\w-])")


@lru_cache(maxsize=1024)
def _countries_within(phrase: str, pack: LanguagePack) -> tuple[str, ...]:
    """Return all words for countries in a phrase: "south sudan" also contains "sudan"."""
    words = country_words(pack)
    return tuple(w for w in words if re.search(rf"(?<!\w){re.escape(w)}(?!\w)", phrase))
