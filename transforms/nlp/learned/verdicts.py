"""What the learned model says of a place. It is apart from the model, because the findings hold it."""

from dataclasses import dataclass

from transforms.nlp.gazetteer import Place
from transforms.nlp.place_names import PlaceMention


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a candidate was struck, and how probable it is.

    ``scenes``: where its mentions begin at which a strike is told; ``best`` is the likeliest of them.
    ``mentions``: all mentions of the place, and ``odds`` the log-odds that a strike is told at each.
    ``reasons``: the features that moved the model most, with their weight.
    """

    place: Place
    is_struck: bool
    probability: float
    scenes: frozenset[int]
    best: PlaceMention
    mentions: tuple[PlaceMention, ...] = ()
    odds: tuple[float, ...] = ()
    reasons: tuple[tuple[str, float], ...] = ()
