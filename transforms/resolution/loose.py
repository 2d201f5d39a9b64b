"""Reports that can found no incident: which strike one without a date, or with a region as its place,
means."""

from collections.abc import Iterable

from schemas.records import Report
from schemas.vocabulary import ANY_FAMILY
from transforms.resolution import tolls_compared
from transforms.resolution.dated_report import family_of, figure, hour_of, place_of
from transforms.resolution.event_days import days_of_loose
from transforms.resolution.place_similarity import CITY_PART, ReportedPlace, place_score
from transforms.resolution.strike import Strike

_FITTING_TOLLS = ("open", "same", "grown_a_little", "between", "vague", "lower")
"""Beginnings of the cases of a toll that may be that of the strike. A region's toll may be the sum of
several."""


def meant_by_loose(report: Report, strikes: Iterable[Strike]) -> list[Strike]:
    """Return the strikes that a report may mean which can found no incident.

    They happened at its place, or in its region, on days that it may mean; their weapons are of its family or
    unknown, and no dated report of its article belongs to them. Of several in a region, those count whose
    toll it gives.
    """
    place, family = place_of(report), family_of(report.weapon)
    first, last = days_of_loose(report)
    fitting = [
        strike
        for strike in strikes
        if report.article_url not in strike.article_urls
        and first <= strike.days.end
        and strike.days.start <= last
        and (family == ANY_FAMILY or not strike.families or family in strike.families)
        and any(_is_there(place, known) for known in strike.places)
    ]
    if not place.is_coarse:
        return fitting
    killed = figure(report.fatalities_low, report.fatalities_high, hour_of(report))
    tolls = [tolls_compared.compare(killed, strike.killed, strike.latest) for strike in fitting]
    possible = [s for s, toll in zip(fitting, tolls, strict=True) if toll.startswith(_FITTING_TOLLS)]
    same = [
        s for s, toll in zip(fitting, tolls, strict=True) if toll.startswith("same") and report.fatalities_low
    ]
    return same if len(possible) > 1 and same else possible


def _is_there(place: ReportedPlace, known: ReportedPlace) -> bool:
    if place.is_coarse:
        return any(key in known.region_keys for key in place.name_keys)
    return place_score(place, known) >= CITY_PART
