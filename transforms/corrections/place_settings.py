"""The place that a person sets: all its fields follow from a name, a GeoNames id or coordinates."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from schemas.identity import fold_name
from schemas.records import Incident
from transforms.corrections.settable import MAX_ID
from transforms.nlp.gazetteer import Place
from transforms.util.geo import kilometres

_SHOWN = 8
_SAME_PLACE_KM = 10.0
"""Coordinates this near to a place of the same name are in that place."""
_TOWN = 1
_HOW_TO_CHOOSE = "--set geonameid=… or --set latitude=… --set longitude=…"
_NULL = "null"
_POINT = {"latitude", "longitude"}


class Places(Protocol):
    """What is asked of the gazetteer."""

    def find(self, name: str) -> Sequence[Place]:
        """Return all places with a name."""

    def find_alike(self, name: str, countries: frozenset[str]) -> Sequence[Place]:
        """Return places of the countries with a similar spelling of the name."""

    def with_id(self, geonameid: int) -> Place | None:
        """Return the place with a GeoNames id."""


class PlaceUnclear(ValueError):
    """No place can be meant, or several can. The message lists them and says how to choose."""


def with_place_settings(settings: Sequence[str], incident: Incident, places: Places) -> list[str]:
    """Return settings to which the other fields of the place are added, where they set one.

    What the person sets stays, but a name gets the gazetteer's spelling. A spot of the former place goes.
    Settings that set no place are returned as they are.

    Args:
        settings: pairs FIELD=VALUE.
        incident: as the ledger shows it. A name is looked for in its country, where none is set.
        places: the gazetteer.

    Raises:
        PlaceUnclear: no place can be meant, or several can.
    """
    given = _given(settings)
    fields = _fields_of_settings(given, incident.country, places)
    if not fields:
        return list(settings)
    if not _is_same_place({**fields, **given, "location": fields["location"]}, incident):
        fields["sublocation"] = _NULL
    kept = [setting for setting in settings if _field_of(setting) != "location"]
    return [
        *kept,
        *(f"{name}={value}" for name, value in fields.items() if name == "location" or name not in given),
    ]


def _field_of(setting: str) -> str:
    return setting.partition("=")[0].strip()


def _given(settings: Sequence[str]) -> dict[str, str]:
    """Return the settings by field. Those without a value or with an empty one are left out."""
    pairs = {_field_of(setting): setting.partition("=")[2].strip() for setting in settings}
    return {name: _NULL if value.lower() == _NULL else value for name, value in pairs.items() if value}


def _fields_of_settings(given: Mapping[str, str], country: str | None, places: Places) -> dict[str, str]:
    """Return all fields of the place that is set; none where no place is set.

    Args:
        given: the settings by field.
        country: that of the incident.
        places: the gazetteer.
    """
    location, geonameid = given.get("location"), given.get("geonameid", _NULL)
    if "country" in given:
        country = None if given["country"] == _NULL else given["country"].upper()
    if geonameid != _NULL:
        return _fields_of_id(geonameid, given, places)
    if location is None:
        return {}
    if not _POINT.isdisjoint(given):
        return _fields_at_point(location, given, country, places)
    return _fields_of(_place_called(location, country, places))


def _fields_of(place: Place) -> dict[str, str]:
    values = {
        "location": place.name, "geonameid": place.geonameid, "admin1": place.admin1,
        "country": place.country, "latitude": place.latitude, "longitude": place.longitude,
        "geo_precision": place.geo_precision,
    }  # fmt: skip
    return {name: _NULL if value is None else str(value) for name, value in values.items()}


def _fields_of_id(written: str, given: Mapping[str, str], places: Places) -> dict[str, str]:
    """Return the fields of the place with an id. Who also sets the coordinates needs no gazetteer."""
    location = given.get("location")
    if not written.isascii() or not written.isdigit() or int(written[:20]) > MAX_ID:
        return {}  # the check of each field refuses it
    place = places.with_id(int(written))
    if place is not None:
        is_other_name = location is not None and place not in places.find(location)
        return {**_fields_of(place), **({"location": location} if location and is_other_name else {})}
    if location is not None and given.keys() >= _POINT:
        return {"location": location, "admin1": _NULL, "geo_precision": str(_TOWN)}
    raise PlaceUnclear(
        f"the gazetteer has no place with geonameid {written}; "
        "say where by --set location=… --set latitude=… --set longitude=…"
    )


def _fields_at_point(
    location: str, given: Mapping[str, str], country: str | None, places: Places
) -> dict[str, str]:
    """Return the fields of a place that a person describes by coordinates.

    Its region is known only where the gazetteer has a place of that name there.
    """
    if not given.keys() >= _POINT:
        raise PlaceUnclear("latitude and longitude go together: --set latitude=… --set longitude=…")
    fields = {"location": location, "geonameid": _NULL, "admin1": _NULL, "geo_precision": str(_TOWN)}
    try:
        point = float(given["latitude"]), float(given["longitude"])
    except ValueError:
        return fields  # the check of each field refuses it
    for place in _in_country(places.find(location), country):
        centre = place.latitude or 0.0, place.longitude or 0.0
        if place.geo_precision == _TOWN and kilometres(centre, point) <= _SAME_PLACE_KM:
            return {**fields, "admin1": place.admin1 or _NULL}
    return fields


def _place_called(location: str, country: str | None, places: Places) -> Place:
    """Return the only place of a name in a country."""
    everywhere = places.find(location)
    found = _meant(location, _in_country(everywhere, country))
    if len(found) == 1:
        return found[0]
    where = f" in {country}" if country else ""
    if found:
        raise PlaceUnclear(
            f"{len(found)} places{where} are called {location!r}: {_listed(found)}; "
            f"choose by {_HOW_TO_CHOOSE}"
        )
    others = (places.find_alike(location, frozenset({country})) if country else ()) or _meant(
        location, everywhere
    )
    listed = f"; there is {_listed(others)}" if others else ""
    raise PlaceUnclear(
        f"the gazetteer has no place {location!r}{where}{listed}; say which by {_HOW_TO_CHOOSE}"
    )


def _in_country(places: Sequence[Place], country: str | None) -> list[Place]:
    return [place for place in places if country in (None, place.country)]


def _meant(location: str, places: Sequence[Place]) -> list[Place]:
    """Return the places that a name means. "Kharkiv" is the town, "Kharkiv oblast" the region.

    Places whose usual name it is come before those that have it as a further name.
    """
    finest = min((place.geo_precision for place in places), default=0)
    found = [place for place in places if place.geo_precision == finest]
    usual = [place for place in found if fold_name(place.name) == fold_name(location)]
    return usual or found


def _is_same_place(fields: Mapping[str, str], incident: Incident) -> bool:
    """Return whether an incident is at a place already, perhaps under another spelling."""
    if fields.get("geonameid", _NULL) != _NULL:
        return fields["geonameid"] == str(incident.geonameid)
    country = fields.get("country", incident.country)
    return (fields["location"], country) == (incident.location, incident.country)


def _listed(places: Sequence[Place]) -> str:
    shown = [_described(place) for place in places[:_SHOWN]]
    more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
    return "; ".join(shown) + more


def _described(place: Place) -> str:
    """Return name, region, country, and what a person sets to choose the place."""
    region = f"{place.admin1}, " if place.admin1 else ""
    point = f"latitude={place.latitude} longitude={place.longitude}"
    identity = point if place.geonameid is None else f"geonameid={place.geonameid}, {point}"
    return f"{place.name} ({region}{place.country}, {identity})"
