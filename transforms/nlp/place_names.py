"""Names of places in a text: candidates of the gazetteer, less persons and common words."""

import re
from dataclasses import dataclass, replace
from functools import cache

from spacy.tokens import Doc, Token

from transforms.nlp.gazetteer import Gazetteer, Place
from transforms.nlp.language import LanguagePack

Candidate = tuple[int, int, tuple[Place, ...]]
_MAX_WORDS = 5
UNLISTED = Place(None, "", "", None, None, None, 0, None, "unlisted")


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place named at characters ``[start, end)`` and tokens ``[first, last]`` of the document.

    ``role``: locus (something may have struck here), frame (a region or country around another
    place), actor (a capital that speaks), other (a place somebody comes from or goes to).
    """

    start: int
    end: int
    first: int
    last: int
    place: Place
    role: str = "locus"


@cache
def country_words(pack: LanguagePack) -> dict[str, tuple[str, bool]]:
    """Return words for countries: to the code, and whether it is a name (else a demonym)."""
    words = {}
    for code, entry in pack.countries.items():
        for name in entry["names"]:
            words[name] = (code, True)
        for name in entry["demonyms"]:
            words[name] = (code, False)
    return words


def find_candidates(doc: Doc, gazetteer: Gazetteer, pack: LanguagePack) -> list[Candidate]:
    """Return the names of a text with all places that bear them, the longest name first."""
    found: list[Candidate] = []
    names = country_words(pack)
    i = 0
    while i < len(doc):
        if not _may_open(doc, i, pack):
            i += 1
            continue
        for width in range(min(_MAX_WORDS, len(doc) - i), 0, -1):
            j = i + width - 1
            if not (doc[j].text[:1].isupper() or doc[j].text[:1].isdigit() or width > 1):
                continue
            if any(t.text in '.,;:()"\n' or t.is_space for t in doc[i : j + 1]):
                continue
            text = doc[i : j + 1].text
            if text.lower() in names and not names[text.lower()][1]:
                i = j
                break
            places = _lookup(doc, i, j, text, gazetteer, pack)
            run = _unlisted_run(doc, i, j, pack) if places else None
            if run is not None:
                first, last = run
                found.append((first, last, (replace(UNLISTED, name=doc[first : last + 1].text),)))
                i = last
                break
            if places:
                found.append((i, j, places))
                i = j
                break
        i += 1
    return found


def _unlisted_run(doc: Doc, i: int, j: int, pack: LanguagePack) -> tuple[int, int] | None:
    """Return the longer name that the match is only a part of: "landed in Sao Thong Chai, Sisaket
    province" is not the town of Chai."""
    first, end, words = i, j, pack.words
    while (
        first - i < _MAX_WORDS
        and i > 0
        and doc[i - 1].tag_ in words["tags_proper"]
        and doc[i - 1].text.istitle()
        and not doc[i - 1].is_sent_start
    ):
        i -= 1
    while (
        end - j < _MAX_WORDS
        and end + 1 < len(doc)
        and doc[end + 1].tag_ in words["tags_proper"]
        and doc[end + 1].text.istitle()
    ):
        end += 1
    if (end == j and i == first) or not (i > 0 and doc[i - 1].lower_ in words["hit_or_in"]):
        return None
    following = doc[end + 1].text if end + 1 < len(doc) else ""
    common = [words[kind] for kind in ("behind_places", "titles", "region_after", "district_after")]
    is_common = any(t.lower_ in pack.stop_places.union(*common) for t in doc[i : end + 1])
    return None if is_common or following not in words["unlisted_followers"] else (i, end)


def _may_open(doc: Doc, i: int, pack: LanguagePack) -> bool:
    token = doc[i]
    is_number = token.like_num or token.text.split("-")[0].lower() in pack.words["tens"]
    if not token.text[:1].isupper() or is_number:
        return False
    if token.is_stop:
        # "The Hague", but not "The village" and not "At four"
        following = doc[i + 1].text if i + 1 < len(doc) else ""
        return token.lower_ in pack.words["name_openers"] and following[:1].isupper()
    return True


