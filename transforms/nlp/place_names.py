"""Names of places in a text, each with all places that have the name; without persons and common words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from spacy.tokens import Doc

from schemas.identity import fold_name
from transforms.nlp.gazetteer import Gazetteer, Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.person_names import is_person
from transforms.nlp.place_words import (
    MAX_NAME_TOKENS,
    Candidate,
    after_preposition,
    capitalised_end,
    country_words,
    in_title_case,
    is_acronym,
    is_called_region,
    is_region_behind,
    names_government,
    names_water,
)
from transforms.nlp.region_behind_town import regions_of_town_before, town_of_region
from transforms.nlp.whole_names import (
    continues,
    halves_of_names,
    has_name_before,
    is_part_of_name,
    longer_unlisted_name,
    name_end,
)
from transforms.util.transliteration import sounds

UNLISTED = Place(None, "", "", None, None, None, 0, None, "unlisted")
"""A place that the gazetteer does not have; the name and what is known of it are filled in."""
_MIN_NAME_CHARS, _MIN_UNLISTED_CHARS, _MIN_VARIANT_CHARS = 4, 3, 6
"""Shortest name without "in" before it, shortest unlisted name, shortest word tried in another spelling."""
_MIN_TOWN_POPULATION = 100_000
"""A town with so many inhabitants is as well known as a region of its name."""
_LOCATION_TOKENS = 9
"""After the name, tokens up to this distance are searched for its location."""


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place named at characters ``[start, end)`` and tokens ``[first, last]`` of the document.

    ``role`` is one of these. scene: a strike may have happened here. frame: a region, country or town that
    only locates another place. near: the scene is an unnamed place near it. dateline: where the article was
    written. official: it only says whose official speaks. actor: a capital that stands for its government.
    other: a place where somebody is, comes from or goes to. locator: a district behind its town. ``is_again``: no name, but
    words that tell of a further strike at the last place: "a missile had killed three people there".
    """

    start: int
    end: int
    first: int
    last: int
    place: Place
    role: str = "scene"
    is_again: bool = False


def find_candidates(
    doc: Doc, gazetteer: Gazetteer, pack: LanguagePack, countries: frozenset[str] = frozenset()
) -> list[Candidate]:
    """Return the names of places in a text, each with all places that have it. The longest name wins.

    ``countries``: those that the text names. A place of these countries is also found by a similar spelling.
    """
    found: list[Candidate] = []
    last_read = -1
    for i in [token.i for token in doc if token.text[:1].isupper()]:
        if i > last_read and _may_begin_name(doc, i, pack):
            found_last = found[-1][1] if found else -1
            candidate, last_read = _candidate_at(doc, i, gazetteer, pack, countries, found_last)
            if candidate is not None:
                found.append(candidate)
    halves = halves_of_names(doc, found, pack)
    return [c for c in found if c[0] not in halves]


def _candidate_at(
    doc: Doc, i: int, gazetteer: Gazetteer, pack: LanguagePack, countries: frozenset[str], found_last: int
) -> tuple[Candidate | None, int]:
    """Return the name that begins at token i, if any, and the last token that was read.

    ``found_last``: the last token of the name found before, -1 for none.
    """
    names = country_words(pack)
    runs = _runs_at(doc, i)
    is_named = bool(runs) and _named_as_place(doc, i, pack)
    for width in range(len(runs), 0, -1):
        j, (last_word, text) = i + width - 1, runs[width - 1]
        is_name = last_word[:1].isupper() or last_word[:1].isdigit() or width > 1
        if not is_name or not any(c.isalnum() for c in last_word):  # "Gaza--which"
            continue
        if width > 1 and doc[j].lower_ in pack.times["weekdays"]:
            continue  # "the town of Hermel Tuesday"
        if text.lower() in names and not names[text.lower()][1]:
            return None, j
        places = _lookup(doc, i, j, text, gazetteer, pack, is_named)
        if not places:
            continue
        end = name_end(doc, i, pack)
        if end + 1 < len(doc) and doc[end + 1].lower_ in pack.words["family_after"]:
            return None, end  # "the home of the Abu Dhaher family"
        if continues(doc, j, pack):
            break  # "Ras" is not the place in "Ras al-Nabaa"
        if is_part_of_name(doc, i, j, places, found_last, pack):
            return None, j
        longer = longer_unlisted_name(doc, i, j, pack)
        if longer is not None:
            first, last = longer
            return (first, last, (replace(UNLISTED, name=doc[first : last + 1].text),)), last
        return (i, j, places), j
    return _unlisted_at(doc, i, gazetteer, pack, countries)


