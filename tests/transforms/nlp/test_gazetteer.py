"""The gazetteer: similar spellings, usual names, and a file that is not a gazetteer."""

from __future__ import annotations

from pathlib import Path

import pytest

from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.open_gazetteer import open_gazetteer
from transforms.util.transliteration import consonants


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Hodeidah", "Al Hudaydah"),
        ("Kabkabiya", "Kabkabiyah"),
        ("Khan Younis", "Khan Yunis"),
    ],
)
def test_spellings_of_one_name_share_their_consonants(a: str, b: str) -> None:
    assert consonants(a) == consonants(b) != ""


@pytest.mark.parametrize(("a", "b"), [("Kharkiv", "Kherson"), ("Homs", "Hama"), ("Taiz", "Tunis")])
def test_different_names_have_different_consonants(a: str, b: str) -> None:
    assert consonants(a) != consonants(b)


@pytest.mark.parametrize(
    ("asked", "country", "shown"),
    [
        ("Krivoy Rog", "UA", "Kryvyi Rih"),
        ("Khan Yunis", "PS", "Khan Younis"),
        ("Al Hudaydah", "YE", "Hodeidah"),
        ("Ayn al Arab", "SY", "Kobani"),
        ("Khankendi", "AZ", "Stepanakert"),
        ("Petah Tiqwa", "IL", "Petah Tikva"),
    ],
)
def test_places_have_their_usual_english_name(asked: str, country: str, shown: str) -> None:
    assert shown in {p.name for p in open_gazetteer().find(asked) if p.country == country}


def test_a_file_that_is_not_a_gazetteer_has_no_version(tmp_path: Path) -> None:
    path = tmp_path / "gazetteer.sqlite"
    path.write_text("not a database, but long enough to look like one" * 50)
    assert Gazetteer(path).version() is None
