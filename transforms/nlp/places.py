"""Where: mentions of places, resolved by the country context of the document.

A statistical tagger labels barely half of the towns of war zones as places, so names come from the
gazetteer; ranking is by the document (countries and regions named, other unambiguous places), and
population only breaks ties: by population alone Pokrovsk lies in Russia and Qana in Egypt.
"""

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cache

from spacy.tokens import Doc, Token

from schemas.identity import fold_name
from transforms.geo import kilometres
from transforms.nlp.gazetteer import Gazetteer, Place
from transforms.nlp.language import LanguagePack

_Weights = dict[str, float]
_Candidate = tuple[int, int, tuple[Place, ...]]
_MAX_WORDS = 5
_UNLISTED = Place(None, "", "", None, None, None, 0, None, "unlisted")
_REGION_AFTER = frozenset(
    "region oblast province governorate provinces regions oblasts governorates township state".split()
)
_DISTRICT_AFTER = frozenset("district districts raion neighbourhood neighborhood quarter suburb".split())
_SMALL_KINDS = (
    "village",
    "town",
    "settlement",
    "hamlet",
    "camp",
    "community",
    "township",
    "suburb",
    "port",
    "city",
)
_TITLES = frozenset(
    "president general mr mrs ms minister governor mayor colonel commander captain sheikh ayatollah prime spokesman spokeswoman dr king pope sir lieutenant major secretary senator".split()
)
_BEHIND_PLACES = frozenset(
    """region oblast province district governorate city town airport hospital university station port
    camp military regional institute council administration hotel university prison mosque church
    central market district defence defense police strip heights valley""".split()
)
_NUMBERS = frozenset("twenty thirty forty fifty sixty seventy eighty ninety".split())
_DATELINE = re.compile(r"^\s*[A-Z][A-Z' .-]{2,}(?:, [A-Za-z. ]+)?(?: \([^)]{2,30}\))? ?[-\u2013\u2014:]+ ")


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
def _country_words(pack: LanguagePack) -> dict[str, tuple[str, bool]]:
    words = {}
    for code, entry in pack.countries.items():
        for name in entry["names"]:
            words[name] = (code, True)
        for name in entry["demonyms"]:
            words[name] = (code, False)
    return words


def find_places(doc: Doc, gazetteer: Gazetteer, pack: LanguagePack, title_end: int) -> list[PlaceMention]:
    """Return the mentions of places in text order, each with its role.

    Args:
        doc: headline, two line breaks, text; sentences set.
        gazetteer: where names are looked up.
        pack: the language.
        title_end: characters of the headline.
    """
    named = _country_weights(doc, pack, title_end)
    candidates = _candidates(doc, gazetteer, pack)
    weights = defaultdict(float, named)
    for _, _, places in candidates:
        if len({p.country for p in places}) == 1 and places[0].kind != "unlisted":
            weights[places[0].country] += 0.5
    chosen = _choose(doc, candidates, weights, named, gazetteer)
    mentions = [
        PlaceMention(doc[i].idx, doc[j].idx + len(doc[j]), i, j, place)
        for (i, j, _), place in zip(candidates, chosen, strict=True)
        if place is not None
    ]
    mentions += _capitals(doc, gazetteer, pack, weights, mentions)
    regions = {fold_name(m.place.name) for m in mentions if m.place.kind in ("admin1", "region")}
    mentions = [_region_throughout(m, regions) for m in mentions]
    mentions = [replace(m, role=_role(doc, m, mentions, pack)) for m in mentions]
    return sorted(mentions, key=lambda m: m.start)


def _region_throughout(m: PlaceMention, regions: set[str]) -> PlaceMention:
    """A headline's "Sagaing" is the region where the text says "Sagaing region", unless it is a big
    town as well ("Kharkiv")."""
    if m.place.kind == "city" and m.place.population < 150_000 and fold_name(m.place.name) in regions:
        return replace(m, place=replace(m.place, kind="region"))
    return m


def _country_weights(doc: Doc, pack: LanguagePack, title_end: int) -> _Weights:
    """Weigh countries by how often, and how early, the document names them."""
    weights: _Weights = defaultdict(float)
    text = doc.text.lower()
    for word, (code, is_name) in _country_words(pack).items():
        for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text):
            early = 2.0 if match.start() < title_end + 400 else 1.0
            # A demonym mostly names who struck ("Russian missile"), a name mostly where.
            weights[code] += early * (1.5 if is_name else 0.5)
    return weights