def _runs_at(doc: Doc, i: int) -> list[tuple[str, str]]:
    """Return the texts of one token from i, of two, and so on, up to punctuation or five tokens.

    Each is (last token, whole text). The text is put together here, because reading ``Span.text`` costs time
    for each token.
    """
    runs: list[tuple[str, str]] = []
    before = ""
    for token in doc[i : i + MAX_NAME_TOKENS]:
        word = token.text
        if word in '.,;:()"\n' or token.is_space:
            break
        runs.append((word, before + word))
        before += token.text_with_ws
    return runs


def _unlisted_at(
    doc: Doc, i: int, gazetteer: Gazetteer, pack: LanguagePack, countries: frozenset[str]
) -> tuple[Candidate | None, int]:
    """Return a name that is in no list, where the words around it show that it is a place."""
    words = pack.words
    if i and doc[i - 1].text[:1].isupper() and doc[i - 1].is_alpha and not doc[i - 1].is_sent_start:
        return None, i  # the middle of a name
    end = name_end(doc, i, pack)
    while end > i and doc[end].lower_ in words["kinds_after"] | words["townships_after"]:
        end -= 1  # "Singu Township"
    first = i
    while i < end and doc[i].lower_ in words["bases_before"]:
        i += 1  # "Combat Outpost Keating"
    text = doc[i : end + 1].text
    # a word for a kind of place is no part of the name: "Oe Htein Kwin Village"
    if (
        any(t.lower_ in _no_names(pack) - words["name_particles"] for t in doc[i : end + 1] if t.is_alpha)
        or len(text) < _MIN_UNLISTED_CHARS
    ):
        return None, first
    is_behind = first > 0 and doc[first - 1].lower_ in words["hit_or_in"]
    following = doc[end + 1].lower_ if end + 1 < len(doc) else ""
    is_village = following in words["kinds_after"]
    is_district = following in words["own_district_after"] | words["townships_after"]
    if not is_behind and not is_village:
        return None, first
    is_facility = following in words["facilities_after"]  # "Nasser hospital" is not Nazareth
    alike = gazetteer.find_alike(text, countries) if is_behind and not is_facility else ()
    alike = tuple(p for p in alike if p.kind != "admin1") or alike
    if alike:
        return (i, end, alike), end
    if is_village or (is_behind and (is_district or _is_followed_by_location(doc, end, pack))):
        kind = "district" if is_district else "unlisted"
        return (i, end, (replace(UNLISTED, name=text, kind=kind),)), end
    return None, first


def _is_followed_by_location(doc: Doc, end: int, pack: LanguagePack) -> bool:
    """Return whether the words after a name say where the place lies.

    ", Sokoto state", "in Myanmar's Sagaing region", "in northern Syria".
    """
    following = doc[end + 1 : end + _LOCATION_TOKENS]
    if not following or following[0].lower_ not in _words_before_location(pack):
        return False
    names = country_words(pack)
    for n, token in enumerate(following[1:], start=1):
        if (
            token.lower_ in names
            or token.lower_ in pack.words["region_after"] | pack.words["own_district_after"]
        ):
            return any(t.text[:1].isupper() for t in following[1 : n + 1])
        if n > 1 and following[0].text == "," and token.lower_ in pack.words["locators"]:
            return True  # a locator after the comma shows a place: ", on the road between Tyre and Naqoura"
        if token.text in ".;:" or token.is_space or (token.text == "," and n > 2):
            return False
    return False


def _words_before_location(pack: LanguagePack) -> frozenset[str]:
    """Return what stands between a place and its location: "in" or a comma."""
    return pack.words["in"] | {","}


@cache
def _no_names(pack: LanguagePack) -> frozenset[str]:
    """Return the words that no unlisted name has."""
    words = pack.words
    return pack.stop_places | words["behind_places"] | words["titles"] | words["region_after"]


def _may_begin_name(doc: Doc, i: int, pack: LanguagePack) -> bool:
    """Return whether the name of a place may begin with a capitalised token."""
    token = doc[i]
    if token.like_num or token.text.split("-")[0].lower() in pack.words["tens"] or is_acronym(doc, i, pack):
        return False
    if token.is_stop:
        # "The Hague", but not "The village" and not "At four"
        following = doc[i + 1].text if i + 1 < len(doc) else ""
        return token.lower_ in pack.words["name_openers"] and following[:1].isupper()
    return True


