"""A report with a date, with the values that the comparison with strikes needs."""

from dataclasses import dataclass

from schemas.identity import parse_instant
from schemas.records import Report
from schemas.vocabulary import WEAPON_FAMILY
from transforms.resolution.event_days import EventDays, event_days
from transforms.resolution.place_similarity import ReportedPlace, reported_place
from transforms.resolution.spots import Spot, spots_in
from transforms.resolution.tolls_compared import Figure

_FAMILY_OF_WORD: dict[str, str] = {weapon.value: family for weapon, family in WEAPON_FAMILY.items()}
_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class DatedReport:
    """A report, its place, its days, the family of its weapon, and more that is computed once.

    ``hour``: when it was published, in hours, None where that is unknown. ``spots``: where in the town; a
    quarter of a city is one itself. ``name_spot``: the place where it may be a spot of a town: a name without
    an id. ``others_here``: how many other strikes its article tells of at this place on these days.
    """

    report: Report
    place: ReportedPlace
    days: EventDays
    family: str
    hour: float | None
    spots: tuple[Spot, ...]
    name_spot: Spot | None
    killed: Figure | None
    injured: Figure | None
    others_here: int = 0


def dated_report(report: Report) -> DatedReport:
    """Return the report with its values. It must have a date."""
    place, hour = place_of(report), hour_of(report)
    town = place.city or place.name
    own_name = spots_in(report.location)
    named = spots_in(report.sublocation, town) if report.sublocation else ()
    is_quarter = place.city is not None
    return DatedReport(
        report=report,
        place=place,
        days=event_days(report),
        family=family_of(report.weapon),
        hour=hour,
        spots=(*named, *own_name[:1]) if is_quarter else named,
        name_spot=own_name[0] if own_name and report.geonameid is None and not is_quarter else None,
        killed=figure(report.fatalities_low, report.fatalities_high, hour),
        injured=figure(report.injured_low, report.injured_high, hour),
    )


def hour_of(report: Report) -> float | None:
    """Return when a report was published, in hours; None where that is unknown."""
    instant = parse_instant(report.published_at)
    return instant.timestamp() / _SECONDS if instant is not None else None


def figure(low: int | None, high: int | None, hour: float | None) -> Figure | None:
    """Return a figure of a report, None where it gives none."""
    return Figure(low, high is None, hour) if low is not None else None


def place_of(report: Report) -> ReportedPlace:
    """Return the place that a report gives."""
    return reported_place(
        report.location, report.geonameid, report.country, report.latitude, report.longitude,
        report.geo_precision, report.admin1,
    )  # fmt: skip


def family_of(weapon: str) -> str:
    """Return the family of a weapon; ``ANY_FAMILY`` where the weapon is unknown or mixed."""
    return _FAMILY_OF_WORD[weapon]