def _candidates(doc: Doc, gazetteer: Gazetteer, pack: LanguagePack) -> list[_Candidate]:
    found: list[_Candidate] = []
    names = _country_words(pack)
    i = 0
    while i < len(doc):
        if not _may_open(doc, i):
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
                found.append((i, run, (replace(_UNLISTED, name=doc[i : run + 1].text),)))
                i = run
                break
            if places:
                found.append((i, j, places))
                i = j
                break
        i += 1
    return found


def _unlisted_run(doc: Doc, i: int, j: int, pack: LanguagePack) -> int | None:
    """Return the end of a longer name that the match is only a part of: "landed in Sao Thong Chai,
    Sisaket province" is not the town of Sao."""
    end = j
    while end + 1 < len(doc) and doc[end + 1].tag_ == "NNP" and doc[end + 1].text.istitle():
        end += 1
    if end == j or not (i > 0 and doc[i - 1].lower_ in ("in", "at", "near", "hit", "struck", "on")):
        return None
    words = {t.lower_ for t in doc[i : end + 1]}
    following = doc[end + 1].text if end + 1 < len(doc) else ""
    is_common = words & (_BEHIND_PLACES | _TITLES | pack.stop_places | _REGION_AFTER | _DISTRICT_AFTER)
    return None if is_common or following not in (",", "in", ".") else end


def _may_open(doc: Doc, i: int) -> bool:
    token = doc[i]
    if not token.text[:1].isupper() or token.like_num or token.text.split("-")[0].lower() in _NUMBERS:
        return False
    if token.is_stop:
        # "The Hague", but not "The village" and not "At four"
        following = doc[i + 1].text if i + 1 < len(doc) else ""
        return token.lower_ in ("the", "el", "al") and following[:1].isupper()
    return True


def _lookup(
    doc: Doc, i: int, j: int, text: str, gazetteer: Gazetteer, pack: LanguagePack
) -> tuple[Place, ...]:
    lowered = text.lower()
    if lowered in pack.stop_places and not _named_as_place(doc, i):
        code = _country_words(pack).get(lowered)
        country = gazetteer.country(code[0]) if code else None
        return (country,) if country else ()
    if lowered in _country_words(pack):
        country = gazetteer.country(_country_words(pack)[lowered][0])
        return (country,) if country else ()
    if _is_person(doc, i, j):
        return ()
    places = gazetteer.find(text)
    if (not places and j == i + 1) or (not places and len(text) >= 6):
        places = gazetteer.find(re.sub(r"g", "h", text, flags=re.I)) if re.search(r"g\b|giv\b", text) else ()
    if i == j and (doc[i].is_sent_start or _in_title_case(doc, i)) and doc[i].is_stop:
        return ()
    if i == j and doc[i].tag_ not in ("NNP", "NNPS", "NN", "JJ", "NNS") and not _after_preposition(doc, i):
        return ()
    if i == j and len(text) < 4 and not _after_preposition(doc, i):
        return ()
    following = doc[j + 1].lower_ if j + 1 < len(doc) else ""
    if following in _REGION_AFTER:
        regions = tuple(p for p in places if p.kind in ("admin1", "region"))
        if regions:
            return regions
        return tuple(replace(p, kind="region") for p in places)
    towns = tuple(p for p in places if p.kind != "admin1")
    if towns and following in _DISTRICT_AFTER and doc[j + 1].lower_.startswith("district"):
        # "a petrol station in Kantharalak district": in much of the world a district bears the name
        # of its town and is all that is said
        return tuple(replace(p, kind="district") for p in towns)
    if not places and _named_as_place(doc, i) and doc[i].tag_ in ("NNP", "NN", "JJ", "FW", "NNPS"):
        return (replace(_UNLISTED, name=text),) if _whole_name(doc, i, j) else ()
    return towns or places


def _whole_name(doc: Doc, i: int, j: int) -> bool:
    """An unlisted name is all of its capitalised words, and no more."""
    after = doc[j + 1] if j + 1 < len(doc) else None
    return all(t.text[:1].isupper() for t in doc[i : j + 1]) and not (
        after is not None and after.text[:1].isupper() and after.is_alpha
    )


