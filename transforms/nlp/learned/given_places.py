"""The place that an article gives right after a number of victims: "two in Poltava and one in Zaporizhzhia".

Such a place says more than distance does. In "killed six people, including two in Poltava", two died in Poltava
and six did not.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence

from transforms.nlp.learned.context import Context
from transforms.nlp.learned.count_candidates import CountCandidate
from transforms.nlp.place_names import PlaceMention

_NOUN_TOKENS = 7
"""The victims between a number and its place have at most so many words: "people and two police officers"."""
_PLACE_TOKENS = 6
"""The name follows the preposition within so many words: "in the northern outskirts of Poltava"."""
_PREPOSITIONS = frozenset({"in", "at", "near", "across", "throughout", "outside", "around", "over", "from"})
_JOINTS = frozenset({",", "and", "&", "in", "or", "the"})
_VICTIM_TAGS = ("NN", "JJ", "CD", "CC", "DT", "PRP", "POS", "HYPH", "VBN", "RB")
"""What may stand between: nouns and what belongs to them. "wounded" of "two wounded in Kyiv" is a VBN."""


def places_given(
    candidates: Sequence[CountCandidate], context: Context, skipped: Collection[str] = ()
) -> list[tuple[PlaceMention, ...]]:
    """Return the places that each number is given to, none for most.

    Several are joined: "six people in Poltava and Sumy". ``skipped``: words that may stand between too.
    """
    mentions = sorted(context.findings.places, key=lambda p: p.first)
    starts = [p.first for p in mentions]
    return [tuple(_given(candidate, mentions, starts, context, skipped)) for candidate in candidates]


def _given(
    candidate: CountCandidate,
    mentions: Sequence[PlaceMention],
    starts: Sequence[int],
    context: Context,
    skipped: Collection[str],
) -> Iterator[PlaceMention]:
    """Yield the places right after one number. A sum over several places, "two in A and one in B", has none."""
    if bisect_left(starts, candidate.first) < bisect_left(starts, candidate.last):
        return
    doc, end = context.doc, context.findings.sentences[candidate.sentence].last
    at = candidate.last + 1
    stop = min(at + _NOUN_TOKENS, end)
    while at < stop and doc[at].lower_ not in _PREPOSITIONS:
        if not doc[at].tag_.startswith(_VICTIM_TAGS) and doc[at].lower_ not in skipped:
            return
        at += 1
    if at >= stop:
        return
    position = bisect_left(starts, at + 1)
    if position == len(starts) or starts[position] > min(at + _PLACE_TOKENS, end - 1):
        return
    between = doc[at + 1 : starts[position]]
    if any(t.tag_[:2] == "VB" or t.tag_ == "CD" or t.is_punct for t in between):
        return
    yield mentions[position]
    last = mentions[position].last
    for mention in mentions[position + 1 :]:
        joint = doc[last + 1 : mention.first]
        if mention.first >= end or len(joint) > 2 or any(t.lower_ not in _JOINTS for t in joint):
            return
        yield mention
        last = mention.last


def numbers_of_given(
    c: int, candidates: Sequence[CountCandidate], whose: Sequence[Sequence[str]]
) -> Mapping[str, float]:
    """Return whether a number is given to the strike's place, and whether another number is.

    Args:
        c: position of the number.
        candidates: the numbers of the article.
        whose: of each number, whose places it is given to: own, unit, other or wider.
    """
    own = whose[c]
    rivals = [
        n
        for n, candidate in enumerate(candidates)
        if candidate.kind == candidates[c].kind and candidate.low != candidates[c].low and "own" in whose[n]
    ]
    here = [n for n in rivals if candidates[n].sentence == candidates[c].sentence]
    return {
        **{f"given_{who}": float(who in own) for who in ("own", "unit", "other", "wider")},
        "given_many": float(len(own)),
        "given_own_first": float(own[:1] == ["own"]),
        "rival_given_own": float(bool(rivals)),
        "rival_given_own_here": float(bool(here)),
    }
