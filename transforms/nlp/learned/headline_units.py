"""Struck places that only the headline names, where the body tells the strike on a better place or day.

"Wedding guests hit mine in Panjwayi" is told in the body of a village of that district, and "US says it struck al-Shabaab near
Jilib" of Jilib itself, on the day before. The headline's row would be a second one of the same strike.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from transforms.nlp.anchors import kilometres_between
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.candidates import key_of
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.units import Unit

_NEAR_KM, _NEAR_IN_DISTRICT_KM = 40, 120
"""A village is at most so far from the town that gives its district the name; the second where the text names the district."""
_TIMES_LARGER = 3
"""A district has the name of its largest town. Two towns of one size were both hit."""
_MOST_MENTIONS, _BEHIND_CHARS = 8, 20
"""At so many mentions of the headline's place, and so far behind each, the word for a district is looked for."""
_NEAR_DAYS = dt.timedelta(days=1)


def without_headlines(units: Sequence[Unit], context: Context, pack: LanguagePack) -> list[Unit]:
    """Return the strikes without those that only the headline tells, where the body tells them better.

    Args:
        units: the strikes of a document, in text order.
        context: the document.
        pack: the language.
    """
    end = context.findings.title_end
    is_headline = [all(m.start < end for m in unit.scenes) for unit in units]
    kept: list[int] = []
    own = {n: set(unit.scenes) for n, unit in enumerate(units)}
    for n, unit in enumerate(units):
        told = _told_in_body(unit, units, is_headline, context, pack) if is_headline[n] else None
        if told is None:
            kept.append(n)
        else:
            own[told] |= own[n] if units[told].candidate is unit.candidate else set()
    return [
        replace(units[n], scenes=tuple(sorted(own[n], key=lambda m: m.start)))
        if len(own[n]) > len(units[n].scenes)
        else units[n]
        for n in kept
    ]


def _told_in_body(
    unit: Unit, units: Sequence[Unit], is_headline: Sequence[bool], context: Context, pack: LanguagePack
) -> int | None:
    """Return the number of the first strike of the body that a headline tells, or None."""
    body = [m for m, other in enumerate(units) if not is_headline[m]]
    same = [m for m in body if key_of(units[m].candidate.place) == key_of(unit.candidate.place)]
    told = [m for m in same if units[m].interval == unit.interval]
    if told or (same and unit.time is None):
        return (told or same)[0]
    is_district = _is_district(unit, context, pack)
    inside = [m for m in body if _is_inside(units[m], unit, is_district)] if not same else []
    return inside[0] if inside else None


def _is_district(unit: Unit, context: Context, pack: LanguagePack) -> bool:
    """Return whether the text calls a place a district somewhere: "in Panjwayi district"."""
    text, called = context.findings.text, pack.patterns["places.as_district"]
    mentions = unit.candidate.mentions[:_MOST_MENTIONS]
    return any(
        called.search(text[m.end : m.end + _BEHIND_CHARS].split("\n")[0]) is not None for m in mentions
    )


def _is_inside(inner: Unit, outer: Unit, is_district: bool) -> bool:
    """Return whether a strike of the body may be one in the district that the headline names."""
    if inner.interval is not None and outer.interval is not None:
        gap = max(inner.interval.start - outer.interval.end, outer.interval.start - inner.interval.end)
        if gap > _NEAR_DAYS:
            return False
    place, town = inner.candidate.place, outer.candidate.place
    most_km = _NEAR_IN_DISTRICT_KM if is_district else _NEAR_KM
    is_larger = place.kind == "unlisted" or town.population > _TIMES_LARGER * place.population
    is_larger = is_larger or (is_district and town.population >= place.population)
    is_near = kilometres_between(place, town) <= most_km or (is_district and place.latitude is None)
    return is_larger and place.country == town.country and is_near
