"""When an article was published, and what local time that was at a place."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.identity import parse_instant
from transforms.nlp.gazetteer import Gazetteer, Place
from transforms.util.day_only import stated_day

_FIRST_YEAR, _LAST_YEAR = 1000, 9000
_NOON = dt.time(12)


@dataclass(frozen=True, slots=True)
class Publication:
    """When an article was published: instant and offset from UTC in minutes, where they are known.

    ``day``: its day, where only that is known.
    """

    instant: dt.datetime | None
    offset_minutes: int | None = None
    day: dt.date | None = None

    def at(self, place: Place, gazetteer: Gazetteer) -> dt.datetime | None:
        """Return the local time of publication at a place; with the article's offset if no zone is known.

        Where only the day is known, it is noon of that day: no time zone makes it another day.
        """
        if self.instant is None:
            return None
        if self.day is not None:
            return dt.datetime.combine(self.day, _NOON, self._zone_at(place, gazetteer))
        return self.instant.astimezone(self._zone_at(place, gazetteer))

    def _zone_at(self, place: Place, gazetteer: Gazetteer) -> dt.tzinfo:
        zone = place.timezone
        if zone is None and place.country:
            capital = gazetteer.capital(place.country)
            zone = capital.timezone if capital else None
        if zone:
            try:
                return ZoneInfo(zone)
            except (ZoneInfoNotFoundError, ValueError):
                pass
        return dt.timezone(dt.timedelta(minutes=self.offset_minutes or 0))


def publication_of(published_at: str | None, offset_minutes: int | None) -> Publication:
    """Return the publication of an article. A year that no article is of counts as unknown.

    Days before the year 1 or after 9999 cannot be computed: "on Friday" in an article of 9999-12-31.
    """
    instant = parse_instant(published_at)
    if instant is not None and not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        instant = None
    return Publication(instant, offset_minutes, stated_day(published_at, offset_minutes))
