"""Drafts of incidents while one article is read, and how to tell whether two of them are the same."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas.vocabulary import WEAPON_FAMILY, Weapon
from transforms.nlp.frames import Mention
from transforms.nlp.gazetteer import Place, region_key
from transforms.nlp.times import Interval, TimeExpression
from transforms.util.geo import kilometres

_MAX_HEADLINE_KM = 40
"""A headline names a well-known town at most this far from the place of the strike."""


@dataclass(slots=True)
class Draft:
    """One incident of an article, while the article is read.

    ``interval``: its dates, and ``time`` the expression that states them. ``is_unresolvable``: it has a time
    that gives no dates. ``is_background``: the article only mentions it.
    """

    place: Place
    mentions: list[Mention] = field(default_factory=list)
    interval: Interval | None = None
    time: TimeExpression | None = None
    is_unresolvable: bool = False
    is_background: bool = False

    @property
    def key(self) -> tuple[int | None, str, str]:
        """Return what two drafts of one place have in common."""
        return (self.place.geonameid, self.place.name, self.place.country)


def lies_in(place: Place, region: Place | None) -> bool:
    """Return whether a place lies in a region or country."""
    if region is None:
        return False
    if region.kind == "country":
        return place.country == region.country
    return place.admin1 is not None and region_key(place.admin1) == region_key(region.name)


def states_same_toll(mention: Mention, draft: Draft) -> bool:
    """Return whether a headline names the same number of killed and the same country as an incident.

    Then the headline's town may stand for the village of the incident, because readers know the town.
    """
    if mention.place is None or mention.place.place.country != draft.place.country:
        return False
    mine = {c.low for c in mention.counts if c.kind == "killed"}
    return bool(mine & {c.low for m in draft.mentions for c in m.counts if c.kind == "killed"})


def lies_near(a: Place, b: Place) -> bool:
    """Return whether two places are so near that a headline may name one for the other."""
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return False
    return kilometres((a.latitude, a.longitude), (b.latitude, b.longitude)) <= _MAX_HEADLINE_KM


def same_place(a: Place, b: Place) -> bool:
    """Return whether two records mean the same place."""
    if a.geonameid is not None and b.geonameid is not None:
        return a.geonameid == b.geonameid
    return a.name == b.name and a.country == b.country


def is_narrower(a: Interval, b: Interval) -> bool:
    """Return whether the first interval is shorter than the second."""
    return (a.end - a.start) < (b.end - b.start)


def weapons(mentions: Iterable[Mention], without: frozenset[int] = frozenset()) -> set[str]:
    """Return the families of the weapons named, without those at the offsets ``without``."""
    return {
        WEAPON_FAMILY[Weapon(t.value)]
        for m in mentions
        for t in m.terms
        if t.group == "weapon" and t.start not in without
    }


def different_weapon(mention: Mention, drafts: list[Draft]) -> bool:
    """Return whether a clause names a weapon of a family that none of the drafts names."""
    mine = weapons([mention], mention.other_weapons)
    return bool(mine) and all(not mine & weapons(d.mentions) for d in drafts)


def contradicts(mention: Mention, draft: Draft) -> bool:
    """Return whether a clause names another weapon and another toll than a draft.

    The case: "on the night of April 4 a drone killed a woman there", in an article on the missile of that
    evening.
    """
    if not different_weapon(mention, [draft]) or not weapons(draft.mentions):
        return False
    mine = {c.low for c in mention.counts if c.kind == "killed"}
    theirs = {c.low for m in draft.mentions for c in m.counts if c.kind == "killed"}
    return bool(mine) and bool(theirs) and not mine & theirs


def agrees(mention: Mention, draft: Draft) -> bool:
    """Return whether a clause with "another" continues a draft: by a toll, or by a count of the draft."""
    if any(c.strength == 3 or c.is_more for c in mention.counts):
        return True
    mine = {(c.kind, c.low) for c in mention.counts}
    theirs = {(c.kind, c.low) for m in draft.mentions for c in m.counts}
    return bool(mine & theirs)
