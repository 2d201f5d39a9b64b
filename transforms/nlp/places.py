"""Where: mentions of places, resolved by the country context of the document.

A statistical tagger labels barely half of the towns of war zones as places, so names come from the
gazetteer; ranking is by the document (countries and regions named, other unambiguous places), and
population only breaks ties: by population alone Pokrovsk lies in Russia and Qana in Egypt.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache

from spacy.tokens import Doc

from schemas.identity import fold_name
from transforms.nlp.gazetteer import Gazetteer, Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.place_names import PlaceMention, country_words, find_candidates
from transforms.nlp.place_ranking import Weights, choose_places, heaviest
from transforms.nlp.place_roles import role_of

_EARLY = 400  # characters of the text that say most of what it is about
_BEFORE = 6  # mentions that can tell what the next one is: a village before "near Lyman"


def find_places(
    doc: Doc,
    gazetteer: Gazetteer,
    pack: LanguagePack,
    title_end: int,
    times: Sequence[tuple[int, int]] = (),
) -> list[PlaceMention]:
    """Return the mentions of places in text order, each with its role.

    Args:
        doc: headline, two line breaks, text; sentences set.
        gazetteer: where names are looked up.
        pack: the language.
        title_end: characters of the headline.
        times: spans of expressions of time, which are no places.
    """
    text = doc.text  # spaCy builds it anew at each access
    named = _country_weights(text, pack, title_end)
    candidates = [
        c
        for c in find_candidates(doc, gazetteer, pack, frozenset(named))
        if not any(start <= doc[c[0]].idx < end for start, end in times)
    ]
    weights = defaultdict(float, named)
    for _, _, places in candidates:
        if len({p.country for p in places}) == 1 and places[0].kind != "unlisted":
            weights[places[0].country] += 0.5
    chosen = choose_places(doc, candidates, weights, named, gazetteer, pack)
    mentions = [
        PlaceMention(doc[i].idx, doc[j].idx + len(doc[j]), i, j, place)
        for (i, j, _), place in zip(candidates, chosen, strict=True)
        if place is not None
    ]
    mentions += _capitals(doc, text, gazetteer, pack, weights, mentions)
    regions = {fold_name(m.place.name) for m in mentions if m.place.kind in ("admin1", "region")}
    mentions = sorted((_region_throughout(m, regions) for m in mentions), key=lambda m: m.start)
    placed = []
    for n, m in enumerate(mentions):
        following = mentions[n + 1] if n + 1 < len(mentions) else None
        role = role_of(text, m, mentions[max(0, n - _BEFORE) : n], pack, following)
        placed.append(replace(m, role=role))
    has_town = any(m.role == "scene" and m.place.geo_precision == 1 for m in placed)
    # "in Novobavarskyi district": a part of the city that the text is about
    return [replace(m, role="frame") if has_town and _is_quarter(m.place) else m for m in placed]


def _is_quarter(place: Place) -> bool:
    return place.kind == "district" and place.geonameid is None


def _region_throughout(m: PlaceMention, regions: set[str]) -> PlaceMention:
    """A headline's "Sagaing" is the region where the text says "Sagaing region", unless it is a big
    town as well ("Kharkiv")."""
    if m.place.kind == "city" and m.place.population < 150_000 and fold_name(m.place.name) in regions:
        return replace(m, place=replace(m.place, kind="region"))
    return m


def _country_weights(text: str, pack: LanguagePack, title_end: int) -> Weights:
    """Weigh countries by how often, and how early, the document names them."""
    weights: Weights = defaultdict(float)
    words = country_words(pack)
    for match in _any_country(pack).finditer(text.lower()):
        for word in _countries_within(match.group(0), pack):
            code, is_name = words[word]
            early = 2.0 if match.start() < title_end + _EARLY else 1.0
            # A demonym mostly names who struck ("Russian missile"), a name mostly where.
            weights[code] += early * (1.5 if is_name else 0.5)
    return weights


@cache
def _any_country(pack: LanguagePack) -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(country_words(pack), key=len, reverse=True)))
    # "the Russian-backed administration" says little of where
    return re.compile(rf"(?<!\w)(?:{words})(?![\w-])")


@lru_cache(maxsize=1024)
def _countries_within(phrase: str, pack: LanguagePack) -> tuple[str, ...]:
    """Return all words for countries in a phrase: "south sudan" names Sudan too."""
    words = country_words(pack)
    return tuple(w for w in words if re.search(rf"(?<!\w){re.escape(w)}(?!\w)", phrase))


def _capitals(
    doc: Doc,
    text: str,
    gazetteer: Gazetteer,
    pack: LanguagePack,
    weights: Weights,
    named: list[PlaceMention],
) -> list[PlaceMention]:
    """Resolve "the Iranian capital", "Ukraine's capital" and, where a country is clear, "the capital"."""
    found = []
    words = country_words(pack)
    for match in pack.patterns["places.capital"].finditer(text):
        word = (match.group("demonym") or match.group("name") or "").lower()
        country = words[word][0] if word in words else None
        if country is None and not word:
            scenes = Counter(m.place.country for m in named if m.place.geo_precision == 1)
            country = scenes.most_common(1)[0][0] if scenes else None
            if country is None and weights:
                country = heaviest(weights)
        capital = gazetteer.capital(country) if country else None
        span = doc.char_span(match.start(), match.end(), alignment_mode="expand")
        if capital is not None and span is not None:
            found.append(PlaceMention(match.start(), match.end(), span.start, span.end - 1, capital))
    return found
