"""Noun phrases for victims.

"at least 12 people", "a doctor, two nurses and a driver", "a boy of six and his grandmother".

In this module ``i``, ``j``, ``k`` and ``at`` are numbers of tokens in the sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Span, Token

from transforms.nlp.language import LanguagePack
from transforms.nlp.quantities import MAX_AGE_YEARS, Quantity
from transforms.nlp.victim_words import victim_words

_MAX_NAME_TOKENS = 5
_MAX_GAP_TOKENS = 3
"""The "*" of a phrase stands for one word up to this many."""
_MAX_COUNTED_TOKENS, _MAX_SINGLE_TOKENS = 6, 9
"""Within this distance a number, or "a", must be followed by its noun."""
_SPEECH_TOKENS, _FAR_SPEECH_TOKENS = 4, 7
"""A verb of speech this near after a person makes the person a speaker, farther off in "an aide to the mayor said"."""


@dataclass(frozen=True, slots=True)
class Victims:
    """A noun phrase for victims at tokens ``[first, last]`` of the sentence, and how many people it means.

    ``low``, ``best``, ``high``: the range, as in a report. ``children``: how many of them are children.
    ``is_more``: adds to a number stated elsewhere ("two more"). ``is_part``: a part of other victims ("three
    of them"). ``is_bare``: a number without a noun.
    """

    first: int
    last: int
    low: int | None
    best: int | None
    high: int | None
    children: int | None = None
    is_more: bool = False
    is_part: bool = False
    is_bare: bool = False


class VictimReader:
    """Finds the victims in one sentence.

    ``opens``: the quantity that begins at a token. ``last_of``: its last token. ``small``: the grammar's
    lists of small words and tags, by name.
    """

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
        """Return whether the token at i is in the list of small words of that name."""
        return 0 <= i < len(self.lower) and self.lower[i] in self.small[words]

    def tagged(self, i: int, tags: str) -> bool:
        """Return whether the tag of the token at i is in the list of tags of that name."""
        return 0 <= i < len(self.tokens) and self.tokens[i].tag_ in self.small[f"tags_{tags}"]

    def trigger_at(self, i: int) -> tuple[str, str, int] | None:
        """Return (kind, how, number of tokens) of the longest trigger that begins at token i, or None."""
        best: tuple[str, str, int] | None = None
        for kind, how, phrase in self.words.triggers.get(self.lower[i], ()):
            length = self._phrase_at(i, phrase)
            if length and (best is None or length > best[2]):
                best = (kind, how, length)
        return best

    def _phrase_at(self, i: int, phrase: tuple[str, ...]) -> int:
        """Return the number of tokens of a phrase at i, 0 where it is not there.

        "*" stands for one to three words.
        """
        if "*" not in phrase:
            return len(phrase) if tuple(self.lower[i : i + len(phrase)]) == phrase else 0
        for gap in range(1, _MAX_GAP_TOKENS + 1):
            if self.lower[i + 1 + gap : i + 2 + gap] == [phrase[-1]]:
                return gap + 2
        return 0

    def victims_at(self, i: int, is_object: bool = False, is_label: bool = False) -> Victims | None:
        """Return the phrase for victims that begins at token i, with all items of a list, or None.

        ``is_label``: they stand behind "Wounded:", where a list needs no "and".
        """
        first = self._simple_at(i)
        if first is None or first.is_part or first.is_bare:
            return first  # "killed six, a child among them"
        parts, at, ends = [first], first.last + 1, False
        is_aside = self._is_aside(first)
        while at < len(self.tokens):
            joint = self._joint(at)
            following = self._simple_at(at + joint) if joint else None
            if following is None or following.is_part or following.is_bare or following.is_more:
                break
            is_own = self._has_own_trigger(following, is_object or (is_aside and joint > 1))
            if is_own or self.speaks(following):
                break
            parts.append(following)
            ends |= joint == 2 or self.is_at(at, "and")
            at = following.last + 1
        if not ends and first.low == 1 and not (is_label and self._are_listed(parts)):
            parts = parts[:1]  # "one civilian, a street peddler"
        if not self._are_among_others(parts[-1]):
            return self._sum(parts)
        if len(parts) > 1 and self.is_at(first.last + 1, "commas"):
            return first  # "12 civilians, three children and five women among them"
        return replace(self._sum(parts), is_part=True)

    def _are_listed(self, parts: Sequence[Victims]) -> bool:
        """Return whether people between commas are several: "a midwife, her husband", "a cook, a guard, two drivers"."""
        starts = [p.first for p in parts[1:]]
        return len(starts) > 1 or any(self.is_at(k, "possessives") or k in self.opens for k in starts)

    def _joint(self, at: int) -> int:
        """Return the number of tokens between two items of a list: 1 for "and", 2 for ", and", 0 for none."""
        if not self.is_at(at, "joints"):
            return 0
        return 2 if self.is_at(at + 1, "and") and not self.is_at(at, "and") else 1

    def speaks(self, v: Victims) -> bool:
        """Return whether a person speaks and is no victim: "..., an aid worker there said"."""
        is_attached = self.tagged(v.last + 1, "attaching")
        for k in range(v.last + 1, v.last + (_FAR_SPEECH_TOKENS if is_attached else _SPEECH_TOKENS)):
            if self.is_at(k, "commas") or self.is_at(k, "triggers"):
                return False  # "a man and a boy, officials said", "12 jihadists died there, he said"
            if self.is_at(k, "speaks_after"):
                return True
        return False

    def _is_aside(self, v: Victims) -> bool:
        """Return whether victims only explain those before: "six people are killed, including a boy, and ...".

        What is joined to them by "and" may then be the subject of the next verb.
        """
        at = v.first - 1
        is_apposed = v.first not in self.opens and self.is_at(at, "commas") and self.is_at(at - 1, "triggers")
        return is_apposed or self.is_at(at, "includes")

    def _are_among_others(self, v: Victims) -> bool:
        """Return whether victims are told to be a part of those before: "three girls among them"."""
        is_among = self.is_at(v.last + 1, "among") and self.is_at(v.last + 2, "partitives")
        return is_among or self.is_at(v.last + 1, "included")

    def _has_own_trigger(self, v: Victims, is_object: bool) -> bool:
        """Return whether victims have their own verb: "killing two men and three others were wounded"."""
        if self.is_at(v.last + 1, "triggers") and is_object:
            return True
        return is_object and self.is_at(v.last + 1, "be") and self.is_at(v.last + 2, "triggers")

    @staticmethod
    def _sum(parts: list[Victims]) -> Victims:
        """Return the items of a list as one phrase."""
        head, rest = parts[0], parts[1:]
        if not rest:
            return head
        total = sum(p.low or 0 for p in rest)
        children = [p.children for p in parts if p.children is not None]
        if head.low is not None and head.low >= 2 and total == head.low:
            # "two children, a boy of eight and a girl of six": the same people again, so nothing is added
            number = head.children if head.children is not None else sum(children) or None
            return replace(head, last=rest[-1].last, children=number)
        if any(p.best is None for p in parts):
            return head
        low = sum(p.low or 0 for p in parts)
        is_open = any(p.high is None for p in parts)
        return Victims(
            head.first, rest[-1].last, low, low, None if is_open else low,
            sum(children) if children else None, is_more=head.is_more,
        )  # fmt: skip

    def _simple_at(self, i: int) -> Victims | None:
        """Return the phrase for victims that begins at token i, without further items of a list, or None."""
        if i >= len(self.tokens):
            return None
        for phrase, size in self.words.groups.items():
            if tuple(self.lower[i : i + len(phrase)]) == phrase:
                return Victims(i, i + len(phrase) - 1, size, size, size)
        if i in self.opens:
            return self._aged_at(i) or self._counted_at(i)
        if self.is_at(i, "both") and self._is_of_persons(i + 1):
            return Victims(i, i + 1, 2, 2, 2)
        if self.is_at(i, "pronouns_of_one") and self.is_at(i + 1, "and"):
            return Victims(i, i, 1, 1, 1)  # "she and two neighbours"
        if self.is_at(i, "possessives") and i + 1 in self.opens:
            counted = self._counted_at(i + 1)  # "their six children"
            if counted is not None and not counted.is_bare:
                return replace(counted, first=i)
        is_denied = self.is_at(i - 1, "negations")  # "not one resident was hurt"
        return None if is_denied else self._named_at(i) or self._single_at(i)

    def _is_people(self, k: int) -> bool:
        """Return whether a noun means persons: by the lists, or as a plural that is no thing."""
        word = self.lower[k]
        return word in self.words.persons or (self.tagged(k, "plural") and word not in self.words.things)

    def _is_of_persons(self, k: int) -> bool:
        """Return whether a plural means persons: by the lists, or because "were" follows it and it is no thing."""
        if k >= len(self.tokens) or self.lower[k] in self.words.things:
            return False
        return self.lower[k] in self.words.persons or (self.tagged(k, "plural") and self.is_at(k + 1, "be"))

    def _named_at(self, i: int) -> Victims | None:
        """Return a name with an age behind it: "Liudmyla, 66,", "Ivan (61)", "Olha Bondar, 40."."""
        k = i
        while k - i < _MAX_NAME_TOKENS and self.tagged(k, "proper"):
            k += 1
        q = self.opens.get(k + 1)
        if k == i or not self.is_at(k, "before_age") or q is None or q.kind != "other" or q.low is None:
            return None
        last = self.last_of[k + 1]
        ends = last + 1 == len(self.tokens) or self.is_at(last + 1, "after_age")
        if not ends or q.low > MAX_AGE_YEARS:
            return None
        if self.is_at(last + 1, "commas") or self.is_at(k, "opening_bracket"):
            last += 1
        return Victims(i, last, 1, 1, 1, 1 if q.low < self.words.child_below else None)

    def _aged_at(self, i: int) -> Victims | None:
        """Return one person with an age before the noun: "14-year-old Petro", "9-month-old twin"."""
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
        """Return a number with its noun: "at least 12 people", "dozens of residents", "two of his staff"."""
        q, last = self.opens[i], self.last_of[i]
        if q.kind in ("other", "ordinal"):
            return None
        base = Victims(i, last, q.low, q.best, q.high, is_more=q.is_more, is_bare=True)
        if q.kind == "none":
            return replace(base, is_bare=False)
        if self.is_at(i, "family") or (self.is_at(i - 2, "family") and self.is_at(i - 1, "of")):
            return replace(base, is_bare=False)
        j = last + 1
        if self.is_at(j, "quotes"):
            j += 1  # '"scores" of fighters'
        if self.is_at(j, "of"):
            is_whose = self.is_at(j + 1, "possessives") and j + 2 < len(self.lower)
            if is_whose and (self._is_people(j + 2) or self.lower[j + 2] in self.words.children):
                j += 2  # "two of his staff", "three of its gunmen"
            elif j + 1 < len(self.lower) and not self.is_at(j + 1, "partitives"):
                j += 1  # "dozens of people", but "three of them", "two of the wounded"
            else:
                return replace(base, is_part=True)
        for k in range(j, min(j + _MAX_COUNTED_TOKENS, len(self.tokens))):
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
            if self.tagged(k, "nouns") and self._is_told_of(i, k) and not self.is_at(k, "no_persons"):
                return replace(base, last=k, is_bare=False)
            if not self.tagged(k, "inside_group") or self.is_at(k, "triggers"):
                break
            trigger = self.trigger_at(k)
            if trigger is not None and trigger[2] > 1:
                break  # "over fifty sustained injuries"
        has_trigger = j < len(self.tokens) and self.trigger_at(j) is not None
        if self.tagged(j, "after_bare") and not self.is_at(j, "triggers") and not has_trigger:
            return None
        return base

    def _is_told_of(self, i: int, k: int) -> bool:
        """Return whether a verb of harm stands before a number or behind its noun: "eleven Taliban were killed"."""
        is_subject = self.is_at(k + 1, "be") and (
            self.is_at(k + 2, "triggers") or self.is_at(k + 3, "triggers")
        )
        return is_subject or (self.is_at(i - 1, "triggers") and not self._modifies(k))

    def _modifies(self, k: int) -> bool:
        """Return whether a noun only modifies the noun after it: "police station"."""
        return self.tagged(k + 1, "modifying")

    def _single_at(self, i: int) -> Victims | None:
        """Return one person: "a woman", "a boy of six", "another driver"."""
        is_determined = self.is_at(i, "determiners")
        if not is_determined and i != 0 and self.lower[i] not in self.words.person | self.words.child:
            return None
        j = i + 1 if is_determined else i
        is_more = self.is_at(i, "another")
        alone = self._ends_at_verb(i) if is_determined else None
        if alone is not None:
            return Victims(i, alone, 1, 1, 1, is_more=True)
        for k in range(j, min(j + _MAX_SINGLE_TOKENS, len(self.tokens))):
            word = self.lower[k]
            if word in self.words.child or word in self.words.person:
                if self.tagged(k + 1, "possessive"):
                    continue  # "the owner's wife"
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

    def _ends_at_verb(self, i: int) -> int | None:
        """Return the last token of one further person without a noun: "another was hurt", "a second lost an arm"."""
        last = i
        if not self.is_at(i, "another"):
            q = self.opens.get(i + 1)
            if not self.is_at(i + 1, "further") and (q is None or q.kind != "ordinal"):
                return None
            last = self.last_of.get(i + 1, i + 1)
        is_verb = self.is_at(last + 1, "be") or self.tagged(last + 1, "finite")
        is_elided = self.is_at(last + 1, "triggers") and not self.is_at(i, "the_word")
        return last if is_verb or is_elided else None

    def _age(self, first: int, head: int) -> tuple[int | None, int]:
        """Return (age in years or None, last token) of one person; an age in months is 0 years."""
        inside = self._number_between(self.tokens[first].idx, self.tokens[head].idx)
        phrase = self.text[self.tokens[first].idx - self.start : self.tokens[head].idx - self.start]
        if inside is not None and self.rules["casualties.in_months"].search(phrase):
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
        """Return the first number at characters ``[start, end)``, or None."""
        for q in self.quantities:
            if start <= q.start < end and q.low is not None and q.kind != "ordinal":
                return q.low
        return None