def _lookup(
    doc: Doc, i: int, j: int, text: str, gazetteer: Gazetteer, pack: LanguagePack, is_named: bool
) -> tuple[Place, ...]:
    """Return the places with a name. ``is_named``: the words around it call it a village or town."""
    lowered, words = text.lower(), pack.words
    following = doc[j + 1].lower_ if j + 1 < len(doc) else ""
    is_region = f"{lowered} {following}" in words["regions_only_as"]
    if not is_region and _is_water(lowered, pack):
        return ()
    if lowered in pack.stop_places and not (is_named or is_region):
        located = town_of_region(doc, j, text, gazetteer)
        if located:
            return located
        code = country_words(pack).get(lowered)
        country = gazetteer.country(code[0]) if code else None
        return (country,) if country else ()
    if lowered in country_words(pack):
        country = gazetteer.country(country_words(pack)[lowered][0])
        return (country,) if country else ()
    if is_person(doc, i, j, pack) or names_government(doc, j, pack):
        return ()
    if not is_region and names_water(doc, i, j, pack):
        return ()
    places = gazetteer.find(text)
    if (not places and j == i + 1) or (not places and len(text) >= _MIN_VARIANT_CHARS):
        is_variant = pack.patterns["places.spelling_variant"].search(text)
        places = gazetteer.find(re.sub(r"g", "h", text, flags=re.I)) if is_variant else ()
    if i == j and (doc[i].is_sent_start or in_title_case(doc, i)) and doc[i].is_stop:
        return ()
    is_located = i == j and after_preposition(doc, i, pack)
    if i == j and doc[i].tag_ not in words["tags_of_places"] and not is_located:
        return ()
    if i == j and len(text) < _MIN_NAME_CHARS and not is_located:
        return ()
    regions = tuple(p for p in places if p.kind in ("admin1", "region"))
    if regions and (is_called_region(doc, i, pack) or is_region_behind(doc, j, pack)):
        return regions
    around = regions_of_town_before(doc, i, places, gazetteer)
    if around:
        return around
    if following in words["region_after"]:
        return tuple(replace(p, kind="region") for p in places)
    towns = _towns_before_regions(places, text)
    if towns and following in words["own_district_after"]:
        # "a petrol station in Kantharalak district": in many countries a district has the name of its town,
        # and the text names no other place
        return tuple(replace(p, kind="district") for p in towns)
    if not places and doc[i].tag_ in words["tags_of_unlisted"] and is_named:
        return (replace(UNLISTED, name=text),) if is_whole_name(doc, i, j, pack) else ()
    return towns or places


def _is_water(name: str, pack: LanguagePack) -> bool:
    """Return whether a name means a water or a wide region, and not the province of that name: "the Gulf region"."""
    phrases = pack.words["regions_only_as"]
    return name not in phrases and any(
        name == own or name.startswith(f"{own} ") for own in (p.rpartition(" ")[0] for p in phrases)
    )


def _towns_before_regions(places: Sequence[Place], text: str) -> tuple[Place, ...]:
    """Return the towns with a name, and its regions where no town lies in the country of one.

    A town is meant before the region around it. "A mine in Faryab" is no news of a small town of Iran, but of the
    province of Afghanistan; the article decides between them. "Shabwa" is Shabwah in Yemen rather than Sha Bwa in Myanmar.
    """
    towns = tuple(p for p in places if p.kind != "admin1")
    if any(p.kind != "city" or p.population >= _MIN_TOWN_POPULATION for p in towns):
        return towns
    folded, heard, countries = fold_name(text), sounds(text), {p.country for p in towns}
    regions = tuple(
        p
        for p in places
        if p.kind == "admin1"
        and p.country not in countries
        and (fold_name(p.name) == folded or sounds(p.name) == heard)
    )
    return (*regions, *towns)


def is_whole_name(doc: Doc, i: int, j: int, pack: LanguagePack) -> bool:
    """Return whether tokens i to j are capitalised, and the tokens beside them no further words of the name.

    "Huta" is no whole name in "Stara Huta, Shostka raion".
    """
    after = doc[j + 1] if j + 1 < len(doc) else None
    if has_name_before(doc, i, pack):
        return False
    goes_on = after is not None and after.text[:1].isupper() and after.is_alpha
    is_day = after is not None and after.lower_ in pack.times["weekdays"]
    return all(t.text[:1].isupper() for t in doc[i : j + 1]) and (is_day or not goes_on)


def _named_as_place(doc: Doc, i: int, pack: LanguagePack) -> bool:
    """Return whether the text calls a name a village or town: "the village of X", "X, a village in ..."."""
    words = pack.words
    if i >= 2 and doc[i - 1].lower_ in words["of"] and doc[i - 2].lower_ in words["small_kinds"]:
        return True
    end = capitalised_end(doc, i)
    following = [t.lower_ for t in doc[end + 1 : end + 6]]
    is_apposed = following[:1] == [","] and bool(words["appositions"].intersection(following[1:2]))
    return is_apposed and not words["small_kinds"].isdisjoint(following[2:])
