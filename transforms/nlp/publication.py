"""When an article was published, and what local time that was at a place."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.identity import parse_instant
from transforms.nlp.gazetteer import Gazetteer, Place

_FIRST_YEAR, _LAST_YEAR = 1000, 9000


@dataclass(frozen=True, slots=True)
class Publication:
    """When an article was published: instant and offset from UTC in minutes, where they are known."""

    instant: dt.datetime | None
    offset_minutes: int | None = None

    def at(self, place: Place, gazetteer: Gazetteer) -> dt.datetime | None:
        """Return the local time of publication at a place; with the article's offset if no zone is known."""
        if self.instant is None:
            return None
        zone = place.timezone
        if zone is None and place.country:
            capital = gazetteer.capital(place.country)
            zone = capital.timezone if capital else None
        if zone:
            try:
                return self.instant.astimezone(ZoneInfo(zone))
            except (ZoneInfoNotFoundError, ValueError):
                pass
        offset = dt.timezone(dt.timedelta(minutes=self.offset_minutes or 0))
        return self.instant.astimezone(offset)


def publication_of(published_at: str | None, offset_minutes: int | None) -> Publication:
    """Return the publication of an article. A year that no article is of counts as unknown.

    Days before the year 1 or after 9999 cannot be computed: "on Friday" in an article of 9999-12-31.
    """
    instant = parse_instant(published_at)
    if instant is not None and not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        instant = None
    return Publication(instant, offset_minutes)