def _named_as_place(doc: Doc, i: int) -> bool:
    """ "the village of X", "the town of X", "X, a village in ..."."""
    if i >= 2 and doc[i - 1].lower_ == "of" and doc[i - 2].lower_ in _SMALL_KINDS:
        return True
    end = i
    while end + 1 < len(doc) and doc[end + 1].text[:1].isupper() and doc[end + 1].is_alpha:
        end += 1
    following = [t.lower_ for t in doc[end + 1 : end + 6]]
    is_apposed = following[:1] == [","] and following[1:2] in (["a"], ["an"], ["the"])
    return is_apposed and bool(set(_SMALL_KINDS) & set(following[2:]))


def _after_preposition(doc: Doc, i: int) -> bool:
    if i > 1 and doc[i - 1].lower_ == "the":
        i -= 1  # "in the Uri sector"
    return i > 0 and doc[i - 1].lower_ in (
        "in",
        "near",
        "at",
        "on",
        "of",
        "outside",
        "around",
        "from",
        "to",
        "across",
    )


def _in_title_case(doc: Doc, i: int) -> bool:
    around = [t for t in doc[max(0, i - 2) : i + 3] if t.is_alpha and t.i != i]
    return bool(around) and all(t.text[:1].isupper() for t in around)


def _is_person(doc: Doc, i: int, j: int) -> bool:
    """A town's name inside a person's ("Volodymyr Zelensky", "General Odessa"), or a ministry's."""
    before = doc[i - 1] if i else None
    if before is not None and before.lower_.rstrip(".") in _TITLES:
        return True
    if i == j:
        after = doc[j + 1] if j + 1 < len(doc) else None
        if after is not None and _is_surname(doc, i, after):
            return True
        speaks = after is not None and after.lower_ in ("said", "says", "told", "wrote", "added")
        is_name = before is not None and before.is_alpha and before.tag_ == "NNP" and not before.is_sent_start
        if speaks and is_name:
            return True
        if (
            after is not None and after.tag_ == "NNP" and after.text.istitle() and after.is_alpha
            and before is not None and before.text in (",", "\u2014") and j + 2 < len(doc) and doc[j + 2].text == ","
        ):  # fmt: skip
            return True  # ", Vitalii Klitschko,"
    return False


def _is_surname(doc: Doc, i: int, after: Token) -> bool:
    """Return whether a capitalised word behind a name makes it a person's first name: "Alexander
    Khinshtein wrote", but not "Kharkiv Mayor", nor any words of a headline in capitals."""
    if not (after.tag_ == "NNP" and after.is_alpha and after.text.istitle()):
        return False
    if after.lower_ in _TITLES or after.lower_ in _BEHIND_PLACES or _in_title_case(doc, i):
        return False
    return not _after_preposition(doc, i)


