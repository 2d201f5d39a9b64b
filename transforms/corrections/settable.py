"""The fields that a person can set, and the values that they take."""

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from schemas.countries import UnknownCountry, check_country
from schemas.records import Incident, TollStep
from schemas.vocabulary import ClaimStatus, Target, Weapon
from transforms.resolution.event_times import is_event_time

Bearer = TypeVar("Bearer", Incident, TollStep)
_TOLLS = ("fatalities", "injured")
_COUNTRY_LETTERS = 2
MAX_TOLL = 10_000_000
"""No strike killed so many. A number of twenty digits, once stored, fits no column of the ledger."""
MAX_ID, _MAX_TEXT = 2**31 - 1, 500


class ValueRefused(ValueError):
    """A value that a field cannot have. The message says which values it takes."""


@dataclass(frozen=True, slots=True)
class _Field:
    read: Callable[[Any], Any]
    takes: str


def _number(most: int) -> Callable[[Any], int | None]:
    def read(value: Any) -> int | None:
        if value is None:
            return None
        number = int(value) if isinstance(value, str) else value
        if type(number) is not int or not 0 <= number <= most:
            raise ValueError
        return number

    return read


def _day(value: Any) -> dt.date:
    return dt.date.fromisoformat(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > _MAX_TEXT:
        raise ValueError
    return value.strip()


def _optional_text(value: Any) -> str | None:
    return None if value is None else _text(value)


def _degrees(limit: float) -> Callable[[Any], float | None]:
    def read(value: Any) -> float | None:
        if value is None:
            return None
        degrees = float(value)
        if not -limit <= degrees <= limit:
            raise ValueError
        return degrees

    return read


def _country(value: Any) -> str | None:
    if value is None:
        return None
    code = _text(value).upper()
    if len(code) != _COUNTRY_LETTERS or not code.isascii() or not code.isalpha():
        raise ValueError
    return code


def _targets(value: Any) -> list[str]:
    words = value.split(",") if isinstance(value, str) else value
    return sorted({Target(word.strip()).value for word in words})


def _time(value: Any) -> str | None:
    if value is not None and not is_event_time(value):
        raise ValueError
    return value if value is None else str(value)


def _precision(value: Any) -> int:
    number = int(value)
    if number not in (1, 2, 3):
        raise ValueError
    return number


_NUMBER = _Field(_number(MAX_TOLL), f"a number up to {MAX_TOLL:,}, or null")
FIELDS: Mapping[str, _Field] = {
    "event_date_start": _Field(_day, "a date such as 2026-11-24"),
    "event_date_end": _Field(_day, "a date such as 2026-11-24"),
    "location": _Field(_text, "a name"),
    "geonameid": _Field(_number(MAX_ID), "a GeoNames id, or null"),
    "admin1": _Field(_optional_text, "a name, or null"),
    "country": _Field(_country, "an ISO 3166-1 alpha-2 code such as UA, or null"),
    "latitude": _Field(_degrees(90), "degrees from -90 to 90, or null"),
    "longitude": _Field(_degrees(180), "degrees from -180 to 180, or null"),
    "geo_precision": _Field(_precision, "1, 2 or 3"),
    "weapon": _Field(lambda v: Weapon(v).value, f"one of {', '.join(Weapon)}"),
    "actor": _Field(_optional_text, "a name, or null"),
    "targets": _Field(_targets, f"some of {', '.join(Target)}, with commas between"),
    "claim_status": _Field(lambda v: ClaimStatus(v).value, f"one of {', '.join(ClaimStatus)}"),
    "sublocation": _Field(_optional_text, "a name, or null"),
    "event_time": _Field(_time, "an hour such as 03:40, night, morning, afternoon, evening, or null"),
    "child_fatalities": _NUMBER,
    "child_injured": _NUMBER,
    **{f"{toll}_{end}": _NUMBER for toll in _TOLLS for end in ("low", "best", "high")},
}
"""Columns of an incident that can be set."""
SHORT_FORMS: Mapping[str, tuple[str, ...]] = {
    "killed": ("fatalities_low", "fatalities_best", "fatalities_high"),
    "injured": ("injured_low", "injured_best", "injured_high"),
    "event_date": ("event_date_start", "event_date_end"),
}
"""Names that stand for several columns of one value."""
_TOLL_FORMS = ("killed", "injured")
_TOLL = re.compile(r"(?P<low>\d{1,20})\s*(?:[-\u2013]\s*(?P<high>\d{1,20})|(?P<plus>\+))?", re.ASCII)


def written_values(field: str, written: str) -> dict[str, str]:
    """Return what a person writes for each column that a name stands for.

    A toll may be a range: ``20-25`` is between the two, ``20+`` at least 20. The columns get what a report
    of these words would have.

    >>> written_values("killed", "20-25")
    {'fatalities_low': '20', 'fatalities_best': 'null', 'fatalities_high': '25'}

    Raises:
        ValueRefused: it is no toll.
    """
    names = SHORT_FORMS.get(field, (field,))
    if field not in _TOLL_FORMS or written.strip().lower() == "null":
        return dict.fromkeys(names, written)
    toll = _TOLL.fullmatch(written.strip())
    if (
        toll is None
        or max(int(toll["low"]), int(toll["high"] or 0)) > MAX_TOLL
        or (toll["high"] and int(toll["high"]) < int(toll["low"]))
    ):
        takes = f"a number up to {MAX_TOLL:,}, a range such as 20-25, 20+ or null"
        raise ValueRefused(f"{field} takes {takes}, not {written[:60]!r}")
    low, high = toll["low"], toll["high"] or toll["low"]
    best = low if int(low) == int(high) else "null"
    return dict(zip(names, (low, best, "null" if toll["plus"] else high), strict=True))


def read_value(field: str, written: str) -> str:
    """Return the JSON of a value as a person writes it: ``22``, ``null``, ``drone``, ``school,street``.

    Raises:
        ValueRefused: there is no such field, or it cannot have this value.
    """
    known = FIELDS.get(field)
    if known is None:
        raise ValueRefused(f"{field} cannot be set; these can: {', '.join([*SHORT_FORMS, *FIELDS])}")
    if field == "country" and written.strip().lower() != "null":
        _check_country(written.strip())
    try:
        value = known.read(None if written.strip().lower() == "null" else written.strip())
    except (AttributeError, OverflowError, TypeError, ValueError):
        raise ValueRefused(f"{field} takes {known.takes}, not {written[:60]!r}") from None
    return _json(value)


def _check_country(written: str) -> None:
    try:
        check_country(written.upper())
    except UnknownCountry as error:
        raise ValueRefused(str(error)) from None


def with_value(incident: Bearer, field: str, value: str) -> Bearer:
    """Return an incident, or a step of its toll, with a field set. What it contradicts follows it.

    "At least 22" is no range with a best figure of 14: best and high rise with low, and fall with high. An
    end before the start moves to it.

    Raises:
        ValueRefused: the stored value is not one that the field can have.
    """
    try:
        read = FIELDS[field].read(json.loads(value))
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        raise ValueRefused(f"{field} cannot be {value}") from None
    changed = replace(incident, **{field: read})
    if isinstance(changed, Incident):
        changed = _with_days(changed, field)
        if field == "sublocation":
            changed = replace(changed, sublocation_kind=None)  # that of the former one
    for toll in _TOLLS:
        if field.startswith(f"{toll}_") and read is not None:
            changed = _with_range(changed, toll, field.removeprefix(f"{toll}_"), read)
    return changed


def _with_days(incident: Incident, field: str) -> Incident:
    start, end = incident.event_date_start, incident.event_date_end
    if end < start:
        start = end = end if field == "event_date_end" else start
    return replace(incident, event_date=start, event_date_start=start, event_date_end=end)


def _with_range(incident: Bearer, toll: str, end: str, value: int) -> Bearer:
    low, best, high = (getattr(incident, f"{toll}_{name}") for name in ("low", "best", "high"))
    if end == "low":
        best, high = (None if v is None else max(v, value) for v in (best, high))
    elif end == "high":
        low, best = (None if v is None else min(v, value) for v in (low, best))
    else:
        low = value if low is None else min(low, value)
        high = None if high is None else max(high, value)
    return replace(incident, **{f"{toll}_low": low, f"{toll}_best": best, f"{toll}_high": high})


def value_of(incident: Incident, field: str) -> str:
    """Return the JSON of a field of an incident."""
    return _json(getattr(incident, field))


def _json(value: Any) -> str:
    return json.dumps(value.isoformat() if isinstance(value, dt.date) else value, ensure_ascii=False)
