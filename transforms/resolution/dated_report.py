"""A report with a date, with the values that the comparison with strikes needs."""

from dataclasses import dataclass

from schemas.records import Report
from schemas.vocabulary import WEAPON_FAMILY
from transforms.resolution.event_days import EventDays, event_days
from transforms.resolution.place_similarity import ReportedPlace, reported_place

_FAMILY_OF_WORD: dict[str, str] = {weapon.value: family for weapon, family in WEAPON_FAMILY.items()}


@dataclass(frozen=True, slots=True)
class DatedReport:
    """A report, its place, its days and the family of its weapon."""

    report: Report
    place: ReportedPlace
    days: EventDays
    family: str


def dated_report(report: Report) -> DatedReport:
    """Return the report with its place, days and weapon family computed once. It must have a date."""
    return DatedReport(report, place_of(report), event_days(report), family_of(report.weapon))


def place_of(report: Report) -> ReportedPlace:
    """Return the place that a report gives."""
    return reported_place(
        report.location, report.geonameid, report.country, report.latitude, report.longitude,
        report.geo_precision,
    )  # fmt: skip


def family_of(weapon: str) -> str:
    """Return the family of a weapon; ``ANY_FAMILY`` where the weapon is unknown or mixed."""
    return _FAMILY_OF_WORD[weapon]
