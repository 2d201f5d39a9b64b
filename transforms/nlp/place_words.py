"""Words around names of places: countries and demonyms, prepositions, and what follows a name."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache

from spacy.tokens import Doc, Token

from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack
from transforms.util.transliteration import sounds

Candidate = tuple[int, int, tuple[Place, ...]]
"""A name at tokens ``[first, last]``, and the places that have it."""
MAX_NAME_TOKENS = 5
_ACRONYM = re.compile(r"[A-Z]{3,6}[a-z]?")
_BORDER_WORDS = 4
"""The word for a border stands so near before a country."""
_MIN_GREAT, _MIN_KNOWN = 1_000_000, 15_000
"""A city with so many inhabitants is known by all its names; a town with so many is no common word."""
_TITLE_TOKENS, _BESIDE_TOKENS, _SHORT_WORD = 4, 2, 3
"""A headline is told by the words so near to a name: by those beside it, and by longer ones farther off."""
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
    kinds = ("behind_places", "institutions", "region_after", "district_after", "own_district_after", "kinds_after",
             "townships_after", "facilities_after", "features_after")  # fmt: skip
    return frozenset().union(*(words[kind] for kind in kinds))


def speaks_for_country(
    doc: Doc, i: int, j: int, places: Sequence[Place], named: Collection[str], pack: LanguagePack
) -> bool:
    """Return whether a name of places in one country says that the text is on that country.

    A further name of a town, in a country that the text does not name, is mostly another place ("Boni" in Kenya is a name
    of Bonn), and a word that opens a sentence mostly none ("Loss not stated").
    """
    if all(p.kind == "unlisted" for p in places):
        return False
    if any(p.kind != "city" or p.population >= _MIN_GREAT or p.country in named for p in places):
        return True
    sound = sounds(doc[i : j + 1].text)
    if all(sounds(p.name) != sound for p in places):
        return False
    is_known = any(p.population >= _MIN_KNOWN for p in places)
    return is_known or j > i or not doc[i].is_sent_start or after_preposition(doc, i, pack)


def is_beyond(before: Sequence[str], after: str, pack: LanguagePack) -> bool:
    """Return whether a country lies on the other side of a border: "across the border from Afghanistan".

    "Across the border in Afghanistan" is in it, and so is what stands on "Iraq's border".

    Args:
        before: the words before the country, in lower case.
        after: the word behind it.
        pack: the language.
    """
    if after in pack.words["border_after"]:
        return True
    close = before[-_BORDER_WORDS:]
    is_in = bool(close) and close[-1] in pack.words["in"]
    return not is_in and not pack.words["border_before"].isdisjoint(close)


def capitalised_end(doc: Doc, i: int) -> int:
    """Return the last token of the run of capitalised words that begins at token i."""
    end = i
    while end - i < MAX_NAME_TOKENS and end + 1 < len(doc):
        if not doc[end + 1].text[:1].isupper() or not doc[end + 1].is_alpha:
            break
        end += 1
    return end


def is_called_region(doc: Doc, i: int, pack: LanguagePack) -> bool:
    """Return whether a word for a region stands before a name: "the department of Cauca", "rural al-Raqqa"."""
    words = pack.words
    while i > 1 and (doc[i - 1].text == "-" or doc[i - 1].lower_ in words["name_particles"]):
        i -= 1
    if i > 0 and doc[i - 1].lower_ in words["rural"]:
        return True
    return i > 1 and doc[i - 1].lower_ in words["of"] and doc[i - 2].lower_ in words["region_after"]


def is_region_behind(doc: Doc, j: int, pack: LanguagePack) -> bool:
    """Return whether a word for a region follows a name that ends at token j.

    "Idlib's southern countryside", "Hama province", "the Aleppo western countryside".
    """
    end = j + 1
    if end < len(doc) and doc[end].tag_ == "POS":
        end += 1
    while end < len(doc) and doc[end].lower_ in pack.words["parts_of_regions"]:
        end += 1
    return end < len(doc) and doc[end].lower_ in pack.words["region_after"]


def names_water(doc: Doc, i: int, j: int, pack: LanguagePack) -> bool:
    """Return whether a name belongs to a water: "the Gulf of Aden", "the Dnipro River", "Lake Tana".

    Of 80 such names in annotated articles none was struck: hits at sea are on no town.
    """
    waters, at = pack.words["waters"], i
    while at > 0 and doc[at - 1].lower_ in pack.words["the_word"] | pack.words["name_particles"] | {"-"}:
        at -= 1
    if at > 1 and doc[at - 1].lower_ in pack.words["of"] and doc[at - 2].lower_ in waters:
        return True
    is_named_on = j + 2 < len(doc) and doc[j + 2].text.istitle()  # "Kherson River Port" is in Kherson
    beside = [doc[n] for n in (i - 1, j + 1 if not is_named_on else -1) if 0 <= n < len(doc)]
    return any(t.text.istitle() and t.lower_ in waters and not t.is_sent_start for t in beside)


def is_inside(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Return whether a character lies in one of the spans, which are in text order and do not overlap."""
    n = bisect_right(spans, at, key=lambda span: span[0]) - 1
    return n >= 0 and at < spans[n][1]


def names_government(doc: Doc, j: int, pack: LanguagePack) -> bool:
    """Return whether a name that ends at token j stands for those who rule there: "the Kiev regime"."""
    return j + 1 < len(doc) and doc[j + 1].lower_ in pack.words["governments"]


def is_acronym(doc: Doc, i: int, pack: LanguagePack) -> bool:
    """Return whether a token names an agency or group by its letters: "told SANA", "the IRNA agency", "SANAs".

    SANA is no spelling of Sanaa, and FAMa no town. A dateline, a line in capitals and a country ("UAE") are none.
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
    """Return whether the words around a token are capitalised as in a headline, where capitals show no name.

    Short words may be small: "Drone Kills Three in Gaza". "Kar Paung Kya, Taze township" is no headline.
    """
    around = [
        *_same_line(doc, range(i - 1, max(-1, i - 1 - _TITLE_TOKENS), -1)),
        *_same_line(doc, range(i + 1, min(len(doc), i + 1 + _TITLE_TOKENS))),
    ]
    words = [t for t in around if t.is_alpha and (abs(t.i - i) <= _BESIDE_TOKENS or len(t) > _SHORT_WORD)]
    return bool(words) and all(t.text[:1].isupper() for t in words)


def _same_line(doc: Doc, positions: Iterable[int]) -> Iterator[Token]:
    """Yield the tokens at positions up to a line break or the end of a sentence."""
    for n in positions:
        if doc[n].is_space or doc[n].text in ".!?":
            return
        yield doc[n]
