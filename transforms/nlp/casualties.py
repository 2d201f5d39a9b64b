"""How many people were killed and injured: the counts that a sentence states.

Dependency rules alone find a third of these counts, so three kinds of evidence are combined: a verb with its
victims ("killed four people", "two people have died"), a toll phrase ("raising to 31 the number of people
killed"), and children as a part of either ("nine of them children").

In this module ``i`` and ``k`` are numbers of tokens in the sentence; ``consumed`` is the last token that
already belongs to a count.
"""

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Span

from transforms.nlp.counts import Count
from transforms.nlp.language import LanguagePack
from transforms.nlp.quantities import Quantity
from transforms.nlp.toll_phrases import TollReader
from transforms.nlp.victims import Victims

_MAX_SUBJECT_TOKENS = 32
"""How far left of its verb a subject may begin, and how far right a later verb is looked for."""
_MAX_PLACE_TOKENS = 6
"""Within this distance "in the village of X" must name its place."""
_MAX_OPENING_TOKENS = 12
"""Between "Wounded" and "were" of "Wounded in the blast at the station were" stand at most so many words."""
_MAX_BARE_TOKENS = 4
"""A number without a noun ("Three ... died") may stand this far from its verb."""


def find_counts(sentence: Span, quantities: Sequence[Quantity], pack: LanguagePack) -> list[Count]:
    """Return the counts that a sentence states, in text order, each with its children."""
    reader = _CountReader(sentence, quantities, pack)
    counts = reader.toll_counts() + reader.verb_counts()
    counts = _without_overlap(sorted(counts, key=lambda c: (-c.strength, c.start)))
    counts = reader.attach_children(sorted(counts, key=lambda c: c.start))
    return counts + reader.no_children()


def _without_overlap(counts: list[Count]) -> list[Count]:
    """Return the counts without those that overlap an earlier one of the same kind."""
    kept: list[Count] = []
    for count in counts:
        if not any(c.kind == count.kind and c.start < count.end and count.start < c.end for c in kept):
            kept.append(count)
    return kept


