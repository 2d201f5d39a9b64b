"""What the learned model says of a place. It is apart from the model, because the findings hold it."""

from dataclasses import dataclass

from transforms.nlp.gazetteer import Place
from transforms.nlp.learned.candidates import Candidate
from transforms.nlp.place_names import PlaceMention

SCENE_ODDS = 0.0
"""A mention with at least these log-odds tells a strike at its place."""
_AGAIN_ODDS = -1.5
"""Words that tell of a further strike need only these: the model, which knows names, gives them less. Of 44 such mentions of
struck places in annotated articles 30 tell of a second strike, and of 11 below it two."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a candidate was struck, and how probable it is.

    ``odds``: log-odds that a strike is told, for each mention of the candidate. ``reasons``: the features that
    moved the model most, with their weight.
    """

    candidate: Candidate
    is_struck: bool
    probability: float
    odds: tuple[float, ...]
    reasons: tuple[tuple[str, float], ...] = ()

    @property
    def place(self) -> Place:
        """Return the place of the candidate."""
        return self.candidate.place

    @property
    def scenes(self) -> tuple[PlaceMention, ...]:
        """Return the mentions at which a strike is told, in text order."""
        return scenes_of(self.candidate, self.odds)


def scenes_of(candidate: Candidate, odds: tuple[float, ...]) -> tuple[PlaceMention, ...]:
    """Return the mentions with the highest log-odds, and all others with enough of them, in text order."""
    best = max(range(len(odds)), key=lambda n: odds[n])
    return tuple(
        m
        for n, m in enumerate(candidate.mentions)
        if odds[n] >= (_AGAIN_ODDS if m.is_again else SCENE_ODDS) or n == best
    )
