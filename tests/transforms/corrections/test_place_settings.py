"""A place that a person sets is set whole, or the choices are listed."""

from __future__ import annotations

import dataclasses

import pytest
from sample_records import a_report

from schemas.records import Incident
from transforms.corrections.place_settings import PlaceUnclear, with_place_settings
from transforms.nlp.open_gazetteer import open_gazetteer
from transforms.resolution.resolve import resolve_incidents


def an_incident(**change: object) -> Incident:
    (resolved, *_) = resolve_incidents([a_report(1)])
    return dataclasses.replace(resolved.incident, **change)  # type: ignore[arg-type]


def fields(*settings: str, **change: object) -> dict[str, str]:
    found = with_place_settings(settings, an_incident(**change), open_gazetteer())
    return dict(setting.split("=", 1) for setting in found)


def test_a_name_sets_every_field_of_the_place() -> None:
    found = fields("location=kharkov", sublocation="Market square")
    assert found.pop("latitude")[:4] == "49.9" and found.pop("longitude")[:4] == "36.2"
    assert found == {
        "location": "Kharkiv", "geonameid": "706483", "admin1": "Kharkiv", "country": "UA", "geo_precision": "1",
        "sublocation": "null",
    }  # fmt: skip


def test_a_region_and_a_country_are_less_exact() -> None:
    assert fields("location=Kharkiv oblast")["geo_precision"] == "2"
    found = fields("location=Ukraine")
    assert (found["geo_precision"], found["latitude"], found["admin1"]) == ("3", "null", "null")


def test_a_place_of_the_country_that_is_given() -> None:
    found = fields("location=Belgorod", "country=ru")
    assert (found["geonameid"], found["country"]) == ("578072", "ru")


def test_another_spelling_of_the_same_place_keeps_its_spot() -> None:
    assert "sublocation" not in fields("location=Kharkov", geonameid=706483, location="Charkiw")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (
            ["location=Kamianske"],
            r"5 places in UA are called 'Kamianske': .*geonameid=709932.*--set geonameid=…",
        ),
        (
            ["location=Belgorod"],
            r"no place 'Belgorod' in UA; there is .*RU, geonameid=578072.*--set latitude=…",
        ),
        (["location=Nosuchtown"], r"no place 'Nosuchtown' in UA; say which by --set geonameid"),
        (["geonameid=1"], r"no place with geonameid 1; say where by --set location"),
        (["location=Hroza", "latitude=49.5"], "latitude and longitude go together"),
    ],
)
def test_none_or_several_places_are_one_line_that_lists_the_choices(settings: list[str], says: str) -> None:
    with pytest.raises(PlaceUnclear, match=says) as refused:
        fields(*settings)
    assert "\n" not in str(refused.value)


def test_a_choice_by_id_sets_every_field() -> None:
    for settings in (["geonameid=709932"], ["location=kamianske", "geonameid=709932"]):
        found = fields(*settings)
        assert (found["location"], found["admin1"], found["latitude"][:2]) == (
            "Kamianske",
            "Dnipropetrovsk",
            "48",
        )
    assert (
        fields("location=Dniprodzerzhynsk plant", "geonameid=709932")["location"] == "Dniprodzerzhynsk plant"
    )


def test_a_choice_by_coordinates_needs_no_gazetteer() -> None:
    found = fields("location=Nosuchtown", "latitude=49.5", "longitude=37.5")
    assert (found["geonameid"], found["admin1"], found["geo_precision"]) == ("null", "null", "1")
    assert fields("location=Hroza", "latitude=49.56", "longitude=37.33")["admin1"] == "Kharkiv"
    assert fields("location=Nosuchtown", "latitude=49.5", "longitude=37.5", "admin1=Sumy")["admin1"] == "Sumy"


def test_what_sets_no_place_stays() -> None:
    settings = ["weapon=drone", "latitude=50", "geonameid=null", "nonsense"]
    assert with_place_settings(settings, an_incident(), open_gazetteer()) == settings
