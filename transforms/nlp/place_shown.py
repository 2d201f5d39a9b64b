"""What stands beside a name and shows that it may be a place: "near X", "X village", "Location: X"."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token

from transforms.nlp.language import LanguagePack
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.place_signs import Sign
from transforms.nlp.place_words import country_words, is_called_region
from transforms.nlp.whole_names import is_inner_particle

_MIN_NAME_CHARS, _MIN_LISTED_CHARS = 3, 4
"""Shortest name beside words for a place, and shortest listed name without such words."""
_KIND_TOKENS = 5
"""The word for the kind of place follows a name within this distance: "X, a remote village"."""
_HIT_TOKENS = 3
"""The verb of "X had been struck" ends within this distance after the name."""


def is_capital(token: Token) -> bool:
    """Return whether a token is a capitalised word, also one with an apostrophe ("Mab'ouja")."""
    text = token.text
    if not text[:1].isupper() or token.is_stop:
        return False
    return token.is_alpha or (len(text) > 2 and text.replace("'", "").replace("\u2019", "").isalpha())


@cache
def _kinds_behind(pack: LanguagePack) -> frozenset[str]:
    """Return the words for a kind of place that follow its name."""
    return pack.words["small_kinds"] | pack.words["district_after"] | pack.words["townships_after"]


@cache
def _places_told(pack: LanguagePack) -> frozenset[str]:
    """Return the words that tell of a name that it is a place: "a remote village", "a cluster of thirty houses"."""
    return pack.words["kinds_of_place"] | pack.words["clusters"]


@cache
def kinds_before(pack: LanguagePack) -> frozenset[str]:
    """Return the words for a kind of place, or of base, that stand before its name."""
    return pack.words["kinds_before"] | pack.words["bases_before"]


@cache
def _words_before(pack: LanguagePack) -> frozenset[str]:
    """Return the words before a name that show that it may be a place."""
    kinds = ("place_prepositions", "further_prepositions", "hit_or_in", "takes_place")
    return frozenset().union(*(pack.words[kind] for kind in kinds))


@dataclass(frozen=True, slots=True)
class Beside:
    """Reads the words beside the names of one document.

    ``hits``: last tokens of the verbs for a hit. ``ends``: last tokens of the places so far. ``starts``: the places
    that the rules found, by their first token.
    """

    doc: Doc
    pack: LanguagePack
    hits: set[int]
    ends: set[int]
    starts: Mapping[int, PlaceMention]

    def may_name(self, first: int, end: int) -> bool:
        """Return whether the words of a name itself allow that it is the name of a place."""
        pack, name = self.pack, self.doc[first : end + 1].text
        lowered = name.lower()
        if is_called_region(self.doc, first, pack):
            return False
        if len(name) < _MIN_NAME_CHARS or lowered in pack.stop_places or lowered in country_words(pack):
            return False
        if lowered.split()[0] in pack.words["waters"]:
            return False  # "Lake Tana"
        inner = {n + 1 for n in range(first, end) if is_inner_particle(self.doc, n, pack)}
        # the last word of "Hamrat el Sheikh" is no title
        words = [t.lower_ for t in self.doc[first : end + 1] if t.i not in inner]
        if len(words) > 1 and words[0] in pack.words["first_words"]:
            words = words[1:]
        return not any(w in pack.words["titles"] or w in country_words(pack) for w in words)

    def shows_place(self, first: int, end: int, last: int) -> bool:
        """Return whether the words beside a name show that it may be a place. ``last``: of the whole name."""
        doc, words = self.doc, self.pack.words
        before = self._before_kind(first)
        if first > 0 and is_capital(doc[first - 1]) and doc[first - 1].lower_ in words["bases_before"]:
            return True
        beside = doc[before] if before >= 0 else None
        following = doc[end + 1] if end + 1 < len(doc) else None
        if following is not None and following.lower_ in _kinds_behind(self.pack):
            return True
        if following is not None and following.lower_ in words["family_after"]:
            return False
        if following is not None and following.lower_ in words["spots_after"]:
            return True  # "Deir Hafir crossroads, 25 July"
        if self._is_named(first) or self._is_described(end):
            return True
        if (
            beside is not None
            and before + 1 == first
            and beside.lower_ in ("and", ",")
            and before - 1 in self.ends
        ):
            return True
        if beside is not None and (beside.lower_ in _words_before(self.pack) or before in self.hits):
            return not (last > end and beside.lower_ == "of")
        if self._is_hit_behind(end) or self._is_hit_behind(self._end_of_pair(end)):
            return True
        return self.is_located_after(end) or self._heads_item(first, end)

    def _before_kind(self, first: int) -> int:
        """Return the last token before a name and the words that describe it: "hit" of "hit the rebel-held X"."""
        doc, words = self.doc, self.pack.words
        before = first - 1
        while before >= 0:
            token = doc[before]
            if token.lower_ in words["held"] and before > 1 and doc[before - 1].text == "-":
                before -= 3  # "rebel-held", "ISIS-held"
            elif (
                token.tag_ in ("JJ", "HYPH")
                or any(token.lower_ in words[kind] for kind in ("the_word", "held"))
                or token.lower_ in kinds_before(self.pack)
            ):
                before -= 1
            else:
                break
        return before

    def _is_hit_behind(self, end: int) -> bool:
        """Return whether a verb for a hit follows a name: "Luvungi was hit by mortars"."""
        is_hit = any(end + n in self.hits for n in range(1, _HIT_TOKENS + 1))
        return is_hit and self.doc[end + 1].tag_ in self.pack.words["tags_finite"]

    def _end_of_pair(self, end: int) -> int:
        """Return the last token of the name that is joined to a name, or of that name where there is none.

        "Namti and Kamaing were bombed".
        """
        doc = self.doc
        at = end + 2
        if at >= len(doc) or doc[end + 1].lower_ != "and" or not is_capital(doc[at]):
            return end
        while at + 1 < len(doc) and is_capital(doc[at + 1]):
            at += 1
        return at

    def _is_named(self, first: int) -> bool:
        """Return whether what stands before a name gives it: "Location: X", "the hamlet is called X"."""
        if first < 2:
            return False
        doc, words = self.doc, self.pack.words
        if doc[first - 1].text == ":":
            return doc[first - 2].lower_ in words["place_labels"]
        before = {t.lower_ for t in doc[max(0, first - _KIND_TOKENS) : first - 1]}
        return doc[first - 1].lower_ in words["naming"] and not before.isdisjoint(words["kinds_of_place"])

    def _is_described(self, end: int) -> bool:
        """Return whether a verb and a word for a kind of place follow a name: "X is eleven houses"."""
        after = [t.lower_ for t in self.doc[end + 1 : end + 1 + _KIND_TOKENS]]
        return (
            after[:1] != []
            and after[0] in self.pack.words["is"]
            and not _places_told(self.pack).isdisjoint(after)
        )

    def is_located(self, end: int, sign: Sign | None) -> bool:
        """Return whether a comma and a region or country follow a name: "Arhab, Sanaa, Yemen"."""
        is_apposed = end + 1 < len(self.doc) and self.doc[end + 1].text in (",", "(")
        return is_apposed and sign is not None and sign.first > end

    def is_located_after(self, end: int) -> bool:
        """Return whether the words after a name locate it: ", Sokoto state", ", a hamlet north of", "(Sumy)"."""
        doc, words = self.doc, self.pack.words
        if end + 2 >= len(doc) or doc[end + 1].text not in (",", "("):
            return False
        if any(end + n in self.starts and self.starts[end + n].place.geo_precision > 1 for n in (2, 3)):
            return True
        after = [t.lower_ for t in doc[end + 2 : end + 2 + _KIND_TOKENS]]
        if not after:
            return False
        if after[0] in words["appositions"]:
            return not _places_told(self.pack).isdisjoint(after[1:])
        if doc[end + 1].text != ",":
            return False
        is_located = after[0] in words["place_prepositions"] and any(
            doc[end + n].text[:1].isupper() or doc[end + n].lower_ in words["locators"]
            for n in (3, 4, 5)
            if end + n < len(doc)
        )
        return is_located or not words["locators"].isdisjoint(after[:2])

    def _heads_item(self, first: int, end: int) -> bool:
        """Return whether a name heads an item of a list: "Kalehe, 1 February: a bomb", "2) Hays: one raid"."""
        doc = self.doc
        if end + 1 >= len(doc) or doc[end + 1].text not in (":", ",", "(", ".", "\u2013", "\u2014", "-"):
            return False
        if doc[first].is_sent_start and (
            doc[end + 1].text == ":" or (end + 2 < len(doc) and doc[end + 2].like_num)
        ):
            return True  # "Magway. Gangaw, 12 October: a paramotor ..."
        at = first - 1
        while at >= 0 and first - at < _KIND_TOKENS and not doc[at].is_space:
            if doc[at].is_alpha and len(doc[at]) > 1:
                return False
            at -= 1
        return at < 0 or "\n" in doc[at].text

    def may_stand_alone(self, first: int, end: int) -> bool:
        """Return whether a listed name may be a place though no word beside it shows it: not part of a person's name."""
        doc, words = self.doc, self.pack.words
        before = doc[first - 1] if first else None
        after = doc[end + 1] if end + 1 < len(doc) else None
        if doc[end].idx + len(doc[end]) - doc[first].idx < _MIN_LISTED_CHARS:
            return after is not None and after.tag_ == "POS"
        if before is not None and (before.lower_.rstrip(".") in words["titles"] or is_capital(before)):
            return False
        if after is None:
            return True
        return not (is_capital(after) or after.lower_ in words["speaks_after"])
