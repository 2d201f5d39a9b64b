"""Words around names of places: countries and demonyms, prepositions, and what follows a name."""

import re
from functools import cache

from spacy.tokens import Doc

from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack

Candidate = tuple[int, int, tuple[Place, ...]]
"""A name at tokens ``[first, last]``, and the places that have it."""
MAX_NAME_TOKENS = 5
_ACRONYM = re.compile(r"[A-Z]{3,6}s?")
_DATELINE_TOKENS, _CAPITALS_TOKENS = 3, 2
"""A name in capitals is a dateline so near to the start of its line; words in capitals so near show a line of capitals."""


@cache
def country_words(pack: LanguagePack) -> dict[str, tuple[str, bool]]:
    """Return the words for countries, each with its code and whether it is a name (else a demonym)."""
    words = {}
    for code, entry in pack.countries.items():
        for name in entry["names"]:
            words[name] = (code, True)
        for name in entry["demonyms"]:
            words[name] = (code, False)
    return words


@cache
def common_behind(pack: LanguagePack) -> frozenset[str]:
    """Return the words that follow the name of a place with a capital: "Antioquia Department", "Qeshm Island"."""
    words = pack.words
    kinds = ("behind_places", "region_after", "district_after", "own_district_after", "kinds_after", "townships_after",
             "facilities_after", "features_after")  # fmt: skip
    return frozenset().union(*(words[kind] for kind in kinds))


def capitalised_end(doc: Doc, i: int) -> int:
    """Return the last token of the run of capitalised words that begins at token i."""
    end = i
    while end - i < MAX_NAME_TOKENS and end + 1 < len(doc):
        if not doc[end + 1].text[:1].isupper() or not doc[end + 1].is_alpha:
            break
        end += 1
    return end


def is_called_region(doc: Doc, i: int, pack: LanguagePack) -> bool:
    """Return whether a word for a region stands before a name: "the department of Cauca"."""
    return i > 1 and doc[i - 1].lower_ in pack.words["of"] and doc[i - 2].lower_ in pack.words["region_after"]


def is_acronym(doc: Doc, i: int, pack: LanguagePack) -> bool:
    """Return whether a token names an agency or group by its letters: "told SANA", "the IRNA agency", "SANAs".

    SANA is no spelling of Sanaa. A dateline, a line in capitals and a country ("UAE") are none.
    """
    text = doc[i].text
    if not _ACRONYM.fullmatch(text) or text.lower() in country_words(pack):
        return False
    around = [
        t for t in doc[max(0, i - _CAPITALS_TOKENS) : i + _CAPITALS_TOKENS + 1] if t.is_alpha and t.i != i
    ]
    is_dateline = i < _DATELINE_TOKENS or any(t.is_space for t in doc[i - _DATELINE_TOKENS : i])
    return not is_dateline and not any(t.text.isupper() and len(t) > 1 for t in around)


def after_preposition(doc: Doc, i: int, pack: LanguagePack) -> bool:
    """Return whether a token follows a preposition of place."""
    if i > 1 and doc[i - 1].lower_ in pack.words["the_word"]:
        i -= 1  # "in the Uri sector"
    return i > 0 and doc[i - 1].lower_ in pack.words["place_prepositions"]


def in_title_case(doc: Doc, i: int) -> bool:
    """Return whether all words around a token are capitalised, as in a headline."""
    around = [t for t in doc[max(0, i - 2) : i + 3] if t.is_alpha and t.i != i]
    return bool(around) and all(t.text[:1].isupper() for t in around)
