"""The places that an article joins: "in Barmal and Urgun". A number beside them counts the victims of all of them."""

from collections.abc import Mapping, Sequence, Set

from transforms.nlp.learned.context import Context
from transforms.nlp.place_names import PlaceMention

_MOST_TOKENS = 6
_JOINTS = frozenset({",", "and", "&", "or", "as", "well", "both", "in", "on", "near", "the", "of"})
_AREAS = frozenset(
    {"city", "cities", "town", "towns", "village", "villages", "district", "districts", "region", "regions",
     "province", "provinces", "governorate", "governorates", "oblast", "oblasts", "county", "counties"}
)  # fmt: skip
"""What a name may carry with it: "Barmal District and Urgun District"."""


def joined_groups(towns: Sequence[PlaceMention], context: Context) -> Mapping[int, Sequence[PlaceMention]]:
    """Return the towns that stand joined, by the start of each of them. A town that stands alone is not there.

    Args:
        towns: the mentions of towns, in text order.
        context: their document.
    """
    wider = {
        t for p in context.findings.places if p.place.geo_precision != 1 for t in range(p.first, p.last + 1)
    }
    groups: list[list[PlaceMention]] = []
    for mention in towns:
        last = groups[-1][-1] if groups else None
        if last is not None and _are_joined(last, mention, wider, context):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return {m.start: group for group in groups if len(group) > 1 for m in group}


def _are_joined(one: PlaceMention, other: PlaceMention, wider: Set[int], context: Context) -> bool:
    """Return whether nothing but joints and wider places stands between two towns of one sentence."""
    between = range(one.last + 1, other.first)
    if not 0 < len(between) <= _MOST_TOKENS or context.sentence_of(one.start) != context.sentence_of(
        other.start
    ):
        return False
    words = [context.doc[t].lower_ for t in between if t not in wider]
    return bool(words) and all(w in _JOINTS or w in _AREAS for w in words)
