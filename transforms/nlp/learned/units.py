"""A struck place with the day of its strike: what counts, weapons and actors belong to or not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from transforms.nlp.gazetteer import Place
from transforms.nlp.learned.candidates import Candidate
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.times import Interval, TimeExpression


@dataclass(frozen=True, slots=True)
class Unit:
    """One strike of an article, while its fields are still to be found.

    ``scenes``: the mentions of the place at which this strike is told, in text order, at least one.
    ``interval``: its dates, and ``time`` the expression that states them; None where nothing states them.
    ``probability``: that the article reports a strike at this place; ``date_probability``: that these are
    its dates.
    """

    candidate: Candidate
    scenes: tuple[PlaceMention, ...]
    interval: Interval | None = None
    time: TimeExpression | None = None
    probability: float = 1.0
    date_probability: float = 1.0

    @property
    def mentions(self) -> Sequence[PlaceMention]:
        """Return all mentions of the place."""
        return self.candidate.mentions

    def at(self, place: Place) -> "Unit":
        """Return the strike with another place at all its mentions."""
        mentions = tuple(replace(m, place=place) for m in self.candidate.mentions)
        scenes = tuple(replace(m, place=place) for m in self.scenes)
        return replace(self, candidate=Candidate(place, mentions), scenes=scenes)
