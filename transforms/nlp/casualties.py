"""How many were killed and injured: counts with their victims, from clauses and from toll phrases.

Three kinds of evidence are joined, as dependency rules alone find a third of what is said:
a verb with its victims ("killed four people", "two people have died"), a toll phrase ("raising to 31
the number of people killed"), and children as a part of either ("nine of them children").
"""

import re
from dataclasses import dataclass, replace

from spacy.tokens import Span

from transforms.nlp.language import LanguagePack
from transforms.nlp.quantities import Quantity
from transforms.nlp.victims import BE, DETERMINERS, TRIGGER_WORDS, VictimReader, Victims, victim_words

_MAX_LEFT = 32
_PASSIVE = frozenset("be is are was were been being reported confirmed feared".split())


@dataclass(frozen=True, slots=True)
class Count:
    """A number of killed or injured, as one clause says it. Offsets are characters of the document.

    ``strength``: 3 a toll phrase, 2 a verb with its victims, 1 a part of the injured ("30 are in
    hospital"). ``is_more``: added to a number told elsewhere ("two more died").
    """

    kind: str
    low: int | None
    best: int | None
    high: int | None
    start: int
    end: int
    strength: int = 2
    is_more: bool = False
    children: int | None = None


def find_counts(sentence: Span, quantities: list[Quantity], pack: LanguagePack) -> list[Count]:
    """Return the counts that a sentence tells, in text order, children attached."""
    reader = _CountReader(sentence, quantities, victim_words(pack))
    counts = reader.toll_counts() + reader.verb_counts()
    counts = _without_overlap(sorted(counts, key=lambda c: (-c.strength, c.start)))
    counts = reader.attach_children(sorted(counts, key=lambda c: c.start))
    return counts + reader.no_children()


def _without_overlap(counts: list[Count]) -> list[Count]:
    kept: list[Count] = []
    for count in counts:
        if not any(c.kind == count.kind and c.start < count.end and count.start < c.end for c in kept):
            kept.append(count)
    return kept


