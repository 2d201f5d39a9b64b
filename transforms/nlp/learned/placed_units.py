"""Where a struck place lies that no list has: "Barangay Timbangan, Shariff Aguak", "the Rabweh quarter" in an article on Damascus.

Such a place has a name and a country, and no coordinates. Where the words beside it name the town that it is in or at, or
call it a quarter of a city, it lies there: a map shows it, and two reports of one strike, one with the quarter and one with
the city, can be told as one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.units import Unit
from transforms.nlp.place_names import PlaceMention
from transforms.util.transliteration import region_key

_MOST_BETWEEN = 90
"""So many characters stand between a place and the town that it is in."""
_MOST_MENTIONS = 8
"""So many mentions of a place are looked at."""
_LOOK_BACK, _LOOK_AHEAD = 30, 40
"""So far beside a name stands the word that calls it a quarter or a village."""
_MIN_CITY = 50_000
"""A city with so many inhabitants has quarters that no list has."""
_OWNS = frozenset({"'s ", "\u2019s "})
_NOT_WHERE = frozenset({"actor", "official"})


def with_positions(units: Sequence[Unit], context: Context, pack: LanguagePack) -> list[Unit]:
    """Return the strikes of a document, those at places that no list has with the coordinates of their town.

    Args:
        units: the strikes.
        context: the document.
        pack: the language.
    """
    towns = [m for m in context.findings.places if _is_town(m)]
    return [
        _placed(unit, towns, context, pack) if _is_nowhere(unit.candidate.place) else unit for unit in units
    ]


def _is_nowhere(place: Place) -> bool:
    return place.kind == "unlisted" and place.latitude is None


def _is_town(mention: PlaceMention) -> bool:
    place = mention.place
    return place.kind == "city" and place.latitude is not None and mention.role not in _NOT_WHERE


def _placed(unit: Unit, towns: Sequence[PlaceMention], context: Context, pack: LanguagePack) -> Unit:
    own = unit.candidate.place
    names = [m for m in islice(unit.candidate.mentions, _MOST_MENTIONS) if not m.is_again]
    found = [_named_behind(m, towns, context, pack) for m in names]
    found += [_owner(m, towns, context) for m in names]
    found += [_city_of_quarter(m, towns, context, pack) for m in names]
    found.append(_city_of_title(names, towns, context, pack))
    town = next((t for t in found if t is not None), None)
    if town is None:
        return unit
    return unit.at(
        replace(
            own, latitude=town.latitude, longitude=town.longitude, country=town.country, admin1=town.admin1
        )
    )


def _is_in_region_told(town: PlaceMention, context: Context) -> bool:
    """Return whether a town lies in the region named behind it: "Buram locality, South Kordofan" is not Buram in South Darfur."""
    behind = context.findings.places_in(town.end, town.end + _MOST_BETWEEN)
    regions = [m.place for m in behind if m.place.kind == "admin1"]
    if not regions or town.place.admin1 is None:
        return True
    return region_key(regions[0].admin1 or regions[0].name) == region_key(town.place.admin1)


def _named_behind(
    name: PlaceMention, towns: Iterable[PlaceMention], context: Context, pack: LanguagePack
) -> Place | None:
    """Return the town behind a name that says where it is: "Hay al-Intisar, Mosul", "a hamlet near Tal Abyad"."""
    text, patterns = context.findings.text, pack.patterns
    at = context.sentence_of(name.start)
    for town in towns:
        if not 0 < town.start - name.end <= _MOST_BETWEEN:
            continue
        if context.sentence_of(town.start) != at:
            break
        between = text[name.end : town.start]
        if patterns["places.not_in_town"].search(between) is not None:
            return None
        is_joined = patterns["places.town_behind"].match(between) is not None
        is_told = is_joined or patterns["places.located_by"].search(between) is not None
        if is_told and _is_in_region_told(town, context):
            return town.place
    return None


def _owner(name: PlaceMention, towns: Iterable[PlaceMention], context: Context) -> Place | None:
    """Return the town whose a place is: "in Lakki Marwat's Tajori area"."""
    text = context.findings.text
    return next(
        (
            t.place
            for t in towns
            if 0 < name.start - t.end <= len("'s ") and text[t.end : name.start] in _OWNS
        ),
        None,
    )


def _city_of_quarter(
    name: PlaceMention, towns: Sequence[PlaceMention], context: Context, pack: LanguagePack
) -> Place | None:
    """Return the city of a name that the text calls a quarter, the last one before it: "the Rabweh quarter"."""
    text, patterns = context.findings.text, pack.patterns
    behind = text[name.end : name.end + _LOOK_AHEAD]
    before = text[max(0, name.start - _LOOK_BACK) : name.start]
    is_called_so = patterns["places.quarter_behind"].match(behind) or patterns[
        "places.quarter_before"
    ].search(before)
    if is_called_so is None:
        return None
    return _last_city(name.start, towns)


def _last_city(start: int, towns: Sequence[PlaceMention]) -> Place | None:
    cities = [m.place for m in towns if m.start < start and m.place.population >= _MIN_CITY]
    return cities[-1] if cities else None


def _city_of_title(
    names: Sequence[PlaceMention], towns: Sequence[PlaceMention], context: Context, pack: LanguagePack
) -> Place | None:
    """Return the only city of the headline, where it is also the last one named before the place.

    None for what the text calls a village or town, and for what it says to be far from somewhere.
    """
    findings = context.findings
    cities = {m.place for m in towns if m.start < findings.title_end and m.place.population >= _MIN_CITY}
    if len(cities) != 1 or not names or names[0].start < findings.title_end:
        return None
    (city,) = cities
    before = [m.place for m in towns if m.start < names[0].start]
    for name in names:
        behind = findings.text[name.end : name.end + _LOOK_AHEAD]
        ahead = findings.text[max(0, name.start - _LOOK_BACK) : name.start]
        if pack.patterns["places.village_beside"].search(ahead + "|" + behind) is not None:
            return None
    return city if before[-1] == city else None
