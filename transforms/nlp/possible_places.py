"""Names that may mean a place and that the rules for place names leave out.

The rules keep a name only where the words around it are strong evidence. A small village, a name in no
gazetteer or a name in an odd spelling ("al-Hassakeh", "Nubbul") then has no mention at all. This module
proposes the rest with the role ``possible``; the learned model decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from transforms.nlp.gazetteer import Gazetteer, Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.lexicon import Term
from transforms.nlp.place_names import UNLISTED, PlaceMention, country_words

POSSIBLE = "possible"
_MAX_NAME_TOKENS = 7
_MIN_NAME_CHARS = 3
_LOCATED_TOKENS = 8
"""A place named at most this far after a name says in which country it lies."""
_KNOWN_AS_TERMS = frozenset({"weapon", "actor", "strike"})


def find_possible_places(
    doc: Doc,
    known: Sequence[PlaceMention],
    terms: Sequence[Term],
    times: Sequence[tuple[int, int]],
    weights: Mapping[str, float],
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
        gazetteer: for the names.
        pack: the language.
    """
    taken = {i for m in known for i in range(m.first, m.last + 1)}
    taken |= {i for t in terms if t.group in _KNOWN_AS_TERMS for i in range(t.first, t.last + 1)}
    hits = {t.last for t in terms if t.group == "hit"}
    ends = {m.last for m in known}
    starts = {m.first: m for m in known}
    found: list[PlaceMention] = []
    i = 0
    while i < len(doc):
        last = _name_at(doc, i, taken, pack)
        if last is None:
            i += 1
            continue
        first, end = i, _without_facility(doc, i, last, pack)
        i = last + 1
        if end < first or any(s <= doc[first].idx < e for s, e in times):
            continue
        if not _may_be_place(doc, first, end, last, hits, ends, starts, pack):
            continue
        place = _resolve(doc, first, end, starts, weights, gazetteer, pack)
        if place is not None:
            found.append(
                PlaceMention(doc[first].idx, doc[end].idx + len(doc[end]), first, end, place, POSSIBLE)
            )
            ends.add(end)
    return found


def _name_at(doc: Doc, i: int, taken: set[int], pack: LanguagePack) -> int | None:
    """Return the last token of the longest name that begins at token i, or None."""
    first = doc[i]
    if i in taken or not (_is_capital(first) or _is_particle(doc, i, pack)):
        return None
    end = i
    while end + 1 < len(doc) and end - i < _MAX_NAME_TOKENS:
        following = doc[end + 1]
        if end + 1 in taken or following.is_sent_start or following.is_space:
            break
        is_joined = following.text == "-" or _is_particle(doc, end + 1, pack)
        if not (_is_capital(following) or (is_joined and end + 2 < len(doc))):
            break
        end += 1
    while end > i and not _is_capital(doc[end]):
        end -= 1
    return end if _is_capital(doc[end]) else None


def _is_capital(token: Token) -> bool:
    return token.text[:1].isupper() and token.is_alpha and not token.is_stop


def _is_particle(doc: Doc, i: int, pack: LanguagePack) -> bool:
    """Return whether a token is the "al" of "al-Bab", or a capital "Al"."""
    token = doc[i]
    if token.lower_ not in pack.words["name_particles"] or i + 1 >= len(doc):
        return False
    following = doc[i + 1]
    return (following.text == "-" and not token.whitespace_) or (
        token.text[:1].isupper() and following.text[:1].isupper()
    )


def _without_facility(doc: Doc, first: int, last: int, pack: LanguagePack) -> int:
    """Return the last token of a name without the words for a building or district at its end."""
    words = pack.words
    common = (
        words["behind_places"] | words["facilities_after"] | words["kinds_after"] | words["district_after"]
    )
    for i in range(first, last + 1):
        if doc[i].lower_ in common | words["region_after"]:
            return i - 1
    return last


def _may_be_place(
    doc: Doc,
    first: int,
    end: int,
    last: int,
    hits: set[int],
    ends: set[int],
    starts: Mapping[int, PlaceMention],
    pack: LanguagePack,
) -> bool:
    """Return whether the words beside a name allow that it is a place."""
    words, name = pack.words, doc[first : end + 1].text
    if len(name) < _MIN_NAME_CHARS or name.lower() in pack.stop_places or name.lower() in country_words(pack):
        return False
    if any(t.lower_ in words["titles"] or t.lower_ in country_words(pack) for t in doc[first : end + 1]):
        return False
    before = first - 1
    while before >= 0 and (doc[before].lower_ in words["the_word"] or doc[before].tag_ in ("JJ", "HYPH")):
        before -= 1
    beside = doc[before] if before >= 0 else None
    following = doc[end + 1] if end + 1 < len(doc) else None
    kinds = words["small_kinds"] | words["district_after"] | words["townships_after"]
    if following is not None and (following.lower_ in kinds or following.lower_ in words["family_after"]):
        return following.lower_ in kinds
    if beside is not None and before + 1 == first and beside.lower_ in ("and", ",") and before - 1 in ends:
        return True
    if beside is not None and (
        beside.lower_ in words["place_prepositions"] | words["hit_or_in"] or before in hits
    ):
        return not (last > end and beside.lower_ == "of")
    is_comma = following is not None and following.text == ","
    return is_comma and any(end + n in starts and starts[end + n].place.geo_precision > 1 for n in (2, 3))


def _resolve(
    doc: Doc,
    first: int,
    end: int,
    starts: Mapping[int, PlaceMention],
    weights: Mapping[str, float],
    gazetteer: Gazetteer,
    pack: LanguagePack,
) -> Place | None:
    """Return the place of a name: listed in a country of the document, else unlisted in the likeliest one."""
    name = doc[first : end + 1].text
    after = (starts[i] for i in range(end + 1, end + 1 + _LOCATED_TOKENS) if i in starts)
    located = next(after, None)
    country = located.place.country if located is not None else _likeliest(weights)
    countries = frozenset(weights) | ({country} if country else set())
    places = [p for p in gazetteer.find(name) if p.country in countries and p.geo_precision == 1]
    places = places or [p for p in gazetteer.find_alike(name, countries) if p.geo_precision == 1]
    if places:
        return max(places, key=lambda p: (p.country == country, weights.get(p.country, 0.0), p.population))
    admin1 = located.place.name if located is not None and located.place.kind == "admin1" else None
    return replace(UNLISTED, name=name, country=country or "", admin1=admin1)


def _likeliest(weights: Mapping[str, float]) -> str | None:
    """Return the country with the highest weight, or None."""
    return max(sorted(weights), key=lambda c: weights[c], default=None)