def _choose(
    doc: Doc, candidates: list[_Candidate], weights: _Weights, named: _Weights, gazetteer: Gazetteer
) -> list[Place | None]:
    """Choose one place a name: by country context, nearness to sure places, then population."""
    sure = [c[2][0] for c in candidates if len(c[2]) == 1 and c[2][0].latitude is not None]
    top = max(weights.values(), default=0.0)

    regions = [
        (i, c[2][0].admin1 or c[2][0].name) for i, c in enumerate(candidates) if c[2][0].geo_precision == 2
    ]

    def in_region(number: int, place: Place) -> float:
        """Prefer the namesake in a region that the text names, most of all right behind the name."""
        if place.admin1 is None or place.kind != "city":
            return 0.0
        named_here = [at for at, name in regions if _alike(name, place.admin1)]
        beside = any(at == number + 1 and candidates[at][0] - candidates[number][1] < 8 for at in named_here)
        return 3.0 if beside else 0.6 if named_here else 0.0

    nearby = {n for c in named for n in gazetteer.neighbours(c)}

    def score(number: int, place: Place) -> float:
        i, j, _ = candidates[number]
        value = 0.5 if fold_name(doc[i : j + 1].text) == fold_name(place.name) else 0.0
        value += in_region(number, place)
        if top:
            value += 2.5 * weights.get(place.country, 0.0) / top
        if place.country in nearby:
            value += 0.8  # "A Russian drone" over Odesa: the text names only who struck
        near = sum(1 for s in sure if s is not place and _kilometres(s, place) < 150)
        value += min(near, 3) * 0.4
        value += 0.35 * math.log10(place.population + 10) + (1.5 if place.is_capital else 0.0)
        return value + (1.5 if place.kind not in ("city", "admin1", "district", "region") else 0.0)

    chosen: list[Place | None] = []
    for number, (i, j, places) in enumerate(candidates):
        best = max(places, key=lambda p: score(number, p))  # noqa: B023  used at once
        region = _region_beside(candidates, number, doc)
        if region is not None and best.kind == "city" and not _alike(best.admin1 or "", region.name):
            # "near Piatykhatky, in the Zaporizhzhia region": no bearer of the name that is listed lies
            # there, so it is a village that none lists
            best = replace(_UNLISTED, name=doc[i : j + 1].text, country=region.country, admin1=region.name)
            chosen.append(best)
            continue
        is_known = named.get(best.country) or best.country in nearby or best.is_capital
        if named and not is_known and best.kind != "country":
            # A name whose every bearer lies in countries of which the text says nothing: a place of
            # the text's own country that no list holds ("near Al-Ain in the Bekaa valley"), or none.
            unlisted = _after_preposition(doc, i) and _is_located(doc, j)
            if unlisted:
                best = replace(_UNLISTED, name=doc[i : j + 1].text)
            elif not _stands_alone(best, doc[i : j + 1].text):
                chosen.append(None)
                continue
        elif top and weights.get(best.country, 0.0) < 0.3 * top and _is_by_name(best, doc[i : j + 1].text):
            chosen.append(None)  # "Evin" is a prison, and a by-name of a small town in France
            continue
        if best.kind == "unlisted":
            country = _heaviest(named) or ""
            chosen.append(replace(best, country=country) if country else None)
        else:
            chosen.append(best)
    return chosen


def _heaviest(weights: _Weights) -> str | None:
    return max(sorted(weights), key=lambda c: weights[c], default=None)


def _stands_alone(place: Place, text: str) -> bool:
    """Return whether a name needs no country around it: a place of the hand list, or the main name of
    a town of some size ("Poltava"), not a by-name of one ("Rapid" for Rapid City)."""
    is_main_name = fold_name(text) == fold_name(place.name)
    enough = 15_000 if is_main_name else 200_000
    return place.kind not in ("city", "region") or place.population >= enough


def _region_beside(candidates: list[_Candidate], number: int, doc: Doc) -> Place | None:
    """Return the region that the words right behind a name put it in."""
    if number + 1 >= len(candidates) or candidates[number][2][0].geo_precision != 1:
        return None
    start, _, places = candidates[number + 1]
    between = doc[candidates[number][1] + 1 : start].text.lower().strip()
    if places[0].kind != "admin1" or between not in (", in the", "in the", ", in", ","):
        return None
    return places[0]


def _is_by_name(place: Place, text: str) -> bool:
    """Return whether a small town is meant by part of its name only."""
    main = fold_name(place.name)
    return place.kind == "city" and place.population < 15_000 and main != fold_name(text)


def _alike(a: str, b: str) -> bool:
    """Return whether two spellings of a region agree ("Zaporizhzhia", "Zaporizhia")."""
    return fold_name(a)[:6] == fold_name(b)[:6]


def _is_located(doc: Doc, j: int) -> bool:
    """Return whether "in (the) Name" follows: the text says where the place lies."""
    following = [t for t in doc[j + 1 : j + 5] if t.text != ","]
    if not following or following[0].lower_ != "in":
        return False
    return any(t.text[:1].isupper() for t in following[1:])


def _kilometres(a: Place, b: Place) -> float:
    if None in (a.latitude, a.longitude, b.latitude, b.longitude):
        return math.inf
    return kilometres((a.latitude, a.longitude), (b.latitude, b.longitude))  # type: ignore[arg-type]


_CAPITAL = re.compile(
    r"\b(?:the (?P<demonym>[A-Z][a-z]+) capital|(?P<name>[A-Z][a-z]+)'s capital|the capital)\b(?! of)"
)