class _CountReader(TollReader):
    """Finds the verbs and nouns that say what happened to victims."""

    def verb_counts(self) -> list[Count]:
        """Return counts of verbs and nouns with their victims."""
        found: list[Count] = []
        consumed = -1
        i = 0
        while i < len(self.tokens):
            hit = self.trigger_at(i)
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
        """Return counts without a verb or noun: "killed eight people in Kherson and five in Beryslav"."""
        found = []
        for k, q in self.opens.items():
            last = self.last_of[k]
            if k <= end or q.kind != "count" or self.lower[k - 1] not in self.small["joints"]:
                continue
            if not self.is_at(last + 1, "in") or last + 2 >= len(self.tokens):
                continue
            clause = self.lower[end + 1 : k]
            at = last + 2
            while (
                at < last + _MAX_PLACE_TOKENS and not self.tagged(at, "proper") and at + 1 < len(self.tokens)
            ):
                at += 1  # "and three in the village of Mykhailivka"
            if self.tagged(at, "proper") and not self.small["triggers"].intersection(clause):
                found.append(Count(kind, q.low, q.best, q.high, q.start, q.end))
        return found

    def _victims_of(self, i: int, length: int, how: str, consumed: int) -> Victims | None:
        """Return the victims of the phrase of ``length`` tokens at i; ``how`` says where they stand."""
        is_passive = not self.small["passive"].isdisjoint(self.lower[max(0, i - 3) : i])
        is_passive = is_passive and not self.is_at(i, "never_passive")
        if how == "active" and not (is_passive and self.tagged(i, "participle")):
            victims = self._object_after(i + length)
            if victims is not None:
                return victims
        if self._is_label(i, i + length):
            return self.victims_at(i + length + 1, is_object=True, is_label=True)
        behind = self._behind_verb(i, length)
        if behind is not None:
            return behind
        if how == "nouns":
            return self._noun_count(i, consumed)
        if self.tagged(i, "participle") and self.is_at(i - 1, "was"):
            single = self._single_subject(i)
            if single is not None and single.first > consumed:
                return single
        subject = self._subject_before(i, consumed)
        if subject is not None and self._died_later(subject, i, length):
            return None  # "a woman wounded in Sunday's attack has died"
        if subject is not None and self.is_at(subject.last + 1, "subject_relatives"):
            between, later = self.lower[subject.last + 1 : i], self.lower[i:]
            was_hurt = not self.small["was_hurt"].isdisjoint(between)
            if self.is_at(i, "dies"):  # but "two policemen who had challenged him died"
                was_hurt &= not self.small["hurt_participles"].isdisjoint(between)
            if was_hurt and not self.small["dies"].isdisjoint(later):
                return None  # "a man who was hurt in the strike has died": he counts as killed, not injured
        return subject

    def _behind_verb(self, i: int, length: int) -> Victims | None:
        """Return the victims behind the verb of a sentence that a participle opens: "Wounded in the blast were two men"."""
        if i > 0 or not self.tagged(i, "participle"):
            return None
        for k in range(i + length, min(i + length + _MAX_OPENING_TOKENS, len(self.tokens))):
            if self.is_at(k, "stops") or self.is_at(k, "commas") or self.is_at(k, "triggers"):
                return None
            if self.is_at(k, "passive"):
                return self.victims_at(k + 1, is_object=True)
        return None

    def _is_label(self, i: int, end: int) -> bool:
        """Return whether words ``[i, end)`` are the label of a form: "Killed: Ivan Petrov, 61. Wounded: his wife"."""
        is_first = i == 0 or self.is_at(i - 1, "stops") or self.is_at(i - 1, "ends")
        is_first |= i == 1 and (self.lower[0] in self.words.persons or self.is_at(0, "be"))
        return is_first and self.is_at(end, "colons")

    def _single_subject(self, i: int) -> Victims | None:
        """Return the subject of "was killed" where it is one person with "a" or "an".

        Any noun is accepted: "A British safety adviser working for an agency was killed".
        """
        for child in self.tokens[i].children:
            if child.dep_ not in self.small["passive_subjects"] or child.i >= self.tokens[i].i:
                continue
            articles = [t for t in child.children if t.lower_ in self.small["articles"]]
            at, head = (articles[0].i if articles else -1) - self.tokens[0].i, child.i - self.tokens[0].i
            is_noun = self.tagged(head, "singular") and not self.is_at(head, "no_persons")
            if 0 <= at < head and is_noun and not self.is_at(at - 1, "negations"):
                return Victims(at, head, 1, 1, 1, 1 if self.lower[head] in self.words.child else None)
        return None

    def _died_later(self, v: Victims, i: int, length: int) -> bool:
        """Return whether the same clause says of a person both that they were hurt and that they died."""
        if v.last != i - 1 or not self.is_at(i, "hurt_participles"):
            return False
        for k in range(i + length, min(i + length + _MAX_SUBJECT_TOKENS, len(self.tokens))):
            if self.is_at(k, "dies"):
                return True
            if self.is_at(k, "stops") or self.is_at(k, "and"):
                return False
        return False

    def _object_after(self, at: int) -> Victims | None:
        """Return the victims that follow a verb."""
        if self.is_at(at, "quotes"):
            at += 1  # 'killed "several" of the crew'
        for k in (at, at + 1):
            if k >= len(self.tokens) or (k == at + 1 and not self.tagged(at, "before_object")):
                return None
            found = self.victims_at(k, is_object=True)
            if found is None:
                continue
            if found.is_bare and self.is_at(found.last + 1, "triggers"):
                return None  # "two killed, 32 injured": 32 belongs to "injured"
            return replace(found, is_part=False)  # "killed several of them"
        return None

    def _noun_count(self, i: int, consumed: int) -> Victims | None:
        """Return the number in front of a noun such as "deaths"."""
        for k in range(max(consumed + 1, i - 4), i):
            if k in self.opens and self.opens[k].kind in ("count", "none"):
                between = self.tokens[self.last_of[k] + 1 : i]
                if all(
                    t.tag_ in self.small["tags_inside_count"] and t.lower_ not in self.words.things
                    for t in between
                ):
                    q = self.opens[k]
                    more = q.is_more or any(t.lower_ in self.small["more"] for t in between)
                    return Victims(k, i, q.low, q.best, q.high, is_more=more)
            if k == i - 2 and self.is_at(k, "one_more") and self.is_at(k + 1, "additional"):
                return Victims(k, i, 1, 1, 1)
        return None

    def _subject_before(self, i: int, consumed: int) -> Victims | None:
        """Return the victims left of a verb.

        It is the nearest phrase that is not a part of another one, with no word between it and the verb that
        would give the verb another subject.
        """
        candidates: list[Victims] = []
        k = max(consumed + 1, i - _MAX_SUBJECT_TOKENS, 0)
        while k < i:
            if k in self.opens or self._may_open(k):
                found = self.victims_at(k)
                if found is not None and found.last < i:
                    candidates.append(found)
                    k = found.last + 1
                    continue
            k += 1
        for found in reversed(candidates):
            if self._is_attached(found, candidates):
                continue
            is_local = found.is_part and self.is_at(i + 1, "in") and self.tagged(i + 2, "proper")
            if is_local and self.is_at(i, "dies"):
                return replace(found, is_part=False)  # "Five of them died in Pokrovsk"
            if found.is_part and not self._is_first_part(found, candidates, i):
                continue
            if self._is_parenthetical(found, candidates, i):
                is_part_only = found.last == i - 1 and self.is_at(found.first - 1, "includes")
                if is_part_only and not self.is_at(i, "dies"):  # "four men including a clerk died" are four
                    return None  # "19 people, including three children being treated, were killed"
                continue
            if found.is_bare and not found.is_part and i - found.last > _MAX_BARE_TOKENS:
                continue
            if self._reaches(found, i):
                return replace(found, is_part=False)
        return None

    def _is_attached(self, v: Victims, candidates: list[Victims]) -> bool:
        """Return whether victims only describe those before: "nine members of one family", "seven of the nine men"."""
        at = v.first - 1
        if self.is_at(at, "partitives"):
            at -= 1
        return self.is_at(at, "of") and any(other.last == at - 1 for other in candidates)

    def _is_first_part(self, v: Victims, candidates: list[Victims], i: int) -> bool:
        """Return whether a part of others opens the clause of the verb at i: "Nine of the sleepers were killed".

        In "two of the wounded died" the participle only says who they are.
        """
        is_whole_told = any(other.first < v.first for other in candidates)
        is_noun = self.is_at(i, "hurt_participles") and not self.is_at(i - 1, "be")
        is_noun |= self.is_at(i - 1, "determiners")
        return self.is_at(v.last + 1, "of") and not is_whole_told and not is_noun

    def _may_open(self, k: int) -> bool:
        """Return whether a phrase for victims without a number may begin at token k."""
        return (
            self.is_at(k, "determiners")
            or (
                self.tagged(k, "proper")
                and not self.tagged(k - 1, "proper")
                and self._named_at(k) is not None
            )
            or (k == 0 and (self.lower[k] in self.words.person or self.lower[k] in self.words.child))
            or self.is_at(k, "spouses")
            or self.is_at(k, "both")
            or (self.is_at(k, "pronouns_of_one") and self.is_at(k + 1, "and"))
        )

    def _is_parenthetical(self, v: Victims, candidates: list[Victims], i: int) -> bool:
        """Return whether victims are only a part of others: "12 people, three of them children, ..."."""
        at = v.first - 1
        if v.last == i - 1 and (self.is_at(at, "among") or self.is_at(at, "with")):
            # "with 298 wounded", "a boy was among the five dead", "nine children were among 19 killed"
            return False
        if self.is_at(at, "be") and self.is_at(at - 1, "part_markers"):
            return True  # "among whom were six children"
        is_included = self.is_at(at, "includes") or self.is_at(at - 1, "includes")
        return is_included or self.is_at(at, "part_markers") or self._is_between_commas(v, candidates)

    def _is_between_commas(self, v: Victims, candidates: list[Victims]) -> bool:
        """Return whether victims only say who a counted group is: "two employees, a fitter and a clerk, were hurt"."""
        if not self.is_at(v.last + 1, "commas") or not self.is_at(v.last + 2, "be"):
            return False
        return any(
            c.last < v.first and self.is_at(c.last + 1, "commas") and (c.low or 0) > max(1, v.low or 0)
            for c in candidates
        )

    def _reaches(self, v: Victims, i: int) -> bool:
        """Return whether no word between the victims and the verb at i ends the clause."""
        relative = False
        for k in range(v.last + 1, i):
            word = self.lower[k]
            if word in self.small["stops"] or (word in self.small["breaks"] and not relative):
                return False
            if word in self.small["relatives"]:
                relative = True
            is_trigger = word in self.small["triggers"]
            if self.tagged(k, "finite") and not is_trigger and word not in self.small["be"] and not relative:
                return False
            if is_trigger and word not in self.small["loose_triggers"] and not relative:
                return False
        return True

    def _counts(self, kind: str, how: str, v: Victims, i: int, length: int) -> list[Count]:
        """Return the count of the victims of the phrase at i; two counts where "no one was hurt"."""
        phrase = " ".join(self.lower[i : i + length])
        first = min(v.first, i)
        last = max(v.last, i + length - 1)
        start, end = self.tokens[first].idx, self.tokens[last].idx + len(self.tokens[last])
        if kind == "injured" and self.rules["casualties.still"].search(
            " ".join(self.lower[v.last + 1 : i + 1])
        ):
            return []  # "Twenty are still in hospital" does not say how many were hurt
        is_weak = kind == "injured" and bool(self.rules["casualties.weak_injury"].search(phrase))
        count = Count(
            kind, v.low, v.best, v.high, start, end, 1 if is_weak else 2, v.is_more, v.children, self._who(v)
        )  # fmt: skip
        if v.low == 0 and v.high == 0 and not self.is_at(i + length, "colons"):
            if kind == "injured" and not self.small["severe"].isdisjoint(self.lower[v.last + 1 : i]):
                # "nobody was seriously hurt": somebody may be hurt; "none of them" are only a part
                return [] if self.is_at(v.last + 1, "of") else [replace(count, kind="killed")]
            other = "injured" if kind == "killed" else "killed"
            # "no one was hurt" also means that no one was killed; "no one was killed" says no more
            return [count, replace(count, kind=other)] if kind == "injured" else [count]
        return [count]

    def _who(self, v: Victims) -> str | None:
        """Return the group that the victims' noun names, where it names exactly one."""
        words = set(self.lower[v.first : v.last + 1])
        groups = [name for name, nouns in self.words.subgroups.items() if not nouns.isdisjoint(words)]
        return groups[0] if len(groups) == 1 and not words & self.small["and"] else None
