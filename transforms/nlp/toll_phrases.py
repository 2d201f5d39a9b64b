"""Counts that no single verb states.

Toll phrases ("raising to 31 the number of people killed"), bodies found, and children as a part of a count
("nine of them children").
"""

import re
from dataclasses import replace

from transforms.nlp.counts import Count
from transforms.nlp.quantities import Quantity
from transforms.nlp.victims import VictimReader, Victims

_MAX_LIST_TOKENS = 12
"""Longest list of victims in front of "among them"."""
_MAX_NAMES_CHARS = 160
"""After "among the dead was", victims are looked for within this distance."""


class TollReader(VictimReader):
    """Finds phrases that state a toll, and the children among the people counted."""

    def _marked(self) -> tuple[str, list[int]]:
        """Return the sentence with each quantity replaced by a mark, and the original offset of each
        character.

        The mark of the n-th quantity is ``<n>``; a number that counts no people becomes ``@@@``.
        """
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
        """Return the counts of toll phrases, of "no casualties" and of "the 25th person to die"."""
        marked, offsets = self._marked()
        found = []
        phrases = [(kind, 3, p) for kind, patterns in self.words.toll.items() for p in patterns]
        phrases += [(kind, 2, p) for kind, patterns in self.words.partial.items() for p in patterns]
        for kind, strength, pattern in phrases:
            for match in pattern.finditer(marked):
                q = self.quantities[int(match.group("n"))]
                if not self._counts_things(q):
                    end = offsets[min(match.end(), len(offsets) - 1)]
                    found.append(replace(self._toll(kind, q, offsets[match.start()], end), strength=strength))
        found += self._bodies()
        for match in self.rules["casualties.only_victim"].finditer(self.text):
            found.append(Count("killed", 1, 1, 1, self.start + match.start(), self.start + match.end()))
        for q in self.quantities:
            word = self.text[q.start - self.start : q.end - self.start].lower()
            if q.kind == "none":
                kinds = [k for k in ("killed", "injured") if word in self.words.none_of[k]]
                found += [Count(k, 0, 0, 0, q.start, q.end) for k in kinds]
            if q.kind == "ordinal":
                found += self._ordinal(q)
        return found

    def _bodies(self) -> list[Count]:
        """Return counts like "the body of a baby boy".

        They are weak, as the toll may be stated next to them.
        """
        found = []
        for match in self.rules["casualties.body_of"].finditer(self.text):
            v = self._victims_behind(match.end())
            if v is None or v.is_part:
                continue
            start, end = self.start + match.start(), self.tokens[v.last].idx + len(self.tokens[v.last])
            found.append(Count("killed", v.low, v.best, v.high, start, end, 1, False, v.children))
            if v.children:
                found.append(Count("killed_children", v.children, v.children, v.children, start, end, 1))
        return found

    def _victims_before(self, offset: int) -> Victims | None:
        """Return the victims named immediately before an offset: "two boys and a girl among them"."""
        at = next((k for k, t in enumerate(self.tokens) if t.idx >= offset), 0)
        for k in range(max(0, at - _MAX_LIST_TOKENS), at):
            v = self.victims_at(k)
            if v is not None and v.last == at - 1 and not v.is_bare and not self.is_at(k - 1, "negations"):
                return v
        return None

    def _victims_behind(self, offset: int) -> Victims | None:
        """Return the victims named from an offset of the sentence's text on."""
        at = next((k for k, t in enumerate(self.tokens) if t.idx >= self.start + offset), None)
        return self.victims_at(at) if at is not None else None

    def no_children(self) -> list[Count]:
        """Return the count 0 of "there is no child among the dead", if the sentence says so."""
        match = self.rules["casualties.no_children"].search(self.text)
        if match is None:
            return []
        return [Count("killed_children", 0, 0, 0, self.start + match.start(), self.start + match.end())]

    def _toll(self, kind: str, q: Quantity, start: int, end: int) -> Count:
        return Count(
            kind, q.low, q.best, q.high, min(self.start + start, q.start),
            max(self.start + end, q.end), 3,
        )  # fmt: skip

    def _counts_things(self, q: Quantity) -> bool:
        """Return whether a quantity counts things, not people: "six buildings"."""
        following = re.findall(r"[\w'-]+", self.text[q.end - self.start :])[:3]
        for word in following:
            if word.lower() in self.words.things:
                return True
            if word.lower() in self.words.persons | self.words.children:
                return False
        return False

    def _ordinal(self, q: Quantity) -> list[Count]:
        """Return the count that an ordinal states: "the 25th person to die"."""
        after = self.text[q.end - self.start :]
        before = self.text[: q.start - self.start]
        about_death = self.rules["casualties.ordinal_after"].match(after)
        is_next = self._is_next(q, before, after)
        if not about_death and not is_next and not self.rules["casualties.ordinal_before"].search(before):
            return []
        if not self.rules["casualties.tells_death"].search(self.text):
            return []
        is_child = bool(about_death and about_death.group("child"))
        end = q.end + (about_death.end() if about_death else 0)
        if is_child:
            return [Count("killed_children", q.low, q.best, q.high, q.start, end, 3)]
        return [Count("killed", q.low, q.best, q.high, q.start, end, 3)]

    def _is_next(self, q: Quantity, before: str, after: str) -> bool:
        """Return whether an ordinal adds one to the dead before it: "two died at once and a third on the following day"."""
        if not self.rules["casualties.next_one"].search(after) or q.low is None:
            return False
        if not self.rules["casualties.next_before"].search(before):
            return False
        return any(p.low == q.low - 1 and p.end <= q.start and p.kind != "ordinal" for p in self.quantities)

    def attach_children(self, counts: list[Count]) -> list[Count]:
        """Return the counts with the children stated as a part of them.

        Children that belong to no count become counts of children.
        """
        marked, offsets = self._marked()
        stated: list[tuple[int, int, int, str | None]] = []  # start, end, children, kind
        for pattern in self.words.child_patterns:
            for match in pattern.finditer(marked):
                groups = match.groupdict()
                q = self.quantities[int(groups.get("c") or groups["n"])]
                kind = "killed" if groups.get("killed") else "injured" if groups.get("injured") else None
                if q.low is not None and q.low > 0:
                    stated.append((self.start + offsets[match.start()], q.end, q.low, kind))
        stated += self._single_children_among()
        result, alone = list(counts), []
        for start, end, number, kind in stated:
            result, attached = self._attach(result, start, number, kind)
            if not attached:
                alone.append(Count(f"{kind or 'killed'}_children", number, number, number, start, end))
        return sorted(result + _dedupe(alone), key=lambda c: c.start)

    @staticmethod
    def _attach(counts: list[Count], start: int, number: int, kind: str | None) -> tuple[list[Count], bool]:
        """Attach a number of children to the count of that kind, else to the nearest count that begins
        before."""
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
        """Return the children named as victims: "a girl was among the dead", "among them a boy"."""
        found: list[tuple[int, int, int, str | None]] = []
        for match in self.rules["casualties.is_among"].finditer(self.text):
            kind = "killed" if match.group("killed") else "injured"
            for k in range(len(self.tokens)):
                if self.tokens[k].idx - self.start >= match.start():
                    break
                if self.is_at(k, "articles"):
                    v = self.victims_at(k)
                    if v is not None and v.children:
                        found.append((self.tokens[k].idx, self.tokens[v.last].idx, v.children, kind))
                        break
        for match in self.rules["casualties.among_was"].finditer(self.text):
            kind = "killed" if match.group("killed") else "injured"
            first, last = self.start + match.end(), self.start + match.end() + _MAX_NAMES_CHARS
            number, k = 0, 0
            while k < len(self.tokens):
                v = self._simple_at(k) if first <= self.tokens[k].idx < last else None
                number += (v.children or 0) if v is not None and v.low == 1 else 0
                k = v.last + 1 if v is not None else k + 1
            if number:
                found.append((self.start + match.start(), first, number, kind))
        for match in self.rules["casualties.among_them"].finditer(self.text):
            v = self._victims_before(self.start + match.start())
            if v is not None and v.children:
                found.append((self.tokens[v.first].idx, self.start + match.end(), v.children, None))
        for match in self.rules["casualties.one_a_child"].finditer(self.text):
            v = self._victims_behind(match.end())
            if v is not None and v.children:
                found.append((self.start + match.start(), self.start + match.end(), v.children, None))
        return found


def _dedupe(counts: list[Count]) -> list[Count]:
    """Return the highest count of each kind."""
    best: dict[str, Count] = {}
    for count in counts:
        if count.kind not in best or (count.low or 0) > (best[count.kind].low or 0):
            best[count.kind] = count
    return list(best.values())
