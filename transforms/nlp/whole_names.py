"""Whether a name that the gazetteer has is whole in the text, or a part of a longer one."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from spacy.tokens import Doc, Token

from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.place_words import (
    MAX_NAME_TOKENS,
    Candidate,
    after_preposition,
    common_behind,
    country_words,
    in_title_case,
)

_MIN_BIG_POPULATION = 100_000
"""A town with more inhabitants is itself meant where a further name follows it."""
_MAX_PARTICLE_TOKENS = 4
"""In a name such as "Ras al-Nabaa" the next capitalised token follows within this distance."""


def continues(doc: Doc, j: int, pack: LanguagePack) -> bool:
    """Return whether a name continues after token j, with a hyphen, an article or a small word: "Hamrat el Sheikh"."""
    if j + 2 >= len(doc):
        return False
    following = doc[j + 1]
    if following.text == "-" and not doc[j].whitespace_ and not following.whitespace_:
        if is_izafet(doc, j + 2, pack):
            return True
        is_joined = j + 3 < len(doc) and doc[j + 3].text == "-"  # "Qala-i-Shahi", "Slavyansk-na-Kubani"
        return doc[j + 2].is_alpha and (is_joined or not doc[j + 2].text.islower())
    is_article = following.lower_ in pack.words["name_particles"]
    if is_article and not following.whitespace_ and doc[j + 2].text == "-":
        return True
    return is_inner_particle(doc, j + 1, pack)


def is_izafet(doc: Doc, i: int, pack: LanguagePack) -> bool:
    """Return whether a token is the small word behind the hyphen of a Persian name: "Hawz-e Madad", "Darra-i Nur"."""
    if not 1 < i < len(doc) - 1 or doc[i].text not in pack.words["izafet"]:
        return False
    is_glued = doc[i - 1].text == "-" and not doc[i - 1].whitespace_ and not doc[i - 2].whitespace_
    return is_glued and bool(doc[i].whitespace_) and doc[i + 1].text.istitle()


def is_inner_particle(doc: Doc, i: int, pack: LanguagePack) -> bool:
    """Return whether a token is the small word inside a name: "Hamrat el Sheikh", "San Miguel de Mercedes".

    "As" and "at" are such words only behind the first word of names: "Jurf as Sakhr".
    """
    if not 0 < i < len(doc) - 1:
        return False
    is_ambiguous = doc[i].text in pack.words["article_particles"]
    if is_ambiguous and doc[i - 1].lower_ not in pack.words["first_words"]:
        return False
    if not is_ambiguous and doc[i].text not in pack.words["inner_particles"]:
        return False
    is_spaced = bool(doc[i].whitespace_) and bool(doc[i - 1].whitespace_)
    return is_spaced and doc[i - 1].text.istitle() and doc[i + 1].text.istitle()


def has_name_before(doc: Doc, i: int, pack: LanguagePack) -> bool:
    """Return whether a further word of a name stands directly before token i: "Stara" before "Huta"."""
    before = _joined_before(doc, i, pack)
    if before is None or doc[before].is_stop:
        return False
    return doc[before].lower_ in pack.words["first_words"] or _is_name_word(doc[before], pack)


def name_end(doc: Doc, i: int, pack: LanguagePack) -> int:
    """Return the last token of the capitalised name that begins at token i."""
    end = i
    while end - i < 2 * MAX_NAME_TOKENS and end + 1 < len(doc):
        if continues(doc, end, pack):
            at = end + 1
            while at < len(doc) and not doc[at].text[:1].isupper() and at - end < _MAX_PARTICLE_TOKENS:
                at += 1
            end = at
        elif (
            doc[end + 1].text[:1].isupper()
            and doc[end + 1].is_alpha
            and not doc[end + 1].is_sent_start
            and doc[end + 1].lower_ not in pack.times["weekdays"]  # "in the town of Hermel Tuesday"
        ):
            end += 1
        else:
            break
    return min(end, len(doc) - 1)


def longer_unlisted_name(doc: Doc, i: int, j: int, pack: LanguagePack) -> tuple[int, int] | None:
    """Return the first and last token of a longer name of which the match is a part, or None.

    "landed in Sao Thong Chai, Sisaket province" does not mean the town of Chai.
    """
    first, end, words = i, j, pack.words
    while (
        first - i < MAX_NAME_TOKENS
        and i > 0
        and doc[i - 1].tag_ in words["tags_proper"]
        and doc[i - 1].text.istitle()
        and doc[i - 1].lower_ not in words["bases_before"]
        and not doc[i - 1].is_sent_start
    ):
        i -= 1
    while (
        end - j < MAX_NAME_TOKENS
        and end + 1 < len(doc)
        and doc[end + 1].tag_ in words["tags_proper"]
        and doc[end + 1].text.istitle()
        and doc[end + 1].lower_ not in words["kinds_after"] | words["townships_after"]
        and doc[end + 1].lower_ not in pack.times["weekdays"]
    ):
        end += 1
    if (end == j and i == first) or not (i > 0 and doc[i - 1].lower_ in words["hit_or_in"]):
        return None
    following = doc[end + 1].text if end + 1 < len(doc) else ""
    common = [words[kind] for kind in ("behind_places", "titles", "region_after", "district_after")]
    is_common = any(t.lower_ in pack.stop_places.union(*common) for t in doc[i : end + 1])
    return None if is_common or following not in words["unlisted_followers"] else (i, end)


def is_part_of_name(
    doc: Doc, i: int, j: int, places: tuple[Place, ...], found_last: int, pack: LanguagePack
) -> bool:
    """Return whether the name at tokens i to j is a part of a longer name that the gazetteer does not have.

    "Numan" is no place in "Maaret al-Numan", nor "Mai" in "Mai Tsebri". A big town stays one: "in Beirut Hezbollah said".
    """
    if in_title_case(doc, i) or doc[i].text.isupper():
        return False
    before = _joined_before(doc, i, pack)
    is_glued = i > 1 and doc[i - 1].text == "-" and not doc[i - 2].whitespace_
    if before is not None and before != found_last and (_is_name_word(doc[before], pack) or is_glued):
        return not (doc[before].is_sent_start and doc[before].is_stop)
    if not after_preposition(doc, i, pack) or j + 1 >= len(doc) or doc[j + 1].is_sent_start:
        return False
    if not _is_name_word(doc[j + 1], pack):
        return False
    return (i == j and doc[i].lower_ in pack.words["first_words"]) or not _is_big(places)


def halves_of_names(doc: Doc, found: Sequence[Candidate], pack: LanguagePack) -> set[int]:
    """Return the first tokens of small places that stand directly beside each other, as in "Deh Bala": they are one name."""
    halves: set[int] = set()
    for one, other in pairwise(found):
        is_adjacent = one[1] + 1 == other[0] and not doc[other[0]].is_sent_start
        is_first_word = one[0] == one[1] and doc[one[0]].lower_ in pack.words["first_words"]
        is_big = (_is_big(one[2]) and not is_first_word) or _is_big(other[2])
        if is_adjacent and not is_big and not in_title_case(doc, one[0]):
            halves |= {one[0], other[0]}
    return halves


def _is_big(places: Sequence[Place]) -> bool:
    return any(
        p.population > _MIN_BIG_POPULATION or p.kind in ("country", "admin1", "region", "district")
        for p in places
    )


def _joined_before(doc: Doc, i: int, pack: LanguagePack) -> int | None:
    """Return the token of the name word before token i, also across "al-" or "-i-"; None where there is none."""
    at = i - 1
    while at >= 0 and (doc[at].text == "-" or doc[at].lower_ in pack.words["name_particles"]):
        at -= 1
    if at < 0 or (at < i - 1 and doc[at + 1].text == "-" and doc[i - 2].text != "-" and doc[at].whitespace_):
        return None
    return at if doc[at].is_alpha and doc[at].text[:1].isupper() else None


def _is_name_word(token: Token, pack: LanguagePack) -> bool:
    """Return whether a capitalised word may be a part of the name of a place: no title, demonym, day or common word."""
    lowered = token.lower_
    if not (token.text.istitle() and token.is_alpha and token.tag_ in pack.words["tags_proper"]):
        return False
    return lowered not in _no_name_words(pack) and lowered not in country_words(pack)


@cache
def _no_name_words(pack: LanguagePack) -> frozenset[str]:
    """Return the capitalised words beside the name of a place that are no part of it."""
    words = pack.words
    kinds = ("titles", "kinds_before", "small_kinds", "place_prepositions", "hit_or_in")
    days = frozenset(pack.times["weekdays"])
    return pack.stop_places | days | common_behind(pack).union(*(words[kind] for kind in kinds))
