"""Check reports before they are resolved: ``vet_reports``.

A bad field is left out; the rest of its report is used, and other reports are not affected. Only a report
without any place, or with the id of a newer one, is left out as a whole.
"""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from schemas.identity import fold_name, utc_iso
from schemas.records import Report
from schemas.rows import record_to_json
from schemas.vocabulary import ClaimStatus, Weapon
from transforms.resolution.event_times import is_event_time

FIRST_YEAR = 1900
"""An earlier year is misread ("year 1"): the first bombs from aircraft fell in 1911."""
MAX_AHEAD = dt.timedelta(days=1)
"""Local clocks run up to 14 hours ahead of UTC, so a strike may have the local date after its publication."""
GEO_PRECISIONS = (1, 2, 3)


class Fault(StrEnum):
    """What is wrong with a report. ``OUTCOMES`` says what happens then."""

    DUPLICATE_ID = "duplicate_id"
    NO_PLACE = "no_place"
    DATES_OUT_OF_ORDER = "dates_out_of_order"
    DATE_AFTER_PUBLICATION = "date_after_publication"
    DATE_IMPOSSIBLE = "date_impossible"
    TOLL_OUT_OF_ORDER = "toll_out_of_order"
    COORDINATES_OFF_GLOBE = "coordinates_off_globe"
    PUBLISHED_UNREADABLE = "published_unreadable"
    UNKNOWN_VALUE = "unknown_value"
    TIME_UNREADABLE = "time_unreadable"
    UNDATED = "undated"
    UNPLACED = "unplaced"


OUTCOMES: dict[Fault, str] = {
    Fault.DUPLICATE_ID: "left out: another report with the same id is newer or is preferred",
    Fault.NO_PLACE: "left out: it gives no place",
    Fault.DATES_OUT_OF_ORDER: "treated as undated: its last day is before its first day",
    Fault.DATE_AFTER_PUBLICATION: "treated as undated: its date is more than a day after its publication",
    Fault.DATE_IMPOSSIBLE: "treated as undated: no news report has that year",
    Fault.TOLL_OUT_OF_ORDER: "its toll is not used: it is negative, or low, best and high are out of order",
    Fault.COORDINATES_OFF_GLOBE: "its coordinates are not used: no such point is on the globe",
    Fault.PUBLISHED_UNREADABLE: "treated as published at an unknown time",
    Fault.UNKNOWN_VALUE: "replaced by unknown, reported or 1: its weapon, status or precision is in no list",
    Fault.TIME_UNREADABLE: "its time of day is not used: it is neither an hour (03:40) nor a part of the day",
    Fault.UNPLACED: "in no incident: it names only a region, and none or several of the incidents there fit",
    Fault.UNDATED: "in no incident: it has no date, and none or several of the earlier incidents fit",
}
"""What happens to a report with each fault. The commands print these sentences."""

UNUSABLE = frozenset({Fault.DUPLICATE_ID, Fault.NO_PLACE})


def vet_report(report: Report) -> tuple[Report, list[Fault]]:
    """Return the report without its unusable values, and the faults found."""
    faults: list[Fault] = []
    changes: dict[str, Any] = {}
    latitude, longitude = report.latitude, report.longitude
    if not on_globe(latitude, longitude) and (latitude is not None or longitude is not None):
        changes.update(latitude=None, longitude=None)
        latitude = None
        faults.append(Fault.COORDINATES_OFF_GLOBE)
    if report.geonameid is None and latitude is None and not fold_name(report.location):
        faults.append(Fault.NO_PLACE)
    published = utc_iso(report.published_at)
    if published != report.published_at:
        changes["published_at"] = published
        if published is None:
            faults.append(Fault.PUBLISHED_UNREADABLE)
    fault = date_fault(report.event_date_start, report.event_date_end, published)
    if fault is not None:
        changes.update(event_date_start=None, event_date_end=None)
        faults.append(fault)
    for name in ("fatalities", "injured"):
        if not _in_order(*(getattr(report, f"{name}_{end}") for end in ("low", "best", "high"))):
            changes.update({f"{name}_{end}": None for end in ("low", "best", "high")})
            faults.append(Fault.TOLL_OUT_OF_ORDER)
    for name in ("child_fatalities", "child_injured"):
        if (getattr(report, name) or 0) < 0:
            changes[name] = None
            faults.append(Fault.TOLL_OUT_OF_ORDER)
    if report.event_time is not None and not is_event_time(report.event_time):
        changes["event_time"] = None
        faults.append(Fault.TIME_UNREADABLE)
    replacements = {
        name: general_value
        for name, general_value, is_known in (
            ("weapon", Weapon.UNKNOWN.value, report.weapon in _WEAPONS),
            ("claim_status", ClaimStatus.REPORTED.value, report.claim_status in _STATUSES),
            (
                "geo_precision",
                usable_precision(report.geo_precision, report.geonameid, latitude),
                report.geo_precision in GEO_PRECISIONS,
            ),
        )
        if not is_known
    }
    if replacements:
        changes.update(replacements)
        faults.append(Fault.UNKNOWN_VALUE)
    return dataclasses.replace(report, **changes) if changes else report, list(dict.fromkeys(faults))


