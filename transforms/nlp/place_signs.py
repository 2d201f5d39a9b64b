"""In which country and region a name lies, by what the text names around it.

A digest names many countries, one a paragraph: there the country that the whole text names most says little. What
locates a name directly ("in Nabatieh District, Lebanon", "the Lebanese village of") says most, then its sentence, its
paragraph, the paragraph before. A demonym mostly names the attacker ("an Israeli strike"), so it is weak unless
it describes a place ("a Moldovan town").
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from spacy.strings import get_string_id
from spacy.tokens import Doc

from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.place_words import country_words, is_beyond, speaks_for_country
from transforms.util.transliteration import region_key, sounds

_COUNTRY, _REGION, _TOWN, _DEMONYM, _ACTOR, _STRIKER = 1.5, 1.5, 1.0, 0.4, 0.4, 0.1
"""How much a country's name, a region, a town, a demonym, a country that acts ("Israel said"), and the demonym of forces
or arms ("Israeli jets") say of the country around them."""
_LOCATING = 4.0
"""What locates a name directly counts so many times."""
_SENTENCE, _PARAGRAPH, _BEFORE = 2.0, 1.2, 0.5
"""Weight of a sign in the sentence of a name, in its paragraph, and in the paragraph before."""
_AFTER_TOKENS, _BEFORE_TOKENS = 12, 5
"""A sign at most so far after or before a name may locate it directly."""
_KIND_TOKENS = 3
"""A demonym that describes a place has the word for its kind within this distance."""
_ARTICLE_WEIGHT = 2.0
"""Weight of the article's main country beside the signs around a name."""
_FAR_SENTENCES = 4
"""A sign more sentences away counts no more than one of the paragraph before: some texts are one paragraph."""
_MOST_SIGNS = 20
"""So many signs before and after a name are weighed at most, to bound the time."""
_VERBS = frozenset({"VBD", "VBZ", "VBP"})
Numbers = np.ndarray[Any, Any]
_COUNTRY_PRECISION, _REGION_PRECISION = 3, 2


@dataclass(frozen=True, slots=True)
class Sign:
    """Something at tokens ``[first, last]`` that says in which country, or region of it, the text is.

    ``is_before``: it may locate the name that follows, as in "the Lebanese village of". ``is_wide``: it is a region or
    country, or a town with the name of its region.
    """

    first: int
    last: int
    country: str
    strength: float
    region: str | None = None
    is_before: bool = False
    place: Place | None = None
    is_wide: bool = True


@dataclass(frozen=True, slots=True)
class Around:
    """How much the signs around a name speak for each country, and for each region by country and its key."""

    countries: dict[str, float]
    regions: dict[tuple[str, str], float]


