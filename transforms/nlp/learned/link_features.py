"""How a mention of a place stands to the places beside it: "Kupiansk, in Kharkiv region" names the wider one too.

The trees of mentions read these numbers: a wider place that only says where the struck one lies was not struck.
"""

from bisect import bisect_left
from collections.abc import Sequence
from math import log10

from transforms.nlp.language import load_pack
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.mention_features import Numbers
from transforms.nlp.place_names import PlaceMention
from transforms.util.geo import kilometres

_MOST_BETWEEN = 9
"""Two places with more words between them are not linked by these."""
_FAR_TOKENS, _FAR_KM = 40.0, 500.0
"""Distances are cut here."""
_UNKNOWN_KM = -1.0


def link_features(mention: PlaceMention, context: Context) -> Numbers:
    """Return the numbers of a mention and its neighbours, by name. What it has none of is left out."""
    places = context.findings.places
    at = bisect_left(places, mention.first, key=lambda p: p.first)
    before = next((p for p in reversed(places[:at]) if p.last < mention.first), None)
    after = next((p for p in places[at:] if p.first > mention.last), None)
    numbers: Numbers = {"link_before_gap": _FAR_TOKENS, "link_after_gap": _FAR_TOKENS}
    if before is not None:
        numbers.update(_link("before", mention, before, (before.last + 1, mention.first), context))
    if after is not None:
        numbers.update(_link("after", mention, after, (mention.last + 1, after.first), context))
    return numbers


def _link(
    side: str, mention: PlaceMention, other: PlaceMention, between: tuple[int, int], context: Context
) -> Numbers:
    """Return whether the words between two places link them, and how the places lie to each other."""
    gap = between[1] - between[0]
    own, their = mention.place, other.place
    return {
        f"link_{side}_gap": min(float(gap), _FAR_TOKENS),
        f"link_{side}": float(0 < gap <= _MOST_BETWEEN and _only_locates(between, context)),
        f"link_{side}_km": _away(mention, other),
        f"link_{side}_precision": float(their.geo_precision),
        f"link_{side}_same": float(
            own.admin1 is not None and (own.admin1, own.country) == (their.admin1, their.country)
        ),
        f"link_{side}_population": log10(their.population + 1) - log10(own.population + 1),
    }


def _only_locates(between: tuple[int, int], context: Context) -> bool:
    """Return whether all words between two places only say where one lies: ", a village 5 km west of"."""
    words = load_pack(context.doc.lang_).words
    known: Sequence[frozenset[str]] = (
        words["between_place_and_region"],
        words["directions"],
        words["locating_words"],
    )
    return all(t.like_num or any(t.lower_ in group for group in known) for t in context.doc[slice(*between)])


def _away(one: PlaceMention, other: PlaceMention) -> float:
    """Return the kilometres between two places, -1 where one has no coordinates."""
    points = [(m.place.latitude, m.place.longitude) for m in (one, other)]
    (lat, lon), (their_lat, their_lon) = points
    if lat is None or lon is None or their_lat is None or their_lon is None:
        return _UNKNOWN_KM
    return min(kilometres((lat, lon), (their_lat, their_lon)), _FAR_KM)
