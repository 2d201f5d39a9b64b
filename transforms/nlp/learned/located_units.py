"""Struck places that only say where another struck place lies: "Bamali, near Ndop", "in Gayan district, near Sar Kandow".

The model of places judges each place for itself, so one strike may be a row on the village and a row on its town. The place
that is told more exactly keeps it. A name that no list has, in a city, is taken for one of its quarters: there the city keeps it.
"""

from collections.abc import Sequence
from dataclasses import replace

from transforms.nlp.anchors import kilometres_between
from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.candidates import key_of
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.units import Unit
from transforms.nlp.place_names import PlaceMention

_MOST_BETWEEN = 90
"""So many characters stand between a place and the one that locates it."""
_MOST_BEHIND = 240
"""So far behind a district its place may be named."""
_BEARING_CHARS = 40
"""So far before a town the words stand that say it locates another place: "North of", ", a village of"."""
_NEAR_KM = 15
"""A quarter is at most so far from the middle of its city."""
_POSSESSIVES = frozenset({"'s ", "\u2019s ", "'s al-", "\u2019s al-"})
_MOST_SCENES = 16
"""What is told at more mentions is no locator, and so many mentions of a sentence are compared: the time stays linear."""
_MIN_CITY = 50_000
"""A city with so many inhabitants has quarters that no list has."""


def without_locators(units: Sequence[Unit], context: Context, pack: LanguagePack) -> list[Unit]:
    """Return the strikes without those whose place only locates that of another strike on the same day.

    Args:
        units: the strikes of a document, in text order.
        context: the document.
        pack: the language.
    """
    if len(units) < 2:
        return list(units)
    told: dict[int, list[tuple[PlaceMention, int]]] = {}
    for n, unit in enumerate(units):
        for scene in unit.scenes:
            at = context.sentence_of(scene.start)
            of_sentence = told.setdefault(at, []) if at is not None and not scene.is_again else None
            if of_sentence is not None and len(of_sentence) < _MOST_SCENES:
                of_sentence.append((scene, n))
    kept: dict[int, int] = {}
    for n, unit in enumerate(units):
        if len(unit.scenes) > _MOST_SCENES:
            continue
        # A headline may name the town of a village: "Bomb at Jamundí police station" is one in Potrerito, a village of Jamundí.
        # It may as well name the town near a place that few know: "Strike on tents in Khan Younis" is at al-Mawasi, near it.
        body = [scene for scene in unit.scenes if scene.start >= context.findings.title_end]
        is_of_village = bool(body) and all(_has_village(scene, context, pack) for scene in body)
        scenes = body if is_of_village else unit.scenes
        located = [_located(scene, n, units, told, context, pack) for scene in scenes]
        if all(other is not None and other not in kept for other in located):
            kept[n] = located[0] or 0
    whole = {other: n for n, other in kept.items()}
    return [
        _at(unit, units[whole[n]].candidate.place) if n in whole else unit
        for n, unit in enumerate(units)
        if n not in kept
    ]


def _has_village(outer: PlaceMention, context: Context, pack: LanguagePack) -> bool:
    """Return whether the words before a town or district say that a village of it is meant: "Potrerito, a village of Jamundí"."""
    before = context.findings.text[max(0, outer.start - _BEARING_CHARS) : outer.start]
    return pack.patterns["places.village_of"].search(before) is not None


def _at(unit: Unit, outer: Place) -> Unit:
    """Return a strike. If no list has its place, it lies where the place lies that locates it."""
    own = unit.candidate.place
    if own.kind != "unlisted" or outer.latitude is None or outer.longitude is None:
        return unit
    if kilometres_between(own, outer) <= _NEAR_KM:
        return unit
    return unit.at(
        replace(
            own,
            latitude=outer.latitude,
            longitude=outer.longitude,
            country=outer.country,
            admin1=outer.admin1,
        )
    )


def _located(
    scene: PlaceMention,
    n: int,
    units: Sequence[Unit],
    told: dict[int, list[tuple[PlaceMention, int]]],
    context: Context,
    pack: LanguagePack,
) -> int | None:
    """Return the number of the strike that is told at ``scene`` too and has the better place; None where there is none."""
    at = context.sentence_of(scene.start)
    for other, m in told.get(at, ()) if at is not None else ():
        same = units[m].interval == units[n].interval and key_of(units[m].candidate.place) != key_of(
            units[n].candidate.place
        )
        if m == n or not same:
            continue
        if _locates(scene, other, context, pack):
            inner, outer = other, scene
        elif _locates(other, scene, context, pack):
            inner, outer = scene, other
        else:
            continue
        if (inner is scene) == _is_quarter(inner, outer, context, pack):
            return m
    return None


def _locates(outer: PlaceMention, inner: PlaceMention, context: Context, pack: LanguagePack) -> bool:
    """Return whether the words between two places say that one lies in or near the other."""
    text = context.findings.text
    if 0 < outer.start - inner.end <= _MOST_BETWEEN:
        between = text[inner.end : outer.start]
        if between.strip() == "of" and inner.place.geonameid is not None:
            return False  # "the Gaza city of Khan Younis"
        return pack.patterns["places.located_by"].search(between) is not None
    if 0 < inner.start - outer.end <= _MOST_BEHIND:
        before = text[max(0, outer.start - _BEARING_CHARS) : outer.start]
        if pack.patterns["places.bearing_before"].search(before) is not None:
            return True
        return pack.patterns["places.as_district"].search(text[outer.end : inner.start]) is not None
    return False


def _is_quarter(inner: PlaceMention, outer: PlaceMention, context: Context, pack: LanguagePack) -> bool:
    """Return whether a place that no list has is a part of the town or city that locates it."""
    text, patterns = context.findings.text, pack.patterns
    is_near = kilometres_between(inner.place, outer.place) <= _NEAR_KM
    is_city = outer.place.population >= _MIN_CITY
    is_inside = is_near or inner.place.kind == "unlisted"
    if outer.start < inner.end:
        # "Baghdad's Sadr City", but "Dand district's Karz"
        return is_city and is_inside and text[outer.end : inner.start] in _POSSESSIVES
    between = text[inner.end : outer.start]
    if inner.place.geonameid is not None:
        return is_near and is_city and patterns["places.part_of_city"].search(between) is not None
    if patterns["places.quarter_of"].search(between) is not None:
        return True
    return is_city and is_inside and patterns["places.in_city"].search(between) is not None
