"""Named spots in an article: "the Zeitoun neighbourhood", "Al-Ahli hospital", "eastern Aleppo", "Najjar family's home".

Rules find all that may be one; ``spots_of_units`` decides which belongs to which strike.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.spans import NamedSpan

_MOST_NAME_TOKENS, _MOST_MODIFIERS = 6, 3
_MOST_BEFORE_TOWN = 6
"""Words, and hyphens, between "of the" and the word for a town."""
_TAGS_BEFORE_TOWN = ("JJ", "NN", "VBN", "HYPH", "RB", "CD")
_KINDS = ("quarter", "camp", "street", "building")
WIDE = frozenset({"quarter", "camp", "part"})
"""Kinds of spots that hold others."""


def spots_in_text(context: Context, pack: LanguagePack) -> list[NamedSpan]:
    """Return the named spots of a document in text order. Of two that overlap the longer one counts."""
    finder = _Finder(context.doc, pack)
    found = sorted(finder.find(), key=lambda s: (s.first - s.last, s.first))
    taken: set[int] = set()
    kept = []
    for span in found:
        tokens = set(range(span.first, span.last + 1))
        if not tokens & taken:
            taken |= tokens
            kept.append(span)
    return sorted(kept, key=lambda s: s.start)


@dataclass(slots=True)
class _Finder:
    doc: Doc
    pack: LanguagePack

    def find(self) -> Iterator[NamedSpan]:
        """Yield all spots, also some that overlap."""
        spots = self.pack.spots
        kind_of = {word: kind for kind in _KINDS for word in spots[kind]}
        for token in self.doc:
            word = token.lower_
            if word in kind_of:
                yield from self._with_kind(token, kind_of[word])
            if word in spots["home"]:
                yield from self._home(token)
            if word in spots["directions"] or word in spots["old_or_new"]:
                yield from self._direction(token)
            if word in spots["parts"]:
                yield from self._part(token)

    def _span(self, kind: str, first: int, last: int) -> NamedSpan:
        span = self.doc[first : last + 1]
        return NamedSpan(kind, span.text, first, last, span.start_char, span.end_char)

    def _with_kind(self, token: Token, kind: str) -> Iterator[NamedSpan]:
        """Yield "Zeitoun neighbourhood", "port of Odesa", "School No. 5", "Camp Bucca"."""
        at = token.i
        before = self._name_before(self._over_modifiers(at))
        numbered = self._number_after(at)
        if before is not None:
            end = numbered if numbered is not None else at
            if not self._goes_on(end):
                yield self._span(kind, before, end)
        elif numbered is not None:
            yield self._span(kind, self._over_modifiers(at), numbered)
        first = self._over_modifiers(at)
        after = self._lower(at + 1)
        if after == "of" and before is None:
            start = at + 2 + (self._lower(at + 2) == "the")
            last = self._whole_name_after(start)
            if last is not None:
                yield self._span(kind, first, last)
        elif before is None and token.text[:1].isupper():
            last = self._name_after(at + 1)
            if last is not None:
                yield self._span(kind, at, last)

    def _home(self, token: Token) -> Iterator[NamedSpan]:
        """Yield "the Najjar family's home", "Mr Haddad's house", "home of the Najjar family"."""
        at, family = token.i, self.pack.spots["family"]
        before = at - 1
        is_owned = self._lower(before) in ("'s", "\u2019s", "'", "\u2019")
        before -= is_owned
        is_family = self._lower(before) in family
        before -= is_family
        first = self._name_before(before + 1) if is_owned or is_family else None
        if first is not None:
            yield self._span("house", first, at)
        if self._lower(at + 1) in ("of", "belonging") or (self._lower(at + 1), self._lower(at + 2)) == (
            "belonging",
            "to",
        ):
            start = at + 2 + (self._lower(at + 1) == "belonging")
            start += self._lower(start) == "the"
            last = self._name_after(start)
            if last is not None:
                yield self._span("house", at, last + (self._lower(last + 1) in family))

    def _direction(self, token: Token) -> Iterator[NamedSpan]:
        """Yield "eastern Aleppo", "north of the city", "the old city", "central Kyiv"."""
        at, towns = token.i, self.pack.spots["town_words"]
        following = self._lower(at + 1)
        if (
            following in towns
            or following in self.pack.spots["parts"]
            or following in self.pack.spots["quarter"]
        ):
            end = self._of_town(at + 2)
            yield self._span("part", at, end if end is not None else at + 1)
        elif following == "of" and (end := self._of_town(at + 1)) is not None:
            yield self._span("part", at, end)
        elif token.lower_ in self.pack.spots["directions"]:
            last = self._name_after(at + 1)
            if last is not None and self._lower(last) not in self.pack.spots["building"]:
                yield self._span("part", at, last)

    def _part(self, token: Token) -> Iterator[NamedSpan]:
        """Yield "city centre", "the outskirts of Kharkiv", "centre of the town"."""
        at = token.i
        if self._lower(at - 1) in self.pack.spots["town_words"]:
            yield self._span("part", at - 1, at)
        end = self._of_town(at + 1)
        if end is not None:
            yield self._span("part", at, end)

    def _of_town(self, at: int) -> int | None:
        """Return the last token of "of the city", "of Kharkiv", "of the Russian border city of Belgorod", or None."""
        if self._lower(at) != "of":
            return None
        start = at + 1 + (self._lower(at + 1) in ("the", "this"))
        town = self._town_word(start)
        if town is None:
            return self._whole_name_after(start)
        is_named = self._lower(town + 1) == "of"
        return self._name_after(town + 1 + is_named) or town

    def _town_word(self, start: int) -> int | None:
        """Return the word for a town that ends the words from a token on: "Russian border city"; None without one."""
        for at in range(start, min(start + _MOST_BEFORE_TOWN + 1, len(self.doc))):
            token = self.doc[at]
            if token.lower_ in self.pack.spots["town_words"]:
                return at
            if not token.tag_.startswith(_TAGS_BEFORE_TOWN):
                return None
        return None

    def _goes_on(self, last: int) -> bool:
        """Return whether a name goes on after a kind, or speaks: "Wall Street Journal", "Kyiv School of Economics", "the
        Interior Ministry said"."""
        if self._lower(last + 1) in self.pack.words["speaks_after"]:
            return True
        if self._lower(last + 1) == "of" and self._is_name(last + 2):
            return self._lower(last) in self.pack.spots["building"]
        return self._is_name(last + 1) and not self.doc[last + 1].is_sent_start

    def _lower(self, at: int) -> str:
        return self.doc[at].lower_ if 0 <= at < len(self.doc) else ""

    def _over_modifiers(self, at: int) -> int:
        """Return the first token of a kind with the words before it that only say more of the kind."""
        first = at
        while at - first < _MOST_MODIFIERS and self._lower(first - 1) in self.pack.spots["kind_modifiers"]:
            if self.doc[first - 1].text[:1].isupper() and not self._is_name(first - 2):
                break  # "Central Market": the modifier is the name
            first -= 1
        return first

    def _is_name(self, at: int) -> bool:
        if not 0 <= at < len(self.doc):
            return False
        token = self.doc[at]
        if token.lower_ in self.pack.spots["not_names"] or not token.text[:1].isalnum():
            return False
        return token.text[:1].isupper() and (
            at == 0 or not self.doc[at].is_sent_start or token.tag_.startswith("NNP")
        )

    def _name_before(self, end: int) -> int | None:
        """Return the first token of the name that ends before a token, or None."""
        first: int | None = None
        at = end - 1
        particles = self.pack.spots["name_particles"]
        while at >= 0 and end - at <= _MOST_NAME_TOKENS and not self.doc[at].text.isspace():
            if self._is_name(at) or (self.doc[at].like_num and first is not None):
                first = at
            elif self._lower(at) not in particles:
                break
            at -= 1
        if first is not None and self._lower(first - 2) in particles and self._lower(first - 1) == "-":
            first -= 2  # "al-Zeitoun", where the particle is in lower case
        return first

    def _name_after(self, start: int) -> int | None:
        """Return the last token of the name that begins at a token, or None."""
        last: int | None = None
        at = start
        particles = self.pack.spots["name_particles"]
        while at < len(self.doc) and at - start < _MOST_NAME_TOKENS and not self.doc[at].text.isspace():
            if self._is_name(at):
                last = at
            elif self._lower(at) not in particles or self._lower(at) in ("'s", "\u2019s"):
                break
            at += 1
        return last

    def _whole_name_after(self, start: int) -> int | None:
        """Return the last token of a name; None where it only describes a noun: "of the Ukrainian resistance"."""
        last = self._name_after(start)
        if last is None or last + 1 >= len(self.doc):
            return last
        after = self.doc[last + 1]
        return None if after.tag_.startswith("NN") and after.text.islower() else last

    def _number_after(self, at: int) -> int | None:
        """Return the last token of "No. 5" after a kind, or None."""
        if self._lower(at + 1) in self.pack.spots["number_words"]:
            number = at + 2 + (self._lower(at + 2) == ".")
            return number if self._lower(number)[:1].isalnum() else None
        return at + 1 if self._lower(at + 1).isdigit() and self.doc[at].text[:1].isupper() else None
