"""Totals over several places that a sentence splits: "killing five people, including three in Poltava".

Three is the toll of the strike on Poltava then, and five that of none. The annotated articles have too few such
sentences to learn it from; news digests have many.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.candidates import key_of
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.count_candidates import KINDS, CountCandidate
from transforms.nlp.learned.given_places import places_given
from transforms.nlp.learned.units import Unit
from transforms.nlp.place_names import PlaceMention

_TOWN = 1
"""The ``geo_precision`` of a town."""


@dataclass(frozen=True, slots=True)
class SplitTotals:
    """What the sentences of an article split.

    ``parts``: the position of the number of each strike and kind that is a part of a total. ``totals``: strikes
    and the positions of totals that are not theirs.
    """

    parts: dict[tuple[int, str], int] = field(default_factory=dict)
    totals: set[tuple[int, int]] = field(default_factory=set)


def split_totals(
    units: Sequence[Unit], candidates: Sequence[CountCandidate], context: Context, pack: LanguagePack
) -> SplitTotals:
    """Return which numbers are the parts of totals, by strike.

    Args:
        units: the strikes of an article.
        candidates: its numbers.
        context: the document.
        pack: the language.
    """
    found = SplitTotals()
    struck = {key_of(unit.candidate.place) for unit in units}
    given = places_given(candidates, context, pack.words["before_part_place"])
    of_sentences: dict[tuple[int, str], list[int]] = {}
    for c, candidate in enumerate(candidates):
        of_sentences.setdefault((candidate.sentence, candidate.kind), []).append(c)
    for (sentence, kind), here in of_sentences.items():
        parts = list(_parts(here, candidates, given))
        total = _total_before(parts, here, candidates, given)
        if total is None or not _is_split(total, parts, candidates, context, pack):
            continue
        places = {key_of(p.place): c for c in parts for p in given[c] if p.place.geo_precision == _TOWN}
        if places.keys().isdisjoint(struck):
            continue  # "killed 30 people, including two men from Leeds"
        bounds = context.findings.sentences[sentence]
        told = context.findings.places_in(bounds.start, candidates[parts[0]].start)
        named = {key_of(p.place) for p in told}
        is_wide = any(p.place.geo_precision > _TOWN for p in told)
        is_wide |= len(struck) > 1
        others = [c for k in KINDS if k != kind for c in of_sentences.get((sentence, k), ())]
        ungiven = [
            c
            for c in others
            if candidates[c].rule is None or all(p.place.geo_precision > _TOWN for p in given[c])
        ]
        for u, unit in enumerate(units):
            key = key_of(unit.candidate.place)
            if key in named or not is_wide:
                continue
            # "killing six people, including two in Kharkiv, and injuring dozens": these too are of all places
            found.totals.update((u, c) for c in ungiven)
            if key in places:
                found.parts[u, kind] = places[key]
            else:
                found.totals.add((u, total))
    return found


def _parts(
    here: Sequence[int], candidates: Sequence[CountCandidate], given: Sequence[Sequence[PlaceMention]]
) -> Iterator[int]:
    """Yield the numbers of a sentence that are given to a town, without those that a longer one holds."""
    counted = (c for c in here if candidates[c].low and candidates[c].source != "sum")
    own = [c for c in counted if any(p.place.geo_precision == _TOWN for p in given[c])]
    end = -1
    for c in sorted(own, key=lambda c: (candidates[c].start, -candidates[c].end)):
        if candidates[c].start >= end:
            yield c
            end = candidates[c].end


def _total_before(
    parts: Sequence[int],
    here: Sequence[int],
    candidates: Sequence[CountCandidate],
    given: Sequence[Sequence[PlaceMention]],
) -> int | None:
    """Return the last number before the parts, where it is greater than the first of them and no town's.

    The rules must have found that it counts victims of this kind.
    """
    if not parts:
        return None
    first = candidates[parts[0]]
    before = [c for c in here if candidates[c].end <= first.start and candidates[c].source == "count"]
    total = max(before, key=lambda c: candidates[c].start, default=None)
    if total is None or candidates[total].rule is None or candidates[total].low <= first.low:
        return None
    return total if all(p.place.geo_precision > _TOWN for p in given[total]) else None


def _is_split(
    total: int,
    parts: Sequence[int],
    candidates: Sequence[CountCandidate],
    context: Context,
    pack: LanguagePack,
) -> bool:
    """Return whether words or the sum say that numbers are the parts of a total."""
    first = candidates[parts[0]]
    words = [t.lower_ for t in context.doc[candidates[total].last + 1 : first.first]]
    behind = [t.lower_ for t in context.doc[first.last + 1 : first.last + 3]]
    is_told = not pack.words["includes"].isdisjoint(words)
    is_told |= behind[:1] == ["of"] and not pack.words["partitives"].isdisjoint(behind)
    is_sum = len(parts) > 1 and sum(candidates[c].low for c in parts) == candidates[total].low
    return is_told or is_sum
