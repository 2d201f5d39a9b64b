"""Where in the town and when in the day each strike happened, by the learned models of spots and times of
day."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.day_time_candidates import HOUR, day_times
from transforms.nlp.learned.nearness import Nearness
from transforms.nlp.learned.pair_model import PairModel, probability
from transforms.nlp.learned.span_features import best_spans, span_pairs
from transforms.nlp.learned.spans import NamedSpan
from transforms.nlp.learned.spot_candidates import WIDE, spots_in_text
from transforms.nlp.learned.units import Unit
from transforms.util.geo import kilometres

_CITY_KM = 15.0
"""A place that the text names may be a part of the town if it lies so near to it."""
_FAR_KM = 40.0
"""A town so far away is another one."""
_EXACT = ("house", "building", "street")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where in the town and when in the day a strike happened.

    ``spots``: the most exact spot, and the quarter, camp or part of the town that holds it, each with its
    probability. ``time``: an hour or a part of the day, with its probability.
    """

    spots: tuple[tuple[NamedSpan, float], ...] = ()
    time: tuple[NamedSpan, float] | None = None

    @property
    def sublocation(self) -> str | None:
        """Return the spots as written, the most exact first."""
        return ", ".join(span.value for span, _ in self.spots) or None

    @property
    def kind(self) -> str | None:
        """Return the kind of the most exact spot."""
        return self.spots[0][0].kind if self.spots else None

    @property
    def event_time(self) -> str | None:
        """Return the hour ("03:40"), or the part of the day."""
        return self.time[0].value if self.time is not None else None


def whereabouts_of(
    units: Sequence[Unit], context: Context, pack: LanguagePack, spots: PairModel, times: PairModel
) -> list[Whereabouts]:
    """Return where and when each strike happened.

    Args:
        units: the strikes.
        context: the document.
        pack: the language.
        spots: the model of strikes and spots.
        times: the model of strikes and times of day.
    """
    nearness = Nearness(context, units)
    found = []
    for unit in units:
        own_spots = spots_of_unit(unit, context, pack)
        own_times = context.once(day_times, pack)
        found.append(
            Whereabouts(
                _chosen_spots(
                    own_spots, spots.score(span_pairs(unit, own_spots, nearness)), spots.thresholds["spot"]
                ),
                _chosen_time(
                    own_times, times.score(span_pairs(unit, own_times, nearness)), times.thresholds["time"]
                ),
            )
        )
    return found


def spots_of_unit(unit: Unit, context: Context, pack: LanguagePack) -> list[NamedSpan]:
    """Return the spots that a strike may have hit: those with a word for their kind, and places near its
    town."""
    named = context.once(spots_in_text, pack)
    taken = {n for span in named for n in range(span.first, span.last + 1)}
    town = unit.candidate.place
    near = [
        NamedSpan("quarter", context.doc[m.first : m.last + 1].text, m.first, m.last, m.start, m.end)
        for m in context.certain
        if not taken.intersection(range(m.first, m.last + 1)) and _may_be_part(m.place, town)
    ]
    elsewhere = {m.first for m in context.certain if _is_elsewhere(m.place, town)}
    own = [s for s in named if not _stands_elsewhere(s, context, elsewhere)]
    return sorted([*own, *near], key=lambda span: span.start)


def _stands_elsewhere(span: NamedSpan, context: Context, elsewhere: Container[int]) -> bool:
    """Return whether the words after a spot, or in it, name another town: "the palace in Istanbul"."""
    after = context.doc[span.last + 1 : span.last + 2].text.lower()
    return (after in ("in", "of", "at") and span.last + 2 in elsewhere) or any(
        token in elsewhere for token in range(span.first, span.last + 1)
    )


def _is_elsewhere(place: Place, town: Place) -> bool:
    """Return whether a place is another town, far from the strike's."""
    if place.geo_precision > 1 or None in (place.latitude, place.longitude, town.latitude, town.longitude):
        return False
    points = ((p.latitude or 0.0, p.longitude or 0.0) for p in (place, town))
    return kilometres(*points) > _FAR_KM


def _may_be_part(place: Place, town: Place) -> bool:
    is_town = (place.geonameid, place.name) == (town.geonameid, town.name)
    if place.geo_precision > 1 or is_town:
        return False
    if None in (place.latitude, place.longitude, town.latitude, town.longitude):
        return place.kind == "unlisted"
    points = ((p.latitude or 0.0, p.longitude or 0.0) for p in (place, town))
    return place.population <= town.population and kilometres(*points) <= _CITY_KM


def _chosen_spots(
    spans: Sequence[NamedSpan], odds: Sequence[float], least: float
) -> tuple[tuple[NamedSpan, float], ...]:
    """Return the likeliest exact spot, then the likeliest wide one, of those that are likely enough."""
    best = best_spans(spans, odds, least)
    exact = max((best[k] for k in _EXACT if k in best), key=lambda found: found[1], default=None)
    wide = max((best[k] for k in sorted(WIDE) if k in best), key=lambda found: found[1], default=None)
    return tuple((span, probability(value)) for span, value in (f for f in (exact, wide) if f is not None))


def _chosen_time(
    spans: Sequence[NamedSpan], odds: Sequence[float], least: float
) -> tuple[NamedSpan, float] | None:
    """Return the likeliest time that is likely enough; an hour comes before a part of the day."""
    best = best_spans(spans, odds, least)
    if HOUR in best:
        span, value = best[HOUR]
        return span, probability(value)
    found = max(best.values(), key=lambda pair: pair[1], default=None)
    return (found[0], probability(found[1])) if found is not None else None
