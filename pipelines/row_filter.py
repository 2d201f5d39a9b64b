"""The filters of ``show`` and ``export``: which rows of a table a user wants to see."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import islice

from schemas.countries import UnknownCountry, check_country
from schemas.identity import fold_name
from schemas.vocabulary import Status, Weapon
from transforms.util.errors import UserError
from transforms.warehouse import Row

_DAYS = (
    "event_date_start",
    "event_date",
    "published_at",
    "started_at",
    "first_failed_at",
    "made_at",
    "valid_from",
)
"""The columns that date a row; the first one that a table has counts."""
_COLUMNS = {
    "country": "country",
    "weapon": "weapon",
    "place": "location",
    "min_killed": "fatalities_low",
    "status": "status",
    "geo_precision": "geo_precision",
}


class FilterInvalid(UserError):
    """A filter that a table cannot take, or a value that no row can have."""


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Which rows are wanted; None leaves all.

    ``country``: ISO 3166-1 alpha-2. ``since``, ``until``: first and last day. ``place``: a part of the name.
    ``min_killed``: the least that the lower limit of the killed may be. ``geo_precision``: 1 town, 2 region,
    3 country. ``order``: ``latest`` or ``deadliest``; None: as the table is. ``limit``: the most rows.
    """

    country: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    weapon: str | None = None
    place: str | None = None
    min_killed: int | None = None
    status: str | None = None
    geo_precision: int | None = None
    order: str | None = None
    limit: int | None = None

    def check(self, table: str, columns: Sequence[str]) -> None:
        """Check that a table has the columns that the filter reads, and that the values exist.

        Raises:
            FilterInvalid: it has not, or they do not.
        """
        for name, known in (("weapon", list(Weapon)), ("status", list(Status))):
            value = getattr(self, name)
            if value is not None and value not in known:
                raise FilterInvalid(f"--{name} takes one of {', '.join(known)}, not {value!r}")
        if self.country is not None:
            try:
                check_country(self.country.upper())
            except UnknownCountry as error:
                raise FilterInvalid(f"--country: {error}") from None
        if self.since and self.until and self.since > self.until:
            raise FilterInvalid(f"--since {self.since} is later than --until {self.until}")
        for field in fields(self):
            name, column = field.name, _COLUMNS.get(field.name)
            if getattr(self, name) is None or name == "limit":
                continue
            if self.order == "deadliest" and name == "order":
                column = "fatalities_low"
            has_column = column in columns if column else any(day in columns for day in _DAYS)
            if not has_column:
                raise FilterInvalid(
                    f"--{name.replace('_', '-')} does not apply to {table}: it has no such column"
                )

    def rows(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the wanted rows in the order that is asked for."""
        wanted: Iterable[Row] = (row for row in rows if self._wants(row))
        if self.order is not None:
            wanted = sorted(wanted, key=lambda row: row.get("incident_id") or "")  # as the API has it
            key = _killed_in if self.order == "deadliest" else _day_of
            wanted = sorted(wanted, key=key, reverse=True)
        yield from islice(wanted, self.limit)

    def _wants(self, row: Row) -> bool:
        if self.country is not None and (row["country"] or "").upper() != self.country.upper():
            return False
        if self.weapon is not None and row["weapon"] != self.weapon:
            return False
        if self.status is not None and row["status"] != self.status:
            return False
        if self.place is not None and fold_name(self.place) not in fold_name(row["location"] or ""):
            return False
        if self.geo_precision is not None and row["geo_precision"] != self.geo_precision:
            return False
        if self.min_killed is not None and (row["fatalities_low"] or 0) < self.min_killed:
            return False
        return self._is_in_days(row)

    def _is_in_days(self, row: Row) -> bool:
        if self.since is None and self.until is None:
            return True
        written = _day_of(row)
        if not written:
            return False
        day = dt.date.fromisoformat(written)
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)


def _day_of(row: Row) -> str:
    """Return the day of a row as YYYY-MM-DD, empty where it has none."""
    return str(next((row[day] for day in _DAYS if day in row), None) or "")[:10]


def _killed_in(row: Row) -> int:
    """Return the lower limit of the killed; where nobody stated it the row comes last."""
    return -1 if row["fatalities_low"] is None else int(row["fatalities_low"])


EVERY_ROW = RowFilter()
