"""Incidents of one article while it is read, and what tells two of them apart or together."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.vocabulary import WEAPON_FAMILY, Weapon
from transforms.nlp.frames import Mention
from transforms.nlp.gazetteer import Gazetteer, Place, region_key
from transforms.nlp.times import Interval, TimeExpression
from transforms.util.geo import kilometres

_HEADLINE_KM = 40  # a headline names the town that readers know


@dataclass(slots=True)
class Draft:
    """One incident of an article, while it is read."""

    place: Place
    mentions: list[Mention] = field(default_factory=list)
    interval: Interval | None = None
    time: TimeExpression | None = None
    is_unresolvable: bool = False
    is_background: bool = False

    @property
    def key(self) -> tuple[int | None, str, str]:
        """What makes two drafts be of one place."""
        return (self.place.geonameid, self.place.name, self.place.country)


@dataclass(frozen=True, slots=True)
class Publication:
    """When an article was published: the instant and the offset it was written with, if known."""

    instant: dt.datetime | None
    offset_minutes: int | None = None

    def at(self, place: Place, gazetteer: Gazetteer) -> dt.datetime | None:
        """Return the instant in the time zone of a place, else in the article's own offset."""
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


def lies_in(place: Place, region: Place | None) -> bool:
    """Return whether a place lies in a region or country."""
    if region is None:
        return False
    if region.kind == "country":
        return place.country == region.country
    return place.admin1 is not None and region_key(place.admin1) == region_key(region.name)


def tells_same_toll(mention: Mention, draft: Draft) -> bool:
    """Return whether a headline names the same number of dead, and the same country, as an incident: the
    town of readers' maps stands for the village."""
    if mention.place is None or mention.place.place.country != draft.place.country:
        return False
    mine = {c.low for c in mention.counts if c.kind == "killed"}
    return bool(mine & {c.low for m in draft.mentions for c in m.counts if c.kind == "killed"})


def lies_near(a: Place, b: Place) -> bool:
    """Return whether a headline may name one place for the other."""
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return False
    return kilometres((a.latitude, a.longitude), (b.latitude, b.longitude)) <= _HEADLINE_KM


def same_place(a: Place, b: Place) -> bool:
    """Return whether two records are of one place."""
    if a.geonameid is not None and b.geonameid is not None:
        return a.geonameid == b.geonameid
    return a.name == b.name and a.country == b.country


def is_narrower(a: Interval, b: Interval) -> bool:
    """Return whether the first interval is the shorter one."""
    return (a.end - a.start) < (b.end - b.start)


def weapons(mentions: Iterable[Mention], without: frozenset[int] = frozenset()) -> set[str]:
    """Return the families of weapons named, but for those at the given offsets."""
    return {
        WEAPON_FAMILY[Weapon(t.value)]
        for m in mentions
        for t in m.terms
        if t.group == "weapon" and t.start not in without
    }


def different_weapon(mention: Mention, drafts: list[Draft]) -> bool:
    """Return whether a clause names a weapon, and none of the drafts its family."""
    mine = weapons([mention], mention.other_weapons)
    return bool(mine) and all(not mine & weapons(d.mentions) for d in drafts)


def contradicts(mention: Mention, draft: Draft) -> bool:
    """Return whether a clause with a day of its own tells of another weapon and another toll: "on the
    night of April 4 a drone killed a woman there", in an article on that evening's missile."""
    if not different_weapon(mention, [draft]) or not weapons(draft.mentions):
        return False
    mine = {c.low for c in mention.counts if c.kind == "killed"}
    theirs = {c.low for m in draft.mentions for c in m.counts if c.kind == "killed"}
    return bool(mine) and bool(theirs) and not mine & theirs


def agrees(mention: Mention, draft: Draft) -> bool:
    """Return whether "another victim" only adds to a known toll: a toll phrase, or the same count."""
    if any(c.strength == 3 or c.is_more for c in mention.counts):
        return True
    mine = {(c.kind, c.low) for c in mention.counts}
    theirs = {(c.kind, c.low) for m in draft.mentions for c in m.counts}
    return bool(mine & theirs)
