"""Our longer lists of districts, villages, spellings and quarters become a part of the gazetteer."""

from pathlib import Path

import pytest

from schemas.identity import fold_name
from transforms.nlp import further_places
from transforms.nlp.further_places import PlaceRow, with_further_places

TOWNS: list[PlaceRow] = [
    ((7, "Sirwah", "YE", "Marib", 15.45, 45.02, 900, "Asia/Aden", "city", 0), {"Sirwah"}),
    ((8, "Aleppo", "SY", "Aleppo", 36.2, 37.16, 2_000_000, "Asia/Damascus", "city", 0), {"Aleppo", "Halab"}),
    ((9, "Aleppo", "SY", "Idlib", 35.9, 36.6, 800, "Asia/Damascus", "city", 0), {"Aleppo"}),
]


def with_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, places: str = "", quarters: str = ""
) -> list[PlaceRow]:
    """Return the towns with the places and quarters of two tables."""
    (tmp_path / "further_places.tsv").write_text(f"# head\n{places}", "utf-8")
    (tmp_path / "quarters.tsv").write_text(f"# head\n{quarters}", "utf-8")
    monkeypatch.setattr(further_places, "files", lambda _: tmp_path)
    return with_further_places(TOWNS)


def test_a_place_that_no_list_has_is_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    *_, added = with_lists(tmp_path, monkeypatch, "AF\tKandahar\tZhari\tZharay|Zharai\t31.6\t65.4\n")
    assert added == (
        (None, "Zhari", "AF", "Kandahar", 31.6, 65.4, 0, None, "city", 0),
        {"Zhari", "Zharay", "Zharai"},
    )


def test_a_further_spelling_belongs_to_the_town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = with_lists(tmp_path, monkeypatch, "YE\tMarib\tSirwah\tSerwah|Sarwah\t15.45\t45.03\n")
    assert [row for row, _ in found] == [row for row, _ in TOWNS]
    assert found[0][1] == {"Sirwah", "Serwah", "Sarwah"}


def test_a_place_of_one_name_far_away_is_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = with_lists(tmp_path, monkeypatch, "YE\tMarib\tSirwah\t\t16.45\t45.03\n")
    assert len(found) == len(TOWNS) + 1
    assert found[0][1] == {"Sirwah"}


def test_a_quarter_means_the_largest_city_of_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = with_lists(tmp_path, monkeypatch, quarters="SY\tHalab\tBustan al-Qasr|Salaheddin\n")
    assert found[1][1] == {"Aleppo", "Halab", "Bustan al-Qasr", "Salaheddin"}
    assert found[2][1] == {"Aleppo"}


@pytest.mark.parametrize(
    ("places", "quarters", "message"),
    [
        ("AF\tKandahar\tZhari\t31.6\t65.4\n", "", "columns"),
        ("", "SY\tAleppo\n", "columns"),
        ("", "SY\tNowhere\tMashhad\n", "no town Nowhere"),
        ("AF\tKandahar\tZhari\t\tnorth\t65.4\n", "", "north"),
    ],
)
def test_a_spoilt_table_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, places: str, quarters: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        with_lists(tmp_path, monkeypatch, places, quarters)


def test_the_tables_that_ship_have_plain_rows() -> None:
    """Each place stands once, and its names are more than an initial."""
    rows = list(further_places._lines("further_places.tsv", 6))
    keys = [(country, admin1, fold_name(name)) for country, admin1, name, *_ in rows]
    assert len(keys) == len(set(keys))
    for country, _, name, aliases, latitude, longitude in rows:
        assert len(country) == 2 and country.isupper()
        assert all(len(n) > 3 for n in (name, *filter(None, aliases.split("|")))), name
        assert -60 < float(latitude) < 75 and -180 <= float(longitude) <= 180
