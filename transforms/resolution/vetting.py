"""What of a report can be used. A bad field costs that field, never the report, never its neighbours."""

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

# The first bombs from the air fell in 1911; what is dated before is misread ("year 1"), not news.
_FIRST_YEAR = 1900
# Local clocks run up to 14 hours ahead of UTC: a strike of tomorrow's date may already have happened.
_AHEAD = dt.timedelta(days=1)
_GEO_PRECISIONS = (1, 2, 3)


class Fault(StrEnum):
    """What is wrong with a report, and what becomes of it."""

    DUPLICATE_ID = "duplicate_id"
    NO_PLACE = "no_place"
    DATES_OUT_OF_ORDER = "dates_out_of_order"
    DATE_AFTER_PUBLICATION = "date_after_publication"
    DATE_IMPOSSIBLE = "date_impossible"
    TOLL_OUT_OF_ORDER = "toll_out_of_order"
    COORDINATES_OFF_GLOBE = "coordinates_off_globe"
    PUBLISHED_UNREADABLE = "published_unreadable"
    UNKNOWN_VALUE = "unknown_value"
    UNDATED = "undated"


OUTCOMES: dict[Fault, str] = {
    Fault.DUPLICATE_ID: "left out: another report has its id, and the newer version counts",
    Fault.NO_PLACE: "left out: no place is given, so nothing can be said of where",
    Fault.DATES_OUT_OF_ORDER: "taken as undated: its last day lies before its first",
    Fault.DATE_AFTER_PUBLICATION: "taken as undated: it would have happened after it was published",
    Fault.DATE_IMPOSSIBLE: "taken as undated: no strike of that year is news",
    Fault.TOLL_OUT_OF_ORDER: "that toll is not used: its low, best and high are negative or out of order",
    Fault.COORDINATES_OFF_GLOBE: "its coordinates are not used: they lie off the globe",
    Fault.PUBLISHED_UNREADABLE: "taken as published at an unknown time",
    Fault.UNKNOWN_VALUE: "a word that is in no list counts as unknown",
    Fault.UNDATED: "in no incident: it has no date, and not exactly one earlier incident fits",
}
"""What becomes of a report with a fault, in words."""

UNUSABLE = frozenset({Fault.DUPLICATE_ID, Fault.NO_PLACE})


def vet_report(report: Report) -> tuple[Report, list[Fault]]:
    """Return the report with what can't be used taken out, and the faults found."""
    faults: list[Fault] = []
    change: dict[str, Any] = {}
    latitude, longitude = report.latitude, report.longitude
    if not on_globe(latitude, longitude) and (latitude is not None or longitude is not None):
        change.update(latitude=None, longitude=None)
        latitude = None
        faults.append(Fault.COORDINATES_OFF_GLOBE)
    if report.geonameid is None and latitude is None and not fold_name(report.location):
        faults.append(Fault.NO_PLACE)
    published = utc_iso(report.published_at)
    if published != report.published_at:
        change["published_at"] = published
        if published is None:
            faults.append(Fault.PUBLISHED_UNREADABLE)
    fault = date_fault(report.event_date_start, report.event_date_end, published)
    if fault is not None:
        change.update(event_date_start=None, event_date_end=None)
        faults.append(fault)
    for name in ("fatalities", "injured"):
        if not _in_order(*(getattr(report, f"{name}_{end}") for end in ("low", "best", "high"))):
            change.update({f"{name}_{end}": None for end in ("low", "best", "high")})
            faults.append(Fault.TOLL_OUT_OF_ORDER)
    for name in ("child_fatalities", "child_injured"):
        if (getattr(report, name) or 0) < 0:
            change[name] = None
            faults.append(Fault.TOLL_OUT_OF_ORDER)
    strange = {
        name: value
        for name, value, known in (
            ("weapon", Weapon.UNKNOWN.value, report.weapon in _WEAPONS),
            ("claim_status", ClaimStatus.REPORTED.value, report.claim_status in _STATUSES),
            ("geo_precision", _GEO_PRECISIONS[-1], report.geo_precision in _GEO_PRECISIONS),
        )
        if not known
    }
    if strange:
        change.update(strange)
        faults.append(Fault.UNKNOWN_VALUE)
    return dataclasses.replace(report, **change) if change else report, list(dict.fromkeys(faults))


_WEAPONS = frozenset(Weapon)
_STATUSES = frozenset(ClaimStatus)


def on_globe(latitude: float | None, longitude: float | None) -> bool:
    """Return whether there is such a point (degrees)."""
    if latitude is None or longitude is None:
        return False
    return abs(latitude) <= 90 and abs(longitude) <= 180  # neither holds for NaN


def date_fault(start: dt.date | None, end: dt.date | None, published: str | None) -> Fault | None:
    """Return what is wrong with a report's dates; without any there is nothing wrong."""
    if start is None:
        return None
    if end is not None and end < start:
        return Fault.DATES_OUT_OF_ORDER
    if start.year < _FIRST_YEAR or start.year == dt.MAXYEAR:
        return Fault.DATE_IMPOSSIBLE
    if published is not None and start > dt.date.fromisoformat(published[:10]) + _AHEAD:
        return Fault.DATE_AFTER_PUBLICATION
    return None


def _in_order(low: int | None, best: int | None, high: int | None) -> bool:
    known = [n for n in (low, best, high) if n is not None]
    return known == sorted(known) and all(n >= 0 for n in known)


def vet_reports(reports: Iterable[Report]) -> tuple[list[Report], dict[str, list[Fault]]]:
    """Return the usable reports, one for each id, and the faults by report id."""
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
    """Return the report that counts among those of one id: of the newest article version, then the least
    by content, so that the order of arrival plays no part."""
    return min(reports, key=lambda r: (-r.article_version, record_to_json(r)))


def outcome_lines(*faults: Mapping[str, Iterable[Fault]]) -> list[str]:
    """Return one line for each kind of fault: how many reports have it and what became of them."""
    counts = Counter(fault for some in faults for found in some.values() for fault in found)
    return [f"{counts[f]} x {f.value}: {OUTCOMES[f]}" for f in Fault if f in counts]