class _CountReader(VictimReader):
    """Finds the verbs, nouns and phrases that give victims their fate."""

    def verb_counts(self) -> list[Count]:
        """Return counts of verbs and nouns with their victims."""
        found: list[Count] = []
        consumed = -1
        i = 0
        while i < len(self.tokens):
            hit = self._trigger_at(i)
            if hit is None:
                i += 1
                continue
            kind, how, length = hit
            victims = self._victims_of(i, length, how, consumed)
            if victims is not None:
                found.extend(self._counts(kind, how, victims, i, length))
                found.extend(self._elided(kind, max(victims.last, i + length - 1)))
                consumed = max(victims.last, i + length - 1)
                i = max(i + length, victims.last + 1 if victims.first > i else 0)
            else:
                i += length
        return found

    def _elided(self, kind: str, end: int) -> list[Count]:
        """ "killed eight people in Kherson and five in Beryslav": the second without verb or noun."""
        found = []
        for k, q in self.opens.items():
            last = self.last_of[k]
            if k <= end or q.kind != "count" or self.lower[k - 1] not in ("and", ","):
                continue
            if self.lower[last + 1 : last + 2] != ["in"] or last + 2 >= len(self.tokens):
                continue
            clause = self.lower[end + 1 : k]
            if self.tokens[last + 2].tag_ == "NNP" and not TRIGGER_WORDS.intersection(clause):
                found.append(Count(kind, q.low, q.best, q.high, q.start, q.end))
        return found

    def _trigger_at(self, i: int) -> tuple[str, str, int] | None:
        best: tuple[str, str, int] | None = None
        for kind, ways in self.words.triggers.items():
            for how, phrases in ways.items():
                for phrase in phrases:
                    if tuple(self.lower[i : i + len(phrase)]) == phrase:
                        if best is None or len(phrase) > best[2]:
                            best = (kind, how, len(phrase))
                        break
        return best

    def _victims_of(self, i: int, length: int, how: str, consumed: int) -> Victims | None:
        is_passive = any(w in _PASSIVE for w in self.lower[max(0, i - 3) : i]) and self.lower[i] != "killing"
        if how == "active" and not (is_passive and self.tokens[i].tag_ == "VBN"):
            right = self._object_after(i + length)
            if right is not None:
                return right
        if how == "nouns":
            return self._noun_count(i, consumed)
        found = self._subject_before(i, consumed)
        if found is not None and self.lower[found.last + 1 : found.last + 2] == ["who"]:
            told = self.lower[found.last + 1 : i]
            if {"was", "were", "had"}.intersection(told) and {"died", "dies"}.intersection(self.lower[i:]):
                return None  # "a man who was hurt in the strike has died": he is no wounded any more
        return found

    def _object_after(self, at: int) -> Victims | None:
        for k in (at, at + 1):
            if k >= len(self.tokens) or (k == at + 1 and self.tokens[at].tag_ not in ("RB", "PRP$")):
                return None
            found = self.victims_at(k, is_object=True)
            if found is not None and not found.is_part:
                after = self.lower[found.last + 1 : found.last + 2]
                if found.is_bare and after and after[0] in TRIGGER_WORDS and after[0] not in ("in",):
                    return None  # "two killed, 32 injured": the number belongs to what follows
                return found
            if found is not None:
                return None
        return None

    def _noun_count(self, i: int, consumed: int) -> Victims | None:
        for k in range(max(consumed + 1, i - 4), i):
            if k in self.opens and self.opens[k].kind in ("count", "none"):
                between = self.tokens[self.last_of[k] + 1 : i]
                if all(
                    t.tag_ in ("JJ", "JJR", "NN", "RBR", "NNP", "CD") and t.lower_ not in self.words.things
                    for t in between
                ):
                    q = self.opens[k]
                    more = q.is_more or any(t.lower_ == "more" for t in between)
                    return Victims(k, i, q.low, q.best, q.high, is_more=more)
            if k == i - 2 and self.lower[k] in ("an", "one") and self.lower[k + 1] in ("additional",):
                return Victims(k, i, 1, 1, 1)
        return None

    def _subject_before(self, i: int, consumed: int) -> Victims | None:
        """Return the victims to the left: the nearest phrase that is no part of another, with nothing
        between it and the verb that would give the verb another subject."""
        candidates: list[Victims] = []
        k = max(consumed + 1, i - _MAX_LEFT, 0)
        while k < i:
            if k in self.opens or self._may_open(k):
                found = self.victims_at(k)
                if found is not None and found.last < i:
                    candidates.append(found)
                    k = found.last + 1
                    continue
            k += 1
        for found in reversed(candidates):
            if found.is_part or self._is_parenthetical(found, candidates, i):
                continue
            if found.is_bare and i - found.last > 3:
                continue
            if self._reaches(found, i):
                return found
        return None

    def _may_open(self, k: int) -> bool:
        return (
            self.lower[k] in DETERMINERS
            or (k == 0 and (self.lower[k] in self.words.person or self.lower[k] in self.words.child))
            or self.lower[k] in ("husband",)
        )

    def _is_parenthetical(self, v: Victims, candidates: list[Victims], i: int) -> bool:
        """ "At least 12 people, three of them children, were killed", "including a woman and ..."."""
        before = self.lower[max(0, v.first - 3) : v.first]
        if v.last == i - 1 and (before[-1:] == ["among"] or (v.is_bare and before[-1:] == ["with"])):
            return False  # "with 298 wounded", "a boy was among the five dead", "nine children were among 19 people killed"
        return bool({"including", "among"}.intersection(before[-2:])) or before[-1:] in (
            ["with"], ["them"], ["whom"], ["like"],
        )  # fmt: skip

    def _reaches(self, v: Victims, i: int) -> bool:
        relative = False
        for k in range(v.last + 1, i):
            word, tag = self.lower[k], self.tokens[k].tag_
            if word in (";", ":") or (word in ("but", "while", "after", "when", "as") and not relative):
                return False
            if word in ("who", "which", "that", "whom"):
                relative = True
            if tag in ("VBD", "VBZ", "VBP") and word not in BE and word not in TRIGGER_WORDS and not relative:
                return False
            if (
                word in TRIGGER_WORDS
                and word not in ("hospital", "in", "wounded", "injured")
                and not relative
            ):
                return False
        return True

    def _counts(self, kind: str, how: str, v: Victims, i: int, length: int) -> list[Count]:
        phrase = " ".join(self.lower[i : i + length])
        first = min(v.first, i)
        last = max(v.last, i + length - 1)
        start, end = self.tokens[first].idx, self.tokens[last].idx + len(self.tokens[last])
        weak = kind == "injured" and bool(re.search(r"hospital|treat", phrase))
        count = Count(kind, v.low, v.best, v.high, start, end, 1 if weak else 2, v.is_more, v.children)
        if v.low == 0 and v.high == 0:
            other = "injured" if kind == "killed" else "killed"
            # "no one was hurt" says that no one was killed either; "nobody was killed" says no more
            return [count, replace(count, kind=other)] if kind == "injured" else [count]
        return [count]

    def _marked(self) -> tuple[str, list[int]]:
        """Return the sentence with quantities as <n>, and the offset of each character of it."""
        out: list[str] = []
        offsets: list[int] = []
        at = 0
        for n, q in enumerate(self.quantities):
            lead = self.text[at : q.start - self.start]
            out.append(lead)
            offsets.extend(range(at, at + len(lead)))
            mark = f"<{n}>" if q.kind in ("count", "none") else "@" * 3
            out.append(mark)
            offsets.extend([q.start - self.start] * len(mark))
            at = q.end - self.start
        out.append(self.text[at:])
        offsets.extend(range(at, len(self.text) + 1))
        return "".join(out), offsets

    def toll_counts(self) -> list[Count]:
        """Return counts of toll phrases, of "no casualties" and of ordinals ("the 25th person to die")."""
        marked, offsets = self._marked()
        found = []
        for kind, patterns in self.words.toll.items():
            for pattern in patterns:
                for match in pattern.finditer(marked):
                    q = self.quantities[int(match.group("n"))]
                    if not self._counts_things(q):
                        found.append(
                            self._toll(
                                kind, q, offsets[match.start()], offsets[min(match.end(), len(offsets) - 1)]
                            )
                        )
        for q in self.quantities:
            word = self.text[q.start - self.start : q.end - self.start].lower()
            if q.kind == "none" and word in ("no casualties", "no victims"):
                found += [Count(k, 0, 0, 0, q.start, q.end) for k in ("killed", "injured")]
            if q.kind == "none" and word in ("no deaths", "no fatalities"):
                found.append(Count("killed", 0, 0, 0, q.start, q.end))
            if q.kind == "none" and word == "no injuries":
                found.append(Count("injured", 0, 0, 0, q.start, q.end))
            if q.kind == "ordinal":
                found += self._ordinal(q)
        return found

    def no_children(self) -> list[Count]:
        """Return "there is no child among the dead"."""
        match = re.search(
            r"\bno child(?:ren)? (?:(?:is|are|was|were) )?among (?:the |those )?(?:dead|killed|victims)",
            self.text,
            re.I,
        )
        if match is None:
            return []
        return [Count("killed_children", 0, 0, 0, self.start + match.start(), self.start + match.end())]

    def _toll(self, kind: str, q: Quantity, start: int, end: int) -> Count:
        return Count(
            kind, q.low, q.best, q.high, min(self.start + start, q.start),
            max(self.start + end, q.end), 3,
        )  # fmt: skip

    def _counts_things(self, q: Quantity) -> bool:
        following = re.findall(r"[\w'-]+", self.text[q.end - self.start :])[:3]
        for word in following:
            if word.lower() in self.words.things:
                return True
            if word.lower() in self.words.persons | self.words.children:
                return False
        return False

    def _ordinal(self, q: Quantity) -> list[Count]:
        after = self.text[q.end - self.start :]
        before = self.text[: q.start - self.start]
        about_death = re.match(r"\s(?:person|victim|body|death|fatality|child)\b", after)
        if not about_death and not re.search(r"\breported a $|\bconfirmed a $", before):
            return []
        if not re.search(r"\b(?:die|died|dead|body|killed|victim|toll|death|confirmed)\b", self.text, re.I):
            return []
        is_child = after.strip().startswith("child")
        end = q.end + (about_death.end() if about_death else 0)
        if is_child:
            return [Count("killed_children", q.low, q.best, q.high, q.start, end, 3)]
        return [Count("killed", q.low, q.best, q.high, q.start, end, 3)]

    def attach_children(self, counts: list[Count]) -> list[Count]:
        """Give each count the children told as a part of it; leftovers stand alone."""
        marked, offsets = self._marked()
        told: list[tuple[int, int, int, str | None]] = []
        for pattern in self.words.child_patterns:
            for match in pattern.finditer(marked):
                groups = match.groupdict()
                q = self.quantities[int(groups.get("c") or groups["n"])]
                kind = "killed" if groups.get("killed") else "injured" if groups.get("injured") else None
                if q.low is not None and q.low > 0:
                    told.append((self.start + offsets[match.start()], q.end, q.low, kind))
        told += self._single_children_among()
        result, alone = list(counts), []
        for start, end, number, kind in told:
            result, attached = self._attach(result, start, number, kind)
            if not attached:
                alone.append(Count(f"{kind or 'killed'}_children", number, number, number, start, end))
        return sorted(result + _dedupe(alone), key=lambda c: c.start)

    @staticmethod
    def _attach(counts: list[Count], start: int, number: int, kind: str | None) -> tuple[list[Count], bool]:
        """Attach to the count of that kind, else to the nearest that begins before."""
        fitting = [
            c for c in counts
            if c.kind in (("killed", "injured") if kind is None else (kind,))
            and c.low is not None and c.low >= number and (kind is not None or c.start <= start)
        ]  # fmt: skip
        if not fitting:
            return counts, False
        chosen = max(fitting, key=lambda c: c.start) if kind is None else fitting[-1]
        number = max(number, chosen.children or 0)
        return [replace(c, children=number) if c is chosen else c for c in counts], True

    def _single_children_among(self) -> list[tuple[int, int, int, str | None]]:
        found: list[tuple[int, int, int, str | None]] = []
        pattern = (
            r"(?:is|was|are|were) among (?:the |those )?(?:(dead|killed|victims)|(injured|wounded|hurt))"
        )
        for match in re.finditer(pattern, self.text, re.I):
            kind = "killed" if match.group(1) else "injured"
            for k in range(len(self.tokens)):
                if self.tokens[k].idx - self.start >= match.start():
                    break
                if self.lower[k] in ("a", "an", "one"):
                    v = self._simple_at(k)
                    if v is not None and v.children:
                        found.append((self.tokens[k].idx, self.tokens[v.last].idx, 1, kind))
                        break
        for match in re.finditer(
            r"\b(?:one of (?:them|whom)(?: is| was)?|among (?:them|whom)(?: is| was)?|including) (?:a|an|one) (?:[\w-]+ ){0,3}?(?:child|boy|girl|baby|toddler|infant|schoolboy|schoolgirl|teenager)\b(?! and)",
            self.text,
            re.I,
        ):
            found.append((self.start + match.start(), self.start + match.end(), 1, None))
        return found


def _dedupe(counts: list[Count]) -> list[Count]:
    best: dict[str, Count] = {}
    for count in counts:
        if count.kind not in best or (count.low or 0) > (best[count.kind].low or 0):
            best[count.kind] = count
    return list(best.values())
