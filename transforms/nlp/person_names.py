"""Names of persons, which the gazetteer may also have as places."""

from spacy.tokens import Doc, Token

from transforms.nlp.language import LanguagePack
from transforms.nlp.place_words import after_preposition, common_behind, country_words, in_title_case


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
