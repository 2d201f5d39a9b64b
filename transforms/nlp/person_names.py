"""Names of persons, which the gazetteer may also have as places."""

from spacy.tokens import Doc, Span, Token

from transforms.nlp.language import LanguagePack
from transforms.nlp.place_words import after_preposition, common_behind, country_words, in_title_case

_TOKENS_AFTER = 6
"""So many words after a name are read: ", a local Taliban commander"."""
_AGE_DIGITS = 2
_APPOSED_TAGS = frozenset(("DT", "JJ", "NN", "NNP", "NNPS", "CD", "HYPH"))


def is_person(doc: Doc, i: int, j: int, pack: LanguagePack) -> bool:
    """Return whether a name belongs to a person: "Volodymyr Zelensky", "General Odessa"."""
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
        if is_name and (speaks or _is_first_name(doc, i - 1, pack)):
            return True  # "Xi Jinping, most of all"
        if (
            after is not None and after.tag_ in proper and after.text.istitle() and after.is_alpha
            and after.lower_ not in common_behind(pack) and before is not None and before.text in (",", "\u2014") and j + 2 < len(doc) and doc[j + 2].text == ","
        ):  # fmt: skip
            return True  # ", Vitalii Klitschko,"
    return False


def _is_first_name(doc: Doc, i: int, pack: LanguagePack) -> bool:
    """Return whether a capitalised word before a name may be a first name.

    It is not one where it is a direction or a demonym, in a headline, or after a preposition of place ("in
    Bandar Abbas").
    """
    token = doc[i]
    if not token.text.istitle() or token.lower_ in pack.stop_places or in_title_case(doc, i + 1):
        return False
    return token.lower_ not in country_words(pack) and not after_preposition(doc, i, pack)


def _is_surname(doc: Doc, i: int, after: Token, pack: LanguagePack) -> bool:
    """Return whether the capitalised word after a name shows that the name is a person's first name.

    "Alexander Khinshtein wrote" is a person. "Kharkiv Mayor" is none, and headlines in title case do not
    count.
    """
    words = pack.words
    if not (after.tag_ in words["tags_proper"] and after.is_alpha and after.text.istitle()):
        return False
    if after.lower_ in words["titles"] or after.lower_ in common_behind(pack) or in_title_case(doc, i):
        return False
    return not after_preposition(doc, i, pack)


def is_one_of_many(doc: Doc, first: int, end: int, pack: LanguagePack) -> bool:
    """Return whether a name stands behind "a" or "their": it is a make of car or weapon, and no place.

    "Beneath a parked Zhiguli", "when their Corolla hit a mine", but "in a Kherson suburb".
    """
    if end + 1 < len(doc) and doc[end + 1].tag_.startswith("NN"):
        return False
    before = [t for t in doc[max(0, first - 2) : first] if not t.is_space]
    if before and before[-1].tag_ in ("JJ", "VBN"):
        before.pop()
    return bool(before) and (before[-1].lower_ in pack.words["articles"] or before[-1].tag_ == "PRP$")


def is_told_of_person(doc: Doc, first: int, end: int, pack: LanguagePack) -> bool:
    """Return whether the words beside a name that no gazetteer has tell of a person.

    "Hit Qari Amir, who directed", "the courtyard of Mohammad Shabir; his wife", "Nabil al-Dalu, 34,". Of 328 such names in
    annotated articles two were struck places.
    """
    words = pack.words
    owned = (
        first > 1
        and doc[first - 1].lower_ in words["of"]
        and doc[first - 2].lower_ in words["owned_by_persons"]
    )
    if owned:
        return True
    after = doc[end + 1 : end + 1 + _TOKENS_AFTER]
    lowers = [t.lower_ for t in after]
    if len(lowers) < 2:
        return False
    if after[0].tag_ == "POS":
        return lowers[1] in words["owned_by_persons"]
    if lowers[0] not in (",", ";", "and", "("):
        return False
    if lowers[1] in words["who"] or lowers[1] in words["his"]:
        return True
    if lowers[0] != "and" and _is_age(after[1], after[2].text if len(after) > 2 else ""):
        return True
    # "in Omarkhel, a farmer died" tells of the farmer, not of the name
    is_located = (
        first > 0 and doc[first - 1].lower_ in words["place_prepositions"] | words["further_prepositions"]
    )
    return lowers[0] == "," and not is_located and _has_role(after[1:], pack)


def _has_role(apposed: Span, pack: LanguagePack) -> bool:
    """Return whether words behind a comma say what a person is: "a local Taliban commander", but not "killing a farmer"."""
    for token in apposed:
        if token.lower_ in pack.words["roles_of_persons"]:
            return True
        if token.tag_ not in _APPOSED_TAGS:
            return False
    return False


def _is_age(number: Token, behind: str) -> bool:
    """Return whether a number between marks is an age: ", 34,", "(34)"; a day of a month has the month behind it."""
    return number.is_digit and len(number) <= _AGE_DIGITS and behind in (",", ")", ";", ".")
