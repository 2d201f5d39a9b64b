"""Noun phrases for victims: "at least 12 people", "a doctor, two nurses and a driver", "a boy of six and
his grandmother"."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from spacy.tokens import Span, Token

from transforms.nlp.language import LanguagePack
from transforms.nlp.quantities import Quantity

_OLDEST, _NAME_WORDS = 110, 5
_GAP = 3  # words that may stand for the "*" of a phrase
KINDS = ("killed", "injured", "missing")


@dataclass(frozen=True, slots=True)
class Victims:
    """A noun phrase for victims: tokens ``[first, last]`` of the sentence, and how many it means."""

    first: int
    last: int
    low: int | None
    best: int | None
    high: int | None
    children: int | None = None
    is_more: bool = False
    is_part: bool = False
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class VictimWords:
    """The words of a language for victims and what befalls them."""

    persons: frozenset[str]
    children: frozenset[str]
    person: frozenset[str]
    child: frozenset[str]
    things: frozenset[str]
    groups: dict[tuple[str, ...], int]
    none_of: dict[str, frozenset[str]]
    subgroups: dict[str, frozenset[str]]
    triggers: dict[str, list[tuple[str, str, tuple[str, ...]]]]
    toll: dict[str, list[re.Pattern[str]]]
    partial: dict[str, list[re.Pattern[str]]]
    child_patterns: list[re.Pattern[str]]
    child_below: int


def _split(phrases: list[str]) -> list[tuple[str, ...]]:
    """Return phrases as words, the longest first."""
    return sorted({tuple(p.split()) for p in phrases}, key=lambda words: (-len(words), words))


def _triggers(raw: Mapping[str, Any]) -> dict[str, list[tuple[str, str, tuple[str, ...]]]]:
    """Return what befalls victims by its first word: (kind, how, phrase), in the order of the lists."""
    found: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {}
    for kind in KINDS:
        for how, phrases in raw[kind].items():
            for phrase in _split(phrases):
                found.setdefault(phrase[0], []).append((kind, how, phrase))
    return found


@cache
def victim_words(pack: LanguagePack) -> VictimWords:
    """Return the words of a pack, ready to look up."""
    raw = pack.casualties
    return VictimWords(
        frozenset(raw["person_nouns"]),
        frozenset(raw["child_nouns"]),
        frozenset(raw["single_person"]),
        frozenset(raw["single_child"]),
        frozenset(raw["things"]),
        {tuple(k.split()): v for k, v in raw["fixed_groups"].items()},
        {kind: frozenset(phrases) for kind, phrases in raw["none_of"].items()},
        {name: frozenset(nouns) for name, nouns in raw["subgroups"].items()},
        _triggers(raw),
        {k: [re.compile(p, re.I) for p in ps] for k, ps in raw["toll_patterns"].items()},
        {k: [re.compile(p, re.I) for p in ps] for k, ps in raw["partial_patterns"].items()},
        [re.compile(p, re.I) for p in raw["child_patterns"]],
        int(raw["age_of_child_below"]),
    )


class VictimReader:
    """One sentence: its tokens, which quantity each token opens, and the victims that start there."""

    def __init__(self, sentence: Span, quantities: Sequence[Quantity], pack: LanguagePack) -> None:
        self.rules, self.small = pack.patterns, pack.words
        self.tokens: list[Token] = list(sentence)
        self.lower = [t.lower_.replace("\u2019", "'") for t in self.tokens]
        self.words = victim_words(pack)
        self.start, self.end = sentence.start_char, sentence.end_char
        self.text = sentence.text
        inside = [q for q in quantities if self.start <= q.start and q.end <= self.end]
        self.quantities = inside
        self.opens: dict[int, Quantity] = {}
        self.last_of: dict[int, int] = {}
        for q in inside:
            within = [i for i, t in enumerate(self.tokens) if q.start <= t.idx < q.end]
            if within:
                self.opens[within[0]] = q
                self.last_of[within[0]] = within[-1]

    def is_at(self, i: int, words: str) -> bool:
        """Return whether the token at i is one of the small words of that name."""
        return 0 <= i < len(self.lower) and self.lower[i] in self.small[words]

    def tagged(self, i: int, tags: str) -> bool:
        """Return whether the token at i bears one of the tags of that name."""
        return 0 <= i < len(self.tokens) and self.tokens[i].tag_ in self.small[f"tags_{tags}"]

    def trigger_at(self, i: int) -> tuple[str, str, int] | None:
        """Return (kind, how, tokens) of the longest phrase for a fate that begins at token i."""
        best: tuple[str, str, int] | None = None
        for kind, how, phrase in self.words.triggers.get(self.lower[i], ()):
            length = self._phrase_at(i, phrase)
            if length and (best is None or length > best[2]):
                best = (kind, how, length)
        return best

    def _phrase_at(self, i: int, phrase: tuple[str, ...]) -> int:
        """Return how many tokens a phrase covers at i, 0 if it is not there; "*" is one to three words."""
        if "*" not in phrase:
            return len(phrase) if tuple(self.lower[i : i + len(phrase)]) == phrase else 0
        for gap in range(1, _GAP + 1):
            if self.lower[i + 1 + gap : i + 2 + gap] == [phrase[-1]]:
                return gap + 2
        return 0

    def victims_at(self, i: int, is_object: bool = False) -> Victims | None:
        """Return the victims phrase that starts at token i, lists included."""
        first = self._simple_at(i)
        if first is None or first.is_part or first.is_bare:
            return first  # "killed six, a child among them"
        parts, at = [first], first.last + 1
        while at < len(self.tokens):
            joint = self._joint(at)
            following = self._simple_at(at + joint) if joint else None
            if following is None or following.is_part or following.is_bare or following.is_more:
                break
            if self._own_trigger_after(following, is_object) or self._speaks(following):
                break
            parts.append(following)
            at = following.last + 1
        return self._sum(parts)

    def _joint(self, at: int) -> int:
        if not self.is_at(at, "joints"):
            return 0
        return 2 if self.is_at(at + 1, "and") and not self.is_at(at, "and") else 1

    def _speaks(self, v: Victims) -> bool:
        """ "..., an aid worker there said": no victim."""
        return any(self.is_at(k, "speaks_after") for k in range(v.last + 1, v.last + 4))

    def _own_trigger_after(self, v: Victims, is_object: bool) -> bool:
        """ "killing two men and three others were wounded": the second has a verb of its own."""
        if self.is_at(v.last + 1, "triggers") and (is_object or v.first in self.opens):
            return True
        return is_object and self.is_at(v.last + 1, "be") and self.is_at(v.last + 2, "triggers")

    @staticmethod
    def _sum(parts: list[Victims]) -> Victims:
        head, rest = parts[0], parts[1:]
        if not rest:
            return head
        total = sum(p.low or 0 for p in rest)
        children = [p.children for p in parts if p.children is not None]
        if head.low is not None and head.low >= 2 and total == head.low:
            # "two children, a boy of eight and a girl of six": named again, not added
            told = head.children if head.children is not None else sum(children) or None
            return replace(head, last=rest[-1].last, children=told)
        if any(p.best is None for p in parts):
            return head
        low = sum(p.low or 0 for p in parts)
        open_end = any(p.high is None for p in parts)
        return Victims(
            head.first, rest[-1].last, low, low, None if open_end else low,
            sum(children) if children else None, is_more=head.is_more,
        )  # fmt: skip

    def _simple_at(self, i: int) -> Victims | None:
        if i >= len(self.tokens):
            return None
        for phrase, size in self.words.groups.items():
            if tuple(self.lower[i : i + len(phrase)]) == phrase:
                return Victims(i, i + len(phrase) - 1, size, size, size)
        if i in self.opens:
            return self._aged_at(i) or self._counted_at(i)
        if self.is_at(i, "possessives") and i + 1 in self.opens:
            counted = self._counted_at(i + 1)  # "their six children"
            if counted is not None and not counted.is_bare:
                return replace(counted, first=i)
        return self._named_at(i) or self._single_at(i)

    def _named_at(self, i: int) -> Victims | None:
        """Return "Liudmyla, 66": a name with an age between commas."""
        k = i
        while k - i < _NAME_WORDS and self.tagged(k, "proper"):
            k += 1
        q = self.opens.get(k + 1)
        if k == i or not self.is_at(k, "commas") or q is None or q.kind != "other" or q.low is None:
            return None
        last = self.last_of[k + 1]
        if not self.is_at(last + 1, "commas") or q.low > _OLDEST:
            return None
        return Victims(i, last + 1, 1, 1, 1, 1 if q.low < self.words.child_below else None)

    def _aged_at(self, i: int) -> Victims | None:
        """Return "14-year-old Petro", "9-month-old twin": one, told by age."""
        q, k = self.opens[i], self.last_of[i] + 1
        if q.kind != "other" or q.low is None or not self.is_at(k + 1, "age_units"):
            return None
        is_infant = self.is_at(k + 1, "months") or not self.is_at(k + 1, "years")
        k += 2
        while self.is_at(k, "age_ends"):
            k += 1
        if k >= len(self.tokens):
            return None
        is_noun = self.lower[k] in self.words.child | self.words.person
        if not is_noun and not (self.tagged(k, "proper") and self.tokens[k].text.istitle()):
            return None
        while not is_noun and self.tagged(k + 1, "proper"):
            k += 1
        is_child = is_infant or q.low < self.words.child_below
        return Victims(i, k, 1, 1, 1, 1 if is_child else None)

    def _counted_at(self, i: int) -> Victims | None:
        q, last = self.opens[i], self.last_of[i]
        if q.kind in ("other", "ordinal"):
            return None
        base = Victims(i, last, q.low, q.best, q.high, is_more=q.is_more, is_bare=True)
        if q.kind == "none":
            return replace(base, is_bare=False)
        if self.is_at(i, "family") or (self.is_at(i - 2, "family") and self.is_at(i - 1, "of")):
            return replace(base, is_bare=False)
        j = last + 1
        if self.is_at(j, "of"):
            is_whose = self.is_at(j + 1, "possessives") and j + 2 < len(self.lower)
            if is_whose and self.lower[j + 2] in self.words.persons | self.words.children:
                j += 2  # "two of his staff"
            elif j + 1 < len(self.lower) and not self.is_at(j + 1, "partitives"):
                j += 1  # "dozens of people", but "three of them", "two of the wounded"
            else:
                return replace(base, is_part=True)
        for k in range(j, min(j + 6, len(self.tokens))):
            word = self.lower[k]
            if word in self.words.children:
                return replace(base, last=k, is_bare=False, children=q.low)
            if word in self.words.persons:
                return replace(base, last=k, is_bare=False)
            if q.low == 1 and word in self.words.person | self.words.child:
                child = 1 if word in self.words.child else None
                return replace(base, last=k, is_bare=False, children=child)
            if self.is_at(k, "others"):
                return replace(base, last=k, is_bare=False)
            if self.is_at(k, "more"):
                base = replace(base, last=k, is_more=True)
                continue
            if word in self.words.things:
                return None
            if self.tagged(k, "plural") and not self._modifies(k):
                return replace(base, last=k, is_bare=False)
            if not self.tagged(k, "inside_group") or self.is_at(k, "triggers"):
                break
            fate = self.trigger_at(k)
            if fate is not None and fate[2] > 1:
                break  # "over fifty sustained injuries"
        is_fate = j < len(self.tokens) and self.trigger_at(j) is not None
        if self.tagged(j, "after_bare") and not self.is_at(j, "triggers") and not is_fate:
            return None
        return base

    def _modifies(self, k: int) -> bool:
        return self.tagged(k + 1, "modifying")

    def _single_at(self, i: int) -> Victims | None:
        is_determined = self.is_at(i, "determiners")
        if not is_determined and i != 0 and self.lower[i] not in self.words.person | self.words.child:
            return None
        j = i + 1 if is_determined else i
        is_more = self.is_at(i, "another")
        for k in range(j, min(j + 9, len(self.tokens))):
            word = self.lower[k]
            if word in self.words.child or word in self.words.person:
                if self._modifies(k) and not self.is_at(k + 1, "triggers"):
                    if self.lower[k + 1] in self.words.person | self.words.child:
                        continue
                    return None
                age, last = self._age(i, k)
                is_child = word in self.words.child if age is None else age < self.words.child_below
                is_of = self.is_at(k, "headed_of") and self.is_at(last + 1, "of")
                if is_of and self.is_at(last + 2, "headed_of_what"):
                    return None
                if self.is_at(k, "body"):
                    return None
                return Victims(i, last, 1, 1, 1, 1 if is_child else None, is_more=is_more)
            if self.is_at(k, "family") and self.is_at(k + 1, "of") and k + 2 in self.opens:
                q = self.opens[k + 2]
                return Victims(i, self.last_of[k + 2], q.low, q.best, q.high)
            if not self.tagged(k, "inside_single") or self.is_at(k, "triggers"):
                return None
        return None

    def _age(self, first: int, head: int) -> tuple[int | None, int]:
        """Return the age told with a single victim, and the last token of the phrase."""
        inside = self._number_between(self.tokens[first].idx, self.tokens[head].idx)
        told = self.text[self.tokens[first].idx - self.start : self.tokens[head].idx - self.start]
        if inside is not None and self.rules["casualties.in_months"].search(told):
            inside = 0
        last = head
        if self.is_at(head + 2, "subject_relatives") and self.is_at(head + 3, "be"):
            at = head + 4  # "her brother, who was eight"
            number = (
                self._number_between(self.tokens[at].idx, self.tokens[at].idx + 1)
                if at in self.opens
                else None
            )
            if number is not None:
                return number, self.last_of.get(at, at)
        if self.is_at(head + 1, "aged") and head + 2 < len(self.tokens):
            at = head + 2
            number = self._number_between(self.tokens[at].idx, self.tokens[at].idx + 1)
            if (number is not None and self.lower[head + 1] != ",") or (
                number is not None and self.lower[at + 1 : at + 2] == [","]
            ):
                last = self.last_of.get(at, at)
                if self.is_at(last + 1, "months"):
                    number, last = 0, last + 1
                if self.lower[head + 1] == "," and self.lower[last + 1 : last + 2] == [","]:
                    last += 1
                return number, last
        return inside, last

    def _number_between(self, start: int, end: int) -> int | None:
        for q in self.quantities:
            if start <= q.start < end and q.low is not None and q.kind != "ordinal":
                return q.low
        return None
