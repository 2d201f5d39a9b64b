"""Which candidates of an annotated article were struck.

A candidate is struck where an annotated strike of the article has its place: the same folded name, or within
15 km of it. Where several candidates fit one strike, only the best is struck; the others count for nothing.
"""

from collections.abc import Sequence

from schemas.identity import fold_name
from training.corpus import Annotated, Gold
from transforms.nlp.gazetteer import Gazetteer, Place
from transforms.nlp.learned.candidates import Candidate, may_be_struck
from transforms.util.geo import kilometres

STRUCK, NOT_STRUCK, UNDECIDED = 1, 0, -1
NEAR_KM, NAMESAKE_KM = 15, 60
SPAN, SAME_PLACE, OTHER, DECOY = 2, 1, 0, -1
"""Labels of mentions: the annotated words, the same place elsewhere, another place, an annotated decoy."""


def fit(place: Place, gold: Gold, gazetteer: Gazetteer) -> float:
    """Return how well a place agrees with a strike: 1 for the name, less by distance, 0 for not at all."""
    point = gold.point or _listed(gold, gazetteer)
    away = None
    if point is not None and place.latitude is not None and place.longitude is not None:
        away = kilometres((place.latitude, place.longitude), point)
    names = {fold_name(name) for name in (gold.place, gold.other_name) if name}
    if fold_name(place.name) in names and place.country in (gold.country, ""):
        return 1.0 if away is None or away <= NAMESAKE_KM else 0.0
    return 0.8 - away / 50 if away is not None and away <= NEAR_KM and may_be_struck(place) else 0.0


def _listed(gold: Gold, gazetteer: Gazetteer) -> tuple[float, float] | None:
    """Return where the gazetteer puts the place of a strike that is annotated without coordinates."""
    for place in gazetteer.find(gold.place):
        if place.country != gold.country or place.geo_precision > 1:
            continue  # a region of the same name
        if place.latitude is not None and place.longitude is not None:
            return place.latitude, place.longitude
    return None


def label(candidates: Sequence[Candidate], article: Annotated, gazetteer: Gazetteer) -> list[int]:
    """Return ``STRUCK``, ``NOT_STRUCK`` or ``UNDECIDED`` for each candidate of an article."""
    fits = [[fit(c.place, g, gazetteer) for g in article.golds] for c in candidates]
    best = [max(column) for column in zip(*fits, strict=True)]
    labels = []
    for row in fits:
        matched = [(own, top) for own, top in zip(row, best, strict=True) if own > 0]
        is_best = any(own >= top for own, top in matched)
        labels.append(STRUCK if is_best else UNDECIDED if matched else NOT_STRUCK)
    return labels


def label_mentions(candidate: Candidate, struck: int, article: Annotated, text: str) -> list[int]:
    """Return the label of each mention of a candidate."""
    blocks = block_starts(article, text)
    spans = [place_of(g.span, blocks, text) for g in article.golds if g.span is not None]
    decoys = [place_of(span, blocks, text) for span, kind in article.decoys if kind == "place_not_struck"]

    def within(start: int, found: Sequence[tuple[int, int]]) -> bool:
        return any(first <= start < end for first, end in found)

    if struck == STRUCK:
        return [SPAN if within(m.start, spans) else SAME_PLACE for m in candidate.mentions]
    return [DECOY if within(m.start, decoys) else OTHER for m in candidate.mentions]


_KEY_CHARS = 40
"""A block of the annotation is found in the cleaned text by its first characters."""


def block_starts(article: Annotated, text: str) -> list[int]:
    """Return where each block of an article begins in the text that was read: -1 where it is not found."""
    starts, at = [], 0
    for block in (article.title, *article.paragraphs):
        start = text.find(block[:_KEY_CHARS], at) if block else -1
        starts.append(start)
        at = max(at, start)
    return starts


def place_of(span: tuple[int, str], blocks: Sequence[int], text: str) -> tuple[int, int]:
    """Return the characters of an annotated span in the text, (-1, -1) where it is not found."""
    block, words = span
    start = text.find(words, blocks[block]) if block < len(blocks) and blocks[block] >= 0 else -1
    return (start, start + len(words)) if start >= 0 else (-1, -1)