_WEAPONS = frozenset(Weapon)
_STATUSES = frozenset(ClaimStatus)


def usable_precision(precision: int, geonameid: int | None, latitude: float | None) -> int:
    """Return the precision of a place; where it is not of the list that of a town if the place has an id or a
    point."""
    if precision in GEO_PRECISIONS:
        return precision
    return GEO_PRECISIONS[-1] if geonameid is None and latitude is None else GEO_PRECISIONS[0]


def on_globe(latitude: float | None, longitude: float | None) -> bool:
    """Return whether a latitude and a longitude (degrees) are both given and name a point."""
    if latitude is None or longitude is None:
        return False
    return abs(latitude) <= 90 and abs(longitude) <= 180  # both false for NaN


def date_fault(start: dt.date | None, end: dt.date | None, published: str | None) -> Fault | None:
    """Return what is wrong with the dates of a report, None if nothing is or if it has no date.

    Args:
        start: the first day.
        end: the last day, None if it is the first day.
        published: UTC instant, None if it is unknown.
    """
    if start is None:
        return None
    if end is not None and end < start:
        return Fault.DATES_OUT_OF_ORDER
    if start.year < FIRST_YEAR or start.year == dt.MAXYEAR:
        return Fault.DATE_IMPOSSIBLE
    if published is not None and start - MAX_AHEAD > dt.date.fromisoformat(published[:10]):
        return Fault.DATE_AFTER_PUBLICATION
    return None


def _in_order(low: int | None, best: int | None, high: int | None) -> bool:
    known = [n for n in (low, best, high) if n is not None]
    return known == sorted(known) and all(n >= 0 for n in known)


def vet_reports(reports: Iterable[Report]) -> tuple[list[Report], dict[str, list[Fault]]]:
    """Return the usable reports, one for each id, and the faults by report id.

    Two equal reports of one id are no fault.
    """
    kept: dict[str, Report] = {}
    faults: dict[str, list[Fault]] = {}
    for report in reports:
        other = kept.get(report.report_id)
        if other is None:
            kept[report.report_id] = report
            continue
        if report != other:
            faults[report.report_id] = [Fault.DUPLICATE_ID]
            kept[report.report_id] = preferred((report, other))
    usable = []
    for the_id, report in kept.items():
        vetted, found = vet_report(report)
        if found:
            faults[the_id] = faults.get(the_id, []) + found
        if not UNUSABLE.intersection(found):
            usable.append(vetted)
    return usable, faults


def preferred(reports: Iterable[Report]) -> Report:
    """Return the report that counts among several with one id.

    It is the one of the newest article version. Among those, the choice depends on the content only, so the
    order of arrival does not matter.
    """
    return min(reports, key=lambda r: (-r.article_version, record_to_json(r)))


def outcome_lines(*faults: Mapping[str, Iterable[Fault]]) -> list[str]:
    """Return one line for each kind of fault: how many reports have it, and what happened to them."""
    counts = Counter(fault for by_report in faults for found in by_report.values() for fault in found)
    return [f"{counts[f]} x {f.value}: {OUTCOMES[f]}" for f in Fault if f in counts]