class Surroundings:
    """The signs of one document, in text order."""

    def __init__(
        self,
        doc: Doc,
        places: Iterable[tuple[int, int, Sequence[Place]]],
        named: Collection[str],
        pack: LanguagePack,
    ) -> None:
        """Index the signs of a document.

        Args:
            doc: with sentences.
            places: (first token, last token, all places that have the name) of each name of a place.
            named: the countries that the document names.
            pack: the language.
        """
        self._named = named
        attributes = doc.to_array(["LOWER", "SENT_START", "IS_SPACE"])
        self._doc, self._pack = doc, pack
        self._sentence: list[int] = (attributes[:, 1] == 1).cumsum().tolist()
        breaks = np.zeros(len(doc), dtype=int)
        for n in attributes[:, 2].nonzero()[0].tolist():
            breaks[n] = "\n" in doc[n].text
        self._line: list[int] = breaks.cumsum().tolist()
        signs = [*self._of_places(places), *self._of_words(attributes[:, 0])]
        self.signs = sorted(signs, key=lambda s: s.first)
        self._starts = [s.first for s in self.signs]

    def _of_places(self, places: Iterable[tuple[int, int, Sequence[Place]]]) -> Iterator[Sign]:
        for first, last, named in places:
            place = named[0]
            if not place.country or place.kind == "unlisted" or len({p.country for p in named}) > 1:
                continue
            if not speaks_for_country(self._doc, first, last, named, self._named, self._pack):
                continue
            if place.geo_precision == _COUNTRY_PRECISION:
                is_part = self._is_half_of_word(last) or self._names_water(first)
                if not is_part and not self._is_beyond(first, last):
                    owns = self._is_possessive(last)
                    strikes = owns and self._has_arms(last + 1)  # "Israel's jets"
                    strength = _STRIKER if strikes else self._of_country(first, last)
                    region = self._region_in(first, last)
                    yield Sign(first, last, place.country, strength, region, owns and not strikes, place)
            elif place.geo_precision == _REGION_PRECISION and place.kind != "district":
                if self._is_direction(place.name):
                    continue
                region = region_key(place.admin1 or place.name)
                yield Sign(first, last, place.country, _REGION, region, self._is_possessive(last), place)
            else:
                is_one = bool(place.admin1) and len({p.admin1 for p in named}) == 1
                key = region_key(place.admin1 or "") if is_one else None
                has_its_name = place.admin1 is not None and sounds(place.admin1) == sounds(place.name)
                yield Sign(first, last, place.country, _TOWN, key, place=place, is_wide=has_its_name)

    def _of_words(self, lowers: Numbers) -> Iterator[Sign]:
        """Yield the demonyms. ``lowers``: of each token the number of its text in lower case."""
        demonyms, longer = _demonyms(self._pack)
        kinds = self._pack.words["kinds_of_place"]
        at = np.isin(lowers, np.array(list(demonyms), dtype=np.uint64)).nonzero()[0]
        for n in at.tolist():
            if self._is_half_of_word(n):
                continue
            lower = int(lowers[n])
            code = longer.get((int(lowers[n - 1]), lower), demonyms[lower]) if n else demonyms[lower]
            following = [t.lower_ for t in self._doc[n + 1 : n + 1 + _KIND_TOKENS]]
            describes = not kinds.isdisjoint(following)
            strength = _COUNTRY if describes else _STRIKER if self._has_arms(n) else _DEMONYM
            yield Sign(n, n, code, strength, is_before=describes)

    def _has_arms(self, last: int) -> bool:
        """Return whether forces or arms follow soon: "Israeli jets"."""
        arms = self._pack.words["arms_of_strikers"]
        return any(t.lower_ in arms for t in self._doc[last + 1 : last + 1 + _KIND_TOKENS])

    def _region_in(self, first: int, last: int) -> str | None:
        """Return the region's key where the vocabulary takes a region's name for its country: "Tigray", "Darfur"."""
        name = self._doc[first : last + 1].text.lower()
        code = country_words(self._pack).get(name, ("", True))[0]
        is_country = not code or name in self._pack.countries[code]["names"][:1]
        return None if is_country else region_key(name)

    def _is_direction(self, name: str) -> bool:
        """Return whether a region is only named for a direction ("North Western"), which many countries have."""
        return all(word in self._pack.stop_places for word in name.lower().replace("-", " ").split())

    def _is_half_of_word(self, last: int) -> bool:
        """Return whether a hyphen follows: "Iran-backed", "Britain-based"."""
        doc = self._doc
        return last + 1 < len(doc) and doc[last + 1].text.startswith("-") and not doc[last].whitespace_

    def _names_water(self, first: int) -> bool:
        """Return whether a country's name is part of the name of a lake, sea or gulf: "Lake Chad", "Gulf of Oman"."""
        before = {t.lower_ for t in self._doc[max(0, first - 2) : first]}
        return not self._pack.words["waters"].isdisjoint(before)

    def _is_beyond(self, first: int, last: int) -> bool:
        """Return whether a country lies on the other side of a border: "facing Lebanon"."""
        before: list[str] = []
        for token in reversed(self._doc[max(0, first - _AFTER_TOKENS) : first]):
            if token.is_punct or token.is_space or self._sentence[token.i] != self._sentence[first]:
                break
            before.insert(0, token.lower_)
        after = self._doc[last + 1].lower_ if last + 1 < len(self._doc) else ""
        return is_beyond(before, after, self._pack)

    def _is_possessive(self, last: int) -> bool:
        return last + 1 < len(self._doc) and self._doc[last + 1].text in ("'s", "\u2019s", "'", "\u2019")

    def _of_country(self, first: int, last: int) -> float:
        """Return the strength of a country's name: less where the country acts ("Israel said", "by Russia")."""
        token = self._doc[last]
        by = first > 0 and self._doc[first - 1].lower_ in self._pack.words["by_whom"]
        acts = token.dep_ == "nsubj" and token.head.i > token.i and not self._is_possessive(last)
        return _ACTOR if by or acts else _COUNTRY

    def around(self, first: int, last: int) -> Around:
        """Return how much the signs around the name at tokens ``[first, last]`` speak for countries and regions."""
        countries: dict[str, float] = defaultdict(float)
        regions: dict[tuple[str, str], float] = defaultdict(float)
        for sign, factor in self._weighed(first, last):
            weight = factor * sign.strength
            countries[sign.country] += weight
            if sign.region is not None:
                regions[sign.country, sign.region] += weight
        return Around(dict(countries), dict(regions))

    def locating(self, first: int, last: int) -> Sign | None:
        """Return the sign that locates a name directly: ", Sumy Oblast", "the Lebanese village of"; else None."""
        at = bisect_left(self._starts, first)
        for sign in self.signs[max(0, at - 2) : at]:
            if self._locates_before(first, sign):
                return sign
        at = bisect_right(self._starts, last)
        for sign in self.signs[at : at + 3]:
            if sign.is_wide and self._locates_after(last, sign):
                return sign
        return None

    def _weighed(self, first: int, last: int) -> Iterator[tuple[Sign, float]]:
        """Yield the signs of the paragraph of a name, and of the paragraph before, with their factors."""
        line, sentence = self._line[first], self._sentence[first]
        at = bisect_left(self._starts, first)
        for sign in self.signs[at : at + _MOST_SIGNS]:
            if self._line[sign.first] != line:
                break
            if sign.first > last:
                is_near = self._sentence[sign.first] == sentence
                locates = is_near and self._locates_after(last, sign)
                yield sign, _LOCATING if locates else self._by_distance(sentence, sign)
        for sign in reversed(self.signs[max(0, at - _MOST_SIGNS) : at]):
            if self._line[sign.first] < line - 1:
                break
            if self._line[sign.first] < line:
                yield sign, _BEFORE
            elif self._locates_before(first, sign):
                yield sign, _LOCATING
            else:
                yield sign, self._by_distance(sentence, sign)

    def _by_distance(self, sentence: int, sign: Sign) -> float:
        """Return the factor of a sign in the paragraph of a name, which stands in the sentence of that number."""
        away = abs(self._sentence[sign.first] - sentence)
        return _SENTENCE if away == 0 else _PARAGRAPH if away <= _FAR_SENTENCES else _BEFORE

    def _locates_after(self, last: int, sign: Sign) -> bool:
        """Return whether a sign after a name locates it: only names, commas and words such as "in" are between."""
        between = sign.first - last - 1
        if not 0 <= between <= _AFTER_TOKENS or self._sentence[sign.first] != self._sentence[last]:
            return False
        if not sign.is_before and (sign.place is None or sign.strength in (_ACTOR, _STRIKER)):
            return False
        words = self._doc[last + 1 : sign.first]
        if len(words) > 0 and words[-1].lower_ in self._pack.words["and"]:
            return False  # "between Goruk and Iran"
        lowers = [t.lower_ for t in words]
        if sign.is_wide and sign.place is not None and self._leads_away(lowers):
            return False
        allowed = self._pack.words["between_place_and_region"]
        if sign.place is None:
            allowed = allowed | self._pack.words["on"]  # "Nakyal, on the Pakistani side"
        return all(
            (lower in allowed and not self._is_conjunction(t.i)) or t.text[:1].isupper()
            for lower, t in zip(lowers, words, strict=True)
        )

    def _is_conjunction(self, i: int) -> bool:
        """Return whether "as" is no article of an Arabic name: "Sderot as Gaza truce nears"; "as-Suwayda" is one."""
        is_joined = i + 1 < len(self._doc) and self._doc[i + 1].text.startswith("-")
        return not is_joined and self._doc[i].lower_ in self._pack.words["articles_or_words"]

    def _leads_away(self, words: Sequence[str]) -> bool:
        """Return whether words measure a distance or direction: "east of", "near", but not "in the east of"."""
        locators, inside = self._pack.words["locators"], self._pack.words["the_word"]
        return any(w in locators and (n == 0 or words[n - 1] not in inside) for n, w in enumerate(words))

    def _locates_before(self, first: int, sign: Sign) -> bool:
        """Return whether a sign before a name locates it: "the Lebanese village of", "Myanmar's".

        In "gunners in Croatia's Krajina region shelled Bihac" a verb stands between.
        """
        if not sign.is_before or not 0 < first - sign.last <= _BEFORE_TOKENS:
            return False
        acts = any(t.tag_ in _VERBS for t in self._doc[sign.last + 1 : first])
        return not acts and self._line[sign.first] == self._line[first]


@cache
def _demonyms(pack: LanguagePack) -> tuple[dict[int, str], dict[tuple[int, int], str]]:
    """Return the country of each demonym: of the last word ("sudanese"), and of two words ("south sudanese").

    A word is given by its number in spaCy's vocabularies.
    """
    single: dict[int, str] = {}
    double: dict[tuple[int, int], str] = {}
    for phrase, (code, is_name) in country_words(pack).items():
        words = [int(get_string_id(w)) for w in phrase.split()]
        if not is_name and len(words) > 1:
            double[words[-2], words[-1]] = code
        elif not is_name:
            single[words[0]] = code
    for (_, last), code in double.items():
        single.setdefault(last, code)
    return single, double


def with_article(around: Mapping[str, float], article: Mapping[str, float]) -> dict[str, float]:
    """Return the weights of countries around a name together with those of its whole article."""
    together = defaultdict(float, around)
    top = max(article.values(), default=0.0)
    for country, weight in article.items():
        together[country] += _ARTICLE_WEIGHT * weight / top if top else 0.0
    return dict(together)


def likeliest(weights: Mapping[str, float]) -> str | None:
    """Return the country with the highest weight, or None."""
    return max(sorted(weights), key=lambda c: weights[c], default=None)
