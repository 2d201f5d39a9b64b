"""A struck place that no list has lies where the text says: in or beside a listed town, or in a city as its quarter."""

from __future__ import annotations

import pytest
from sample_records import an_article

from schemas.records import Report
from transforms.nlp.reports import extract_reports


def report_of(title: str, text: str) -> Report:
    ((_, (report,)),) = extract_reports([an_article(title, text, "2025-04-05T12:00:00Z")])
    return report


@pytest.mark.parametrize(
    ("title", "text", "location", "latitude"),
    [
        ("", "A roadside bomb killed two soldiers in Barangay Timbangan, Shariff Aguak, on Friday.", "Barangay Timbangan", 6.9),
        ("", "A drone hit a school in Nkoebele, north of Garissa, on Friday, killing two.", "Nkoebele", -0.5),
        ("Mosul wakes to sirens", "People had slept badly.\nA mortar round killed two people in Intisab on Friday.", "Intisab", 36.3),
        ("", "A drone hit a school in Nkoebele, 70 km north of Garissa, on Friday, killing two.", "Nkoebele", None),
        ("", "An Antonov bombed Korongo Tabanya, Buram locality, South Kordofan, on Friday, killing two.", "Korongo Tabanya", None),
        ("Mosul wakes to sirens", "A mortar round killed two people in the village of Intisab on Friday.", "Intisab", None),
    ],
)  # fmt: skip
def test_a_place_without_coordinates_takes_those_of_its_town(
    title: str, text: str, location: str, latitude: float | None
) -> None:
    report = report_of(title, text)
    assert (report.location, report.latitude and round(report.latitude, 1)) == (location, latitude)
    assert "unlisted_place" in report.flags


@pytest.mark.parametrize(
    ("text", "country"),
    [
        # a list has the name in one country, and the text names only who struck
        ("Israeli tank shells struck a kitchen in Beit Hanoun on Friday, killing two.", "PS"),
        ("Ugandan troops were accused of shelling Janaale market on Friday; two died.", "SO"),
        ("India launched missile attacks on Pakistani bases, including one near Islamabad, on Friday.", "PK"),
    ],
)
def test_the_country_of_the_striker_is_not_that_of_the_place(text: str, country: str) -> None:
    assert report_of("", text).country == country


def test_a_similar_name_far_from_the_towns_of_the_text_is_another_place() -> None:
    """Kafr Ruma lies 100 km from Maabatli."""
    report = report_of(
        "", "A drone hit a house in Kafr Rom village in Maabatli district on Friday, killing five."
    )
    assert (report.location, report.latitude) == ("Kafr Rom", None)
