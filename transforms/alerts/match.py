"""Whether an incident fits the conditions of a watch."""

from schemas.alert_records import Telling
from schemas.identity import fold_name
from transforms.alerts.watches import Circle, Conditions
from transforms.util.geo import kilometres

_COUNTRY_PRECISION = 3
_PUBLISHABLE = frozenset({"auto", "confirmed", "corrected"})


def matches(conditions: Conditions, telling: Telling) -> bool:
    """Return whether an incident fits all conditions.

    An incident that a person rejected is no strike, so it fits no watch. A toll is its best figure, else its
    lower limit; an unknown toll reaches no number.
    """
    facts, context = telling.facts, telling.context
    return (
        is_told(conditions, context.status)
        and (not conditions.countries or facts.country in conditions.countries)
        and (not conditions.weapons or facts.weapon in conditions.weapons)
        and (not conditions.actors or fold_name(context.actor or "") in conditions.actors)
        and _reaches(facts.fatalities_best, facts.fatalities_low, conditions.killed_at_least)
        and _reaches(facts.injured_best, facts.injured_low, conditions.injured_at_least)
        and (conditions.circle is None or _lies_within(conditions.circle, telling))
    )


def is_told(conditions: Conditions, status: str) -> bool:
    """Return whether incidents of a status are told at all."""
    return status in _PUBLISHABLE or (status != "rejected" and not conditions.publishable_only)


def _reaches(best: int | None, low: int | None, least: int | None) -> bool:
    toll = best if best is not None else low
    return least is None or (toll is not None and toll >= least)


def _lies_within(circle: Circle, telling: Telling) -> bool:
    """Return whether an incident lies in a circle. One that is only known to a country lies in none.

    The coordinates of such an incident are the middle of the country, which would be a wrong place.
    """
    context = telling.context
    if context.latitude is None or context.longitude is None or context.geo_precision >= _COUNTRY_PRECISION:
        return False
    point = (context.latitude, context.longitude)
    return kilometres(point, (circle.latitude, circle.longitude)) <= circle.within_km