def _lookup(
    doc: Doc, i: int, j: int, text: str, gazetteer: Gazetteer, pack: LanguagePack
) -> tuple[Place, ...]:
    lowered, words = text.lower(), pack.words
    if lowered in pack.stop_places and not _named_as_place(doc, i, pack):
        code = country_words(pack).get(lowered)
        country = gazetteer.country(code[0]) if code else None
        return (country,) if country else ()
    if lowered in country_words(pack):
        country = gazetteer.country(country_words(pack)[lowered][0])
        return (country,) if country else ()
    if _is_person(doc, i, j, pack):
        return ()
    places = gazetteer.find(text)
    if (not places and j == i + 1) or (not places and len(text) >= 6):
        is_variant = pack.patterns["places.spelling_variant"].search(text)
        places = gazetteer.find(re.sub(r"g", "h", text, flags=re.I)) if is_variant else ()
    if i == j and (doc[i].is_sent_start or _in_title_case(doc, i)) and doc[i].is_stop:
        return ()
    is_located = i == j and after_preposition(doc, i, pack)
    if i == j and doc[i].tag_ not in words["tags_of_places"] and not is_located:
        return ()
    if i == j and len(text) < 4 and not is_located:
        return ()
    following = doc[j + 1].lower_ if j + 1 < len(doc) else ""
    if following in words["region_after"]:
        regions = tuple(p for p in places if p.kind in ("admin1", "region"))
        if regions:
            return regions
        return tuple(replace(p, kind="region") for p in places)
    towns = tuple(p for p in places if p.kind != "admin1")
    if towns and following in words["own_district_after"]:
        # "a petrol station in Kantharalak district": in much of the world a district bears the name
        # of its town and is all that is said
        return tuple(replace(p, kind="district") for p in towns)
    if not places and doc[i].tag_ in words["tags_of_unlisted"] and _named_as_place(doc, i, pack):
        return (replace(UNLISTED, name=text),) if _whole_name(doc, i, j) else ()
    return towns or places


def _whole_name(doc: Doc, i: int, j: int) -> bool:
    """An unlisted name is all of its capitalised words, and no more."""
    after = doc[j + 1] if j + 1 < len(doc) else None
    return all(t.text[:1].isupper() for t in doc[i : j + 1]) and not (
        after is not None and after.text[:1].isupper() and after.is_alpha
    )


def _named_as_place(doc: Doc, i: int, pack: LanguagePack) -> bool:
    """ "the village of X", "the town of X", "X, a village in ..."."""
    words = pack.words
    if i >= 2 and doc[i - 1].lower_ in words["of_word"] and doc[i - 2].lower_ in words["small_kinds"]:
        return True
    end = i
    while (
        end - i < _MAX_WORDS
        and end + 1 < len(doc)
        and doc[end + 1].text[:1].isupper()
        and doc[end + 1].is_alpha
    ):
        end += 1
    following = [t.lower_ for t in doc[end + 1 : end + 6]]
    is_apposed = following[:1] == [","] and bool(words["appositions"].intersection(following[1:2]))
    return is_apposed and not words["small_kinds"].isdisjoint(following[2:])


def after_preposition(doc: Doc, i: int, pack: LanguagePack) -> bool:
    """Return whether a token stands behind a preposition of place."""
    if i > 1 and doc[i - 1].lower_ in pack.words["the_word"]:
        i -= 1  # "in the Uri sector"
    return i > 0 and doc[i - 1].lower_ in pack.words["place_prepositions"]


def _in_title_case(doc: Doc, i: int) -> bool:
    around = [t for t in doc[max(0, i - 2) : i + 3] if t.is_alpha and t.i != i]
    return bool(around) and all(t.text[:1].isupper() for t in around)


def _is_person(doc: Doc, i: int, j: int, pack: LanguagePack) -> bool:
    """A town's name inside a person's ("Volodymyr Zelensky", "General Odessa"), or a ministry's."""
    before, words = doc[i - 1] if i else None, pack.words
    proper = words["tags_proper"]
    if before is not None and before.lower_.rstrip(".") in words["titles"]:
        return True
    if i == j:
        after = doc[j + 1] if j + 1 < len(doc) else None
        if after is not None and _is_surname(doc, i, after, pack):
            return True
        speaks = after is not None and after.lower_ in words["speaks_after"]
        is_name = (
            before is not None and before.is_alpha and before.tag_ in proper and not before.is_sent_start
        )
        if speaks and is_name:
            return True
        if (
            after is not None and after.tag_ in proper and after.text.istitle() and after.is_alpha
            and before is not None and before.text in (",", "\u2014") and j + 2 < len(doc) and doc[j + 2].text == ","
        ):  # fmt: skip
            return True  # ", Vitalii Klitschko,"
    return False


def _is_surname(doc: Doc, i: int, after: Token, pack: LanguagePack) -> bool:
    """Return whether a capitalised word behind a name makes it a person's first name: "Alexander
    Khinshtein wrote", but not "Kharkiv Mayor", nor any words of a headline in capitals."""
    words = pack.words
    if not (after.tag_ in words["tags_proper"] and after.is_alpha and after.text.istitle()):
        return False
    is_no_name = after.lower_ in words["titles"] or after.lower_ in words["behind_places"]
    if is_no_name or _in_title_case(doc, i):
        return False
    return not after_preposition(doc, i, pack)
