"""Tolls of an article's one strike that the text itself states as its total: in a field, or as the later number.

"A woman and her son were killed; a porter died later. Fatalities: 3." All five annotated texts with one strike and one such
field have its number. "Nine died on the spot. Two more passed away, bringing the number of victims to 11."
"""

from collections.abc import Mapping, Sequence

from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.count_candidates import KINDS, CountCandidate
from transforms.nlp.learned.units import Unit

_FIELD_CHARS = 40
"""The name of a field is at most so long."""
_STATED = frozenset({"count", "sum", "list"})
"""The sources of numbers that a field may give: "Fatalities: 3", "Killed: a cook, her son"."""
_TOLL_PHRASE = 3
"""The strength of a count that a phrase for a toll states."""
_RISING_CHARS = 100
"""The words that make a number the later one stand so near before it."""
_MOST_TIMES, _MOST_MORE = 3, 10
"""A later total is at most so many times the earlier one, and so many more: else it is the total of a war."""


def field_tolls(
    units: Sequence[Unit], candidates: Sequence[CountCandidate], context: Context, pack: LanguagePack
) -> dict[tuple[int, str], int]:
    """Return the position of the number that a field gives for a strike, by strike and kind.

    There is none where the article has several strikes, or several fields of a kind.
    """
    if len(units) != 1:
        return {}
    found = {}
    for kind in KINDS:
        told = _in_fields(kind, candidates, context, pack)
        ends = [candidates[c].end for c in told]
        if told and len({candidates[c].start for c in told}) == 1:
            found[0, kind] = told[ends.index(max(ends))]  # of "two herders and a boy" all three
    return found


def fields_of_all(
    units: Sequence[Unit], candidates: Sequence[CountCandidate], context: Context, pack: LanguagePack
) -> set[tuple[int, int]]:
    """Return pairs of a strike and a number that a field gives for all strikes of an article, so it is that of none.

    "A drone killed two people in Kupiansk. A missile killed four in Nikopol. Killed: 6."
    """
    scenes = {context.sentence_of(scene.start) for unit in units for scene in unit.scenes}
    found: set[tuple[int, int]] = set()
    for kind in KINDS if len(units) > 1 else ():
        fields = _in_fields(kind, candidates, context, pack)
        told = {c.start: c.low for c in candidates if c.kind == kind and c.sentence in scenes}
        if len(told) > 1 and len({candidates[c].start for c in fields}) == 1:
            found |= {
                (u, c) for u in range(len(units)) for c in fields if candidates[c].low >= sum(told.values())
            }
    return found


def _in_fields(
    kind: str, candidates: Sequence[CountCandidate], context: Context, pack: LanguagePack
) -> list[int]:
    """Return the positions of the numbers of a kind that stand behind the name of a field."""
    pattern, text = pack.patterns[f"casualties.field_of_{kind}"], context.findings.text
    return [
        c
        for c, candidate in enumerate(candidates)
        if candidate.kind == kind
        and candidate.source in _STATED
        and pattern.search(text[max(0, candidate.start - _FIELD_CHARS) : candidate.start])
    ]


def later_totals(
    units: Sequence[Unit],
    candidates: Sequence[CountCandidate],
    chosen: Mapping[tuple[int, str], int],
    context: Context,
    pack: LanguagePack,
) -> dict[tuple[int, str], int]:
    """Return the position of the number that the text calls the later total of its one strike, by strike and kind.

    ``chosen``: the positions of the numbers that it has so far, which are smaller and stand before.
    """
    if len(units) != 1:
        return {}
    found = {}
    for (unit, kind), at in chosen.items():
        now = candidates[at]
        later = [
            c
            for c, candidate in enumerate(candidates)
            if candidate.kind == kind
            and candidate.start > now.start
            and now.low < candidate.low <= _MOST_TIMES * now.low + _MOST_MORE
            and _is_later_total(candidate, now, context, pack)
        ]
        if later:
            found[unit, kind] = max(later, key=lambda c: candidates[c].low)
    return found


def _is_later_total(
    candidate: CountCandidate, now: CountCandidate, context: Context, pack: LanguagePack
) -> bool:
    """Return whether the words before a number raise a toll to it, and do not say that it is of more than one strike.

    "Two died at once and a third on the following day" has three.
    """
    if candidate.rule is None or candidate.rule.strength != _TOLL_PHRASE:
        return False
    sentence = context.findings.sentences[candidate.sentence]
    text = context.findings.text
    before = text[max(sentence.start, candidate.start - _RISING_CHARS) : candidate.start]
    is_rising = pack.patterns["casualties.later_total"].search(before) is not None
    if candidate.low == now.low + 1:
        is_rising = is_rising or pack.patterns["casualties.next_before"].search(before) is not None
    return is_rising and not pack.patterns["casualties.of_many_strikes"].search(
        text[sentence.start : sentence.end]
    )