def _capitals(
    doc: Doc, gazetteer: Gazetteer, pack: LanguagePack, weights: _Weights, named: list[PlaceMention]
) -> list[PlaceMention]:
    """Resolve "the Iranian capital", "Ukraine's capital" and, where a country is clear, "the capital"."""
    found = []
    words = _country_words(pack)
    for match in _CAPITAL.finditer(doc.text):
        word = (match.group("demonym") or match.group("name") or "").lower()
        country = words[word][0] if word in words else None
        if country is None and not word:
            loci = Counter(m.place.country for m in named if m.place.geo_precision == 1)
            country = loci.most_common(1)[0][0] if loci else None
            if country is None and weights:
                country = _heaviest(weights)
        capital = gazetteer.capital(country) if country else None
        span = doc.char_span(match.start(), match.end(), alignment_mode="expand")
        if capital is not None and span is not None:
            found.append(PlaceMention(match.start(), match.end(), span.start, span.end - 1, capital))
    return found


# -- roles ------------------------------------------------------------------------------------------


def _role(doc: Doc, m: PlaceMention, mentions: list[PlaceMention], pack: LanguagePack) -> str:
    if m.place.kind == "district":
        before = (o for o in mentions if o.end < m.start and m.start - o.end < 80)
        return "frame" if any(o.place.geo_precision == 1 for o in before) else "locus"
    if m.place.geo_precision > 1:
        return "frame"
    line_start = doc.text.rfind("\n", 0, m.start) + 1
    dateline = _DATELINE.match(doc.text[line_start : line_start + 80])
    if dateline and m.end <= line_start + dateline.end():
        return "dateline"
    before = doc.text[max(0, m.start - 40) : m.start].lower()
    before = re.split(r"[.;:\n]", before)[-1]
    after = doc.text[m.end : m.end + 40].lower()
    if m.place.is_capital and _speaks(doc, m, after, before, pack):
        return "actor"
    for cue in pack.lexicon["not_loci"]["before"]:
        if re.search(rf"(?:^|\W){re.escape(cue)} (?:the )?$", before) and not re.search(
            r"\bin the (?:far )?(?:north|south|east|west)(?:-?\w+)? of $", before
        ):
            return "other"
    if re.search(r"\b(?:treated|operated on|cared for)\b.{0,30}\bin $", before):
        return "other"
    if re.search(r"\b(?:kilomet(?:re|er)s|km|miles) (?:\w+ )?(?:of|from|to)(?: the \w+ of)? $", before):
        return "other"
    if _follows_place(doc, m, mentions, before):
        return "frame"
    return "locus"


def _speaks(doc: Doc, m: PlaceMention, after: str, before: str, pack: LanguagePack) -> bool:
    if re.match(r"\s(?:clinics?|hospitals?|talks|envoys?|summit)\b", after):
        return True
    if re.search(
        r"\b(?:staff|ministry|government|officials|sources|service|authorities|spokesman|council) in $",
        before,
    ):
        return True  # "the general staff in Kyiv said"
    if re.search(
        r"\b(?:in|on|at|near|of|across|outside|over|hit|hits|struck|strikes|around)(?: the)? $", before
    ):
        return False
    if re.match(r"'s (?:toll|death|centre|center|residential|suburb|streets|hospital|hotel)", after):
        return False
    if after.startswith("'s "):
        return True
    cues = "|".join(re.escape(c) for c in pack.lexicon["not_loci"]["after"])
    return bool(re.match(rf"\s*(?:{cues})\b", after)) or bool(
        re.search(r"\b(?:by|and|which|that|or) $", before)
    )


def _follows_place(doc: Doc, m: PlaceMention, mentions: list[PlaceMention], before: str) -> bool:
    """ "Yarova, near Lyman", "the village of X, south of Y", "Batroun district": the second only says
    where the first lies."""
    if not re.search(
        r"(?:,| village| town) (?:a \w+ )?(?:near|outside|close to|not far from|in the [\w-]+ district of|north of|south of|east of|west of) (?:the \w+ of )?$",
        before,
    ):
        return False
    return any(
        o.end < m.start and m.start - o.end < 30 and o.place.geo_precision == 1 and o is not m
        for o in mentions
    )


def is_dateline(doc: Doc, token: Token) -> bool:
    """Return whether a token stands in a dateline ("KYIV (Northwire) - ")."""
    line_start = doc.text.rfind("\n", 0, token.idx) + 1
    match = _DATELINE.match(doc.text[line_start : line_start + 80])
    return bool(match and token.idx < line_start + match.end())
