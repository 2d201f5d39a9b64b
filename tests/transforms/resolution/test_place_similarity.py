"""Places of reports: which are one place, and which countries are resolved together."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.resolution import place_similarity, scopes
from transforms.resolution.place_similarity import NEAR_KM, ReportedPlace, place_score, reported_place
from transforms.resolution.scopes import joined_countries, scope_of
from transforms.util.geo import kilometres


def at(
    name: str, latitude: float, longitude: float, geonameid: int | None = None, **change: object
) -> ReportedPlace:
    known: dict[str, object] = {"country": "UA", "precision": 1, **change}
    return reported_place(name, geonameid, known["country"], latitude, longitude, known["precision"])  # type: ignore[arg-type]


KHARKIV = at("Kharkiv", 49.98, 36.25, 706483)


@pytest.mark.parametrize(
    ("other", "score"),
    [
        (at("Kharkiv", 49.98, 36.25), place_similarity.SAME_PLACE),
        (at("Kharkov", 49.99, 36.24, 706483), place_similarity.SAME_PLACE),
        (at("Saltivka", 50.03, 36.37), place_similarity.CITY_PART),
        (at("Saltivka", 46.5, 30.7), place_similarity.OTHER_PLACE),
        (at("Lisne", 49.99, 36.2), place_similarity.NEAR_BY),
        (at("Derhachi", 50.01, 36.27, 709932), place_similarity.NEIGHBOUR_TOWN),
        (at("Merefa", 49.82, 36.05, 701822), place_similarity.OTHER_PLACE),
        (at("Kharkiv", 46.1, 33.0), place_similarity.OTHER_PLACE),
    ],
)
def test_names_ids_and_points_decide_whether_places_are_the_same(other: ReportedPlace, score: float) -> None:
    assert place_score(KHARKIV, other) == place_score(other, KHARKIV) == score
    assert score == place_similarity.OTHER_PLACE or set(KHARKIV.keys) & set(other.keys)


def test_a_region_is_not_the_city_of_its_name() -> None:
    assert 0 < place_score(KHARKIV, at("Kharkiv", 49.6, 36.5, precision=2)) < place_similarity.NEAR_BY


@settings(max_examples=1000, deadline=None)
@given(
    st.floats(-89.9, 89.9), st.floats(-180, 180), st.floats(0, 0.999), st.floats(0, 2 * math.pi)
)  # fmt: skip
def test_two_near_points_share_a_key_everywhere_on_the_globe(
    latitude: float, longitude: float, share: float, bearing: float
) -> None:
    degrees = NEAR_KM * share / 111.2
    there = latitude + degrees * math.cos(bearing)
    if abs(there) > 89.9:
        return
    east = longitude + degrees * math.sin(bearing) / math.cos(math.radians(max(abs(latitude), abs(there))))
    east = (east + 180) % 360 - 180
    if kilometres((latitude, longitude), (there, east)) > NEAR_KM:
        return
    assert set(at("A", latitude, longitude).keys) & set(at("B", there, east).keys)


def test_disputed_countries_share_a_scope() -> None:
    assert scope_of("UA") == scope_of("RU")
    assert scope_of("IL") == scope_of("SY") == scope_of("PS")
    assert scope_of("YE") == "YE"
    assert scope_of("") == scope_of(None) == scopes.NO_COUNTRY
    assert all(code in scope.split("+") for code, scope in joined_countries().items())


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("joined: []\nmore: 1", "unknown keys"),
        ("joined:\n  - {countries: [UA, RU]}", "needs countries and places"),
        ("joined:\n  - {countries: [UA], places: x}", "not two country codes"),
        ("joined:\n  - {countries: [Ukraine, RU], places: x}", "not two country codes"),
    ],
)
def test_a_wrong_data_file_is_refused(monkeypatch: pytest.MonkeyPatch, text: str, complaint: str) -> None:
    class Folder:
        def __truediv__(self, _: str) -> Folder:
            return self

        def read_text(self, _: str) -> str:
            return text

    monkeypatch.setattr(scopes, "files", lambda _: Folder())
    with pytest.raises(ValueError, match=complaint):
        joined_countries.__wrapped__()


def test_a_quarter_name_of_several_cities_gives_no_city() -> None:
    assert ("UA", "saltivka") in place_similarity.city_parts()
    assert ("UA", "shevchenkivskyi") not in place_similarity.city_parts()
