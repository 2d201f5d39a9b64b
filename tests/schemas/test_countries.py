"""Codes of countries: the list is that of the view, and a word for a country leads to its code."""

from __future__ import annotations

import pytest

from schemas.countries import UnknownCountry, check_country, country_names
from schemas.tables import views


def test_every_country_of_the_view_is_read() -> None:
    assert len(country_names()) == views()["countries"].count("SELECT")
    for code in country_names():
        check_country(code)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("UK", "GB"), ("ua", "UA"), ("UKR", "UA"), ("Ukraine", "UA"), ("united kingdom", "GB"), ("EL", "GR"),
        ("UAE", "AE"), ("Gaza", "PS"), ("USA", "US"), ("DRC", "CD"),
    ],
)  # fmt: skip
def test_the_code_that_is_meant_is_named(written: str, code: str) -> None:
    with pytest.raises(UnknownCountry, match=f"for {country_names()[code]} write {code}$"):
        check_country(written)


def test_what_is_no_country_is_refused() -> None:
    for written in ("XX", "", "Nowhere", "U"):
        with pytest.raises(UnknownCountry, match="codes are such as UA"):
            check_country(written)
